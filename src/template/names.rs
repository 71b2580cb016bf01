//! [`Names`]: which templates a file defines, and which it calls by which names, without executing it.

use std::rc::Rc;

use super::ast::{Arg, List, Node, Pipe, Tree};
use super::calls::called;
use super::error::Error;
use super::functions::Functions;
use super::parsed::Parsed;
use crate::value::{Str, Value};

/// What names a file defines and calls.
#[derive(Clone, Default)]
pub struct Names {
    /// The templates that it defines, but those that hold nothing but space.
    pub defines: Vec<Define>,
    /// The names that stand there in a call, with their lines.
    pub calls: Vec<(String, usize)>,
    /// What stands there where a name is put together as the template goes, `*` for what nobody knows.
    pub patterns: Vec<String>,
    /// Where fields are looked at of which a condition or a `default` takes care.
    pub tested: Vec<u32>,
}

/// A template that a file defines.
#[derive(Clone)]
pub struct Define {
    /// Its name.
    pub name: String,
    /// Its line.
    pub line: usize,
    tree: Rc<Tree>,
}

impl Define {
    /// Whether it does what another does.
    pub fn is_same(&self, other: &Define) -> bool {
        let (own, others) = (&self.tree, &other.tree);
        // Charts carry copies of the same files.
        let is_copy = || self.line == other.line && own.source.text == others.source.text;
        Rc::ptr_eq(own, others) || is_copy() || own.root.to_string() == others.root.to_string()
    }
}

/// The functions that take care of what is empty.
const CAREFUL: [&str; 9] = ["default", "coalesce", "required", "ternary", "empty", "and", "or", "not", "len"];

impl Names {
    /// Those of a file.
    ///
    /// # Errors
    /// The text is no template.
    pub fn of(name: &str, text: &[u8], parsed: &Parsed, funcs: &Functions) -> Result<Names, Error> {
        let mut names = Names::default();
        for tree in &*parsed.file(&Str::from(name), text, funcs)? {
            names.add(tree, name);
        }
        Ok(names)
    }

    fn add(&mut self, tree: &Rc<Tree>, file: &str) {
        let source = &tree.source;
        if &*tree.name.to_str() != file && !tree.root.is_empty() {
            let first = tree.root.nodes.first().map_or(0, Node::pos) as usize;
            // What was trimmed stands between the name and the first node.
            let head = &source.text[..first.min(source.text.len())];
            let quoted = [b"\"", tree.name.as_bytes(), b"\""].concat();
            let at = memchr::memmem::rfind(head, &quoted).unwrap_or(first);
            self.defines.push(Define {
                name: tree.name.to_string(),
                line: source.line(at as u32),
                tree: Rc::clone(tree),
            });
        }
        self.calls
            .extend(called(&tree.root).into_iter().map(|(name, pos)| (name.to_string(), source.line(pos))));
        self.list(&tree.root);
    }

    fn list(&mut self, list: &List) {
        for node in &list.nodes {
            match node {
                Node::Text(_) | Node::Break(_) | Node::Continue(_) => {}
                Node::Action(action) => self.pipe(&action.pipe, !action.pipe.decl.is_empty()),
                Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
                    self.pipe(&branch.pipe, true);
                    self.list(&branch.list);
                    branch.else_list.iter().for_each(|list| self.list(list));
                }
                Node::Template(template) => {
                    template.pipe.iter().for_each(|pipe| self.pipe(pipe, false));
                }
            }
        }
    }

    fn pipe(&mut self, pipe: &Pipe, is_tested: bool) {
        let is_careful = |args: &[Arg]| match args.first() {
            Some(Arg::Identifier(identifier)) => CAREFUL.contains(&identifier.func.name),
            _ => false,
        };
        let is_tested = is_tested || pipe.cmds.iter().any(|command| is_careful(&command.args));
        for command in &pipe.cmds {
            if let [Arg::Identifier(identifier), name, ..] = &*command.args
                && identifier.func.name == "include"
                && !matches!(name, Arg::String(_))
            {
                self.patterns.push(pattern(name));
            }
            for arg in &command.args {
                match arg {
                    Arg::Field(field) if is_tested => self.tested.push(field.pos),
                    Arg::Variable(variable) if is_tested => self.tested.push(variable.pos),
                    Arg::Chain(chain) => {
                        if is_tested {
                            self.tested.push(chain.pos);
                        }
                        if let Arg::Pipe(pipe) = &chain.node {
                            self.pipe(pipe, is_tested);
                        }
                    }
                    Arg::Pipe(pipe) => self.pipe(pipe, is_tested),
                    _ => {}
                }
            }
        }
    }
}

/// What is known of a name that is put together.
fn pattern(name: &Arg) -> String {
    const ANY: &str = "*";
    let text = |arg: &Arg| match arg {
        Arg::String(string) => match &string.value {
            Value::Str(text) => Some(text.to_string()),
            _ => None,
        },
        _ => None,
    };
    let Arg::Pipe(pipe) = name else { return text(name).unwrap_or_else(|| ANY.to_owned()) };
    let [command] = &*pipe.cmds else { return ANY.to_owned() };
    match &*command.args {
        [Arg::Identifier(identifier), format, ..] if identifier.func.name == "printf" => {
            let Some(format) = text(format) else { return ANY.to_owned() };
            let mut parts = format.split('%');
            let first = parts.next().unwrap_or_default().to_owned();
            parts.fold(first, |all, part| all + ANY + part.get(1..).unwrap_or_default())
        }
        [Arg::Identifier(identifier), parts @ ..] if identifier.func.name == "print" => {
            parts.iter().map(|part| text(part).unwrap_or_else(|| ANY.to_owned())).collect()
        }
        _ => ANY.to_owned(),
    }
}

/// Whether a name is one that a pattern may stand for.
pub fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Names {
        Names::of("a.yaml", text.as_bytes(), &Parsed::default(), &Functions::new([])).unwrap()
    }

    #[test]
    fn names_stand_with_their_lines() {
        let names = of(
            "a\n{{- define \"x\" -}}\n\n  b\n{{- end }}\n{{ template \"y\" . }}{{ define \"z\" }} {{ end }}",
        );
        let defines = names.defines.iter().map(|define| (&*define.name, define.line));
        assert_eq!(defines.collect::<Vec<_>>(), [("x", 2)]);
        let other = |text| of(text).defines.remove(0);
        assert!(names.defines[0].is_same(&other("{{ define \"x\" -}} b {{- end }}")));
        assert!(!names.defines[0].is_same(&other("{{ define \"x\" }}c{{ end }}")));
        assert_eq!(names.calls, [("y".to_owned(), 6)]);
    }

    #[test]
    fn patterns_fit_what_they_may_stand_for() {
        for (pattern, name, wanted) in [
            ("a.*", "a.b", true),
            ("*", "a", true),
            ("*.b", "a.b", true),
            ("a.*.c", "a.b.c", true),
            ("a.*.c", "a.c", false),
            ("a", "ab", false),
            ("a.*", "b.a.", false),
        ] {
            assert_eq!(fits(pattern, name), wanted, "{pattern} {name}");
        }
    }
}
