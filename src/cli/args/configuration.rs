//! Which configuration files hold for a chart: that of whoever judges it, and that of the chart, which a stranger may have
//! written. Whoever judges stands in a folder: the configuration there, or above, is his; without one, every configuration in
//! the same checkout. What a chart elsewhere says of itself may only tighten, unless the outer one says otherwise with `trust`.

use std::path::{Path, PathBuf};

use crate::cli::unknown;
use crate::diagnostic::{Diagnostic, FileLine, Severity};
use crate::files;
use crate::go::os::error_text;
use crate::policy::{DEFAULT, Profile, Trust};
use crate::rules;

/// The name of the configuration file.
pub const CONFIG: &str = ".plimsoll.yaml";

/// The configuration files of a chart, by what they may say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Configurations {
    /// That which holds.
    pub holds: Option<PathBuf>,
    /// That of the chart, where it may only tighten the other.
    pub tightens: Option<PathBuf>,
    /// That of the chart, where it is not read.
    pub unread: Option<PathBuf>,
}

impl Configurations {
    /// Those of a chart at the path, for whoever stands in the current folder.
    ///
    /// # Errors
    /// What is wrong with his own configuration.
    pub fn of(chart: &Path) -> Result<Configurations, Box<Diagnostic>> {
        let outer = nearest(Path::new("."));
        let Some(inner) = nearest(chart).filter(|inner| Some(inner) != outer.as_ref()) else {
            return Ok(Configurations { holds: outer, ..Configurations::default() });
        };
        let holds = |file| Configurations { holds: Some(file), ..Configurations::default() };
        if is_above(&inner) {
            return Ok(holds(inner));
        }
        let Some(file) = outer else {
            let is_own = root(&inner).is_some_and(|root| checkout(Path::new(".")) == Some(root));
            let tightens = Configurations { tightens: Some(inner.clone()), ..Configurations::default() };
            return Ok(if is_own { holds(inner) } else { tightens });
        };
        Ok(match read(&file, DEFAULT)?.trust.unwrap_or_default() {
            Trust::All => holds(inner),
            Trust::Tighten => Configurations { tightens: Some(inner), ..holds(file) },
            Trust::None => Configurations { unread: Some(inner), ..holds(file) },
        })
    }

    /// All files that are read.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.holds.iter().chain(&self.tightens).map(PathBuf::as_path)
    }

    /// Each of them in words.
    pub fn in_words(&self) -> Vec<String> {
        let word = |file: &Option<PathBuf>, what: &str| {
            file.as_deref().map(|file| format!("{}{what}", typed(file).display()))
        };
        [
            word(&self.holds, ""),
            word(&self.tightens, " (may only tighten)"),
            word(&self.unread, " (not read, as the other one says with trust)"),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Whether a chart belongs to whoever stands in the current folder: both are in the same checkout, or, where there is none, one
/// lies in the other. A chart that is not on this disk, such as one in a registry, belongs to somebody else.
pub fn is_own(chart: &Path) -> bool {
    let Some((here, chart)) = Path::new(".").canonicalize().ok().zip(chart.canonicalize().ok()) else {
        return false;
    };
    let (ours, its) = (checkout(&here), checkout(&chart));
    ours == its && (ours.is_some() || chart.starts_with(&here) || here.starts_with(&chart))
}

/// The configuration file in the folder of the chart, or in the nearest one above it.
pub(super) fn nearest(chart: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(chart).ok()?;
    absolute.ancestors().map(|folder| folder.join(CONFIG)).find(|file| file.is_file())
}

/// The checkout that a folder is in.
fn checkout(folder: &Path) -> Option<PathBuf> {
    let real = folder.canonicalize().ok()?;
    real.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned)
}

/// The checkout that a configuration is in.
fn root(file: &Path) -> Option<PathBuf> {
    checkout(file.parent()?)
}

/// Whether the configuration is that of a folder in which the current one lies.
fn is_above(file: &Path) -> bool {
    let folder = file.parent().and_then(|folder| folder.canonicalize().ok());
    let here = Path::new(".").canonicalize().ok();
    here.zip(folder).is_some_and(|(here, folder)| here.starts_with(folder))
}

/// Whether a file that a configuration names, and which need not be there, lies in the configuration's own checkout, or where
/// there is none, in its folder, wherever links lead.
pub fn is_within(file: &Path, config: &Path) -> bool {
    let folder = config.parent().and_then(|folder| folder.canonicalize().ok());
    let Some(bound) = root(config).or(folder) else { return false };
    let real = file.canonicalize().or_else(|error| match file.symlink_metadata() {
        // A link that leads to nothing would be followed by who writes.
        Ok(_) => Err(error),
        Err(_) => file.parent().unwrap_or(Path::new(".")).canonicalize(),
    });
    real.is_ok_and(|real| real.starts_with(&bound)) && !file.ends_with("..")
}

/// The profile of a configuration file; what does not say what it extends extends the named one.
///
/// # Errors
/// What is wrong with it.
pub fn read(path: &Path, base: &str) -> Result<Profile, Box<Diagnostic>> {
    let shown = typed(path).display().to_string();
    let text = files::read_to_string(path).map_err(|error| {
        unusable(format!("cannot read the configuration: {}", error_text(&error)), Some((&shown, None)))
    })?;
    let profile = Profile::parse_file(&shown, &text, base)
        .map_err(|problem| unusable(problem.message, Some((&shown, problem.line))))?;
    let all = rules::all();
    for (selector, line) in profile.named_rules() {
        if !all.iter().any(|rule| rule.is(selector)) {
            let mut diagnostic = unusable(format!("`{selector}` is no rule"), Some((&shown, Some(line))));
            diagnostic.help = Some(unknown::likely_rule(selector));
            return Err(diagnostic);
        }
    }
    Ok(profile)
}

/// The same of one that may only tighten. Its sets of values name files of the chart, or of its own surroundings.
///
/// # Errors
/// As [`read`], or a file elsewhere that it names.
pub fn read_inner(path: &Path, base: &str, chart: &Path) -> Result<Profile, Box<Diagnostic>> {
    let mut profile = read(path, base)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    for set in &mut profile.values_sets {
        for file in &mut set.files {
            let place = [chart.join(&*file), folder.join(&*file)].into_iter().find(|file| file.is_file());
            let Some(place) = place else { continue };
            if !is_within(&place, path) {
                let message = format!(
                    "the set of values `{}` names {file}, which lies outside what the configuration belongs to",
                    set.name
                );
                return Err(unusable(message, Some((&typed(path).display().to_string(), None))));
            }
            *file = place.display().to_string();
        }
    }
    Ok(profile)
}

/// The path as one would type it from here.
pub(crate) fn typed(path: &Path) -> &Path {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path)
}

