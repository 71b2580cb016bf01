//! `cargo xtask fuzz-diff --family origins`: of every value in random trees of charts, whether the layer that is named set it.
//! Nobody else is asked: what a chart sees when the layer says something else is the judge (see `testkit/src/origins.rs`).

use plimsoll::internals::manifest::HelmVersion;
use plimsoll::internals::stack;
use testkit::origins;

use super::compare::{Family, Request, Sample};
use super::layers::Layers;
use super::sections::Sections;
use crate::Outcome;

/// Proves that many trees under both versions of Helm, and tells how many values that were.
pub fn run(request: Request) -> Outcome {
    let mut trees = Layers::new(request.seed)?;
    let mut leaves = 0;
    for _ in 0..request.count {
        let tree = trees.sample();
        match prove(&tree) {
            Ok(count) => leaves += count,
            Err(error) => {
                let (tree, error) = smallest(tree, error);
                print!("{}", tree.case().to_text());
                return Err(error);
            }
        }
    }
    println!("{} trees, {leaves} values, 0 wrong", request.count);
    Ok(())
}

fn prove(tree: &Sections) -> Result<usize, String> {
    let case = tree.case();
    let prove =
        |helm| stack::with_stack(|| origins::prove(&case, helm)).map_err(|error| error.to_string())?;
    Ok(prove(HelmVersion::Helm4)? + prove(HelmVersion::Helm3)?)
}

/// The smallest tree that is reached by steps that leave something wrong.
fn smallest(mut tree: Sections, mut error: String) -> (Sections, String) {
    'smaller: loop {
        for smaller in tree.smaller() {
            if let Err(other) = prove(&smaller) {
                (tree, error) = (smaller, other);
                continue 'smaller;
            }
        }
        return (tree, error);
    }
}
