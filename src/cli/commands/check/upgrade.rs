//! `--upgrade-from`: what the release was before.

use std::path::Path;

use crate::cli::args::globals::Globals;
use crate::cli::args::{JudgedArgs, ValuesArgs, judged};
use crate::cli::input::read_file;
use crate::diagnostic::Diagnostic;
use crate::judge::{self, Before, Chosen, Inputs};

/// Puts the release before into the inputs; `of_manifests` where rendered YAML is judged, and the release before is such too.
///
/// # Errors
/// What is named cannot be read, or nobody would look at it.
pub(super) fn put(
    from: &str,
    inputs: Inputs,
    judged: &JudgedArgs,
    of_manifests: bool,
    globals: &Globals,
) -> Result<Inputs, Box<Diagnostic>> {
    let unusable = |why: String| Box::new(judge::unusable_flag(why));
    if !inputs.profiles.iter().any(Chosen::asks_servers) {
        let why = "--upgrade-from is read by profiles that ask API servers: pass --profile kubernetes too";
        return Err(unusable(why.to_owned()));
    }
    let path = Path::new(from);
    let is_values =
        path.extension().is_some_and(|end| ["yaml", "yml", "json"].iter().any(|known| end == *known));
    let before = if of_manifests {
        let text = read_file(from).map_err(|error| unusable(format!("--upgrade-from: {error}")))?;
        let text = String::from_utf8(text).map_err(|error| {
            unusable(format!("--upgrade-from {from} is not UTF-8: {}", error.utf8_error()))
        })?;
        Before::Manifests(text)
    } else if is_values && path.is_file() {
        let values = ValuesArgs { files: vec![judged::as_argument(path)], ..ValuesArgs::default() };
        let user = values.read_over(None, inputs.user.helm).map_err(judged::unreadable)?;
        Before::Values(user)
    } else {
        let chart = judged.chart(path, globals, inputs.user.helm)?;
        let chart = chart.map_err(|error| unusable(format!("--upgrade-from {from}: {error}")))?;
        Before::Chart(Box::new(chart))
    };
    let release = inputs.release.clone().upgrade(true);
    Ok(Inputs { before: Some(before), release, ..inputs })
}