/// A configuration that cannot be used.
pub(super) fn unusable(message: String, place: Option<(&str, Option<usize>)>) -> Box<Diagnostic> {
    let mut diagnostic = Diagnostic::new("CFG001", "unusable-configuration", Severity::Error, message);
    diagnostic.location.source =
        place.map(|(file, line)| FileLine { file: file.to_owned(), line, column: None });
    diagnostic.location.is_given = true;
    Box::new(diagnostic)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Level, Mode};

    #[test]
    fn one_further_in_may_only_tighten() {
        let profile = |text: &str| Profile::parse(text).expect("it is a configuration");
        let outer = || profile("severity: {host-network: warning, host-pid: error}\nfail-on: warning\n");
        let inner = "select: [host-network, host-pid, floating-tag]\nignore: [host-ipc]\nfail-on: never\n\
                     severity: {host-network: error, host-pid: off, floating-tag: error}\n\
                     allow: [{rule: host-pid, reason: because}]\nvalues-sets: {more: a.yaml}\nbaseline: b.json\n";
        let both = outer().tightened_by(profile(inner));
        let level = |profile: &Profile, name: &str| {
            let rules = rules::all();
            let rule = rules.iter().find(|rule| rule.is(name)).expect("there is one");
            profile.level(rule, Mode::Documented)
        };
        for (rule, wanted) in
            [("host-network", Level::Error), ("host-pid", Level::Error), ("floating-tag", Level::Error)]
        {
            assert_eq!(level(&both, rule), wanted, "{rule}");
        }
        assert_eq!(level(&both, "host-ipc"), level(&outer(), "host-ipc"));
        assert_eq!((both.fail_on, both.allowances.len()), (Some(Some(Severity::Warning)), 0));
        assert_eq!((both.values_sets.len(), both.baseline), (1, None));
        for rule in rules::all() {
            for mode in Mode::ALL {
                let both = outer().tightened_by(profile("ignore: [host-network, host-pid]\nextends: none\n"));
                assert!(both.level(rule, mode) >= outer().level(rule, mode), "{}", rule.name);
            }
        }
        let earlier = profile("fail-on: never\n").tightened_by(profile("fail-on: advice\n"));
        assert_eq!(earlier.fail_on, Some(Some(Severity::Advice)));
        // What whoever judges types holds over both.
        let mut both = outer().tightened_by(profile(inner));
        both.ignore(&["floating-tag".to_owned()]);
        both.set_level("host-network", Level::Advice);
        assert_eq!((level(&both, "floating-tag"), level(&both, "host-network")), (Level::Off, Level::Advice));
        assert_eq!(
            "loosen".parse::<Trust>().map_err(|error| error.to_string()),
            Err("`loosen` is no trust; it is one of `none`, `tighten` and `all`".to_owned())
        );
    }
}
