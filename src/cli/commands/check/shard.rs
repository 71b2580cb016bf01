//! `--shard`: which charts of a run this machine judges, and what its report says so that [`merge`](crate::report::merge) can
//! tell whether the reports of all machines are one run.

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use super::tell::TellArgs;
use crate::cache::Times;
use crate::cli::args::configuration::typed;
use crate::cli::args::globals::Globals;
use crate::cli::args::locate::Found;
use crate::cli::args::{CapabilitiesArgs, JudgedArgs, RepeatArgs, SetsArgs, ValuesArgs, definition_files};
use crate::cli::error::Error;
use crate::files;
use crate::report::Shard;

/// The variables that say which part of a spread job this is: the index, its first value, and the count.
/// Kubernetes sets the index of an Indexed Job alone; the count is the name of a variable that the Job sets.
const SPREADERS: [(&str, usize, &str); 5] = [
    ("JOB_COMPLETION_INDEX", 0, "JOB_COMPLETIONS"),
    ("CI_NODE_INDEX", 1, "CI_NODE_TOTAL"),
    ("BUILDKITE_PARALLEL_JOB", 0, "BUILDKITE_PARALLEL_JOB_COUNT"),
    ("CIRCLE_NODE_INDEX", 0, "CIRCLE_NODE_TOTAL"),
    ("SYSTEM_JOBPOSITIONINPHASE", 1, "SYSTEM_TOTALJOBSINPHASE"),
];

/// A value of `--shard`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// The index, from 1, and the count.
    Part(usize, usize),
    /// What the environment says.
    Auto,
}

impl FromStr for Word {
    type Err = String;

    fn from_str(text: &str) -> Result<Word, String> {
        if text == "auto" {
            return Ok(Word::Auto);
        }
        let part = text.split_once('/').and_then(|(index, count)| Some((number(index)?, number(count)?)));
        match part {
            Some((index, count)) if (1..=count).contains(&index) => Ok(Word::Part(index, count)),
            Some((_, count)) => Err(format!("the shards are 1/{count} to {count}/{count}")),
            None => Err("write which of how many, such as 3/8, or auto".to_owned()),
        }
    }
}

fn number(text: &str) -> Option<usize> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

impl Word {
    /// The index, from 1, and the count.
    ///
    /// # Errors
    /// The environment does not say.
    pub(super) fn part(self, variable: impl Fn(&str) -> Option<String>) -> Result<(usize, usize), Error> {
        if let Word::Part(index, count) = self {
            return Ok((index, count));
        }
        let named = SPREADERS.iter().find_map(|spreader| Some((spreader, variable(spreader.0)?)));
        let Some(((index_name, first, count_name), index)) = named else {
            let known: Vec<&str> = SPREADERS.iter().map(|(index, ..)| *index).collect();
            let message = format!("--shard auto: none of {} is set", known.join(", "));
            return Err(Error::new(message).hint("say which shard it is: --shard 3/8"));
        };
        let count = variable(count_name).ok_or_else(|| {
            Error::new(format!("--shard auto: {index_name} is set, and {count_name} is not"))
                .hint(format!("set {count_name} to the number of shards"))
        })?;
        let part = number(&index).zip(number(&count));
        let part = part.and_then(|(index, count)| Some(((index + 1).checked_sub(*first)?, count)));
        part.filter(|(index, count)| (1..=*count).contains(index)).ok_or_else(|| {
            Error::new(format!("--shard auto: {index_name}={index} and {count_name}={count} are no shard"))
                .hint(format!("the index goes from {first}, the count is how many there are"))
        })
    }
}

/// The shard, from 0, of each of the charts. Where it is known how long some of them took, the slowest are dealt out first, each to
/// whoever has least to do; else the path alone decides, so that a chart stays where it is when others come.
pub(super) fn divide(paths: &[String], count: usize, times: &Times) -> Vec<usize> {
    let known: Vec<u64> = paths.iter().filter_map(|path| times.get(path).copied()).collect();
    if known.is_empty() {
        let hash = |path: &String| {
            let digest = Sha256::digest(path.as_bytes());
            digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte))
        };
        return paths.iter().map(|path| (hash(path) % count as u64) as usize).collect();
    }
    let usual = known.iter().sum::<u64>() / known.len() as u64;
    let time = |at: usize| times.get(&paths[at]).copied().unwrap_or(usual).max(1);
    let mut order: Vec<usize> = (0..paths.len()).collect();
    order.sort_by(|a, b| time(*b).cmp(&time(*a)).then_with(|| paths[*a].cmp(&paths[*b])));
    let mut loads = vec![0_u64; count];
    let mut shards = vec![0; paths.len()];
    for at in order {
        let least = (0..count).min_by_key(|shard| loads[*shard]).unwrap_or_default();
        loads[least] = loads[least].saturating_add(time(at));
        shards[at] = least;
    }
    shards
}

