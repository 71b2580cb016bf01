//! [`node_prefix`]: JSON as a [`Node`], for whoever decodes JSON and YAML alike.

use super::super::{Data, Entry, Node};
use super::error::StreamError;
use super::read::{Build, read_prefix};
use crate::source::Span;
use crate::value::Str;

/// The value at the start of the text, its places not kept, and where it ends. Go: `json.Decoder.Decode`.
pub fn node_prefix(text: &[u8]) -> Result<(Node, usize), StreamError> {
    read_prefix(text, &mut Nodes)
}

struct Nodes;

impl Nodes {
    fn node(data: Data) -> Node {
        Node { span: Span::default(), data }
    }
}

impl Build for Nodes {
    type Value = Node;

    fn null(&mut self) -> Node {
        Node::null()
    }

    fn bool(&mut self, b: bool) -> Node {
        Nodes::node(Data::Bool(b))
    }

    fn number(&mut self, text: &str) -> Node {
        let int = text.parse().map(Data::Int).or_else(|_| text.parse().map(Data::Uint));
        Nodes::node(int.unwrap_or_else(|_| Data::Float(text.parse().unwrap_or(f64::INFINITY))))
    }

    fn string(&mut self, text: Str) -> Node {
        Nodes::node(Data::String(text.to_string()))
    }

    fn array(&mut self, items: Vec<Node>) -> Node {
        Nodes::node(Data::Seq(items))
    }

    fn object(&mut self, entries: Vec<(Str, Node)>) -> Node {
        let entries = entries.into_iter().map(|(key, value)| Entry {
            key: key.to_string(),
            key_span: Span::default(),
            value,
        });
        Nodes::node(Data::Map(entries.collect()))
    }
}
