//! Every function that Helm's templates can call, a file a family, named as in sprig. [`all`] is the one table.

use crate::template::func::Func;

mod helm;
mod strings;

/// Every function, family by family.
pub fn all() -> impl Iterator<Item = &'static Func> {
    [helm::FUNCS, strings::FUNCS].into_iter().flatten()
}
