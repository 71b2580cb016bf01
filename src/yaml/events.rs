//! The parser: tokens to events, state for state as go-yaml v2 does it, so that what is refused and with which words
//! agrees. Read [`Events::next`] first; [`Events::parse_node`] is the heart.

use std::borrow::Cow;

use super::error::Problem;
use super::scan::{Lexeme, Mark, Scanner, Style, Token};

/// A step through a document.
#[derive(Clone, Debug)]
pub(super) enum Step<'a> {
    StreamEnd,
    DocumentStart,
    DocumentEnd,
    Alias(&'a str),
    Scalar {
        anchor: Option<&'a str>,
        /// Written out in full, `None` where there was none.
        tag: Option<String>,
        text: Cow<'a, str>,
        /// Plain without a tag, or with the tag `!`.
        implicit: bool,
    },
    /// Tags of collections mean nothing to go-yaml's decoder, so they are not kept.
    SequenceStart {
        anchor: Option<&'a str>,
        flow: bool,
    },
    SequenceEnd,
    MappingStart {
        anchor: Option<&'a str>,
        flow: bool,
    },
    MappingEnd,
}

/// A step with its place.
#[derive(Clone, Debug)]
pub(super) struct Event<'a> {
    pub step: Step<'a>,
    pub start: Mark,
    pub end: Mark,
}

#[derive(Clone, Copy)]
enum State {
    ImplicitDocumentStart,
    DocumentStart,
    DocumentContent,
    DocumentEnd,
    BlockNode,
    BlockSequenceEntry,
    IndentlessSequenceEntry,
    BlockMappingKey,
    BlockMappingValue,
    FlowSequenceFirst,
    FlowSequenceEntry,
    FlowSequenceMappingKey,
    FlowSequenceMappingValue,
    FlowSequenceMappingEnd,
    FlowMappingFirst,
    FlowMappingKey,
    FlowMappingValue,
    FlowMappingEmptyValue,
    End,
}

/// The properties that stand before a node.
#[derive(Default)]
struct Properties<'a> {
    anchor: Option<&'a str>,
    tag: Option<String>,
    start: Mark,
    end: Mark,
}

/// Turns a text into events.
pub(super) struct Events<'a> {
    scanner: Scanner<'a>,
    state: State,
    states: Vec<State>,
    /// Handle and prefix of each tag directive that holds.
    directives: Vec<(String, String)>,
}

type Parsed<'a> = Result<Event<'a>, Problem>;

