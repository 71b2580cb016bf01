//! [`Fault`]: a line that keeps a text from being YAML, what is wrong in it, and what to do. [`Repair`]s are guesses, which
//! the search believes when the text is YAML with them.

/// What is wrong in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A tab among the spaces that a line begins with.
    Tab,
    /// `key:value`
    Glued,
    /// `-item`
    GluedDash,
    /// `key value`
    NoColon,
    /// `key: a: b`
    SecondColon,
    /// A quote that nothing closes.
    OpenQuote(char),
    /// Text behind a closing quote.
    AfterQuote(char),
    /// A bracket or brace that nothing closes.
    OpenBracket(char),
    /// Text behind a closing bracket, or a list or map in brackets that cannot be read.
    InBrackets,
    /// A value that begins with a character that means something else.
    Sigil(char),
    /// `{{` that no template engine took.
    LeftBraces,
    /// The spaces before the line: how many there are, and how many there should be.
    Indent(usize, usize),
    /// The same of all lines that one action prints.
    Block(usize, usize),
    /// The first of the lines that one action prints stands further right than the others.
    FirstLine,
    /// A value with line breaks in the middle of a line.
    LineBreaks,
    /// A trim marker took the line break before this text.
    Eaten,
    /// Text that belongs to nothing.
    Stray,
}

/// A line that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line, from 0.
    pub line: usize,
    /// Where in it, in bytes.
    pub column: usize,
    /// What is wrong.
    pub kind: Kind,
}

/// A guess: the lines `line..line + count` were meant to read otherwise.
#[derive(Clone, Debug)]
pub struct Repair {
    /// What would be wrong.
    pub fault: Fault,
    /// The first line that changes, from 0.
    pub first: usize,
    /// How many lines change.
    pub count: usize,
    /// What should stand there.
    pub lines: Vec<String>,
    /// How unlikely the fault is; guesses of the least cost are tried first.
    pub cost: usize,
}

impl Repair {
    /// One line that was meant to read otherwise.
    pub fn of_line(line: usize, column: usize, kind: Kind, meant: String, cost: usize) -> Repair {
        Repair { fault: Fault { line, column, kind }, first: line, count: 1, lines: vec![meant], cost }
    }
}

impl Kind {
    /// What is wrong and what to do, in a sentence.
    pub fn help(&self) -> String {
        match self {
            Kind::Tab => "a tab stands among the spaces at the beginning of the line, where YAML allows only spaces: \
                          replace it"
                .to_owned(),
            Kind::Glued => "no space stands behind the colon, so that the line is no `key: value`: add one".to_owned(),
            Kind::GluedDash => "no space stands behind the dash, so that the line is no item of a list: add one".to_owned(),
            Kind::NoColon => "the line has no `: ` behind its key: add it, or join the line to what it belongs to".to_owned(),
            Kind::SecondColon => "a second `: ` stands in a value without quotes: put the value into quotes, in a template \
                                  with `quote`"
                .to_owned(),
            Kind::OpenQuote(quote) => {
                format!("nothing closes the {quote} that opens here: close it, or print the value with `quote`")
            }
            Kind::AfterQuote(quote) => {
                format!("text stands behind the closing {quote}: put all of the value into quotes, in a template with `quote`")
            }
            Kind::OpenBracket(bracket) => {
                format!("nothing closes the {bracket} that opens here: close it, or put the value into quotes")
            }
            Kind::InBrackets => "what stands in brackets is no list or map that YAML can read: put the value into quotes, or \
                                 print it with `toJson`"
                .to_owned(),
            Kind::Sigil(sigil) => {
                format!("no value without quotes can begin with {sigil}: put it into quotes, in a template with `quote`")
            }
            Kind::LeftBraces => "the text has `{{` left in it, which nothing executed: give it to `tpl`, or put it into \
                                 quotes"
                .to_owned(),
            Kind::Indent(found, wanted) => {
                format!("{} before the line, and {wanted} would fit to the lines around: indent it so", spaces(*found))
            }
            Kind::Block(found, wanted) => format!(
                "{} before the lines that this prints, and {wanted} would fit to the lines around",
                spaces(*found)
            ),
            Kind::FirstLine => "the spaces before the action add to those that `indent` puts before its first line: write \
                                `{{- … | nindent N }}`, or move the action to the beginning of the line"
                .to_owned(),
            Kind::LineBreaks => "the value holds line breaks: print it with `quote` or `toJson`, or as a block with `|` and \
                                 `nindent`"
                .to_owned(),
            Kind::Eaten => "a trim marker (`{{-` or `-}}`) took the line break away that stood before this text: leave it \
                            out"
                .to_owned(),
            Kind::Stray => "the line belongs to nothing that stands above it: give it a key, indent it, or remove it".to_owned(),
        }
    }
}

fn spaces(count: usize) -> String {
    match count {
        1 => "1 space stands".to_owned(),
        count => format!("{count} spaces stand"),
    }
}
