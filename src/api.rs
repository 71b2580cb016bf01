//! The library's face: a chart, values and options go in; manifests, a report, an explanation or mended manifests come out.
//! What each does is written in the modules that it calls; nothing here decides anything.

use std::fmt;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::budget::Run;
use crate::chart;
use crate::diagnostic::{Applicability, Diagnostic};
use crate::go::raw;
use crate::judge::patch::{Patchable, Patched};
use crate::judge::why::Explanation;
use crate::judge::{self, ChartReport, Inputs};
use crate::manifest::{Manifest, source};
use crate::path::{self, FieldPath};
use crate::policy::{Mode, Profile};
use crate::render::host::FixedHost;
use crate::render::{self, Capabilities, KubeVersion, Release};
use crate::values::{self, Sources, User};

/// A chart with its dependencies, loaded as Helm loads it.
#[derive(Clone, Debug)]
pub struct Chart {
    path: String,
    chart: chart::Chart,
}

impl Chart {
    /// Loads the chart in a folder or a `.tgz` archive.
    ///
    /// # Errors
    /// [`Error::Chart`], in Helm's words.
    pub fn load(path: impl AsRef<Path>) -> Result<Chart, Error> {
        let _run = Run::start();
        let chart = chart::load(&path).map_err(Error::Chart)?;
        Ok(Chart { path: raw::of_path(path.as_ref()).into_owned(), chart })
    }

    /// The name in `Chart.yaml`.
    pub fn name(&self) -> &str {
        self.chart.name()
    }

    /// The version in `Chart.yaml`.
    pub fn version(&self) -> &str {
        &self.chart.metadata.version
    }
}

/// Values that are laid over those of a chart, in Helm's order: files first, then JSON, then expressions, then texts.
///
/// ```
/// let values = plimsoll::Values::new().file("prod.yaml", "replicas: 3\n").set("image.tag=1.2");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Values {
    files: Vec<(String, Vec<u8>)>,
    expressions: Sources,
}

impl Values {
    /// Nothing beyond the chart's own values.
    pub fn new() -> Values {
        Values::default()
    }

    /// The text of a values file, as `-f` takes it; the name is for messages.
    #[must_use]
    pub fn file(mut self, name: impl Into<String>, text: impl Into<Vec<u8>>) -> Values {
        self.files.push((name.into(), text.into()));
        self
    }

    /// An expression as `--set` takes it: `image.tag=1.2,replicas=3`.
    #[must_use]
    pub fn set(mut self, expression: impl Into<String>) -> Values {
        self.expressions.set.push(expression.into());
        self
    }

    /// An expression as `--set-string` takes it: every value is a text.
    #[must_use]
    pub fn set_string(mut self, expression: impl Into<String>) -> Values {
        self.expressions.set_string.push(expression.into());
        self
    }

    /// An expression as `--set-json` takes it: `nodes=[1, 2]`, or an object.
    #[must_use]
    pub fn set_json(mut self, expression: impl Into<String>) -> Values {
        self.expressions.set_json.push(expression.into());
        self
    }

    fn read(&self) -> Result<User, Error> {
        let names = self.files.iter().map(|(name, _)| name.clone());
        let sources = Sources { files: names.collect(), ..self.expressions.clone() };
        let mut texts = self.files.iter().map(|(_, text)| text.clone());
        let mut read = |_: &str| Ok(texts.next().unwrap_or_default());
        values::read(&sources, &mut read).map_err(Error::Values)
    }
}

/// What a chart is rendered for and judged by.
#[derive(Clone, Debug)]
pub struct Options {
    /// The name of the release.
    pub release: String,
    /// The namespace of the release.
    pub namespace: String,
    /// The cluster's Kubernetes version, such as `1.34.0`; the one that Helm, or the judging service, assumes where it is not
    /// given.
    pub kube_version: Option<String>,
    /// API versions that the cluster serves beyond those that Helm knows.
    pub api_versions: Vec<String>,
    /// Whose judgement counts.
    pub mode: Mode,
    /// What random functions, keys and certificates are made from; something new each time where it is not given.
    pub seed: Option<String>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            release: "release-name".to_owned(),
            namespace: "default".to_owned(),
            kube_version: None,
            api_versions: Vec::new(),
            mode: Mode::default(),
            seed: None,
        }
    }
}

impl Options {
    fn inputs(&self, values: &Values) -> Result<Inputs, Error> {
        let seed = self.seed.clone().unwrap_or_else(|| format!("{:?}", rand::random::<[u8; 16]>()));
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = if self.seed.is_some() { 0 } else { now.as_secs() as i64 };
        let release = Release::new(&self.release, &self.namespace);
        let mut inputs = Inputs::new(release, FixedHost::new(&seed, now));
        inputs.user = values.read()?;
        inputs.kube_version = self.kube_version()?;
        inputs.api_versions.clone_from(&self.api_versions);
        for chosen in &mut inputs.profiles {
            chosen.mode = self.mode;
        }
        Ok(inputs)
    }

