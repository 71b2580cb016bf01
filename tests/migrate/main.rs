//! What `migrate` makes of values files, row by row of the table of H2O MLOps: the cases of `testdata/migrate`. Whether each row
//! has a case is a test, too.

use std::collections::BTreeSet;

use libtest_mimic::{Arguments, Failed, Trial};
use plimsoll::internals::migrate::{By, Migration, h2o_mlops, migrate};
use testkit::cases::{self, Case, File, Section};
use testkit::record::Driver;

fn main() {
    let args = Arguments::from_args();
    let folder = testkit::testdata().join("migrate");
    let driver = Driver { recorded: &["changes", "new", "after"], answer };
    let mut trials = driver.trials(&folder).expect("the cases are sound");
    trials.push(Trial::test("every_row_has_a_case", move || {
        let mut found = BTreeSet::new();
        for file in cases::read_folder(&folder)? {
            for case in &file.cases {
                let migration = migration(case)?;
                found.extend(migration.changes.into_iter().map(|change| (change.since, change.message)));
                found.extend(migration.notes.into_iter().map(|note| (note.since, note.message)));
            }
        }
        let table = h2o_mlops()?;
        let rows = table.rows.iter().map(|row| (row.since.to_string(), row.message.clone()));
        match rows.into_iter().find(|row| !found.contains(row)) {
            Some((since, message)) => Err(Failed::from(format!("no case for {since}: {message}"))),
            None => Ok(()),
        }
    }));
    libtest_mimic::run(&args, trials).exit();
}

fn migration(case: &Case) -> Result<Migration, String> {
    let values =
        case.sections.iter().find(|section| section.kind == "values").ok_or("no section `values`")?;
    let (from, to) = values.name.split_once(' ').ok_or("write `values FROM TO`")?;
    let table = h2o_mlops().map_err(|problem| problem.to_string())?;
    let files = [("values.yaml".to_owned(), format!("{}\n", values.text))];
    migrate(&table, from, to, &files).map_err(|error| error.to_string())
}

fn answer(_: &File, case: &Case) -> Result<Vec<Section>, String> {
    let migration = migration(case)?;
    let mut changes = String::new();
    for change in &migration.changes {
        let line = change.location.as_ref().and_then(|place| place.line);
        let place = line.map_or_else(|| "-".to_owned(), |line| line.to_string());
        let by = match &change.by {
            By::Machine => "machine".to_owned(),
            By::Person => "person".to_owned(),
            By::Refused(why) => format!("person: {why}"),
        };
        changes.push_str(&format!("{place} {} {} in {}, {by}\n", change.path, change.change, change.since));
    }
    let new = migration.notes.iter().filter_map(|note| note.path.clone());
    let new = new.collect::<Vec<String>>().join("\n");
    let mut sections = Vec::new();
    let mut add = |kind: &str, text: &str| {
        if !text.is_empty() {
            sections.push(Section::recorded(kind, "", text.trim_end_matches('\n')));
        }
    };
    add("changes", &changes);
    add("new", &new);
    for file in migration.files.iter().filter(|file| file.before != file.after) {
        add("after", &file.after);
    }
    Ok(sections)
}
