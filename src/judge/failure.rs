//! Why a chart could not be judged, as diagnostics that say which file, which line, what was found and what to do.

use std::path::Path;

use crate::budget::Over;
use crate::diagnostic::{Diagnostic, FileLine, Severity};
use crate::go::raw;
use crate::go::semver;
use crate::manifest::ParseError;
use crate::render::Error;
use crate::template::error::Frame;
use crate::{chart, funcs, suggest, template, values};

use super::codes::OUTPUT_NOT_YAML;
use super::{documents, unreadable};

/// A chart that does not load.
pub fn unloadable(error: &chart::Error) -> Diagnostic {
    use chart::ErrorKind;
    let mut diagnostic = new("LOD001", "unloadable-chart", error.to_string());
    diagnostic.location.source = error.file.as_ref().map(|file| at(file, error.line));
    diagnostic.help = Some(
        match error.kind {
            ErrorKind::Io => "check the path and its permissions; a chart is a folder or a .tgz archive",
            ErrorKind::NoChart => "name the folder that holds Chart.yaml, or a file inside it",
            ErrorKind::Yaml => "correct the file; `plimsoll lint` reads it too",
            ErrorKind::Metadata => "correct what it names in Chart.yaml",
            ErrorKind::NoArchive => "name a folder that holds Chart.yaml, or a .tgz archive",
            ErrorKind::Archive => "make the archive again with `plimsoll package`",
            ErrorKind::Size => "leave large files out with .helmignore",
            ErrorKind::Ignore => "correct the pattern in .helmignore",
        }
        .to_owned(),
    );
    match &error.text {
        Some(text) => unreadable::in_text(diagnostic, text),
        None => diagnostic,
    }
}

/// A chart that is not there, or whose repository does not answer.
pub fn not_found(path: &Path, error: &str) -> Diagnostic {
    let path = raw::of_path(path).into_owned();
    let local = !path.contains("://");
    let message = if local { format!("there is no chart at {path}") } else { error.to_owned() };
    let mut diagnostic = new("LOD001", "unloadable-chart", message);
    diagnostic.help = local.then(|| "name the folder that holds Chart.yaml, or a file inside it".to_owned());
    diagnostic
}

/// Values that cannot be read, or that a flag gets wrong.
pub fn unreadable_values(error: &str) -> Diagnostic {
    let mut diagnostic = new("VAL001", "unreadable-values", error.to_owned());
    diagnostic.help = Some("give -f a YAML file that is a map, and --set KEY=VALUE".to_owned());
    diagnostic
}

/// Values of which it is known which file they are in.
pub fn unreadable_layer(error: &values::Error) -> Diagnostic {
    let mut diagnostic = unreadable_values(&error.to_string());
    diagnostic.location.source = error.file.as_ref().map(|file| at(file, error.line));
    diagnostic.location.is_given = true;
    match &error.text {
        Some(text) => unreadable::in_text(diagnostic, text),
        None => diagnostic,
    }
}

/// A flag or file that is none of the chart's.
pub fn unusable_flag(error: String) -> Diagnostic {
    new("CFG002", "unusable-flag", error)
}

/// A request that cannot be read.
pub fn unreadable_request(path: &str, line: Option<usize>, message: &str) -> Diagnostic {
    let mut diagnostic = new("REQ001", "unreadable-request", format!("cannot read the request: {message}"));
    diagnostic.location.source = Some(at(path, line));
    diagnostic.location.is_given = true;
    diagnostic.help =
        Some("give --request the body of a function, deployment or task, JSON or YAML".to_owned());
    diagnostic
}

/// A chart that is too much to be judged.
pub fn too_much(over: Over) -> Diagnostic {
    new("LOD001", "unloadable-chart", over.to_string())
}

