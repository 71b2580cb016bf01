//! A module uses modules of lower layers only, never its own layer's or above; so there can be no cycle among them.

use super::breach::Breach;
use super::graph::Graph;
use super::source::Source;

/// The layers from the lowest. A module may use those in rows before its own.
pub const LAYERS: [&[&str]; 13] = [
    &["budget", "system"],
    &["go", "helm", "outside", "path", "source", "stack", "suggest", "word"],
    &["files", "value", "staged", "threads"],
    &["diagnostic", "yaml", "oci"],
    &["kubernetes", "schema", "signing"],
    &["template", "manifest", "chart", "nvcf", "apiserver"],
    &["funcs", "values", "fetch", "migrate"],
    &["render", "policy"],
    &["rules"],
    &["judge"],
    &["report", "api", "cache"],
    &["cli"],
    &["internals"],
];

/// The breaches of the product.
pub fn check(sources: &[Source]) -> Vec<Breach> {
    let graph = Graph::new(sources, "src");
    let mut breaches = Vec::new();
    for (at, source) in graph.sources().enumerate() {
        let Some(own) = source.module("src").and_then(|module| module.first().cloned()) else { continue };
        let Some(own_layer) = layer(&own) else {
            let text = format!("the module `{own}` has no layer: give it one in xtask/src/tidy/layers.rs");
            breaches.push(Breach::new(&source.path, 1, text));
            continue;
        };
        for arrow in graph.arrows(at) {
            let Some(used) = graph.top(&arrow).filter(|used| *used != own) else { continue };
            if layer(used).is_some_and(|used_layer| used_layer >= own_layer) {
                let text = format!("`{own}` may not use `{used}`: a module uses lower layers only");
                breaches.push(Breach::new(&source.path, arrow.written.line, text));
            }
        }
    }
    breaches
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|row| row.contains(&module))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_architecture_page_has_the_same_layers() {
        let page = include_str!("../../../docs/ARCHITECTURE.md");
        let mut told: Vec<(usize, &str)> = Vec::new();
        for row in page.lines().filter(|line| line.contains("| `src/")) {
            let cells: Vec<&str> = row.split('|').map(str::trim).collect();
            let [_, layer, module, ..] = cells[..] else { panic!("no row of the table: {row}") };
            let module = module.trim_matches('`').trim_start_matches("src/").trim_end_matches(".rs");
            told.push((layer.parse().unwrap(), module));
        }
        let mut checked: Vec<(usize, &str)> = LAYERS
            .iter()
            .enumerate()
            .flat_map(|(at, row)| row.iter().map(move |module| (at + 1, *module)))
            .collect();
        told.sort_unstable();
        checked.sort_unstable();
        assert_eq!(told, checked);
    }

    /// The breaches of a file among others.
    fn breaches(path: &str, text: &str) -> usize {
        let file = |path: &str, text: &str| Source::new(path.to_owned(), text.to_owned()).unwrap();
        let others = ["go", "value", "yaml", "manifest", "cli", "chart"];
        let mut sources: Vec<Source> =
            others.iter().map(|name| file(&format!("src/{name}/mod.rs"), "")).collect();
        sources.push(file("src/lib.rs", ""));
        sources.push(file("src/template/mod.rs", "#[macro_export] macro_rules! func { () => {} }"));
        sources.retain(|source| source.path != path);
        sources.push(file(path, text));
        check(&sources).len()
    }

    #[test]
    fn only_lower_layers_may_be_used() {
        assert_eq!(breaches("src/value/print.rs", "use crate::go::strconv;\n"), 0);
        assert_eq!(breaches("src/go/time.rs", "use crate::value::Str;\n"), 1);
        assert_eq!(breaches("src/go/time.rs", "fn f() { super::super::value::print() }\n"), 1);
        assert_eq!(breaches("src/go/time.rs", "fn f() { println!(\"{}\", crate::value::print()) }\n"), 1);
        assert_eq!(breaches("src/go/time.rs", "crate::func!();\n"), 1);
        assert_eq!(breaches("src/chart/mod.rs", "use crate::{manifest::Manifest, yaml::{self, Node}};\n"), 1);
        assert_eq!(breaches("src/nowhere/mod.rs", ""), 1);
        assert_eq!(
            breaches("src/chart/load.rs", "// crate::cli is above\nconst A: &str = \"crate::cli\";\n"),
            0
        );
    }
}
