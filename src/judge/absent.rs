//! Why an object, or a field of one, is not there: a condition of a template, of a dependency, or a hook that Helm does not
//! know keeps it away. Which conditions those are and what they ask templates say; that setting the values brings the object
//! is seen by rendering the chart with them, so that nothing is told that does not hold.
//!
//! Read [`explain`].

use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::cmp::Reverse;

use serde_json::{Value as Json, json};

use crate::chart::{Chart, File};
use crate::diagnostic::{FileLine, Layer, ObjectId};
use crate::manifest::{HelmVersion, split, workload};
use crate::path::{FieldPath, Step};
use crate::render::{Capabilities, KubeVersion, Obstacle, Origins, SwitchedOff};
use crate::template::hurdles::{Demand, To};
use crate::value::Value;
use crate::values::read::Language;
use crate::values::{Content, User, UserLayer};
use crate::yaml::{self, json};

use super::inputs::Inputs;
use super::rendering::Rendering;
use super::why::{Object, is_named, objects};

/// Why an object or a field is not there.
#[derive(Clone, Debug)]
pub struct Absence {
    /// What is not there; its `apiVersion` where that is known.
    pub object: ObjectId,
    /// The field; none for the object as a whole.
    pub field: Option<FieldPath>,
    /// What keeps it away, outermost first.
    pub obstacles: Vec<Obstacle>,
    /// The hook moments that Helm does not know, because of which it drops the object, with the template that writes it.
    pub dropped: Option<(String, FileLine)>,
    /// The flags with which it is there; none where nobody knows.
    pub flags: Vec<Flag>,
    /// The files that the chart has to have besides.
    pub files: Vec<String>,
}

/// A flag that is to be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// `--set`
    pub name: &'static str,
    /// What follows it.
    pub text: String,
    /// Whether what it says is but an example.
    pub is_example: bool,
}

/// How often the chart is rendered at most.
const RENDERS: usize = 48;

/// How many ways are tried one after the other, and how many conditions follow from each other.
const TRIED: usize = 12;
const DEEP: usize = 3;

/// An object of the kind that was asked for, and the flags with which it is there.
pub type Other = (ObjectId, Vec<Flag>);

/// Says why an object, named `KIND/NAME`, or with a field that of an object that is there, is missing.
///
/// # Errors
/// No condition is found that would bring it. Objects of its kind that others would are named.
pub fn explain(chart: &Chart, inputs: &Inputs, word: &str, field: &FieldPath) -> Result<Absence, Vec<Other>> {
    let Some((kind, name)) = word.split_once('/') else { return Err(Vec::new()) };
    let extended = Extended::default();
    let mut search = Search {
        chart,
        extended: &extended,
        inputs,
        word,
        kind,
        name,
        field,
        wanted_key: None,
        template: None,
        there: Vec::new(),
        others: RefCell::default(),
        renders: Cell::new(0),
        version: inputs.kube_version.clone().unwrap_or_default(),
    };
    search.run().ok_or_else(|| search.others.take())
}

struct Search<'a> {
    chart: &'a Chart,
    extended: &'a Extended,
    inputs: &'a Inputs,
    word: &'a str,
    kind: &'a str,
    name: &'a str,
    field: &'a FieldPath,
    /// The key that the object lacks, where it is there.
    wanted_key: Option<String>,
    /// The template that writes the object, where it is there.
    template: Option<String>,
    /// What is there as it is.
    there: Vec<ObjectId>,
    /// What is found instead.
    others: RefCell<Vec<Other>>,
    renders: Cell<usize>,
    version: KubeVersion,
}

/// The chart with files that it does not have, as they are tried.
#[derive(Default)]
struct Extended([OnceCell<(Vec<String>, Chart)>; FILES]);

/// How many lists of files are tried.
const FILES: usize = 8;

