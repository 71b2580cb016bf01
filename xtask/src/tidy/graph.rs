//! [`Graph`]: which file of a crate uses which. A path is followed to the file that defines what it names, through the
//! modules that only pass a name on; a name that is passed on and not used makes no arrow.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{self, Names, Purpose, Written};
use super::source::{Module, Source};

/// How many times a name may be passed on before it is given up.
const PASSES: usize = 16;

/// The files of a crate and what they use.
pub struct Graph<'a> {
    /// The files, with their modules.
    files: Vec<(&'a Source, Module, Names)>,
    /// The file of each module, those between braces too.
    modules: BTreeMap<Module, usize>,
    /// What each module imports or passes on: the module, the name there, and the whole path of what it stands for.
    aliases: BTreeMap<(Module, String), Module>,
}

/// A use of something in another file.
pub struct Arrow<'a> {
    /// The path from the root of the crate, as far as it is written: `policy`, `Rule`.
    pub path: Module,
    /// The number of the file that defines it.
    pub to: usize,
    /// Where it is used.
    pub written: &'a Written,
}

impl<'a> Graph<'a> {
    /// Reads the crate whose root lies in that folder.
    pub fn new(sources: &'a [Source], folder: &str) -> Graph<'a> {
        let with_module = |source: &'a Source| Some((source, source.module(folder)?));
        let mut graph = Graph { files: Vec::new(), modules: BTreeMap::new(), aliases: BTreeMap::new() };
        for (source, module) in sources.iter().filter_map(with_module) {
            let names = names::read(&module, &source.syntax);
            let at = graph.files.len();
            graph.modules.extend(names.inline.iter().map(|inline| (inline.clone(), at)));
            graph.modules.insert(module.clone(), at);
            graph.files.push((source, module, names));
        }
        graph.read_aliases();
        graph
    }

    fn read_aliases(&mut self) {
        let mut aliases = BTreeMap::new();
        for (_, module, names) in &self.files {
            // A macro for the whole crate stands at its root, wherever it is written.
            for name in &names.macros {
                aliases
                    .insert((Vec::new(), name.clone()), [&module[..], std::slice::from_ref(name)].concat());
            }
            for written in &names.written {
                let (Purpose::Import(name) | Purpose::Export(name)) = &written.purpose else { continue };
                let Some(path) = self.absolute(written) else { continue };
                let own = [&written.module[..], std::slice::from_ref(name)].concat();
                if path != own {
                    aliases.insert((written.module.clone(), name.clone()), path);
                }
            }
        }
        self.aliases = aliases;
    }

    /// The files, in order.
    pub fn sources(&self) -> impl Iterator<Item = &'a Source> + '_ {
        self.files.iter().map(|(source, ..)| *source)
    }

    /// Everything of this crate that a file uses.
    pub fn arrows(&self, file: usize) -> impl Iterator<Item = Arrow<'_>> {
        self.files[file].2.written.iter().filter_map(|written| {
            let path = self.absolute(written)?;
            let to = self.owner(&path, PASSES)?;
            Some(Arrow { path, to, written })
        })
    }

    /// The module at the root of the crate that an arrow leads to.
    pub fn top<'b>(&'b self, arrow: &'b Arrow<'_>) -> Option<&'b str> {
        let first = arrow.path.first()?;
        // A module and a function may share a name: `render`.
        if self.modules.contains_key(std::slice::from_ref(first)) {
            return Some(first);
        }
        let passed_on = self.aliases.get(&(Vec::new(), first.clone())).and_then(|target| target.first());
        Some(passed_on.unwrap_or(first))
    }

    /// The files that the product's part of each file uses, with the first place where it does.
    pub fn uses(&self) -> Vec<BTreeMap<usize, &Written>> {
        let for_tests: BTreeSet<&Module> =
            self.files.iter().flat_map(|(.., names)| &names.for_tests).collect();
        let is_for_tests =
            |module: &Module| (0..=module.len()).any(|end| for_tests.contains(&module[..end].to_vec()));
        let mut uses = Vec::new();
        for (at, (_, module, _)) in self.files.iter().enumerate() {
            let mut used = BTreeMap::new();
            for arrow in self.arrows(at).filter(|_| !is_for_tests(module)) {
                let passes_on = matches!(arrow.written.purpose, Purpose::Export(_));
                // Importing a module uses nothing of it yet.
                let is_module =
                    arrow.written.purpose != Purpose::Use && self.modules.contains_key(&arrow.path);
                if arrow.to != at && !arrow.written.in_test && !passes_on && !is_module {
                    used.entry(arrow.to).or_insert(arrow.written);
                }
            }
            uses.push(used);
        }
        uses
    }

    /// The path from the root of the crate; none for what is defined elsewhere or where it is used.
    fn absolute(&self, written: &Written) -> Option<Module> {
        let Written { module, names, .. } = written;
        let (first, rest) = names.split_first()?;
        let mut base = module.clone();
        let mut rest = rest;
        match first.as_str() {
            "crate" | "$crate" => base.clear(),
            "self" => {}
            "super" => {
                base.pop();
                while let Some(("super", more)) = rest.split_first().map(|(name, more)| (name.as_str(), more))
                {
                    base.pop();
                    rest = more;
                }
            }
            _ => {
                let child = [&base[..], std::slice::from_ref(first)].concat();
                let is_import = written.purpose != Purpose::Use;
                if self.modules.contains_key(&child) && (is_import || !rest.is_empty()) {
                    base = child;
                } else if is_import {
                    return None;
                } else {
                    base = self.aliases.get(&(module.clone(), first.clone()))?.clone();
                }
            }
        }
        base.extend(rest.iter().cloned());
        Some(base)
    }

    /// The file that defines what a path from the root names.
    fn owner(&self, path: &[String], passes: usize) -> Option<usize> {
        let depth = (0..=path.len()).rev().find(|end| self.modules.contains_key(&path[..*end]))?;
        let (module, rest) = path.split_at(depth);
        let file = self.modules.get(module).copied();
        let Some((name, rest)) = rest.split_first().filter(|_| passes > 0) else { return file };
        match self.aliases.get(&(module.to_vec(), name.clone())) {
            Some(target) => self.owner(&[&target[..], rest].concat(), passes - 1),
            None => self.behind_globs(module, name, passes).or(file),
        }
    }

    /// The file that a name comes from that a module passes on with all others of another: only if it is there.
    fn behind_globs(&self, module: &[String], name: &str, passes: usize) -> Option<usize> {
        let target = self.aliases.get(&(module.to_vec(), "*".to_owned()))?;
        let known = self.aliases.contains_key(&(target.clone(), name.to_owned()));
        known.then(|| self.owner(&[&target[..], &[name.to_owned()]].concat(), passes - 1)).flatten()
    }
}
