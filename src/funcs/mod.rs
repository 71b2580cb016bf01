//! Every function that Helm's templates can call, a file a family, named as in sprig. [`all`] is the one table.

use crate::template::func::Func;

mod dates;
mod durations;
mod encoding;
mod helm;
mod paths;
mod random;
mod regex;
mod strings;
mod url;

/// Every function, family by family.
pub fn all() -> impl Iterator<Item = &'static Func> {
    [
        dates::FUNCS,
        durations::FUNCS,
        encoding::FUNCS,
        helm::FUNCS,
        paths::FUNCS,
        random::FUNCS,
        regex::FUNCS,
        strings::FUNCS,
        url::FUNCS,
    ]
    .into_iter()
    .flatten()
}
