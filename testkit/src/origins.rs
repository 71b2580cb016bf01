//! Proves what [`plimsoll::internals::values::Layers`] says of every leaf of the values that every chart of a tree sees. The layer that
//! is named must hold exactly that value at that line and column; with another value there, the chart must see another; and
//! what is set by no layer must be the null with which `--set` fills a list. The values of charts after a change are those of
//! the code that renders, which knows nothing of layers.

use std::rc::Rc;

use plimsoll::diagnostic::Layer;
use plimsoll::internals::chart::{self, BufferedFile, Chart};
use plimsoll::internals::manifest::HelmVersion;
use plimsoll::internals::value::{Map, Value, compare::deep_equal};
use plimsoll::internals::values::read::{Content, Language, User, UserLayer};
use plimsoll::internals::values::strvals::{self, Mode};
use plimsoll::internals::values::{self, Layers, Setting, path};
use plimsoll::internals::yaml::Documents;
use plimsoll::internals::yaml::{self, Data, Node};
use plimsoll::path::Step;

use crate::cases::{Case, Section};

/// What stands where a value was.
const CHANGED: &str = "changed-7f3a";

/// A leaf with its path in the values of a chart.
type Leaf = (Vec<Step>, Value);

/// Both maps, the second over the first.
pub fn merged(under: &Map, over: &Map) -> Map {
    let both: Map = under.entries().into_iter().collect();
    chart::lay_over(&both, over, &|_, over| over);
    both
}

/// Proves the layers of the case, and says how many leaves were looked at.
pub fn prove(case: &Case, helm: HelmVersion) -> Result<usize, String> {
    let Some((chart, user)) = given(&case.sections, helm) else { return Ok(0) };
    let Some(seen) = seen(&chart, &user.values, helm) else { return Ok(0) };
    let layers = Layers::new(&chart, &user, helm);
    let mut count = 0;
    for (name, values) in &seen {
        if seen.iter().filter(|(other, _)| other == name).count() > 1 {
            continue;
        }
        let mut leaves = Vec::new();
        collect(&Value::Map(values.clone()), &mut Vec::new(), &mut leaves);
        for leaf in leaves {
            count += 1;
            prove_leaf(case, helm, &layers, name, &leaf)
                .map_err(|error| format!("{helm:?}, {name}, {:?} = {:?}: {error}", leaf.0, leaf.1))?;
        }
    }
    Ok(count)
}

fn prove_leaf(
    case: &Case,
    helm: HelmVersion,
    layers: &Layers,
    chart: &str,
    leaf: &Leaf,
) -> Result<(), String> {
    let (path, value) = leaf;
    let known = layers.value(chart, path);
    if !known.as_ref().is_some_and(|known| deep_equal(known, value)) {
        return Err(format!("the layers make {known:?} of it"));
    }
    let Some(origin) = layers.origin(chart, path) else {
        let is_filling =
            matches!(value, Value::Nil) && path.iter().any(|step| matches!(step, Step::Index(_)));
        return if is_filling { Ok(()) } else { Err("no layer is named".to_owned()) };
    };
    let setting = origin.setting;
    let other = changed(case, helm, &setting, value)?;
    for shadow in origin.shadows.iter().chain(&origin.nulls) {
        changed(case, helm, shadow, &shadow.value).map_err(|error| format!("of what it hides: {error}"))?;
    }
    let after = given(&other, helm).and_then(|(chart, user)| seen(&chart, &user.values, helm));
    let after = after.into_iter().flatten().find(|(name, _)| name == chart);
    let after = after.and_then(|(_, values)| at(&Value::Map(values), path));
    match after {
        Some(after) if deep_equal(&after, value) => {
            Err(format!("it is the same without what {}:{:?} says", setting.layer, setting.line))
        }
        _ => Ok(()),
    }
}