/// A chart that does not render.
pub(super) fn unrenderable(error: &Error) -> Diagnostic {
    match error {
        Error::Template(inner) => in_template(inner),
        Error::Yaml { error, .. } => in_output(error),
        Error::Values(inner) | Error::Dependencies(inner) => in_values(inner, error),
        Error::NotInstallable(_) => {
            let mut diagnostic = new("CHT104", "library-chart", error.to_string());
            diagnostic.location.source = Some(at("Chart.yaml", None));
            diagnostic.help = Some("set `type: application`, or judge a chart that depends on it".to_owned());
            diagnostic
        }
        Error::MissingDependencies(_) => {
            let mut diagnostic = new("CHT105", "missing-dependency", error.to_string());
            diagnostic.location.source = Some(at("Chart.yaml", None));
            diagnostic.help = Some("run `plimsoll dependency build CHART`".to_owned());
            diagnostic
        }
        Error::KubeVersion { wanted, .. } => {
            let mut diagnostic = new("CHT002", "kube-version", error.to_string());
            diagnostic.location.source = Some(at("Chart.yaml", None));
            diagnostic.help = Some(match semver::Constraints::parse(wanted) {
                Ok(_) => "pass --kube-version with the version of the cluster".to_owned(),
                Err(why) => format!("correct `kubeVersion`, which nobody can read: {why}"),
            });
            diagnostic
        }
        Error::Name(_) => unusable_flag(error.to_string()),
    }
}

/// A chart that wants another Kubernetes than the service assumes where nobody names one.
pub(super) fn assumed_version(error: &Error) -> Diagnostic {
    let Error::KubeVersion { wanted, given } = error else { return unrenderable(error) };
    let unreadable = semver::Constraints::parse(wanted).err();
    let message = format!(
        "the chart requires Kubernetes {wanted}, and the service assumes {given} where nobody names a version"
    );
    let mut diagnostic = match unreadable {
        Some(_) => return unrenderable(error),
        None => new("CHT002", "kube-version", message),
    };
    diagnostic.location.source = Some(at("Chart.yaml", None));
    diagnostic.help = Some(
        "pass --kube-version with the cluster's version, if the request will name it; a service that is not told refuses \
         the chart"
            .to_owned(),
    );
    diagnostic.sources = vec![
        "service: helm-reval renders with the libraries of Helm 3.18.5, whose default is Kubernetes v1.20.0 \
         (pkg/chartutil/capabilities.go, DefaultCapabilities), unless the request has k8sVersion"
            .to_owned(),
    ];
    diagnostic
}

fn in_values(inner: &values::Error, error: &Error) -> Diagnostic {
    let mut diagnostic = new("VAL002", "unusable-values", error.to_string());
    diagnostic.location.source = inner.file.as_ref().map(|file| at(file, inner.line));
    diagnostic.location.is_given = true;
    diagnostic.help = Some(
        match inner.kind {
            values::ErrorKind::Schema => "set the values as values.schema.json wants them",
            _ => "correct the values, in values.yaml or in what -f and --set give",
        }
        .to_owned(),
    );
    diagnostic
}

fn in_template(error: &template::Error) -> Diagnostic {
    let mut diagnostic = new("TPL001", "failing-template", error.to_string().trim_end().to_owned());
    if let Some(place) = error.place() {
        let mut source = at(&in_chart(&raw::text(place.file.as_bytes())), Some(place.line));
        source.column = place.column.map(|column| column + 1);
        diagnostic.location.source = Some(source);
    }
    diagnostic.help = Some(template_help(error.kind()));
    diagnostic
}

