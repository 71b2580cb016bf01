//! The families `template` and `funcs`: templates of a chart called `c`, released as `release` in `default`, each of which
//! must give the text that Helm's engine gives, or all of them its error.

use plimsoll::internals::chart::{Chart, File, Metadata};
use plimsoll::internals::render::{self, Output, Release, Request, host::FixedHost};
use plimsoll::internals::value::Map;
use plimsoll::internals::{stack, template, values, yaml};

use crate::cases::{Case, or_default};
use crate::difference::compare;

/// Renders the templates of the case and compares them with what was recorded.
pub fn run(case: &Case) -> Result<(), String> {
    check(case, stack::with_stack(|| render(case)).and_then(|rendered| rendered))
}

/// Compares what was rendered with what was recorded.
pub fn check(case: &Case, rendered: Result<Vec<(String, String)>, String>) -> Result<(), String> {
    if case.has("dies") {
        return after_death(rendered, case.get("ours"));
    }
    match (rendered, case.get("error")) {
        (Err(got), Some(wanted)) => compare("the error", &wanted, &got),
        (Err(got), None) => Err(format!("an error where Helm has none:\n{got}")),
        (Ok(_), Some(wanted)) => Err(format!("no error where Helm has one:\n{wanted}")),
        (Ok(files), None) => {
            let wanted: Vec<_> = case.all("want").collect();
            if wanted.is_empty() {
                return Err("nothing recorded: run `cargo xtask oracle`".to_owned());
            }
            for (name, text) in wanted {
                let name = or_default(name);
                let got = files.iter().find(|(file, _)| file == name).map(|(_, text)| text);
                compare(name, &text, got.ok_or(format!("{name} was not rendered"))?)?;
            }
            Ok(())
        }
    }
}

/// Where Go's stack overflows nothing is left of Helm: ours says that it cannot, or gives what the case says instead.
fn after_death(
    rendered: Result<Vec<(String, String)>, String>,
    wanted: Option<String>,
) -> Result<(), String> {
    match (rendered, wanted) {
        (Err(_), None) => Ok(()),
        (Err(got), Some(_)) => Err(format!("an error where the case wants none:\n{got}")),
        (Ok(_), None) => Err("no error where Helm dies".to_owned()),
        (Ok(files), Some(wanted)) => files.iter().try_for_each(|(name, text)| compare(name, &wanted, text)),
    }
}

/// Each rendered file by its name in the chart, or the error.
pub fn render(case: &Case) -> Result<Vec<(String, String)>, String> {
    Prepared::new(case)?.texts()
}

/// The chart of a case, its values and how it is rendered: all that comes before the templates.
pub struct Prepared {
    chart: Chart,
    /// What the templates find beside files and release; `Values` is among it.
    pub values: Map,
    request: Request,
    host: FixedHost,
}

impl Prepared {
    /// Reads the chart and the values of the case.
    pub fn new(case: &Case) -> Result<Prepared, String> {
        let given = yaml::map_from_str(case.get("values").unwrap_or_default());
        let given = given.map_err(|error| error.to_string())?;
        let chart = chart(case);
        let mut request = Request::new(Release::new("release", "default"));
        request.engine =
            template::Options { strict: case.has("strict"), lint: case.has("lint"), ..request.engine };
        let values = values::to_render_values(&chart, &given, request.helm, request.schema, &mut Vec::new());
        let values = values.map_err(|error| error.to_string())?;
        Ok(Prepared { chart, values, request, host: FixedHost::new("golden", 0) })
    }

    /// Each rendered file by its name in the chart, or the error.
    pub fn texts(&mut self) -> Result<Vec<(String, String)>, String> {
        let in_chart = |name: &str| name.strip_prefix("c/").unwrap_or(name).to_owned();
        let outputs = self.render()?;
        Ok(outputs.iter().map(|output| (in_chart(&output.name), lossy(output.text.as_bytes()))).collect())
    }

    /// Parses the templates and executes them.
    pub fn render(&mut self) -> Result<Vec<Output>, String> {
        let outputs = render::templates::<()>(&self.chart, &self.values, &self.request, &mut self.host);
        outputs.map_err(|error| error.to_string())
    }
}

fn chart(case: &Case) -> Chart {
    let file = |name: &str, text: String| File {
        name: name.to_owned(),
        data: text.into_bytes().into(),
        modified: 0,
    };
    let metadata = Metadata {
        api_version: "v2".to_owned(),
        name: "c".to_owned(),
        version: "0.1.0".to_owned(),
        app_version: "1.0".to_owned(),
        ..Metadata::default()
    };
    Chart {
        metadata,
        templates: case.templates().map(|(name, text)| file(name, text)).collect(),
        files: case.all("file").map(|(name, text)| file(name, text)).collect(),
        full_path: "c".to_owned(),
        is_root: true,
        ..Chart::default()
    }
}

/// The bytes as encoding/json of the oracle sent them: each byte that is not UTF-8 becomes U+FFFD.
pub fn lossy(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|_| text.push('\u{fffd}'));
    }
    text
}