    fn kube_version(&self) -> Result<Option<KubeVersion>, Error> {
        let parse = |text: &String| KubeVersion::parse(text).map_err(Error::KubeVersion);
        self.kube_version.as_ref().map(parse).transpose()
    }
}

/// Why something could not be done. Its `Display` is Helm's text where Helm has one.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The chart does not load.
    Chart(chart::Error),
    /// The values cannot be read.
    Values(values::Error),
    /// The Kubernetes version is none.
    KubeVersion(String),
    /// The chart does not render.
    Render(render::Error),
    /// The object or field is not there, or the chart does not render.
    Why(judge::why::Error),
    /// The path is none.
    Path(path::Error),
    /// The chart cannot be mended, because it cannot be judged.
    Unjudged(Box<Diagnostic>),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Chart(error) => error.fmt(f),
            Error::Values(error) => error.fmt(f),
            Error::KubeVersion(error) => f.write_str(error),
            Error::Render(error) => error.fmt(f),
            Error::Why(error) => error.fmt(f),
            Error::Path(error) => error.fmt(f),
            Error::Unjudged(why) => f.write_str(&why.message),
        }
    }
}

impl std::error::Error for Error {}

/// A rendered release. Its `Display` is what `helm template` prints.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// What is installed, in the order of installing.
    pub manifests: Vec<Document>,
    /// What runs at a moment of the release's life.
    pub hooks: Vec<Document>,
    /// The files of `crds/`, which are no templates.
    pub crds: Vec<Document>,
    /// What the chart's `NOTES.txt` says.
    pub notes: String,
}

/// A rendered document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The template that wrote it: `chart/templates/service.yaml`.
    pub source: String,
    /// Its text.
    pub text: String,
}

impl Document {
    fn of(manifest: Manifest) -> Document {
        Document { source: manifest.source.to_string(), text: manifest.text.to_string() }
    }
}

impl fmt::Display for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |documents: &[Document]| -> String {
            documents.iter().map(|it| format!("{}{}\n", source::head(&it.source), it.text)).collect()
        };
        writeln!(f, "{}", text(&self.manifests).trim())?;
        f.write_str(&text(&self.hooks))
    }
}

/// Renders a chart as Helm does.
///
/// # Errors
/// Why the values cannot be read or the chart does not render.
pub fn render(chart: &Chart, values: &Values, options: &Options) -> Result<Rendered, Error> {
    let _run = Run::start();
    let Inputs { user, kube_version, api_versions, release, mut host, .. } = options.inputs(values)?;
    let capabilities = Capabilities::new(kube_version.unwrap_or_default(), &api_versions);
    let request = render::Request { capabilities, ..render::Request::new(release) };
    let rendered = render::render(&chart.chart, &user.values, &request, &mut host);
    let rendered = rendered.map_err(|failed| Error::Render(failed.error))?;
    let crds = rendered.crds.into_iter();
    Ok(Rendered {
        manifests: rendered.manifests.into_iter().map(Document::of).collect(),
        hooks: rendered.hooks.into_iter().map(|hook| Document::of(hook.manifest)).collect(),
        crds: crds.map(|crd| Document { source: crd.source, text: crd.text.to_string() }).collect(),
        notes: rendered.notes.to_string(),
    })
}

/// Judges a chart by the rules of NVIDIA Cloud Functions. A chart that cannot be judged has a report that says why.
///
/// # Errors
/// Why the values cannot be read.
pub fn check(chart: &Chart, values: &Values, options: &Options) -> Result<ChartReport, Error> {
    let run = Run::start();
    let inputs = options.inputs(values)?;
    let report = judge::chart(&chart.path, Ok(chart.chart.clone()), Ok(inputs));
    match run.over() {
        Some(over) if !report.failed => Ok(ChartReport::failed(chart.path.as_str(), judge::too_much(over))),
        _ => Ok(report),
    }
}

/// Says where a field of a rendered object comes from; of the whole object where the field is empty. The object is
/// `Deployment/web`, the field `spec.template.spec.containers[main].image`.
///
/// # Errors
/// Why the chart does not render, or that it has no such object or field.
pub fn why(
    chart: &Chart,
    values: &Values,
    options: &Options,
    object: &str,
    field: &str,
) -> Result<Explanation, Error> {
    let _run = Run::start();
    let field: FieldPath = field.parse().map_err(Error::Path)?;
    let inputs = options.inputs(values)?;
    judge::why::why(&chart.chart, &inputs, object, &field).map_err(Error::Why)
}

/// Applies the fixes of rules to a rendered chart, those that are at least so safe.
///
/// # Errors
/// Why the values cannot be read or the chart does not render.
pub fn patch(
    chart: &Chart,
    values: &Values,
    options: &Options,
    least: Applicability,
) -> Result<Patched, Error> {
    let _run = Run::start();
    let inputs = options.inputs(values)?;
    let release = Patchable::chart(Ok(chart.chart.clone()), &inputs).map_err(Error::Unjudged)?;
    Ok(release.mend(&inputs, least))
}

/// The names of the profiles that come with Plimsoll.
pub fn profiles() -> impl Iterator<Item = &'static str> {
    Profile::built_in_names()
}
