//! The family `layers`: a chart with the charts below it, in the sections `file`, is rendered as `release` in `default` under
//! the user's values: the sections `values` and the expressions after them, one over the other. Besides, [`origins`] proves where
//! each value came from.

use plimsoll::internals::chart::{self, BufferedFile};
use plimsoll::internals::go::slog;
use plimsoll::internals::manifest::HelmVersion;
use plimsoll::internals::render::{self, Release, Request, host::FixedHost};
use plimsoll::internals::value::Map;
use plimsoll::internals::{stack, values};

use crate::cases::Case;
use crate::difference::compare;
use crate::engine::lossy;
use crate::origins;
use crate::small::set_into;

/// Renders the chart of the case and compares its files, or its error, and what is logged.
pub fn run(case: &Case) -> Result<(), String> {
    let (rendered, mut log) = rendered(case, HelmVersion::Helm4)?;
    log.retain(|line| line.level > slog::Level::Debug);
    let mut log: Vec<String> = log.iter().map(ToString::to_string).collect();
    // What is told while a map is walked is told in any order.
    log.sort();
    compare("the log", &case.get("stderr").unwrap_or_default(), &log.join("\n"))?;
    if let (Err(got), Some(wanted)) = (&rendered, case.get("error")) {
        return compare("the error", &wanted, got);
    }
    judge(case, rendered)
}

/// As [`run`], but as Helm 3 renders, whose log and errors have other words.
pub fn run_helm3(case: &Case) -> Result<(), String> {
    let (rendered, _) = rendered(case, HelmVersion::Helm3)?;
    judge(case, rendered)
}

type Files = Vec<(String, String)>;

fn rendered(case: &Case, helm: HelmVersion) -> Result<(Result<Files, String>, Vec<slog::Line>), String> {
    let mut log = Vec::new();
    let rendered = stack::with_stack(|| {
        origins::prove(case, helm)?;
        let rendered = render(case, helm, &mut log);
        Ok::<_, String>((rendered, log))
    });
    rendered?
}

fn judge(case: &Case, rendered: Result<Files, String>) -> Result<(), String> {
    match (rendered, case.get("error")) {
        (Err(_), Some(_)) => Ok(()),
        (Err(got), None) => Err(format!("an error where Helm has none:\n{got}")),
        (Ok(_), Some(wanted)) => Err(format!("no error where Helm has one:\n{wanted}")),
        (Ok(files), None) => {
            let text = |files: Files| {
                files.iter().map(|(name, text)| format!("--- {name}\n{text}\n")).collect::<String>()
            };
            let wanted = case.all("want").map(|(name, text)| (name.to_owned(), text)).collect();
            compare("what is rendered", &text(wanted), &text(files))
        }
    }
}

/// Each rendered file by its name, in order.
fn render(case: &Case, helm: HelmVersion, log: &mut Vec<slog::Line>) -> Result<Files, String> {
    let mut user = Map::new();
    for (_, text) in case.all("values") {
        let more = chart::load_values(text.as_bytes(), helm).map_err(|error| error.to_string())?;
        user = origins::merged(&user, &more);
    }
    set_into(case, &user)?;
    let files = case.all("file").map(|(name, text)| BufferedFile::new(name, text.as_bytes(), 0)).collect();
    let chart = chart::load_files_as(files, helm).map_err(|error| {
        log.extend(error.warnings.iter().cloned());
        error.to_string()
    })?;
    log.extend(chart.warnings.iter().cloned());
    let request = Request { helm, ..Request::new(Release::new("release", "default")) };
    let chart = values::process_dependencies(&chart, &user, request.helm, log);
    let chart = chart.map_err(|error| error.to_string())?;
    let values = values::to_render_values(&chart, &user, request.helm, request.schema, log);
    let values = values.map_err(|error| error.to_string())?;
    let mut host = FixedHost::new("golden", 0);
    let outputs = render::templates::<()>(&chart, &values, &request, &mut host);
    let outputs = outputs.map_err(|error| error.to_string())?;
    let mut files: Vec<(String, String)> =
        outputs.iter().map(|output| (output.name.clone(), lossy(output.text.as_bytes()))).collect();
    files.sort();
    Ok(files)
}