/// The sections with another value at the place that is named, which must hold that value now.
fn changed(case: &Case, helm: HelmVersion, setting: &Setting, value: &Value) -> Result<Vec<Section>, String> {
    let mut sections = case.sections.clone();
    let is_layer = |at: &usize| layer_of(*at, &case.sections[*at]).as_ref() == Some(&setting.layer);
    let at = (0..sections.len()).rfind(is_layer).ok_or_else(|| format!("there is no {}", setting.layer))?;
    let text = &mut sections[at].text;
    if let Layer::Expression { .. } = setting.layer {
        let (key, set) = text.split_once('=').unwrap_or((text, ""));
        *text = match case.sections[at].kind.as_str() {
            "json-values" => format!("{key}={}", changed_json(set, value)),
            _ => format!("{key}={CHANGED}"),
        };
        return if deep_equal(&setting.value, value) {
            Ok(sections)
        } else {
            Err("it sets another value".into())
        };
    }
    let place = format!("{}:{:?}:{:?}", setting.layer, setting.line, setting.column);
    let wanted = (setting.line, setting.column);
    let documents = match helm {
        HelmVersion::Helm4 => Documents::split(text.as_bytes()),
        HelmVersion::Helm3 => Documents::first(text.as_bytes()),
    };
    *text = String::from_utf8(documents.text).map_err(|error| error.to_string())?;
    for range in documents.ranges {
        let node = yaml::parse(&text[range.clone()]).map_err(|error| error.to_string())?;
        let start = range.start;
        let holds = |(at, node): &(usize, &Node)| {
            (Some(line(text, start + at)), Some(column(text, start + at))) == wanted
                && is_part(&node.to_value(), value)
        };
        let mut nodes = Vec::new();
        places(&node, None, &mut nodes);
        if let Some((_, node)) = nodes.into_iter().find(holds) {
            text.replace_range(start + node.span.start as usize..start + node.span.end as usize, CHANGED);
            return Ok(sections);
        }
    }
    Err(format!("{place} does not set it"))
}

/// A value of `--set-json` with others in place of what it says that is the value; another where it says none.
fn changed_json(set: &str, value: &Value) -> String {
    let mut nodes = Vec::new();
    let node = yaml::parse(set).unwrap_or_else(|_| Node::null());
    places(&node, None, &mut nodes);
    let mut spans: Vec<_> = nodes
        .into_iter()
        .filter(|(_, node)| deep_equal(&node.to_value(), value))
        .map(|(_, node)| node.span.range())
        .collect();
    spans.sort_by_key(|span| span.start);
    let mut text = set.to_owned();
    for span in spans.iter().rev() {
        text.replace_range(span.clone(), &format!("\"{CHANGED}\""));
    }
    if spans.is_empty() { format!("\"{CHANGED}\"") } else { text }
}

/// Whether the value holds all that it says, or something below the value does: what an import brings may lie deeper than where
/// it was taken, beside the globals of the chart that it was taken from.
fn is_part(part: &Value, value: &Value) -> bool {
    let below = |map: &Map| map.entries().iter().any(|(_, value)| is_part(part, value));
    holds(value, part) || value.as_map().is_some_and(below)
}

fn holds(value: &Value, part: &Value) -> bool {
    let each = |map: &Map, part: &Map| {
        // What a table says null of, another layer may say.
        let is_left = |part: &Value| matches!(part, Value::Nil);
        let is_held = |key, part: &Value| map.get(key).is_some_and(|value| holds(&value, part));
        part.entries().iter().all(|(key, part)| is_left(part) || is_held(key, part))
    };
    match (value, part) {
        (Value::Map(value), Value::Map(part)) if !part.is_empty() => each(value, part),
        _ => deep_equal(value, part),
    }
}

/// Every node with the offset that is told of it: that of its key where it is no plain value.
fn places<'a>(node: &'a Node, key: Option<usize>, found: &mut Vec<(usize, &'a Node)>) {
    let is_plain = !matches!(node.data, Data::Map(_) | Data::Seq(_) | Data::Null);
    found.push((key.filter(|_| !is_plain).unwrap_or(node.span.start as usize), node));
    node.items().iter().for_each(|item| places(item, None, found));
    for entry in node.entries() {
        places(&entry.value, Some(entry.key_span.start as usize), found);
    }
}