impl Extended {
    /// The chart with these files.
    fn chart<'a>(&'a self, chart: &'a Chart, files: &[String]) -> Option<&'a Chart> {
        if files.is_empty() {
            return Some(chart);
        }
        let with_files = || {
            let mut chart = chart.clone();
            let file =
                |name: &String| File { name: name.clone(), data: b"x\n".as_slice().into(), modified: 0 };
            chart.files.extend(files.iter().map(file));
            (files.to_vec(), chart)
        };
        let mut slots = self.0.iter();
        let slot = slots.find(|slot| slot.get().is_none_or(|(known, _)| known == files))?;
        Some(&slot.get_or_init(with_files).1)
    }
}

/// What is tried: flags beyond those that were given, and why.
#[derive(Clone, Default)]
struct Trial {
    flags: Vec<Flag>,
    obstacles: Vec<Obstacle>,
}

impl<'a> Search<'a> {
    fn run(&mut self) -> Option<Absence> {
        let start = Trial::default();
        let rendering = self.rendering(&start)?;
        let origins = rendering.origins()?;
        let (there, dropped) = self.look(&rendering, &[])?;
        self.there = self.others.take().into_iter().map(|(object, _)| object).collect();
        if let Some(dropped) = dropped {
            return Some(self.absence(dropped.0, Trial::default(), Some((dropped.1, dropped.2))));
        }
        if let Some(object) = there {
            let found = self.field.find(&object.node);
            match self.field.steps().get(found.depth)? {
                Step::Key(key) => self.wanted_key = Some(key.clone()),
                Step::Item(_) | Step::Index(_) => return None,
            }
            self.template = Some(object.template);
        }
        self.from(&start, origins, DEEP)
    }

    /// Looks for what brings it beyond what is tried already.
    fn from(&self, trial: &Trial, origins: &Origins, depth: usize) -> Option<Absence> {
        let mut trials = self.of_templates(trial, origins);
        trials.extend(self.of_dependencies(trial, origins));
        trials.sort_by_key(|trial| (Reverse(self.likeness(trial)), trial.flags.len()));
        trials.truncate(TRIED);
        for next in &trials {
            if let Some(object) = self.brings(next) {
                return Some(self.absence(object, self.without_needless(next), None));
            }
        }
        let depth = depth.checked_sub(1)?;
        for next in &trials {
            let rendering = self.rendering(next)?;
            let deeper = rendering.origins().and_then(|origins| self.from(next, origins, depth));
            if deeper.is_some() || self.renders.get() >= RENDERS {
                return deeper;
            }
        }
        None
    }

    /// What conditions of templates would have to be.
    fn of_templates(&self, trial: &Trial, origins: &Origins) -> Vec<Trial> {
        let wanted = |text: &[u8], is_followed: bool| self.stands_in(text, is_followed);
        let mut trials = Vec::new();
        let (release, version) = (&self.inputs.release, &self.version);
        let builtin = |name: &str| {
            Some(match name {
                "Release.Name" => release.name.clone(),
                "Release.Namespace" => release.namespace.clone(),
                "Capabilities.KubeVersion.Minor" => version.minor.clone(),
                name if name.starts_with("Capabilities.KubeVersion") => version.version.clone(),
                _ => return None,
            })
        };
        for way in origins.ways(self.template.as_deref(), &builtin, &wanted) {
            let known = |obstacle: &Obstacle| trial.obstacles.iter().any(|own| own.place == obstacle.place);
            let new: Vec<&Obstacle> = way.obstacles.iter().filter(|own| !known(own)).collect();
            let most = new.iter().map(|obstacle| obstacle.ways.len()).max().unwrap_or_default();
            for choice in 0..most.min(3) {
                let mut next = trial.clone();
                for obstacle in &new {
                    let ways = obstacle.ways.get(choice).or(obstacle.ways.first());
                    for demand in ways.into_iter().flatten() {
                        next.add(demand, |path| {
                            (origins.value_of(&way.template, path), origins.value(&way.template, path).path)
                        });
                    }
                    next.obstacles.push((*obstacle).clone());
                }
                if next.flags.len() > trial.flags.len() && next.is_new(&trials) {
                    trials.push(next);
                }
            }
        }
        trials
    }

