//! `schema`: what Helm says of values that do not fit a schema.

use plimsoll::internals::schema::{self, Options};
use plimsoll::internals::yaml;

use crate::cases::Case;
use crate::difference::compare;

/// Holds the section `values` against the section `schema`. Where Helm walks a map, its answer is another each time: then the
/// sections `error unordered` have each of its answers, without the order.
pub fn run(case: &Case) -> Result<(), String> {
    let text = |kind: &str| case.get(kind).ok_or(format!("no section `{kind}`"));
    let values = yaml::map_from_str(text("values")?).map_err(|error| error.to_string())?;
    let got =
        schema::validate(&values, text("schema")?.as_bytes(), Options::default(), None, &mut Vec::new())
            .map_err(|refusal| refusal.to_string());
    let wanted: Vec<(&str, String)> = case
        .sections
        .iter()
        .filter(|it| it.kind == "error")
        .map(|it| (it.name.as_str(), it.text.clone()))
        .collect();
    match (got, wanted.first(), case.get("error")) {
        (Err(got), Some(("unordered", _)), _) => {
            let got = unordered(&got);
            match wanted.iter().any(|(_, wanted)| *wanted == got) {
                true => Ok(()),
                false => compare("the error, in any order,", &wanted[0].1, &got),
            }
        }
        (Err(got), _, Some(wanted)) => compare("the error", &wanted, &got),
        (Err(got), _, None) => Err(format!("an error where Helm has none:\n{got}")),
        (Ok(()), _, Some(wanted)) => Err(format!("no error where Helm has one:\n{wanted}")),
        (Ok(()), _, None) => Ok(()),
    }
}

/// The lines of a report in their own order, and the words of each.
fn unordered(report: &str) -> String {
    let mut lines: Vec<String> = report.split('\n').map(sorted_words).collect();
    lines.sort_unstable();
    lines.join("\n")
}

fn sorted_words(line: &str) -> String {
    let mut words: Vec<&str> = line.split([' ', ',']).collect();
    words.sort_unstable();
    words.join(" ")
}
