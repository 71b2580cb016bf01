//! `cargo xtask tidy --figures [FOLDER]`: what can be counted in the code, of this repository or of another checkout, so that
//! before and after can be held side by side.

use std::collections::BTreeMap;
use std::path::Path;

use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{
    Block, GenericArgument, ImplItemFn, ItemFn, PathArguments, ReturnType, Signature, TraitItemFn, Type,
    Visibility,
};

use super::circles;
use super::source::{self, CRATES, Source};
use crate::task::Outcome;

/// Prints the figures of a folder.
pub fn print(root: &Path) -> Outcome {
    let sources = source::read_all(root)?;
    println!(
        "{:<12}{:>6}{:>8}  {:>14}  {:>14}{:>6}{:>8}{:>8}{:>7}{:>7}",
        "", "files", "lines", "file 50/90/max", "fn 50/90/max", "> 100", "Result", "public", "types", "names"
    );
    for part in ["src", "src/rules", "src/cli", "xtask", "testkit", "tests", "benches"] {
        let inside = |source: &&Source| source.path.starts_with(&format!("{part}/"));
        let chosen: Vec<&Source> = sources.iter().filter(inside).collect();
        if !chosen.is_empty() {
            print_row(part, &chosen);
        }
    }
    println!(
        "Result: signatures that end in `Result<_, String>`; types and names: how many types, and how many names for them\n"
    );
    for folder in CRATES {
        let circles = circles::find(&sources, folder);
        println!("{folder}: {} circles of files", circles.len());
        circles.iter().for_each(|circle| println!("  {} files: {}", circle.files.len(), circle.told()));
    }
    let lock = std::fs::read_to_string(root.join("Cargo.lock")).unwrap_or_default();
    println!("{} packages in Cargo.lock", lock.matches("[[package]]").count());
    Ok(())
}

fn print_row(part: &str, sources: &[&Source]) {
    let mut counter = Counter::default();
    sources.iter().for_each(|source| counter.visit_file(&source.syntax));
    let lines: Vec<usize> = sources.iter().map(|source| source.text.lines().count()).collect();
    let long = counter.functions.iter().filter(|lines| **lines > 100).count();
    println!(
        "{part:<12}{:>6}{:>8}  {:>14}  {:>14}{long:>6}{:>8}{:>8}{:>7}{:>7}",
        sources.len(),
        lines.iter().sum::<usize>(),
        sizes(lines),
        sizes(counter.functions),
        counter.string_errors,
        counter.public,
        counter.types.values().sum::<usize>(),
        counter.types.len(),
    );
}

/// The median, the ninth tenth and the greatest.
pub fn sizes(mut sizes: Vec<usize>) -> String {
    sizes.sort_unstable();
    let at = |percent: usize| sizes.get((sizes.len() * percent / 100).min(sizes.len().saturating_sub(1)));
    let [median, p90, longest] = [50, 90, 100].map(|percent| at(percent).copied().unwrap_or_default());
    format!("{median}/{p90}/{longest}")
}

/// What is counted in files; tests count too.
#[derive(Default)]
struct Counter {
    /// The lines of each function with a body.
    functions: Vec<usize>,
    /// Signatures that give `Result<_, String>`.
    string_errors: usize,
    /// Items, functions and methods that are `pub`.
    public: usize,
    /// How many types have a name.
    types: BTreeMap<String, usize>,
}

impl Counter {
    fn function(&mut self, signature: &Signature, block: &Block) {
        self.functions.push(block.span().end().line - signature.span().start().line + 1);
    }

    fn count(&mut self, visibility: &Visibility) {
        self.public += usize::from(matches!(visibility, Visibility::Public(_)));
    }
}

impl<'ast> Visit<'ast> for Counter {
    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.count(&item.vis);
        self.function(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        self.count(&item.vis);
        self.function(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast TraitItemFn) {
        if let Some(block) = &item.default {
            self.function(&item.sig, block);
        }
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_signature(&mut self, signature: &'ast Signature) {
        if let ReturnType::Type(_, result) = &signature.output {
            self.string_errors += usize::from(is_string_result(result));
        }
        visit::visit_signature(self, signature);
    }

    fn visit_item(&mut self, item: &'ast syn::Item) {
        match item {
            syn::Item::Struct(it) => {
                self.count(&it.vis);
                *self.types.entry(it.ident.to_string()).or_default() += 1;
            }
            syn::Item::Enum(it) => {
                self.count(&it.vis);
                *self.types.entry(it.ident.to_string()).or_default() += 1;
            }
            syn::Item::Trait(it) => self.count(&it.vis),
            syn::Item::Type(it) => self.count(&it.vis),
            syn::Item::Const(it) => self.count(&it.vis),
            syn::Item::Static(it) => self.count(&it.vis),
            syn::Item::Mod(it) => self.count(&it.vis),
            _ => {}
        }
        visit::visit_item(self, item);
    }
}

/// Whether the type is `Result<_, String>`.
fn is_string_result(result: &Type) -> bool {
    let Type::Path(path) = result else { return false };
    let Some(last) = path.path.segments.last().filter(|last| last.ident == "Result") else { return false };
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return false };
    matches!(arguments.args.iter().nth(1), Some(GenericArgument::Type(Type::Path(error))) if error.path.is_ident("String"))
}
