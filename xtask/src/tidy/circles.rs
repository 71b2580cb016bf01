//! Circles of files: a file that uses another which, by whatever way, uses it again. Neither can be understood first; what
//! both need belongs in a third file. Those that are still there are in `circles.txt`, a line each; none may be added.

use std::collections::{BTreeSet, VecDeque};

use super::breach::Breach;
use super::graph::Graph;
use super::source::{CRATES, Source};

/// The files of each circle that is there, a line each; those behind `#` are comments.
const KNOWN: &str = include_str!("circles.txt");

/// A circle: its files, and the shortest way around.
pub struct Circle {
    /// Every file that is part of it.
    pub files: BTreeSet<String>,
    /// One way around, a step each: the file, the line, the file that it uses, and by what name.
    way: Vec<Step>,
}

struct Step {
    from: String,
    line: usize,
    to: String,
    name: String,
}

/// The breaches of all crates: circles that nobody knows, and known ones that are no more or have become smaller.
pub fn check(sources: &[Source]) -> Vec<Breach> {
    let found: Vec<Circle> = CRATES.iter().flat_map(|folder| find(sources, folder)).collect();
    let known: Vec<(usize, BTreeSet<&str>)> = KNOWN
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.starts_with('#'))
        .map(|(at, line)| (at + 1, line.split_whitespace().collect()))
        .collect();
    let is = |circle: &Circle, known: &BTreeSet<&str>| circle.files.iter().eq(known.iter());
    let new = found.iter().filter(|circle| !known.iter().any(|(_, known)| is(circle, known)));
    let gone = known.iter().filter(|(_, known)| !found.iter().any(|circle| is(circle, known)));
    let strike = |(line, _): &(usize, _)| {
        Breach::new("xtask/src/tidy/circles.txt", *line, "this circle is not there any more: strike it off")
    };
    new.map(Circle::breach).chain(gone.map(strike)).collect()
}

/// The circles of a crate.
pub fn find(sources: &[Source], folder: &str) -> Vec<Circle> {
    let graph = Graph::new(sources, folder);
    let paths: Vec<&str> = graph.sources().map(|source| source.path.as_str()).collect();
    let uses = graph.uses();
    let next = |at: usize| uses[at].keys().copied();
    let reached: Vec<BTreeSet<usize>> = (0..uses.len()).map(|from| reach(from, &next)).collect();
    let mut circles = Vec::new();
    let mut seen = BTreeSet::new();
    for start in 0..uses.len() {
        if !reached[start].contains(&start) || seen.contains(&start) {
            continue;
        }
        let files: BTreeSet<usize> =
            reached[start].iter().copied().filter(|other| reached[*other].contains(&start)).collect();
        seen.extend(files.iter().copied());
        let way = around(&files, &next).into_iter().map(|(from, to)| {
            let written = uses[from][&to];
            let (from, to) = (paths[from].to_owned(), paths[to].to_owned());
            Step { from, line: written.line, to, name: written.names.join("::") }
        });
        let way = way.collect();
        circles.push(Circle { files: files.iter().map(|at| paths[*at].to_owned()).collect(), way });
    }
    circles
}

/// Everything that is reached from a file by at least one step.
fn reach<I: Iterator<Item = usize>>(from: usize, next: &impl Fn(usize) -> I) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    let mut waiting: Vec<usize> = next(from).collect();
    while let Some(at) = waiting.pop() {
        if reached.insert(at) {
            waiting.extend(next(at));
        }
    }
    reached
}

/// The steps of the shortest way around among files that are in one circle.
fn around<I: Iterator<Item = usize>>(
    files: &BTreeSet<usize>,
    next: &impl Fn(usize) -> I,
) -> Vec<(usize, usize)> {
    let ways = files.iter().filter_map(|start| {
        let mut waiting = VecDeque::from([vec![*start]]);
        let mut seen = BTreeSet::new();
        while let Some(way) = waiting.pop_front() {
            let last = *way.last()?;
            for to in next(last).filter(|to| files.contains(to)) {
                let longer = [&way[..], &[to]].concat();
                if to == *start {
                    return Some(longer);
                }
                if seen.insert(to) {
                    waiting.push_back(longer);
                }
            }
        }
        None
    });
    let shortest = ways.min_by_key(Vec::len).unwrap_or_default();
    shortest.windows(2).map(|step| (step[0], step[1])).collect()
}

impl Circle {
    /// The steps of the shortest way around, as text.
    pub fn told(&self) -> String {
        let steps = self
            .way
            .iter()
            .map(|step| format!("{}:{} uses {} ({})", step.from, step.line, step.to, step.name));
        steps.collect::<Vec<_>>().join(", ")
    }

    fn breach(&self) -> Breach {
        let (file, line) = self.way.first().map_or(("", 1), |step| (step.from.as_str(), step.line));
        let files: Vec<&str> = self.files.iter().map(String::as_str).collect();
        Breach::new(file, line, format!("a circle of files: {} ({})", self.told(), files.join(" ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The files of each circle among files of a crate.
    fn circles(files: &[(&str, &str)]) -> Vec<String> {
        let source =
            |(path, text): &(&str, &str)| Source::new((*path).to_owned(), (*text).to_owned()).unwrap();
        let sources: Vec<Source> = files.iter().map(source).collect();
        find(&sources, "src").iter().map(|circle| Vec::from_iter(circle.files.clone()).join(" ")).collect()
    }

    #[test]
    fn a_circle_is_found_through_mod_rs_and_names_that_are_passed_on() {
        let lib = ("src/lib.rs", "mod a;");
        let a = ("src/a/mod.rs", "mod b; mod c; pub use b::B; pub use c::C;");
        let c = ("src/a/c.rs", "pub struct C; #[cfg(test)] mod tests { use super::super::B; }");
        let b = ("src/a/b.rs", "use super::C; pub struct B(C);");
        assert_eq!(circles(&[lib, a, b, c]), Vec::<String>::new());
        let back = ("src/a/c.rs", "pub struct C; fn f() { vec![super::B] }");
        assert_eq!(circles(&[lib, a, b, back]), ["src/a/b.rs src/a/c.rs"]);
        let owner = ("src/a/mod.rs", "mod b; mod c; pub use c::C; pub struct B; fn f() -> b::X {}");
        let user = ("src/a/b.rs", "use crate::a::B; pub struct X;");
        assert_eq!(circles(&[lib, owner, user, c]), ["src/a/b.rs src/a/mod.rs"]);
    }
}
