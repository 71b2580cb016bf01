//! What functions may ask of the execution that called them: `include` and `tpl` above all.
//! Helm: engine.go `includeFun`, `tplFun`.

use rustc_hash::FxHashMap;

use super::{Dot, Error, ErrorKind, Frame, Meta, Result, State, no_template, without_no_value};
use crate::go::{slog, strconv};
use crate::template::ast::Tree;
use crate::template::func::{Context, Failure};
use crate::template::host::Host;
use crate::template::set::{Names, ROOT};
use crate::template::trace::Tracer;
use crate::value::{Str, Value};

/// How often a name may be included inside itself. Helm: engine.go `recursionMaxNums`.
const MAX_INCLUDES: usize = 1000;

/// The names that are being included. Helm: engine.go `includedNames`, which counts each.
#[derive(Default)]
pub(super) struct Included {
    /// The outermost, too few for any of them to be there too often: they need no counting.
    first: Vec<Str>,
    /// How often each of the others is there.
    more: FxHashMap<Str, usize>,
}

impl Included {
    /// Whether the name may be included once more, and notes that it is.
    fn enter(&mut self, name: &Str) -> bool {
        if self.first.len() < MAX_INCLUDES {
            self.first.push(name.clone());
            return true;
        }
        let more = self.more.entry(name.clone()).or_default();
        let count = self.first.iter().filter(|other| *other == name).count() + *more;
        *more += 1;
        count <= MAX_INCLUDES
    }

    /// The one that was entered last is done.
    fn leave(&mut self, name: &Str) {
        match self.more.get_mut(name) {
            Some(1) => drop(self.more.remove(name)),
            Some(count) => *count -= 1,
            None => drop(self.first.pop()),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Template(error)
    }
}

impl<T: Tracer> State<'_, '_, '_, T> {
    /// Executes a template on its own. What it writes stands at the end of the output, from the offset that is given back.
    fn capture(&mut self, names: &Names<'_>, tree: &Tree, name: &Str, data: &Value) -> Result<usize> {
        self.check_stack()?;
        let start = self.machine.out.len();
        let mut meta = Meta::default();
        if T::ON {
            meta = meta.with_origin(self.machine.tracer.enter_include(name, start));
        }
        State::new(&mut *self.machine, names, tree, 0).run(Dot { value: data, meta })?;
        Ok(start)
    }
}

impl<T: Tracer> Context for State<'_, '_, '_, T> {
    fn host(&mut self) -> &mut dyn Host {
        self.machine.host
    }

    fn include(&mut self, name: &Str, data: &Value) -> std::result::Result<Str, Failure> {
        if !self.machine.included.enter(name) {
            let text = "rendering template has a nested reference name";
            let text = format!("{text}: {name}: unable to execute template");
            return Err(Failure::Kind(ErrorKind::TooDeep, text));
        }
        let names = self.names;
        let tree = names.lookup(name).ok_or_else(|| no_template(name))?;
        let start = self.capture(names, tree, name, data)?;
        let text = Str::from(&self.machine.out[start..]);
        self.machine.out.truncate(start);
        if T::ON {
            self.machine.tracer.leave_include(&text);
        }
        self.machine.included.leave(name);
        Ok(text)
    }

    fn tpl(&mut self, text: &Str, data: &Value) -> std::result::Result<Str, Failure> {
        let around = |error: Error, what: &str| {
            let text = strconv::quote(text);
            error.within(Frame::Text(format!("{what} {text}")))
        };
        let set = self.names.set;
        let trees = set.parse_text(text).map_err(|error| around(error, "cannot parse template"))?;
        let root = Str::from(ROOT);
        let Some(tree) = trees.iter().find(|tree| tree.name == root) else { return Ok(Str::new()) };
        let names = self.names.with(&trees);
        let captured = self.capture(&names, tree, &root, data);
        let start = captured.map_err(|error| around(error, "error during tpl function execution for"))?;
        let mut out = self.machine.out.split_off(start);
        without_no_value(&mut out, self.machine.tracer);
        let out = Str::from(out);
        if T::ON {
            self.machine.tracer.leave_include(&out);
        }
        Ok(out)
    }

    fn lint_mode(&self) -> bool {
        self.names.set.options.lint
    }

    fn warn(&mut self, line: slog::Line) {
        self.machine.host.warn(line);
    }
}