/// The flags that decide what is found.
pub(super) struct Given<'a> {
    pub(super) judged: &'a JudgedArgs,
    pub(super) previous: &'a [String],
    pub(super) upgrade_from: &'a Option<String>,
    pub(super) sets: &'a SetsArgs,
    pub(super) tell: &'a TellArgs,
    pub(super) globals: &'a Globals,
}

/// Keeps the charts of this shard, and says which those are and of which run.
pub(super) fn keep(
    given: &Given<'_>,
    (index, count): (usize, usize),
    charts: &mut Vec<Found>,
    times: &Times,
) -> Shard {
    let paths: Vec<String> = charts.iter().map(|found| found.path.display().to_string()).collect();
    let shards = divide(&paths, count, times);
    let mut shard = Shard {
        index,
        count,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        charts: charts.len(),
        list: digest(charts.iter().map(|found| format!("{found:?}"))),
        division: digest(shards.iter().map(usize::to_string)),
        flags: flags(given),
        has_release: given.tell.output.shows_release(),
        answers_once: given.tell.output.answers_once(),
        ..Shard::default()
    };
    shard.positions = (0..charts.len()).filter(|at| shards[*at] == index - 1).collect();
    let mut at = 0;
    charts.retain(|_| {
        at += 1;
        shards[at - 1] == index - 1
    });
    shard.files = shared_files(given, charts);
    shard
}

/// A digest of texts.
fn digest(texts: impl IntoIterator<Item = String>) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    hex::encode(hash.finalize())
}

/// The digests of what was said with flags that decide what is found. Where charts come from does not: that is in their paths.
fn flags(given: &Given<'_>) -> BTreeMap<String, String> {
    let Given { judged, previous, upgrade_from, sets, tell, globals } = given;
    // The definitions are what `crd` names.
    let JudgedArgs { release, request, crd, definitions: _, policy, values, capabilities, repeat, source } =
        judged;
    let ValuesArgs { files, set, set_string, set_file, set_json, set_literal } = values;
    let CapabilitiesArgs { kube_version, api_versions } = capabilities;
    let RepeatArgs { deterministic, lookup_fixtures, allow_remote_schemas } = repeat;
    let said: [(&str, &dyn std::fmt::Debug); 32] = [
        ("--release", release),
        ("--request", request),
        ("--crd", crd),
        ("--strict-kinds", &policy.strict_kinds),
        ("--profile", &policy.profile),
        ("--mode", &policy.mode),
        ("--select", &policy.select),
        ("--ignore", &policy.ignore),
        ("--severity", &policy.severity),
        ("--config", &policy.config),
        ("--no-config", &policy.no_config),
        ("--validation-policy", &policy.validation_policy),
        ("--validation-extra-type", &policy.validation_extra_type),
        ("--values", files),
        ("--set", set),
        ("--set-string", set_string),
        ("--set-file", set_file),
        ("--set-json", set_json),
        ("--set-literal", set_literal),
        ("--kube-version", kube_version),
        ("--api-versions", api_versions),
        ("--deterministic", deterministic),
        ("--lookup-fixtures", lookup_fixtures),
        ("--allow-remote-schemas", allow_remote_schemas),
        ("--version", &source.version),
        ("--values-set or --no-values-sets", sets),
        ("--previous", previous),
        ("--upgrade-from", upgrade_from),
        ("--fail-on", &tell.output.fail_on),
        ("--baseline", &tell.baseline),
        ("--namespace", &globals.namespace()),
        ("--limit-memory, --limit-steps or --limit-time", &globals.limits),
    ];
    let nothing = ["None", "[]", "Switch(false)"];
    let said = said.into_iter().map(|(name, value)| (name.to_owned(), format!("{value:?}")));
    said.filter(|(_, value)| !nothing.contains(&value.as_str()))
        .map(|(name, value)| (name, digest([value])))
        .collect()
}