    /// How many words of the name stand in the path of a file with a condition: charts name files after what they hold.
    fn likeness(&self, trial: &Trial) -> usize {
        let words = self.name.split(['-', '.']).filter(|word| word.len() > 2);
        let is_said = |word: &&str| {
            trial.obstacles.iter().any(|own| own.place.file.contains(word) || own.condition.contains(word))
        };
        words.filter(is_said).count()
    }

    /// What would switch on dependencies in which it stands.
    fn of_dependencies(&self, trial: &Trial, origins: &Origins) -> Vec<Trial> {
        let wanted = |text: &[u8], _: bool| self.stands_in(text, true);
        let off = origins.switched_off(self.chart, &wanted).into_iter().filter(|off| off.holds);
        let trial_of = |off: SwitchedOff| {
            let mut next = trial.clone();
            for demand in off.obstacle.ways.iter().flatten() {
                let value = |path: &FieldPath| off.obstacle.values.iter().find(|own| own.path == *path);
                next.add(demand, |path| {
                    let known = value(path).filter(|known| known.layer.is_some());
                    (
                        known.map(
                            |known| if known.value.is_boolean() { Value::Bool(false) } else { Value::Nil },
                        ),
                        path.clone(),
                    )
                });
            }
            next.obstacles.push(off.obstacle);
            next
        };
        off.map(trial_of).collect()
    }

    /// The same without flags that it needs not: what makes a condition hold often makes another hold too.
    fn without_needless(&self, trial: &Trial) -> Trial {
        let mut least = trial.clone();
        let mut at = 0;
        while least.flags.len() > 1 && at < least.flags.len() {
            let mut fewer = least.clone();
            fewer.flags.remove(at);
            match self.brings(&fewer) {
                Some(_) => least = fewer,
                None => at += 1,
            }
        }
        least
    }

