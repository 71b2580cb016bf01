//! Cases whose answers are recorded from ours: `cargo xtask record` writes what the program says now into them, which is to
//! be looked at before it is committed; without it each case is a test that fails where the program says something else.
//! What Helm answers is recorded by `cargo xtask oracle` and never here.

use std::path::Path;
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};

use crate::cases::{self, Case, File, Section};
use crate::difference::compare;

/// What is set where answers are to be recorded.
pub const VARIABLE: &str = "PLIMSOLL_RECORD";

/// Whether answers are to be recorded.
pub fn is_wanted() -> bool {
    std::env::var_os(VARIABLE).is_some()
}

/// Cases of a folder, and what answers them.
#[derive(Clone, Copy)]
pub struct Driver {
    /// The kinds of the sections that are recorded.
    pub recorded: &'static [&'static str],
    /// The recorded sections of a case, as they are now.
    pub answer: fn(&File, &Case) -> Result<Vec<Section>, String>,
}

impl Driver {
    /// A test for each case of the files in the folder. Where answers are recorded, they are written first.
    ///
    /// # Errors
    /// A file that is no file of cases, or cannot be written.
    pub fn trials(self, folder: &Path) -> Result<Vec<Trial>, String> {
        let mut trials = Vec::new();
        for mut file in cases::read_folder(folder)? {
            if is_wanted() {
                self.record(&mut file)?;
            }
            trials.extend(self.of_file(file));
        }
        Ok(trials)
    }

    /// A test for each case of a file.
    pub fn of_file(self, file: File) -> Vec<Trial> {
        let file = Arc::new(file);
        let trial = |at: usize| {
            let (file, name) = (file.clone(), format!("{}::{}", file.title, file.cases[at].name));
            Trial::test(name, move || self.check(&file, &file.cases[at]).map_err(Failed::from))
        };
        (0..file.cases.len()).map(trial).collect()
    }

    /// Writes what is answered now into the file.
    ///
    /// # Errors
    /// A case that has no answer, or a file that cannot be written.
    pub fn record(self, file: &mut File) -> Result<(), String> {
        let before = file.clone();
        for at in 0..file.cases.len() {
            let answer = (self.answer)(file, &file.cases[at])?;
            let sections = &mut file.cases[at].sections;
            sections.retain(|section| !self.is_recorded(section));
            sections.extend(answer);
        }
        if *file != before {
            std::fs::write(&file.path, file.to_text())
                .map_err(|error| format!("{}: {error}", file.path.display()))?;
        }
        Ok(())
    }

    fn is_recorded(self, section: &Section) -> bool {
        self.recorded.contains(&section.kind.trim_end_matches("-json"))
    }

    fn check(self, file: &File, case: &Case) -> Result<(), String> {
        let answer = (self.answer)(file, case)?;
        let text = |sections: &mut dyn Iterator<Item = &Section>| {
            let text = |section: &Section| format!("=== {}\n{}\n", section.kind, section.text);
            sections.map(text).collect::<String>()
        };
        let wanted = text(&mut case.sections.iter().filter(|section| self.is_recorded(section)));
        let place = format!("{}:{}", file.path.display(), case.line);
        compare("what is answered", &wanted, &text(&mut answer.iter())).map_err(|difference| {
            format!("{place}\n{difference}`cargo xtask record {}` writes it down", file.title)
        })
    }
}