/// What to do about a template that fails.
fn template_help(kind: &template::error::ErrorKind) -> String {
    use template::error::ErrorKind as Kind;
    match kind {
        Kind::Syntax => "correct the template at this line".to_owned(),
        Kind::MissingEnd => {
            "close each `if`, `with`, `range`, `define` and `block` with `{{ end }}`".to_owned()
        }
        Kind::UndefinedFunction(name) => {
            if funcs::NEW_IN_HELM_4.contains(&name.as_str()) {
                return format!(
                    "Helm 4 has `{name}`, but NVCF's service renders with Helm 3.18.5, which does not: write it without"
                );
            }
            let names = funcs::all().map(|function| function.name);
            match suggest::closest(name, names) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("Helm has no function `{name}`; use one that it has"),
            }
        }
        Kind::UndefinedVariable(name) => format!(
            "set `{name}` with `:=` before it is read; text that another program shall read is printed with \
             {{{{ `{{{{ {name} }}}}` }}}}"
        ),
        Kind::UndefinedTemplate(name) => {
            format!("define `{name}` in a file of templates/, or depend on the chart that does")
        }
        Kind::Nil { .. } | Kind::MissingKey(_) => {
            "set the value, or let the template do without it: `if`, `with`, `default`".to_owned()
        }
        Kind::NoField { field, of } => {
            format!("nothing of type {of} has a field `{field}`: correct the name, or what is set above it")
        }
        Kind::NotIterable { found } => format!("give `range` a list or a map, this is of type {found}"),
        Kind::ArgumentCount { function } => format!("give `{function}` as many arguments as it takes"),
        Kind::ArgumentType { wanted, found } => format!(
            "give it {wanted} where it got {found}: convert the value in the template (`toString`, `int`), or set \
             another"
        ),
        Kind::NotFunction => "leave the arguments out: what stands before them is no function".to_owned(),
        Kind::Incomparable { left, right } => format!(
            "compare values of one type, not {left} with {right}: convert one (`toString`, `int`), or set a value of the \
             other type"
        ),
        Kind::OutOfRange => {
            "ask for an element only where there is one: compare with `len` before".to_owned()
        }
        Kind::Required => "set the value that the chart asks for".to_owned(),
        Kind::Fail => "the chart itself refuses these values: set what it asks for".to_owned(),
        Kind::TooDeep => "end the recursion: a template includes itself".to_owned(),
        Kind::TooMuch => "let the template do and write less".to_owned(),
        Kind::Function(name) => format!("correct what `{name}` is given"),
        Kind::Other => "correct the template, or the value that it works on".to_owned(),
    }
}

fn in_output(error: &ParseError) -> Diagnostic {
    let mut diagnostic = new(OUTPUT_NOT_YAML, "output-not-yaml", error.to_string());
    diagnostic.location.source = Some(at(&in_chart(&error.source), None));
    let line = error.line.and_then(|line| error.document.lines().nth(line.saturating_sub(1)));
    diagnostic.location.excerpt = line.map(str::to_owned);
    diagnostic.help = Some("look at what the template writes with `plimsoll template --debug`".to_owned());
    diagnostic
}

/// A file of `crds/` that is not YAML.
pub(super) fn unreadable_crd(error: &documents::Error) -> Diagnostic {
    let mut diagnostic = new(OUTPUT_NOT_YAML, "output-not-yaml", error.cause.to_string());
    diagnostic.location.source = error.file.as_ref().map(|file| at(file, error.line));
    diagnostic.help =
        Some("correct the file: what lies in crds/ is no template and goes out as it is".to_owned());
    diagnostic
}

/// A rendered file that is not YAML.
pub fn unreadable_manifests(file: &str, error: &documents::Error) -> Diagnostic {
    let mut diagnostic = new(OUTPUT_NOT_YAML, "output-not-yaml", error.cause.to_string());
    diagnostic.location.source = Some(at(file, error.line));
    diagnostic.help = Some("give --manifests the output of `plimsoll template`".to_owned());
    diagnostic
}

fn new(code: &'static str, name: &'static str, message: String) -> Diagnostic {
    Diagnostic::new(code, name, Severity::Error, message)
}

fn at(file: &str, line: Option<usize>) -> FileLine {
    FileLine { file: file.to_owned(), line, column: None }
}

/// The path without the name of the chart before it.
fn in_chart(path: &str) -> String {
    path.split_once('/').map_or(path, |(_, rest)| rest).to_owned()
}

/// What the platform's service says of a chart that does not render: the texts of Helm 3.18.5's libraries, which are Go's
/// one line, and leave only the place around what a chart itself says. Helm 3: engine.go `cleanupExecError`.
pub(super) fn service_words(error: &Error) -> String {
    let inner = match error {
        Error::Template(inner) => inner,
        // The type that decodes the head of a document moved to another package in Helm 4.
        Error::Yaml { .. } => {
            return error.to_string().replace("type util.SimpleHead", "type releaseutil.SimpleHead");
        }
        _ => return error.to_string(),
    };
    let place = inner.frames().find_map(|frame| match frame {
        Frame::Exec { place, .. } => Some(place),
        _ => None,
    });
    let own_words = inner.frames().find_map(|frame| match frame {
        Frame::Fail(text) => Some(text),
        _ => None,
    });
    match (inner.frames().next(), place, own_words) {
        (_, Some(place), Some(text)) => format!("execution error at ({place}): {text}"),
        (Some(Frame::Parse { place, message }), ..) => format!("parse error at ({place}): {message}"),
        _ => inner.go_text(),
    }
}