    fn rendering(&self, trial: &Trial) -> Option<Rendering<'a>> {
        self.renders.set(self.renders.get() + 1);
        if self.renders.get() > RENDERS {
            return None;
        }
        let user = trial.user(&self.inputs.user)?;
        let of = |name: &'static str| {
            trial.flags.iter().filter(move |flag| flag.name == name).map(|flag| flag.text.clone())
        };
        let mut release = self.inputs.release.clone();
        release.name = of(RELEASE).next_back().unwrap_or(release.name);
        let user = Cow::Owned(user);
        let chart = self.extended.chart(self.chart, &of(FILE).collect::<Vec<_>>())?;
        let mut rendering = super::rendering_of(chart, self.inputs, user, release, HelmVersion::Helm4);
        let versions: Vec<String> = self.inputs.api_versions.iter().cloned().chain(of(API)).collect();
        let version = match of(KUBE).next_back() {
            Some(text) => KubeVersion::parse(&text).ok()?,
            None => rendering.request.capabilities.kube_version.clone(),
        };
        rendering.request.capabilities = Capabilities::new(version, &versions);
        Some(rendering)
    }

    /// The object, where it is rendered with these flags as it is wanted.
    fn brings(&self, trial: &Trial) -> Option<ObjectId> {
        let rendering = self.rendering(trial)?;
        let (object, _) = self.look(&rendering, &trial.flags)?;
        let object = object?;
        self.field.find(&object.node).exact.then_some(object.id)
    }

    /// The object, where it is rendered, or else where a hook is that Helm drops: its moments and its template.
    #[allow(clippy::type_complexity, reason = "it is taken apart at once")]
    fn look(
        &self,
        rendering: &Rendering<'_>,
        flags: &[Flag],
    ) -> Option<(Option<Object>, Option<(ObjectId, String, FileLine)>)> {
        let (executed, failures) = rendering.execute_each(false).ok()?;
        if !failures.is_empty() {
            return None;
        }
        let (sorted, _) = executed.sort_each(HelmVersion::Helm4);
        let mut all = objects(&executed, &sorted).ok()?;
        if let Some(at) = all.iter().position(|object| is_named(&object.id, self.word)) {
            return Some((Some(all.swap_remove(at)), None));
        }
        let mut others = self.others.borrow_mut();
        for Object { id, .. } in all {
            let is_new = !self.there.contains(&id) && others.iter().all(|(known, _)| *known != id);
            if is_new && id.kind.eq_ignore_ascii_case(self.kind) {
                others.push((id, flags.to_vec()));
            }
        }
        drop(others);
        let dropped = sorted.dropped_hooks.iter().find_map(|(source, moments)| {
            let output = executed.outputs.iter().find(|output| output.name == **source)?;
            let text = output.text.to_str();
            let object = split::split(text.as_ref(), HelmVersion::Helm4).into_iter().find_map(|range| {
                let node = yaml::parse(&text[range]).ok()?;
                let objects = workload::objects(&node).into_iter().map(|object| object.id);
                objects.into_iter().find(|id| is_named(id, self.word))
            })?;
            let file = self.chart.on_disk(source);
            Some((object, moments.clone(), FileLine { file, line: None, column: None }))
        });
        Some((None, dropped))
    }

    /// Where a text says the kind or, of an object that is there, the key.
    fn stands_in(&self, text: &[u8], is_followed: bool) -> bool {
        let Ok(text) = std::str::from_utf8(text) else { return false };
        let (key, value) = match &self.wanted_key {
            Some(key) => (key.as_str(), None),
            None => ("kind", Some(self.kind)),
        };
        text.match_indices(key).any(|(at, _)| {
            let before = text[..at].trim_end_matches(['"', '\'']);
            let line = before.rsplit('\n').next().unwrap_or_default();
            if !line.trim_start().trim_start_matches(['-', '{', ',']).trim().is_empty() {
                return false;
            }
            let rest = text[at + key.len()..].trim_start_matches(['"', '\'']).strip_prefix(':');
            let Some(rest) = rest else { return false };
            let Some(value) = value else { return true };
            let rest = rest.trim_start_matches([' ', '"', '\'']);
            let word = rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
            let is_open = rest.is_empty() && is_followed;
            is_open || word.eq_ignore_ascii_case(value)
        })
    }

    fn absence(&self, object: ObjectId, trial: Trial, dropped: Option<(String, FileLine)>) -> Absence {
        let field = (!self.field.is_root()).then(|| self.field.clone());
        let (files, flags) = trial.flags.into_iter().partition::<Vec<Flag>, _>(|flag| flag.name == FILE);
        let files = files.into_iter().map(|flag| flag.text).collect();
        Absence { object, field, obstacles: trial.obstacles, dropped, flags, files }
    }
}

/// The flags for what a cluster serves, its version, and the name of the release.
const API: &str = "--api-versions";
const KUBE: &str = "--kube-version";
const RELEASE: &str = "--release";

/// What stands for a flag where no flag does it, but a file of the chart.
pub const FILE: &str = "file";

impl Trial {
    /// Adds what a demand asks for. `now` says what stands at a path, and where a user sets it.
    fn add(&mut self, demand: &Demand, now: impl Fn(&FieldPath) -> (Option<Value>, FieldPath)) {
        let plain = |name, text: &str| Flag { name, text: text.to_owned(), is_example: false };
        let flag = match demand {
            Demand::Api(name) => plain(API, name),
            Demand::Kube(version) => Flag { is_example: true, ..plain(KUBE, version) },
            Demand::Release(name) => plain(RELEASE, name),
            Demand::File(name) => plain(FILE, name),
            Demand::Value { path, to } => {
                let (now, path) = now(path);
                let (value, is_example) = value_for(to, now.as_ref());
                expression(&path, &value, is_example)
            }
        };
        if !self.flags.contains(&flag) {
            self.flags.push(flag);
        }
    }

