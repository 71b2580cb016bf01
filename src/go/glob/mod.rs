//! github.com/gobwas/glob v0.2.3 with `/` as its separator, which is what `.Files.Glob` takes: `*` and `?` stay inside one
//! folder, `**` does not, `{a,b}` are alternatives, `[!a-c]` classes.
//!
//! That is what it means to do. What it does follows from its optimiser, which turns a pattern into special matchers that
//! disagree with the grammar in odd corners: so `syntax` reads, `compile` optimises and `matcher` matches as they do.

mod compile;
mod error;
mod matcher;
mod syntax;

pub use error::Error;
use matcher::{Matcher, Search};

/// A compiled glob.
#[derive(Clone, Debug)]
pub struct Glob(Matcher);

impl Glob {
    /// Compiles a pattern. gobwas/glob: `Compile(pattern, '/')`.
    pub fn new(pattern: &str) -> Result<Glob, Error> {
        Ok(Glob(compile::compile(syntax::parse(pattern)?)?))
    }

    /// Whether the whole text fits; the error is the panic that gobwas ends in. gobwas/glob: `Glob.Match`.
    pub fn matches(&self, text: impl AsRef<[u8]>) -> Result<bool, Error> {
        Search::default().matches(&self.0, text.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, Glob};

    #[test]
    fn matches_folders_and_alternatives() {
        let matches = |pattern: &str, text: &str| Glob::new(pattern).and_then(|glob| glob.matches(text));
        assert_eq!(matches("config/*.yaml", "config/a.yaml"), Ok(true));
        assert_eq!(matches("config/*.yaml", "config/b/a.yaml"), Ok(false));
        assert_eq!(matches("**.yaml", "config/b/a.yaml"), Ok(true));
        assert_eq!(matches("{a,b/[!x]}?", "b/yz"), Ok(true));
        assert_eq!(matches("[a-", "a"), Err(Error::UnexpectedEnd));
        assert_eq!(matches("[b-a]", "a"), Err(Error::Reversed { high: 'a', low: 'b' }));
    }

    #[test]
    fn hopeless_patterns_end() {
        let glob = Glob::new(&"*a".repeat(40)).expect("it is well formed");
        assert_eq!(glob.matches(&("a".repeat(80) + "b")), Ok(false));
        assert!(Glob::new(&"{".repeat(100_000)).is_err());
    }
}
