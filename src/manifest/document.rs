//! [`Manifest`]: one rendered document.

use std::cell::OnceCell;
use std::fmt;
use std::ops::{Deref, Range};
use std::rc::Rc;
use std::sync::Arc;

use super::head::Head;
use crate::diagnostic::ObjectId;
use crate::value::Str;
use crate::yaml::{self, Node};

/// One rendered YAML document.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The template that wrote it, as `# Source:` names it: `chart/templates/service.yaml`.
    pub source: Arc<str>,
    /// The text, which ends as the template wrote it.
    pub text: Str,
    /// The text as a tree; its spans index `text`.
    pub node: Tree,
    /// The fields that Helm reads.
    pub head: Head,
    /// Where `text` starts in the whole output of the template, in bytes.
    pub start: usize,
}

/// A document as a tree, which is made when it is first asked for.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    text: Str,
    node: OnceCell<Rc<Node>>,
}

impl Tree {
    /// The same, for whoever keeps it longer.
    pub fn shared(&self) -> &Rc<Node> {
        // It was read without an error before.
        let parse = || yaml::parse(self.text.as_bytes()).unwrap_or_else(|_| Node::null());
        self.node.get_or_init(|| Rc::new(parse()))
    }
}

impl Deref for Tree {
    type Target = Node;

    fn deref(&self) -> &Node {
        self.shared()
    }
}

/// How much of a document is read at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// What Helm reads; the tree is made when it is asked for.
    Head,
    /// All of it.
    Whole,
}

impl Manifest {
    /// Reads the document at `range` of the output of the template `source`.
    /// The error's text is that of `sigs.k8s.io/yaml.Unmarshal` into Helm's `SimpleHead`.
    pub fn read(
        source: &Arc<str>,
        output: &Str,
        range: Range<usize>,
        depth: Depth,
    ) -> Result<Manifest, Box<ParseError>> {
        let start = range.start;
        let bytes = &output.as_bytes()[range.clone()];
        let text =
            || output.as_str().map_or_else(|| Str::from(bytes), |output| Str::from(&output[range.clone()]));
        let read = match depth {
            Depth::Head => yaml::parse_parts(bytes, Head::reads),
            Depth::Whole => yaml::parse(bytes),
        };
        let read = read.map_err(|error| (error.to_string(), error.line()));
        let read = read.and_then(|node| match Head::of(&node) {
            Ok(head) => Ok((node, head)),
            Err(mismatch) => {
                let error = mismatch.in_text(bytes);
                Err((error.to_string(), error.line()))
            }
        });
        let source = source.clone();
        match read {
            Ok((node, head)) => {
                let text = text();
                let node = match depth {
                    Depth::Head => OnceCell::new(),
                    Depth::Whole => OnceCell::from(Rc::new(node)),
                };
                Ok(Manifest { node: Tree { text: text.clone(), node }, source, text, head, start })
            }
            Err((message, line)) => {
                Err(Box::new(ParseError { source, document: text().to_string(), start, message, line }))
            }
        }
    }

    /// What the object is called.
    pub fn id(&self) -> ObjectId {
        super::workload::object_id(&self.node)
    }
}

/// A rendered document that is not YAML, or not an object. Its `Display` is Helm's text.
#[derive(Clone, Debug)]
pub struct ParseError {
    /// The template that wrote the document.
    pub source: Arc<str>,
    /// The text of the document.
    pub document: String,
    /// Where the document starts in the output of the template, in bytes.
    pub start: usize,
    /// What is wrong, in the words of sigs.k8s.io/yaml.
    pub message: String,
    /// The line of the document, from 1, where it is known.
    pub line: Option<usize>,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "YAML parse error on {}: {}", self.source, self.message)
    }
}

impl std::error::Error for ParseError {}
