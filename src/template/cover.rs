//! What of templates was executed: [`Covered`] walks the syntax tree by what a tracer saw, which is exact where no template
//! failed. A list goes on behind a branch if one of its bodies that were entered came to its end.

use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::ast::{Branch, List, Node, Text, Tree};
use super::error::Error;
use super::functions::Functions;
use super::parsed::Parsed;
use super::reach::Executed;
use crate::value::Str;

/// What was executed of a file.
#[derive(Clone, Debug, Default)]
pub struct Covered {
    /// The file, as it was parsed.
    pub name: String,
    /// The lines, from 1, that write or do something, and whether they did.
    pub lines: BTreeMap<usize, bool>,
    /// The branches, in their order.
    pub branches: Vec<Fork>,
    /// The templates that it defines: name, line, and whether it was executed.
    pub defines: Vec<(String, usize, bool)>,
}

/// An `if`, `with` or `range`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fork {
    /// Its word.
    pub word: &'static str,
    /// What it asks.
    pub condition: String,
    /// Its line, from 1.
    pub line: usize,
    /// Its column, from 1.
    pub column: usize,
    /// Whether it was asked at all.
    pub is_asked: bool,
    /// Whether its body was executed.
    pub is_entered: bool,
    /// Whether it was ever left out.
    pub is_passed: bool,
}

/// What was executed of files, given by name and in the order in which they are parsed.
///
/// # Errors
/// A file is no template.
pub fn covered<'a>(
    files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    known: &Parsed,
    funcs: &Functions,
    executed: &Executed,
) -> Result<Vec<Covered>, Error> {
    let mut parsed = Vec::new();
    let mut last: FxHashMap<Str, Rc<Tree>> = FxHashMap::default();
    for (name, text) in files {
        let trees = known.file(&Str::from(name), text, funcs)?;
        for tree in &*trees {
            // Go: `associate`.
            if !(tree.root.is_empty() && last.contains_key(&tree.name)) {
                last.insert(tree.name.clone(), Rc::clone(tree));
            }
        }
        parsed.push((name, trees));
    }
    let cover = |(name, trees): (&str, Rc<[Rc<Tree>]>)| {
        let mut walk = Walk { executed, covered: Covered { name: name.to_owned(), ..Covered::default() } };
        for tree in &*trees {
            // Of two templates of one name the later is the one that is called.
            let is_meant = last.get(&tree.name).is_some_and(|meant| Rc::ptr_eq(meant, tree));
            let is_live = is_meant && executed.templates.contains(&tree.name);
            if &*tree.name.to_str() != name {
                let first = tree.root.nodes.first().map_or(0, Node::pos);
                walk.covered.defines.push((tree.name.to_string(), tree.source.line(first), is_live));
            }
            walk.list(tree, &tree.root, is_live);
        }
        walk.covered.branches.sort_by_key(|fork| (fork.line, fork.column));
        walk.covered.defines.sort_by_key(|(_, line, _)| *line);
        walk.covered
    };
    Ok(parsed.into_iter().map(cover).collect())
}

struct Walk<'a> {
    executed: &'a Executed,
    covered: Covered,
}

impl Walk<'_> {
    /// Goes through a list of which the beginning was reached or not; gives whether its end was.
    fn list(&mut self, tree: &Tree, list: &List, mut is_live: bool) -> bool {
        for node in &list.nodes {
            is_live = self.node(tree, node, is_live);
        }
        is_live
    }

    fn node(&mut self, tree: &Tree, node: &Node, is_live: bool) -> bool {
        match node {
            Node::Text(text) => self.text(text, is_live),
            Node::Action(_) | Node::Template(_) => self.note(tree.source.line(node.pos()), is_live),
            Node::If(branch) => return self.branch(tree, branch, "if", is_live),
            Node::With(branch) => return self.branch(tree, branch, "with", is_live),
            Node::Range(branch) => {
                // What follows a `range` is reached whatever ends it.
                self.branch(tree, branch, "range", is_live);
            }
            Node::Break(pos) | Node::Continue(pos) => {
                self.note(tree.source.line(*pos), is_live);
                return false;
            }
        }
        is_live
    }

    fn branch(&mut self, tree: &Tree, branch: &Branch, word: &'static str, is_live: bool) -> bool {
        let place = tree.source.place(branch.pos);
        let arm = |is_body| is_live && self.executed.ran(&tree.source.name, branch.pos, is_body);
        let (is_entered, is_passed) = (arm(true), arm(false));
        self.note(place.line, is_live);
        self.covered.branches.push(Fork {
            word,
            condition: branch.pipe.to_string(),
            line: place.line,
            column: place.column.map_or(1, |column| column + 1),
            is_asked: is_live,
            is_entered,
            is_passed,
        });
        let through = self.list(tree, &branch.list, is_entered);
        let around = match &branch.else_list {
            Some(other) => self.list(tree, other, is_passed),
            None => is_passed,
        };
        through || around
    }

    /// The lines of a text that have anything but space in them.
    fn text(&mut self, text: &Text, is_live: bool) {
        let first = text.source.line(text.pos);
        for (at, line) in text.bytes().split(|byte| *byte == b'\n').enumerate() {
            if !line.trim_ascii().is_empty() {
                self.note(first + at, is_live);
            }
        }
    }

    /// A line was reached if anything in it was.
    fn note(&mut self, line: usize, is_live: bool) {
        *self.covered.lines.entry(line).or_default() |= is_live;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines that are covered by executions of those arms.
    fn lines(text: &str, arms: &[(&str, bool)]) -> Vec<usize> {
        let mut executed = Executed::default();
        executed.templates.insert(Str::from("a.yaml"));
        for (condition, is_body) in arms {
            let at = text.find(condition).unwrap() as u32;
            executed.add(&Str::from("a.yaml"), at, *is_body);
        }
        let covered =
            covered([("a.yaml", text.as_bytes())], &Parsed::default(), &Functions::new([]), &executed)
                .unwrap();
        covered[0].lines.iter().filter(|(_, is)| **is).map(|(line, _)| *line).collect()
    }

    #[test]
    fn lines_follow_the_arms_that_were_entered() {
        let text = "a: 1\n{{ if .x }}\nb: 2\n{{ else }}\nc: 3\n{{ end }}\nd: 4\n";
        assert_eq!(lines(text, &[(".x", true)]), [1, 2, 3, 7]);
        assert_eq!(lines(text, &[(".x", false)]), [1, 2, 5, 7]);
        assert_eq!(lines(text, &[(".x", true), (".x", false)]), [1, 2, 3, 5, 7]);
    }

    #[test]
    fn nothing_behind_a_break_is_reached_unless_something_passed_it() {
        let text = "{{ range .all }}\n{{ if .x }}\n{{ break }}\n{{ end }}\nb: 2\n{{ end }}\nc: 3\n";
        let ranged = (".all", true);
        assert_eq!(lines(text, &[ranged, (".x", true)]), [1, 2, 3, 7]);
        assert_eq!(lines(text, &[ranged, (".x", true), (".x", false)]), [1, 2, 3, 5, 7]);
        assert_eq!(lines(text, &[(".all", false)]), [1, 7]);
    }
}
