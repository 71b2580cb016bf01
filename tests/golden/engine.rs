//! The families `template` and `funcs`: templates of a chart called `c`, released as `release` in `default`, each of which
//! must give the text that Helm's engine gives, or all of them its error.

use plimsoll::template::{self, Options, Set, host::Host};
use plimsoll::value::{Map, Value};
use plimsoll::{funcs, go, yaml};

use crate::cases::{Case, or_default};
use crate::difference::compare;

/// Renders the templates of the case and compares them with what was recorded.
pub fn run(case: &Case) -> Result<(), String> {
    match (render(case), case.get("error")) {
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

/// Each rendered file by its name in the chart, or the error.
fn render(case: &Case) -> Result<Vec<(String, String)>, String> {
    let values =
        yaml::map_from_str(case.get("values").unwrap_or_default()).map_err(|error| error.to_string())?;
    let options = Options { strict: case.has("strict"), lint: case.has("lint"), ..Options::default() };
    let mut names: Vec<(String, String)> =
        case.templates().map(|(name, text)| (name.to_owned(), text)).collect();
    // Helm: engine.go sortTemplates, deeper paths first.
    names.sort_by(|a, b| (depth(&b.0), &b.0).cmp(&(depth(&a.0), &a.0)));
    let mut set = Set::new(funcs::all(), options);
    for (name, text) in &names {
        set.parse(&format!("c/{name}"), text).map_err(|error| error.to_string())?;
    }
    let top = top(case, values);
    let mut rendered = Vec::new();
    for (name, _) in names.iter().filter(|(name, _)| !is_partial(name)) {
        top.insert(
            "Template",
            map([("Name", format!("c/{name}").into()), ("BasePath", "c/templates".into())]),
        );
        let data = Value::Map(top.clone());
        let text = template::execute(&set, &format!("c/{name}"), &data, &mut Still, &mut ())
            .map_err(|error| error.to_string())?;
        rendered.push((name.clone(), lossy(text.as_bytes())));
    }
    Ok(rendered)
}

fn depth(name: &str) -> usize {
    name.matches('/').count()
}

fn is_partial(name: &str) -> bool {
    name.rsplit('/').next().is_some_and(|base| base.starts_with('_'))
}

fn top(case: &Case, values: Map) -> Map {
    let top = Map::new();
    top.insert("Values", Value::Map(values));
    top.insert(
        "Chart",
        map([("Name", "c".into()), ("Version", "0.1.0".into()), ("AppVersion", "1.0".into())]),
    );
    top.insert(
        "Release",
        map([
            ("Name", "release".into()),
            ("Namespace", "default".into()),
            ("Service", "Helm".into()),
            ("Revision", Value::Int(1)),
            ("IsInstall", true.into()),
            ("IsUpgrade", false.into()),
        ]),
    );
    let files: Map = case.all("file").map(|(name, text)| (name.to_owned(), Value::from(text))).collect();
    top.insert("Files", Value::Map(files));
    top
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Map(entries.into_iter().collect())
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

/// A world in which nothing moves.
struct Still;

impl Host for Still {
    fn now(&self) -> go::time::Time {
        go::time::Time::unix(0, 0, go::time::Location::Utc)
    }

    fn random(&mut self, buffer: &mut [u8]) {
        buffer.fill(0);
    }

    fn lookup(&mut self, _: &str, _: &str, _: &str, _: &str) -> Result<Value, String> {
        Ok(Value::Map(Map::new()))
    }

    fn resolve(&mut self, _: &str) -> String {
        String::new()
    }
}