fn line(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

fn column(text: &str, at: usize) -> usize {
    text[..at].chars().rev().take_while(|c| *c != '\n').count() + 1
}

/// Each plain value, and what is empty.
fn collect(value: &Value, path: &mut Vec<Step>, found: &mut Vec<Leaf>) {
    let mut below = |step: Step, value: &Value, found: &mut Vec<Leaf>| {
        path.push(step);
        collect(value, path, found);
        path.pop();
    };
    match value {
        Value::Map(map) => {
            for (key, value) in map.entries() {
                below(Step::Key(key.to_str().into_owned()), &value, found);
            }
        }
        Value::List(list) if !list.is_empty() => {
            for (at, value) in list.items().iter().enumerate() {
                below(Step::Index(at), value, found);
            }
        }
        value => found.push((path.clone(), value.clone())),
    }
}

fn at(value: &Value, path: &[Step]) -> Option<Value> {
    path.iter().try_fold(value.clone(), |value, step| match (step, value) {
        (Step::Key(key), Value::Map(map)) => map.get(key),
        (Step::Index(index), Value::List(list)) => list.items().get(*index).cloned(),
        _ => None,
    })
}

/// The values of every chart that holds, by its full path.
fn seen(chart: &Chart, user: &Map, helm: HelmVersion) -> Option<Vec<(String, Map)>> {
    let log = &mut Vec::new();
    let chart = values::process_dependencies(chart, user, helm, log).ok()?;
    let values = values::to_render_values(&chart, user, helm, None, log).ok()?;
    let mut found = Vec::new();
    scopes(&chart, values, &mut found);
    Some(found)
}

fn scopes(chart: &Chart, values: Map, found: &mut Vec<(String, Map)>) {
    for dependency in &chart.dependencies {
        scopes(dependency, path::table(&values, dependency.name()).unwrap_or_default(), found);
    }
    found.push((chart.full_path.clone(), values));
}

/// The layer that a section is.
fn layer_of(at: usize, section: &Section) -> Option<Layer> {
    let text = section.text.clone();
    match section.kind.as_str() {
        "file" if section.name.ends_with("values.yaml") => Some(Layer::Chart(section.name.clone())),
        "values" => Some(Layer::File(format!("{at}.yaml"))),
        "set" => Some(Layer::Expression { flag: "--set", text }),
        "string" => Some(Layer::Expression { flag: "--set-string", text }),
        "json-values" => Some(Layer::Expression { flag: "--set-json", text }),
        _ => None,
    }
}

/// The chart and the user's values; none where Helm would end with an error.
fn given(sections: &[Section], helm: HelmVersion) -> Option<(Chart, User)> {
    let mut user = User { helm, ..User::default() };
    for (at, section) in sections.iter().enumerate().filter(|(_, section)| section.kind == "values") {
        user.values = merged(&user.values, &chart::load_values(section.text.as_bytes(), helm).ok()?);
        let content = Content::File(Rc::from(section.text.as_bytes()));
        user.layers.push(UserLayer { layer: layer_of(at, section)?, content });
    }
    for (at, section) in sections.iter().enumerate() {
        let (language, mode) = match section.kind.as_str() {
            "set" => (Language::Typed, Mode::Typed),
            "string" => (Language::String, Mode::String),
            "json-values" => (Language::Json, Mode::Json),
            _ => continue,
        };
        let text = section.text.clone();
        strvals::parse_into(&text, mode, &user.values).ok()?;
        let layer = layer_of(at, section)?;
        let content = Content::Expression { text, language, files: Vec::new() };
        user.layers.push(UserLayer { layer, content });
    }
    let files = sections.iter().filter(|section| section.kind == "file");
    let files = files.map(|file| BufferedFile::new(&file.name, file.text.as_bytes(), 0)).collect();
    Some((chart::load_files_as(files, helm).ok()?, user))
}
