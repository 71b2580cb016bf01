//! The names that a Rust file uses: [`read`] gives each path in it as it is written, what it imports, and which modules it
//! declares for tests only. What a path leads to is found in [`super::graph`].

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItemFn, Item, ItemMod, ItemUse, Macro, UseTree, Visibility};

use super::source::Module;

/// A path that stands in a file.
#[derive(Clone, Debug)]
pub struct Written {
    /// The module in which it stands.
    pub module: Module,
    /// Its names: `crate`, `policy`, `Rule`.
    pub names: Vec<String>,
    /// Its line, from 1.
    pub line: usize,
    /// Whether it stands behind `#[cfg(test)]`.
    pub in_test: bool,
    /// What it is there for.
    pub purpose: Purpose,
}

/// What a path is there for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The code uses it.
    Use,
    /// It is imported under this name; `*` is everything.
    Import(String),
    /// The same, for others to use.
    Export(String),
}

/// What [`read`] finds.
#[derive(Debug, Default)]
pub struct Names {
    /// Every path, in order.
    pub written: Vec<Written>,
    /// The modules that the file holds between braces.
    pub inline: Vec<Module>,
    /// The modules that it declares behind `#[cfg(test)]`.
    pub for_tests: Vec<Module>,
    /// The macros that it gives to the whole crate.
    pub macros: Vec<String>,
}

/// Reads the names of a file that is that module.
pub fn read(module: &Module, file: &syn::File) -> Names {
    let mut reader = Reader { module: module.clone(), in_test: false, names: Names::default() };
    reader.visit_file(file);
    reader.names
}

struct Reader {
    module: Module,
    in_test: bool,
    names: Names,
}

impl Reader {
    fn push(&mut self, names: Vec<String>, line: usize, purpose: Purpose) {
        let (module, in_test) = (self.module.clone(), self.in_test);
        self.names.written.push(Written { module, names, line, in_test, purpose });
    }

    /// Looks at what stands behind attributes, which may say that it is for tests.
    fn behind(&mut self, attributes: &[Attribute], look: impl FnOnce(&mut Reader)) {
        let before = self.in_test;
        self.in_test |= attributes.iter().any(is_for_tests);
        look(self);
        self.in_test = before;
    }

    fn import(&mut self, tree: &UseTree, mut names: Vec<String>, line: usize, is_export: bool) {
        let purpose = |name: String| if is_export { Purpose::Export(name) } else { Purpose::Import(name) };
        match tree {
            UseTree::Path(path) => {
                names.push(path.ident.to_string());
                self.import(&path.tree, names, line, is_export);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(tree, names.clone(), tree.span().start().line, is_export);
                }
            }
            UseTree::Name(name) if name.ident == "self" => {
                let last = names.last().cloned().unwrap_or_default();
                self.push(names, line, purpose(last));
            }
            UseTree::Name(name) => {
                names.push(name.ident.to_string());
                self.push(names, line, purpose(name.ident.to_string()));
            }
            UseTree::Rename(rename) => {
                if rename.ident != "self" {
                    names.push(rename.ident.to_string());
                }
                self.push(names, line, purpose(rename.rename.to_string()));
            }
            UseTree::Glob(_) => self.push(names, line, purpose("*".to_owned())),
        }
    }

    /// The paths among the words of a macro, whose grammar nobody knows.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut names: Vec<String> = Vec::new();
        let (mut line, mut colons) = (0, 0);
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    if colons < 2 && !names.is_empty() {
                        self.push(std::mem::take(&mut names), line, Purpose::Use);
                    }
                    if names.is_empty() {
                        line = ident.span().start().line;
                    }
                    names.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                TokenTree::Group(group) => {
                    // `crate::{a, b}` in a macro is not written here.
                    self.push(std::mem::take(&mut names), line, Purpose::Use);
                    self.tokens(group.stream());
                    colons = 0;
                }
                _ => {
                    self.push(std::mem::take(&mut names), line, Purpose::Use);
                    colons = 0;
                }
            }
        }
        self.push(names, line, Purpose::Use);
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast Item) {
        self.behind(attributes(item), |reader| visit::visit_item(reader, item));
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.behind(&function.attrs, |reader| visit::visit_impl_item_fn(reader, function));
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        self.module.push(module.ident.to_string());
        if module.content.is_some() {
            self.names.inline.push(self.module.clone());
        }
        if self.in_test {
            self.names.for_tests.push(self.module.clone());
        }
        visit::visit_item_mod(self, module);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let is_export = !matches!(item.vis, Visibility::Inherited);
        self.import(&item.tree, Vec::new(), item.span().start().line, is_export);
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        let is_exported = item.attrs.iter().any(|attribute| attribute.path().is_ident("macro_export"));
        self.names.macros.extend(item.ident.as_ref().filter(|_| is_exported).map(ToString::to_string));
        visit::visit_item_macro(self, item);
    }

    /// `pub(super)` uses nothing.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.push(names, path.span().start().line, Purpose::Use);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, invocation: &'ast Macro) {
        self.visit_path(&invocation.path);
        self.tokens(invocation.tokens.clone());
    }
}

/// `#[cfg(test)]`, whatever else it wants, and `#[test]`.
fn is_for_tests(attribute: &Attribute) -> bool {
    let says_test = |tokens: TokenStream| {
        tokens.into_iter().any(|token| matches!(token, TokenTree::Ident(word) if word == "test"))
    };
    attribute.path().is_ident("test")
        || attribute.path().is_ident("cfg")
            && attribute.meta.require_list().is_ok_and(|list| says_test(list.tokens.clone()))
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
