//! [`Effect`]: what a function's answer has of its arguments. The tracer asks it, so that it needs to know no function by
//! name; each function says it in its `func!` line. Where nothing is said, the answer is something new, and all that is told
//! is which values it was made of.

/// What a function does to the values that it is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Effect {
    /// It makes something new of them.
    #[default]
    New,
    /// It gives one of its arguments as it is: `default`, `required`, `ternary`.
    Passes,
    /// It gives what templates wrote: `include`, `tpl`.
    Executes,
    /// It takes one value out of a map or list.
    Selects(Selects),
    /// It makes a map or list of which it is known where each value is from.
    Makes(Makes),
    /// It makes a text whose parts stand in the texts that it is given.
    Edits(Edits),
    /// It makes something new, and looks only at a part of maps and lists for it.
    Looks(Looks),
    /// It writes a map or list as YAML or JSON.
    Encodes,
    /// It reads YAML or JSON: what stands in a line of the text came from where the line came from.
    Decodes,
}

/// What is looked at of a map or list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    /// The key of the first argument that is the second.
    Key,
    /// Which keys there are.
    Keys,
    /// Whether it is empty.
    Truth,
    /// Of what type it is.
    Type,
}

/// Which value is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selects {
    /// The first of the list.
    First,
    /// The last of the list.
    Last,
    /// The one at the end of the keys and indexes behind the first argument.
    Keys,
    /// The one at the end of the keys, or the last argument but one; the map is the last argument.
    Dig,
}

/// Which values a new map or list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Makes {
    /// Keys and values in turn.
    Dict,
    /// The arguments.
    List,
    /// Entries of the first argument, under their keys.
    Some,
    /// The first argument, in which the key that is the second has the third as its value.
    Set,
    /// The first argument, in which that key is no more.
    Unset,
    /// A copy of the first argument that shares nothing with it.
    Copy,
    /// The first argument, which takes from the others what it lacks.
    Merge,
    /// The first argument, which takes from the others what they have.
    MergeOverwrite,
    /// The values of the first argument, by key.
    Values,
    /// What the maps behind the first argument have at it.
    Pluck,
    /// All but the first item.
    Rest,
    /// All but the last item.
    Initial,
    /// The items from the index that is the second argument on.
    Slice,
    /// Items of the first argument in their order: of equal ones the first.
    Filter,
    /// The items from the last to the first.
    Reverse,
    /// Items of the first argument in another order.
    Sort,
    /// The items of all arguments, one list behind the other.
    Concat,
    /// The items of the first argument, then the second argument.
    Append,
    /// The second argument, then the items of the first.
    Prepend,
    /// Lists of items of the last argument.
    Chunk,
    /// The parts of the last argument between the separators that the first is.
    Split,
}

/// How the answer follows from the texts. Unless something else is said the text is the last argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edits {
    /// The beginning of the text is left.
    Start,
    /// The end of the text is left.
    End,
    /// What is left begins where it is first met in the text.
    Middle,
    /// As many bytes of the text as the first argument says, of its end if that is negative.
    Trunc,
    /// The text from the byte that the first argument says.
    From,
    /// As many spaces as the first argument says stand before each line.
    Indent,
    /// The same, below an empty line.
    IndentBelow,
    /// Each character stands for one of the text.
    Characters,
    /// The same without white space.
    Nospace,
    /// The second argument stands where the first stood.
    Replace,
    /// The text so often as the first argument says.
    Repeat,
    /// Each argument in double quotes.
    Quote,
    /// Each argument in single quotes.
    Squote,
    /// The arguments with spaces between.
    Cat,
    /// The arguments as Go's `Sprint` puts them together.
    Print,
    /// As `Sprintln` does.
    Println,
    /// As `Sprintf` does.
    Printf,
    /// The items of the list that is the last argument, with the first argument between.
    Join,
    /// Each line stands for one of the only text that is known.
    Lines,
    /// The argument itself, or what it is as text.
    Text,
}
