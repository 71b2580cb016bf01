//! [`Raw`]: a document as it is written, aliases unresolved and scalars untyped: what go-yaml's parser gives its
//! decoder. Nodes lie in one list, so that a document of any depth is built and dropped without recursion.

use std::borrow::Cow;
use std::collections::HashMap;

use super::error::Problem;
use super::events::{Event, Events, Step};
use super::scan::Mark;
use crate::budget;
use crate::source::Span;

/// The number of a node in [`Raw::nodes`].
pub(super) type Id = u32;

/// A document.
#[derive(Default)]
pub(super) struct Raw<'a> {
    pub nodes: Vec<RawNode<'a>>,
    /// The bytes before the text that the offsets count from.
    skipped: u32,
}

/// A node of a document.
#[derive(Debug, PartialEq)]
pub(super) struct RawNode<'a> {
    pub kind: Kind<'a>,
    pub span: Span,
    /// From 1.
    pub line: u32,
}

/// What a node is.
#[derive(Debug, PartialEq)]
pub(super) enum Kind<'a> {
    Scalar {
        text: Cow<'a, str>,
        tag: Option<Box<str>>,
        implicit: bool,
    },
    Seq(Vec<Id>),
    /// Keys and values in turn.
    Map(Vec<Id>),
    Alias {
        name: &'a str,
        target: Id,
    },
}

/// Units of work for a node, with what it takes.
const NODE: u64 = 16;

/// An open collection.
struct Open {
    id: Id,
    children: Vec<Id>,
    map: bool,
    flow: bool,
}

impl<'a> Raw<'a> {
    /// A document without nodes.
    pub fn new(skipped: usize) -> Raw<'a> {
        Raw { nodes: Vec::new(), skipped: skipped as u32 }
    }

    /// Whether the key means that what follows it is merged. Go: yaml.v2 decode.go `isMerge`.
    pub fn is_merge(&self, key: Id) -> bool {
        match &self.nodes[key as usize].kind {
            Kind::Scalar { text, tag, implicit } => {
                text == "<<" && (*implicit || tag.as_deref() == Some("tag:yaml.org,2002:merge"))
            }
            _ => false,
        }
    }

    /// The next document; `None` at the end of the stream. Go: yaml.v2 decode.go `parser.parse`.
    pub fn read(events: &mut Events<'a>, skipped: usize) -> Result<Option<Raw<'a>>, Problem> {
        if !matches!(events.next()?.step, Step::DocumentStart) {
            return Ok(None);
        }
        let mut raw = Raw::new(skipped);
        let mut anchors: HashMap<&'a str, Id> = HashMap::new();
        let mut open: Vec<Open> = Vec::new();
        loop {
            let event = events.next()?;
            budget::spend(NODE)?;
            let id = match event.step {
                Step::SequenceStart { anchor, flow } | Step::MappingStart { anchor, flow } => {
                    let map = matches!(event.step, Step::MappingStart { .. });
                    let id = raw.add(&event, Kind::Seq(Vec::new()));
                    if let Some(name) = anchor {
                        anchors.insert(name, id);
                    }
                    open.push(Open { id, children: Vec::new(), map, flow });
                    continue;
                }
                Step::SequenceEnd | Step::MappingEnd => {
                    let Some(done) = open.pop() else { break };
                    raw.close(done, event.end)
                }
                Step::Alias(name) => {
                    let Some(&target) = anchors.get(name) else {
                        let message = format!("unknown anchor '{name}' referenced").into();
                        return Err(Problem { message, line: 0 });
                    };
                    raw.add(&event, Kind::Alias { name, target })
                }
                Step::Scalar { .. } => raw.scalar(event, &mut anchors),
                Step::DocumentStart | Step::DocumentEnd | Step::StreamEnd => break,
            };
            match open.last_mut() {
                Some(parent) => parent.children.push(id),
                None => break,
            }
        }
        // The event after the document may be an error, which go-yaml meets before it decodes.
        events.next()?;
        Ok(Some(raw))
    }

    fn scalar(&mut self, event: Event<'a>, anchors: &mut HashMap<&'a str, Id>) -> Id {
        let (start, end) = (event.start, event.end);
        let Step::Scalar { anchor, tag, text, implicit, .. } = event.step else { return 0 };
        let tag = tag.map(String::into_boxed_str);
        let id = self.push(Kind::Scalar { text, tag, implicit }, start, end);
        if let Some(name) = anchor {
            anchors.insert(name, id);
        }
        id
    }

    fn add(&mut self, event: &Event<'a>, kind: Kind<'a>) -> Id {
        self.push(kind, event.start, event.end)
    }

    fn push(&mut self, kind: Kind<'a>, start: Mark, end: Mark) -> Id {
        self.push_at(kind, self.span(start.offset, end.offset), start.line + 1)
    }

    /// Adds a node that begins on that line, from 1.
    pub fn push_at(&mut self, kind: Kind<'a>, span: Span, line: u32) -> Id {
        self.nodes.push(RawNode { kind, span, line });
        (self.nodes.len() - 1) as Id
    }

    /// A place in the text as a place in what it was read from.
    pub fn span(&self, start: u32, end: u32) -> Span {
        Span { start: start + self.skipped, end: end + self.skipped }
    }

    /// A flow collection ends with its bracket, a block collection with its last child.
    fn close(&mut self, done: Open, end: Mark) -> Id {
        let end = match done.children.last() {
            Some(&last) if !done.flow => self.nodes[last as usize].span.end,
            None if !done.flow => self.nodes[done.id as usize].span.end,
            _ => end.offset + self.skipped,
        };
        let node = &mut self.nodes[done.id as usize];
        node.span.end = end;
        node.kind = if done.map { Kind::Map(done.children) } else { Kind::Seq(done.children) };
        done.id
    }
}
