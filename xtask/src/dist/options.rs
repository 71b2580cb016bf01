//! What `cargo xtask dist` is told on its command line.

use std::path::{Path, PathBuf};

use super::plugin::Key;

/// The kinds of packages, as `--only` names them.
pub const KINDS: [&str; 6] = ["archive", "wheel", "npm", "image", "debian", "plugin"];

/// The command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The target's name; this machine's where it is absent.
    pub target: Option<String>,
    /// Cargo's profile.
    pub profile: String,
    /// A program that is already built.
    pub program: Option<PathBuf>,
    /// Where packages are written; `dist` below Cargo's target folder where it is absent.
    pub out: Option<PathBuf>,
    /// The kinds that are made or tried.
    pub kinds: Vec<&'static str>,
    /// Who signs plugins.
    pub key: Option<Key>,
    /// The words that are no flags.
    pub words: Vec<String>,
}

impl Options {
    /// Reads the words after `dist`.
    pub fn read(words: &[&str]) -> Result<Options, String> {
        let mut options = Options {
            target: None,
            profile: "release".to_owned(),
            program: None,
            out: None,
            kinds: Vec::new(),
            key: None,
            words: Vec::new(),
        };
        let (mut keyring, mut name, mut passphrase) = (None, None, None);
        let mut words = words.iter();
        while let Some(&word) = words.next() {
            if !word.starts_with('-') {
                options.words.push(word.to_owned());
                continue;
            }
            let mut value = || words.next().copied().ok_or_else(|| format!("{word} wants a value"));
            match word {
                "--target" => options.target = Some(value()?.to_owned()),
                "--profile" => value()?.clone_into(&mut options.profile),
                "--program" => options.program = Some(PathBuf::from(value()?)),
                "--out" => options.out = Some(PathBuf::from(value()?)),
                "--only" => options.kinds = kinds(value()?)?,
                "--keyring" => keyring = Some(PathBuf::from(value()?)),
                "--key" => name = Some(value()?.to_owned()),
                "--passphrase-file" => passphrase = Some(PathBuf::from(value()?)),
                _ => return Err(format!("unknown flag {word}; `cargo xtask` lists them")),
            }
        }
        if options.kinds.is_empty() {
            options.kinds = KINDS.to_vec();
        }
        options.key = match (keyring, name) {
            (Some(keyring), Some(name)) => Some(Key { keyring, name, passphrase }),
            (None, None) => None,
            _ => return Err("--keyring FILE and --key NAME go together".to_owned()),
        };
        Ok(options)
    }

    /// Where packages are written or looked for.
    pub fn out(&self, target_folder: &Path) -> PathBuf {
        self.out.clone().unwrap_or_else(|| target_folder.join("dist"))
    }

    /// Whether a kind is made or tried.
    pub fn wants(&self, kind: &str) -> bool {
        self.kinds.contains(&kind)
    }
}

fn kinds(list: &str) -> Result<Vec<&'static str>, String> {
    let known = |name: &str| {
        let found = KINDS.into_iter().find(|kind| *kind == name);
        found.ok_or_else(|| format!("`{name}` is no kind of package, but {} are", KINDS.join(", ")))
    };
    list.split(',').map(known).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_read_and_mistakes_told() {
        let options = Options::read(&["--only", "wheel,npm", "--out", "here", "a"]).unwrap();
        assert_eq!((options.kinds, options.out), (vec!["wheel", "npm"], Some(PathBuf::from("here"))));
        assert_eq!(options.words, ["a"]);
        let error = |words: &[&str]| Options::read(words).unwrap_err();
        assert_eq!(error(&["--only"]), "--only wants a value");
        assert_eq!(error(&["--onyl"]), "unknown flag --onyl; `cargo xtask` lists them");
        assert_eq!(error(&["--key", "me"]), "--keyring FILE and --key NAME go together");
        assert!(error(&["--only", "rpm"]).starts_with("`rpm` is no kind of package, but archive, wheel"));
    }
}