    fn is_new(&self, trials: &[Trial]) -> bool {
        trials.iter().all(|known| known.flags != self.flags)
    }

    /// The user's values with those of the flags above them.
    fn user(&self, user: &User) -> Option<User> {
        let mut layers = user.layers.clone();
        for Flag { name, text, .. } in &self.flags {
            let language = Language::ALL.into_iter().find(|language| language.flag() == *name);
            let Some(language) = language else { continue };
            layers.push(UserLayer {
                layer: Layer::Expression { flag: name, text: text.clone() },
                content: Content::Expression { text: text.clone(), language, files: Vec::new() },
            });
        }
        User::of_layers(layers, user.helm).ok()
    }
}

/// A value that is as it has to be, and whether it is made up.
fn value_for(to: &To, now: Option<&Value>) -> (Json, bool) {
    let as_json = |value: &Value| {
        let text = json::to_json(value).ok()?;
        serde_json::from_str::<Json>(&text).ok()
    };
    let now = now.and_then(as_json).unwrap_or_default();
    const EXAMPLE: &str = "x";
    match to {
        To::True { fields, is_list } => {
            let item = match fields.is_empty() {
                true => Json::from(EXAMPLE),
                false => fields.iter().map(|name| (name.clone(), Json::from(EXAMPLE))).collect(),
            };
            match now {
                Json::Object(_) if *is_list => (json!({ EXAMPLE: item }), true),
                Json::Array(_) => (json!([item]), true),
                _ if *is_list => (json!([item]), true),
                Json::Object(_) if fields.is_empty() => (json!({ EXAMPLE: EXAMPLE }), true),
                Json::Object(_) => (item, true),
                Json::Null if !fields.is_empty() => (item, true),
                Json::Null | Json::Bool(_) => (Json::from(true), false),
                Json::Number(_) => (Json::from(1), true),
                Json::String(_) => (Json::from(EXAMPLE), true),
            }
        }
        To::False => match now {
            Json::Bool(_) => (Json::from(false), false),
            Json::Number(_) => (Json::from(0), false),
            Json::String(_) => (Json::from(""), false),
            Json::Array(_) => (json!([]), false),
            Json::Object(_) | Json::Null => (Json::Null, false),
        },
        To::Set => (Json::from(EXAMPLE), true),
        To::Is(value) => (value.clone(), false),
        To::Such(value) => (value.clone(), true),
        To::Unset => (Json::Null, false),
        To::Not(value) => match value {
            Json::Bool(truth) => (Json::from(!truth), false),
            Json::Number(number) => (Json::from(number.as_i64().unwrap_or_default() + 1), true),
            _ => (Json::from(EXAMPLE), true),
        },
        To::Has(item) => {
            let mut items = now.as_array().cloned().unwrap_or_default();
            items.push(item.clone());
            (Json::from(items), false)
        }
        To::Above(bound) => (Json::from(bound + 1), true),
        To::Below(bound) => (Json::from(bound - 1), true),
    }
}

/// The flag that sets a value.
fn expression(path: &FieldPath, value: &Json, is_example: bool) -> Flag {
    let path = path.to_set_expression();
    let is_word = |text: &str| {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_/.:".contains(c);
        !text.is_empty()
            && text.chars().all(is_plain)
            && !text.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == '-')
    };
    let is_typed = |text: &str| matches!(text, "true" | "false" | "null");
    let (language, text) = match value {
        Json::String(text) if is_word(text) && !is_typed(text) => (Language::Typed, text.clone()),
        Json::String(_) | Json::Array(_) | Json::Object(_) => (Language::Json, value.to_string()),
        // Otherwise it would be a text.
        Json::Number(number) if number.as_i64().is_none() => (Language::Json, value.to_string()),
        _ => (Language::Typed, value.to_string()),
    };
    Flag { name: language.flag(), text: format!("{path}={text}"), is_example }
}