/// The digests of the files that charts share, as far as they can be read; one that cannot is told of where it is used.
fn shared_files(given: &Given<'_>, charts: &[Found]) -> BTreeMap<String, String> {
    let Given { judged, previous, upgrade_from: _, sets, tell, globals: _ } = given;
    let policy = &judged.policy;
    let configurations = charts.iter().filter_map(|found| policy.configurations(&found.path).ok());
    let shown = |file: &Path| typed(file).display().to_string();
    let mut named: Vec<String> =
        configurations.flat_map(|files| files.files().map(shown).collect::<Vec<_>>()).collect();
    named.extend(judged.values.files.iter().chain(*previous).cloned());
    named.extend(sets.named_files());
    named.extend([&judged.request, &judged.repeat.lookup_fixtures].into_iter().flatten().cloned());
    named.extend(definition_files(&judged.crd).iter().map(|file| file.display().to_string()));
    named.extend(tell.baseline.iter().map(|file| file.display().to_string()));
    if tell.baseline.is_none() {
        named.push(super::baseline::USUAL.to_owned());
    }
    named.sort_unstable();
    named.dedup();
    let read = |file: String| {
        let data = files::read(Path::new(&file)).ok()?;
        Some((file, hex::encode(Sha256::digest(&data))))
    };
    named.into_iter().filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(count: usize) -> Vec<String> {
        (0..count).map(|at| format!("charts/c{at}")).collect()
    }

    #[test]
    fn words_are_a_part_or_auto() {
        assert_eq!("3/8".parse(), Ok(Word::Part(3, 8)));
        assert_eq!("1/1".parse(), Ok(Word::Part(1, 1)));
        assert_eq!("auto".parse(), Ok(Word::Auto));
        for wrong in ["0/8", "9/8", "3", "3/", "/8", "-1/8", "+1/8", "3/0", "a/b", ""] {
            assert!(wrong.parse::<Word>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_environment_of_whoever_spreads_says_the_part() {
        let part = |variables: &[(&str, &str)]| {
            let variable = |name: &str| {
                variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            };
            Word::Auto.part(variable).map_err(|error| error.to_string())
        };
        assert_eq!(part(&[("JOB_COMPLETION_INDEX", "0"), ("JOB_COMPLETIONS", "8")]).unwrap(), (1, 8));
        assert_eq!(part(&[("JOB_COMPLETION_INDEX", "7"), ("JOB_COMPLETIONS", "8")]).unwrap(), (8, 8));
        assert_eq!(part(&[("CI_NODE_INDEX", "3"), ("CI_NODE_TOTAL", "8")]).unwrap(), (3, 8));
        assert!(part(&[("JOB_COMPLETION_INDEX", "8"), ("JOB_COMPLETIONS", "8")]).is_err());
        assert!(part(&[("CI_NODE_INDEX", "0"), ("CI_NODE_TOTAL", "8")]).is_err());
        let why = part(&[("JOB_COMPLETION_INDEX", "1")]).unwrap_err();
        assert!(why.contains("JOB_COMPLETIONS is not"), "{why}");
        assert!(part(&[]).unwrap_err().contains("CI_NODE_INDEX"));
    }

    #[test]
    fn a_chart_stays_in_its_shard_when_others_come() {
        let few = divide(&paths(50), 8, &Times::new());
        let many = divide(&paths(900), 8, &Times::new());
        assert_eq!(few[..], many[..50]);
        for shard in 0..8 {
            let charts = many.iter().filter(|known| **known == shard).count();
            assert!((80..150).contains(&charts), "{charts}");
        }
    }

    #[test]
    fn known_times_make_shards_equally_long() {
        let paths = paths(200);
        let times: Times =
            paths.iter().enumerate().skip(20).map(|(at, path)| (path.clone(), (at * at) as u64)).collect();
        let mut loads = [0; 5];
        for (path, shard) in paths.iter().zip(divide(&paths, 5, &times)) {
            loads[shard] += times.get(path).copied().unwrap_or(14_000);
        }
        let (most, least) = (loads.iter().max().unwrap(), loads.iter().min().unwrap());
        assert!(most - least < 40_000 && *least > 400_000, "{loads:?}");
    }
}