fn event(step: Step<'_>, start: Mark, end: Mark) -> Parsed<'_> {
    Ok(Event { step, start, end })
}

/// What stands where nothing is written: a plain scalar without text.
fn empty<'a>(mark: Mark) -> Parsed<'a> {
    let text = Cow::Borrowed("");
    event(Step::Scalar { anchor: None, tag: None, text, implicit: true }, mark, mark)
}

fn fail<T>(message: impl Into<Cow<'static, str>>, mark: Mark) -> Result<T, Problem> {
    Err(Problem { message: message.into(), line: mark.line as usize })
}

impl<'a> Events<'a> {
    /// Reads the tokens of a scanner.
    pub fn new(scanner: Scanner<'a>) -> Events<'a> {
        Events { scanner, state: State::ImplicitDocumentStart, states: Vec::new(), directives: Vec::new() }
    }

    /// The next event; after the end of the stream it is the end again. Go: parserc.go `yaml_parser_state_machine`.
    pub fn next(&mut self) -> Parsed<'a> {
        match self.state {
            State::ImplicitDocumentStart => self.document_start(true),
            State::DocumentStart => self.document_start(false),
            State::DocumentContent => self.document_content(),
            State::DocumentEnd => self.document_end(),
            State::BlockNode => self.parse_node(true, false),
            State::BlockSequenceEntry => self.block_sequence_entry(),
            State::IndentlessSequenceEntry => self.indentless_sequence_entry(),
            State::BlockMappingKey => self.block_mapping_key(),
            State::BlockMappingValue => self.block_mapping_value(),
            State::FlowSequenceFirst => self.flow_sequence_entry(true),
            State::FlowSequenceEntry => self.flow_sequence_entry(false),
            State::FlowSequenceMappingKey => self.flow_sequence_mapping_key(),
            State::FlowSequenceMappingValue => self.flow_sequence_mapping_value(),
            State::FlowSequenceMappingEnd => {
                let mark = self.scanner.peek()?.start;
                self.state = State::FlowSequenceEntry;
                event(Step::MappingEnd, mark, mark)
            }
            State::FlowMappingFirst => self.flow_mapping_key(true),
            State::FlowMappingKey => self.flow_mapping_key(false),
            State::FlowMappingValue => self.flow_mapping_value(false),
            State::FlowMappingEmptyValue => self.flow_mapping_value(true),
            State::End => event(Step::StreamEnd, self.scanner.mark, self.scanner.mark),
        }
    }

    fn lexeme(&mut self) -> Result<&Lexeme<'a>, Problem> {
        Ok(&self.scanner.peek()?.lexeme)
    }

    fn pop(&mut self) {
        self.state = self.states.pop().unwrap_or(State::End);
    }

    /// A node whose successor is `state`.
    fn node_then(&mut self, state: State, block: bool, indentless: bool) -> Parsed<'a> {
        self.states.push(state);
        self.parse_node(block, indentless)
    }

    // Documents

    fn document_start(&mut self, implicit: bool) -> Parsed<'a> {
        if !implicit {
            while *self.lexeme()? == Lexeme::DocumentEnd {
                self.scanner.take()?;
            }
        }
        let token = self.scanner.peek()?;
        let (start, end) = (token.start, token.end);
        match token.lexeme {
            Lexeme::StreamEnd => {
                self.state = State::End;
                event(Step::StreamEnd, start, end)
            }
            Lexeme::Version { .. } | Lexeme::TagDirective { .. } | Lexeme::DocumentStart => {
                self.explicit_document(start)
            }
            _ if implicit => {
                self.default_directives();
                self.states.push(State::DocumentEnd);
                self.state = State::BlockNode;
                event(Step::DocumentStart, start, end)
            }
            _ => self.explicit_document(start),
        }
    }

    fn explicit_document(&mut self, start: Mark) -> Parsed<'a> {
        self.directives()?;
        let token = self.scanner.peek()?;
        if token.lexeme != Lexeme::DocumentStart {
            return fail("did not find expected <document start>", token.start);
        }
        let end = token.end;
        self.states.push(State::DocumentEnd);
        self.state = State::DocumentContent;
        self.scanner.take()?;
        event(Step::DocumentStart, start, end)
    }

    fn directives(&mut self) -> Result<(), Problem> {
        let mut versioned = false;
        loop {
            let token = self.scanner.peek()?;
            let start = token.start;
            match &token.lexeme {
                Lexeme::Version { .. } if versioned => return fail("found duplicate %YAML directive", start),
                Lexeme::Version { major: 1, minor: 1 } => versioned = true,
                Lexeme::Version { .. } => return fail("found incompatible YAML document", start),
                Lexeme::TagDirective { handle, prefix } => {
                    let directive = (handle.clone(), prefix.clone());
                    if self.directives.iter().any(|(handle, _)| *handle == directive.0) {
                        return fail("found duplicate %TAG directive", start);
                    }
                    self.directives.push(directive);
                }
                _ => break,
            }
            self.scanner.take()?;
        }
        self.default_directives();
        Ok(())
    }

    fn default_directives(&mut self) {
        for (handle, prefix) in [("!", "!"), ("!!", "tag:yaml.org,2002:")] {
            if self.directives.iter().all(|(known, _)| known != handle) {
                self.directives.push((handle.to_owned(), prefix.to_owned()));
            }
        }
    }

    fn document_content(&mut self) -> Parsed<'a> {
        let token = self.scanner.peek()?;
        match token.lexeme {
            Lexeme::Version { .. }
            | Lexeme::TagDirective { .. }
            | Lexeme::DocumentStart
            | Lexeme::DocumentEnd
            | Lexeme::StreamEnd => {
                let mark = token.start;
                self.pop();
                empty(mark)
            }
            _ => self.parse_node(true, false),
        }
    }

    fn document_end(&mut self) -> Parsed<'a> {
        let token = self.scanner.peek()?;
        let (start, mut end) = (token.start, token.start);
        if token.lexeme == Lexeme::DocumentEnd {
            end = token.end;
            self.scanner.take()?;
        }
        self.directives.clear();
        self.state = State::DocumentStart;
        event(Step::DocumentEnd, start, end)
    }

    // Nodes

    /// Go: parserc.go `yaml_parser_parse_node`.
    fn parse_node(&mut self, block: bool, indentless: bool) -> Parsed<'a> {
        let token = self.scanner.peek()?;
        if let Lexeme::Alias(name) = token.lexeme {
            let (start, end) = (token.start, token.end);
            self.pop();
            self.scanner.take()?;
            return event(Step::Alias(name), start, end);
        }
        let Properties { anchor, tag, start, end } = self.properties()?;
        let token = self.scanner.peek()?;
        let at = token.start;
        let reach = token.end;
        let collection = |state: State| (state, reach);
        let (state, reach) = match &token.lexeme {
            Lexeme::BlockEntry if indentless => collection(State::IndentlessSequenceEntry),
            Lexeme::Scalar(..) => return self.scalar(anchor, tag, start),
            Lexeme::FlowSequenceStart => collection(State::FlowSequenceFirst),
            Lexeme::FlowMappingStart => collection(State::FlowMappingFirst),
            Lexeme::BlockSequenceStart if block => collection(State::BlockSequenceEntry),
            Lexeme::BlockMappingStart if block => collection(State::BlockMappingKey),
            _ if anchor.is_some() || tag.is_some() => {
                self.pop();
                let (implicit, text) = (tag.is_none(), Cow::Borrowed(""));
                return event(Step::Scalar { anchor, tag, text, implicit }, start, end);
            }
            _ => return fail("did not find expected node content", at),
        };
        self.state = state;
        let step = match state {
            State::IndentlessSequenceEntry => Step::SequenceStart { anchor, flow: false },
            State::BlockSequenceEntry => {
                self.scanner.take()?;
                Step::SequenceStart { anchor, flow: false }
            }
            State::BlockMappingKey => {
                self.scanner.take()?;
                Step::MappingStart { anchor, flow: false }
            }
            State::FlowSequenceFirst => Step::SequenceStart { anchor, flow: true },
            _ => Step::MappingStart { anchor, flow: true },
        };
        event(step, start, reach)
    }

    fn scalar(&mut self, anchor: Option<&'a str>, tag: Option<String>, start: Mark) -> Parsed<'a> {
        let Token { lexeme: Lexeme::Scalar(text, style), end, .. } = self.scanner.take()? else {
            return fail("did not find expected node content", start);
        };
        self.pop();
        let implicit = match &tag {
            None => style == Style::Plain,
            Some(tag) => tag == "!",
        };
        event(Step::Scalar { anchor, tag, text, implicit }, start, end)
    }

    /// An anchor and a tag in either order.
    fn properties(&mut self) -> Result<Properties<'a>, Problem> {
        let first = self.scanner.peek()?.start;
        let mut found = Properties { start: first, end: first, ..Properties::default() };
        let mut tag = None;
        for _ in 0..2 {
            match &self.scanner.peek()?.lexeme {
                Lexeme::Anchor(name) if found.anchor.is_none() => found.anchor = Some(*name),
                Lexeme::Tag { .. } if tag.is_none() => {
                    let token = self.scanner.take()?;
                    found.end = token.end;
                    tag = Some(token);
                    continue;
                }
                _ => break,
            }
            found.end = self.scanner.take()?.end;
        }
        if let Some(Token { lexeme: Lexeme::Tag { handle, suffix }, start, .. }) = tag {
            // The scanner of the node's first token may fail; that is told before an unknown handle.
            self.scanner.peek()?;
            let full = if handle.is_empty() {
                suffix
            } else {
                let directive = self.directives.iter().find(|(known, _)| *known == handle);
                directive.map(|(_, prefix)| format!("{prefix}{suffix}")).unwrap_or_default()
            };
            if full.is_empty() && !handle.is_empty() {
                return fail("found undefined tag handle", start);
            }
            found.tag = (!full.is_empty()).then_some(full);
        }
        Ok(found)
    }

    // Block collections

    fn block_sequence_entry(&mut self) -> Parsed<'a> {
        let token = self.scanner.peek()?;
        let (start, end) = (token.start, token.end);
        match token.lexeme {
            Lexeme::BlockEntry => {
                self.scanner.take()?;
                if matches!(self.lexeme()?, Lexeme::BlockEntry | Lexeme::BlockEnd) {
                    self.state = State::BlockSequenceEntry;
                    return empty(end);
                }
                self.node_then(State::BlockSequenceEntry, true, false)
            }
            Lexeme::BlockEnd => {
                self.pop();
                self.scanner.take()?;
                event(Step::SequenceEnd, start, end)
            }
            _ => fail("did not find expected '-' indicator", start),
        }
    }

    fn indentless_sequence_entry(&mut self) -> Parsed<'a> {
        let token = self.scanner.peek()?;
        let (start, end) = (token.start, token.end);
        if token.lexeme != Lexeme::BlockEntry {
            self.pop();
            return event(Step::SequenceEnd, start, start);
        }
        self.scanner.take()?;
        match self.lexeme()? {
            Lexeme::BlockEntry | Lexeme::Key | Lexeme::Value | Lexeme::BlockEnd => {
                self.state = State::IndentlessSequenceEntry;
                empty(end)
            }
            _ => self.node_then(State::IndentlessSequenceEntry, true, false),
        }
    }

    fn block_mapping_key(&mut self) -> Parsed<'a> {
        let token = self.scanner.peek()?;
        let (start, end) = (token.start, token.end);
        match token.lexeme {
            Lexeme::Key => {
                self.scanner.take()?;
                self.block_mapping_node(State::BlockMappingValue, end)
            }
            Lexeme::BlockEnd => {
                self.pop();
                self.scanner.take()?;
                event(Step::MappingEnd, start, end)
            }
            _ => fail("did not find expected key", start),
        }
    }

    fn block_mapping_value(&mut self) -> Parsed<'a> {
        let token = self.scanner.peek()?;
        let (start, end) = (token.start, token.end);
        if token.lexeme == Lexeme::Value {
            self.scanner.take()?;
            return self.block_mapping_node(State::BlockMappingKey, end);
        }
        self.state = State::BlockMappingKey;
        empty(start)
    }

    fn block_mapping_node(&mut self, state: State, mark: Mark) -> Parsed<'a> {
        if matches!(self.lexeme()?, Lexeme::Key | Lexeme::Value | Lexeme::BlockEnd) {
            self.state = state;
            return empty(mark);
        }
        self.node_then(state, true, true)
    }

    // Flow collections

    fn flow_sequence_entry(&mut self, first: bool) -> Parsed<'a> {
        if first {
            self.scanner.take()?;
        }
        if *self.lexeme()? != Lexeme::FlowSequenceEnd {
            if !first {
                let token = self.scanner.peek()?;
                if token.lexeme != Lexeme::FlowEntry {
                    return fail("did not find expected ',' or ']'", token.start);
                }
                self.scanner.take()?;
            }
            match self.lexeme()? {
                Lexeme::Key => {
                    let token = self.scanner.take()?;
                    self.state = State::FlowSequenceMappingKey;
                    return event(Step::MappingStart { anchor: None, flow: true }, token.start, token.end);
                }
                Lexeme::FlowSequenceEnd => {}
                _ => return self.node_then(State::FlowSequenceEntry, false, false),
            }
        }
        self.pop();
        let token = self.scanner.take()?;
        event(Step::SequenceEnd, token.start, token.end)
    }

    fn flow_sequence_mapping_key(&mut self) -> Parsed<'a> {
        if !matches!(self.lexeme()?, Lexeme::Value | Lexeme::FlowEntry | Lexeme::FlowSequenceEnd) {
            return self.node_then(State::FlowSequenceMappingValue, false, false);
        }
        // go-yaml takes the token though it may be the end of the sequence.
        let end = self.scanner.take()?.end;
        self.state = State::FlowSequenceMappingValue;
        empty(end)
    }

    fn flow_sequence_mapping_value(&mut self) -> Parsed<'a> {
        let mut mark = self.scanner.peek()?.start;
        if *self.lexeme()? == Lexeme::Value {
            self.scanner.take()?;
            if !matches!(self.lexeme()?, Lexeme::FlowEntry | Lexeme::FlowSequenceEnd) {
                return self.node_then(State::FlowSequenceMappingEnd, false, false);
            }
            mark = self.scanner.peek()?.start;
        }
        self.state = State::FlowSequenceMappingEnd;
        empty(mark)
    }

    fn flow_mapping_key(&mut self, first: bool) -> Parsed<'a> {
        if first {
            self.scanner.take()?;
        }
        if *self.lexeme()? != Lexeme::FlowMappingEnd {
            if !first {
                let token = self.scanner.peek()?;
                if token.lexeme != Lexeme::FlowEntry {
                    return fail("did not find expected ',' or '}'", token.start);
                }
                self.scanner.take()?;
            }
            match self.lexeme()? {
                Lexeme::Key => {
                    self.scanner.take()?;
                    let mark = self.scanner.peek()?.start;
                    if matches!(self.lexeme()?, Lexeme::Value | Lexeme::FlowEntry | Lexeme::FlowMappingEnd) {
                        self.state = State::FlowMappingValue;
                        return empty(mark);
                    }
                    return self.node_then(State::FlowMappingValue, false, false);
                }
                Lexeme::FlowMappingEnd => {}
                _ => return self.node_then(State::FlowMappingEmptyValue, false, false),
            }
        }
        self.pop();
        let token = self.scanner.take()?;
        event(Step::MappingEnd, token.start, token.end)
    }

    fn flow_mapping_value(&mut self, absent: bool) -> Parsed<'a> {
        let mut mark = self.scanner.peek()?.start;
        if !absent && *self.lexeme()? == Lexeme::Value {
            self.scanner.take()?;
            if !matches!(self.lexeme()?, Lexeme::FlowEntry | Lexeme::FlowMappingEnd) {
                return self.node_then(State::FlowMappingKey, false, false);
            }
            mark = self.scanner.peek()?.start;
        }
        self.state = State::FlowMappingKey;
        empty(mark)
    }
}
