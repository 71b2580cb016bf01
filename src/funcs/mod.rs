//! Every function that Helm's templates can call, a file a family, named as in sprig. [`all`] lists them, [`table`]
//! finds them.

use std::sync::LazyLock;

use crate::manifest::HelmVersion;
use crate::template::Functions;
use crate::template::func::Func;

mod case;
mod codec;
#[cfg(test)]
mod coverage;
mod crypto;
mod dates;
mod decimal;
mod defaults;
mod dicts;
mod durations;
mod encoding;
mod helm;
mod lists;
mod math;
mod merge;
mod paths;
mod random;
mod reflect;
mod regex;
mod semver;
mod strings;
#[cfg(test)]
mod testing;
mod url;
mod visit;

/// Every function, family by family.
pub fn all() -> impl Iterator<Item = &'static Func> {
    [
        case::FUNCS,
        codec::FUNCS,
        crypto::FUNCS,
        dates::FUNCS,
        decimal::FUNCS,
        defaults::FUNCS,
        dicts::FUNCS,
        durations::FUNCS,
        encoding::FUNCS,
        helm::FUNCS,
        lists::FUNCS,
        math::FUNCS,
        merge::FUNCS,
        paths::FUNCS,
        random::FUNCS,
        reflect::FUNCS,
        regex::FUNCS,
        semver::FUNCS,
        strings::FUNCS,
        url::FUNCS,
    ]
    .into_iter()
    .flatten()
}

/// Every function by its name, Go's built-in ones included: what templates are parsed with.
pub fn table() -> &'static Functions {
    static TABLE: LazyLock<Functions> = LazyLock::new(|| Functions::new(all()));
    &TABLE
}

/// The functions that Helm 3.18.5 does not have. Source: each name asked of its `helm template`.
pub const NEW_IN_HELM_4: [&str; 13] = [
    "durationDays",
    "durationHours",
    "durationMicroseconds",
    "durationMilliseconds",
    "durationMinutes",
    "durationNanoseconds",
    "durationRoundTo",
    "durationSeconds",
    "durationTruncateTo",
    "durationWeeks",
    "mustToDuration",
    "mustToToml",
    "mustToYaml",
];

/// What templates of that Helm are parsed with.
pub fn table_of(helm: HelmVersion) -> &'static Functions {
    static OF_HELM_3: LazyLock<Functions> =
        LazyLock::new(|| Functions::new(all().filter(|func| !NEW_IN_HELM_4.contains(&func.name))));
    match helm {
        HelmVersion::Helm3 => &OF_HELM_3,
        HelmVersion::Helm4 => table(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_function_is_helms_and_there_once() {
        let names: Vec<&str> = all().map(|func| func.name).collect();
        let unique: BTreeSet<&str> = names.iter().copied().collect();
        assert_eq!(names.len(), unique.len(), "a name stands twice");
        let known: BTreeSet<&str> = include_str!("../../testdata/funcs/names.list").lines().collect();
        assert_eq!(unique, known);
        assert!(NEW_IN_HELM_4.iter().all(|name| known.contains(name)));
    }
}
