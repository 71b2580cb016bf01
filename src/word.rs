//! The words that users write for the variants of an enum, such as severities and modes. Clap's `ValueEnum` derives them; what
//! reads and writes them besides the command line, such as a configuration file, does it here.

use std::fmt;

use clap::ValueEnum;

/// The word for a variant.
pub fn of(variant: &impl ValueEnum) -> String {
    variant.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

/// The variant that a word stands for.
///
/// # Errors
/// It stands for none. `what` says what was wanted: `mode`.
pub fn parse<T: ValueEnum>(word: &str, what: &'static str) -> Result<T, UnknownWord> {
    T::from_str(word, false).map_err(|_| UnknownWord {
        word: word.to_owned(),
        what,
        known: T::value_variants().iter().map(of).collect(),
    })
}

/// Reads and writes enums as their words: `word::written!(Mode, "mode")`.
macro_rules! written {
    ($name:ty, $what:literal) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&$crate::word::of(self))
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::word::UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::word::parse(text, $what)
            }
        }
    };
}

pub(crate) use written;

/// A word that is none of those that may stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownWord {
    word: String,
    /// What was wanted.
    what: &'static str,
    /// What may stand there.
    known: Vec<String>,
}

impl fmt::Display for UnknownWord {
    /// `` `fatal` is no severity; it is one of `advice`, `warning` and `error` ``
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known: Vec<String> = self.known.iter().map(|word| format!("`{word}`")).collect();
        let (last, others) = known.split_last().map_or(("", &[][..]), |(last, others)| (last, others));
        write!(f, "`{}` is no {}; it is one of {} and {last}", self.word, self.what, others.join(", "))
    }
}

impl std::error::Error for UnknownWord {}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug, PartialEq, ValueEnum)]
    enum Size {
        Small,
        VeryLarge,
        Large,
    }

    #[test]
    fn words_are_read_and_written() {
        assert_eq!(of(&Size::VeryLarge), "very-large");
        assert_eq!(parse("very-large", "size"), Ok(Size::VeryLarge));
        let error = parse::<Size>("Small", "size").unwrap_err();
        assert_eq!(error.to_string(), "`Small` is no size; it is one of `small`, `very-large` and `large`");
    }
}
