//! [`Release`]: what is the same in every kind of package: the program for one target, and the texts that go with it.

use std::ffi::OsString;

use plimsoll::internals::cli;

use crate::root;

use super::member::Member;
use super::moment::Moment;
use super::packages::Packages;
use super::target::Target;
use super::{bom, licences};

/// One sentence on what this is, as every package's description has it.
pub const SUMMARY: &str = "Renders Helm charts exactly as Helm does, says whether they may be deployed, and says where to mend them";
/// Where it comes from.
pub const REPOSITORY: &str = "https://github.com/plimsoll-charts/plimsoll";
/// Who packs it.
pub const MAINTAINER: &str = "Plimsoll contributors <plimsoll@users.noreply.github.com>";
/// The name of the text with the licences of others.
pub const THIRD_PARTY: &str = "THIRD-PARTY-LICENSES";

/// The name of the bill of materials.
pub const BILL: &str = "plimsoll.cdx.json";

/// What goes into packages.
#[derive(Debug)]
pub struct Release {
    /// The version of the program.
    pub version: String,
    /// The machine that it is for.
    pub target: &'static Target,
    /// The time that stands in packages.
    pub moment: Moment,
    /// The program.
    pub program: Vec<u8>,
    /// Scripts that complete commands in shells, by shell.
    pub completions: Vec<(&'static str, Vec<u8>)>,
    /// Pages for `man`, in files named like `plimsoll-check.1`.
    pub pages: Vec<Member>,
    /// `README.md`, `LICENSE`, `CHANGELOG.md`, [`THIRD_PARTY`].
    pub texts: Vec<Member>,
    /// The bill of materials.
    pub bill: String,
}

impl Release {
    /// Collects what goes with a program.
    pub fn of(
        target: &'static Target,
        packages: &Packages,
        program: Vec<u8>,
        moment: Moment,
    ) -> Result<Release, String> {
        let mut texts = vec![Member::new(THIRD_PARTY, licences::third_party(packages, target)?)];
        for name in ["CHANGELOG.md", "LICENSE", "README.md"] {
            let data = std::fs::read(root().join(name)).map_err(|error| format!("{name}: {error}"))?;
            texts.push(Member::new(name, data));
        }
        let shells = ["bash", "fish", "powershell", "zsh"];
        let completions = shells
            .into_iter()
            .map(|shell| Ok((shell, printed(&["completion", shell])?)))
            .collect::<Result<_, String>>()?;
        Ok(Release {
            version: packages.own.version.clone(),
            target,
            moment,
            completions,
            pages: pages()?,
            texts,
            bill: bom::bill(packages, &program, moment),
            program,
        })
    }

    /// One of [`Release::texts`].
    pub fn text(&self, name: &str) -> Member {
        let found = self.texts.iter().find(|text| text.path == name);
        found.cloned().unwrap_or_else(|| Member::new(name, ""))
    }

    /// The script for a shell.
    pub fn completion(&self, shell: &str) -> Vec<u8> {
        let found = self.completions.iter().find(|(name, _)| *name == shell);
        found.map(|(_, script)| script.clone()).unwrap_or_default()
    }

    /// The beginning of file names: `plimsoll-VERSION-TARGET`.
    pub fn stem(&self) -> String {
        format!("plimsoll-{}-{}", self.version, self.target.triple)
    }
}

/// A page for the program and for each of its commands.
fn pages() -> Result<Vec<Member>, String> {
    let mut line = cli::command();
    line.build();
    let mut pages = Vec::new();
    let mut waiting = vec![(line, Vec::new())];
    while let Some((command, words)) = waiting.pop() {
        let line: Vec<&str> = ["help", "--man"].into_iter().chain(words.iter().map(String::as_str)).collect();
        let name =
            ["plimsoll"].into_iter().chain(words.iter().map(String::as_str)).collect::<Vec<_>>().join("-");
        pages.push(Member::new(format!("{name}.1"), printed(&line)?));
        for child in command.get_subcommands().filter(|child| !child.is_hide_set()) {
            let words = words.iter().cloned().chain([child.get_name().to_owned()]).collect();
            waiting.push((child.clone(), words));
        }
    }
    Ok(pages)
}

/// What the program prints: its sources are part of this one, so that those of another machine's can be had, too.
fn printed(words: &[&str]) -> Result<Vec<u8>, String> {
    let line: Vec<OsString> = ["plimsoll"].iter().chain(words).map(OsString::from).collect();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    match cli::run(&line, &mut out, &mut err) {
        0 => Ok(out),
        _ => Err(format!("plimsoll {}: {}", words.join(" "), String::from_utf8_lossy(&err).trim())),
    }
}
