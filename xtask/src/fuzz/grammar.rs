//! Random templates over random values: every action, every function that repeats, arguments that mostly fit.

use plimsoll::internals::funcs;
use plimsoll::internals::template::func::Func;
use plimsoll::internals::value::Type;

use super::cannot_agree::{self, SIZE};
use super::compare::{Family, Sample};
use super::coverage;
use super::forms::{self, FORMS, Weight};
use super::tree::{Expr, Node, Template, Trim};
use super::typed::{self, TYPED};
use super::words::{CHAINS, FIELDS, NUMBERS, PIECES, RANGES, STRINGS, TEXTS, pool};
use testkit::engine;
use testkit::random::Random;

/// The engine's own functions with a number of arguments that suits them.
const BUILTINS: [(&str, usize); 25] = [
    ("and", 2),
    ("or", 2),
    ("not", 1),
    ("index", 2),
    ("slice", 2),
    ("slice", 3),
    ("len", 1),
    ("html", 1),
    ("js", 1),
    ("urlquery", 1),
    ("print", 2),
    ("println", 2),
    ("printf", 2),
    ("printf", 3),
    ("printf", 2),
    ("printf", 4),
    ("eq", 2),
    ("ne", 2),
    ("lt", 2),
    ("le", 2),
    ("gt", 2),
    ("ge", 2),
    ("index", 3),
    ("eq", 3),
    ("call", 1),
];

/// A generator of cases.
pub struct Grammar {
    random: Random,
    functions: Vec<&'static Func>,
    forms: Vec<(Weight, &'static str)>,
    /// Variables in scope.
    variables: Vec<String>,
    /// Names of templates that may be called.
    defines: Vec<String>,
    /// How many loops are around.
    loops: usize,
}

impl Grammar {
    /// The next case. An error ends a template and hides what comes after it: of the parts with which it no longer renders,
    /// most are thrown away.
    fn template(&mut self) -> Template {
        let values = typed::values(&mut self.random);
        self.variables = vec!["$".to_owned()];
        self.defines.clear();
        let mut defines = Vec::new();
        for name in ["one", "two"] {
            if self.random.percent(20) {
                // A template may only call those before it, so that nothing recurses.
                let body = self.nodes(2);
                self.variables = vec!["$".to_owned()];
                defines.push((name.to_owned(), body));
                self.defines.push(name.to_owned());
            }
        }
        let modes = [("strict", 8), ("lint", 5)];
        let modes = modes.iter().filter(|(_, percent)| self.random.percent(*percent)).map(|(mode, _)| *mode);
        let modes = modes.collect();
        let has_helpers = !defines.is_empty() && self.random.percent(50);
        let mut template = Template { values, modes, defines, has_helpers, body: Vec::new() };
        let whole = renders(&template);
        for _ in 0..=self.random.below(5) {
            let scope = self.variables.clone();
            for _ in 0..4 {
                let node = self.node(3);
                template.body.push(node);
                if !whole || self.random.percent(8) || renders(&template) {
                    break;
                }
                template.body.pop();
                self.variables.clone_from(&scope);
            }
        }
        if self.random.percent(6) { self.damaged(template) } else { template }
    }

    /// The template with bits of its text lost, doubled or put in: most of them no longer parse.
    fn damaged(&mut self, template: Template) -> Template {
        let mut letters: Vec<char> = template.to_string().chars().collect();
        for _ in 0..=self.random.below(2) {
            let at = self.random.below(letters.len() + 1);
            let end = (at + 1 + self.random.below(6)).min(letters.len());
            match self.random.below(4) {
                0 => drop(letters.drain(at..end)),
                1 => {
                    let copy = letters[at..end].to_vec();
                    letters.splice(at..at, copy);
                }
                2 => letters.truncate(at),
                _ => {
                    let piece = *self.random.pick::<&str>(PIECES);
                    letters.splice(at..at, piece.chars());
                }
            }
        }
        let body = vec![Node::Text(letters.into_iter().collect())];
        Template { defines: Vec::new(), has_helpers: false, body, ..template }
    }

    fn nodes(&mut self, depth: usize) -> Vec<Node> {
        let scope = self.variables.len();
        let count = 1 + self.random.below(3);
        let nodes = (0..count).map(|_| self.node(depth)).collect();
        self.variables.truncate(scope);
        nodes
    }

    fn node(&mut self, depth: usize) -> Node {
        match self.random.below(100) {
            0..15 => Node::Text((*self.random.pick(TEXTS)).to_owned()),
            15..20 => Node::Comment,
            20..28 => self.assign(depth),
            28..33 if self.loops > 0 => Node::Jump(self.random.pick::<&str>(&["break", "continue"])),
            33..38 if !self.defines.is_empty() => {
                let name = self.random.pick(&self.defines.clone()).clone();
                let data = self.random.percent(70).then(|| self.operand());
                Node::Template(name, data)
            }
            38..57 if depth > 0 => self.block(depth - 1),
            57..59 if depth > 0 => self.named(depth - 1),
            _ => {
                let trim = self.trim();
                Node::Action(trim, self.expr(depth))
            }
        }
    }

    fn trim(&mut self) -> Trim {
        Trim(self.random.percent(15), self.random.percent(15))
    }

    fn assign(&mut self, depth: usize) -> Node {
        let expr = self.expr(depth);
        let own: Vec<String> = self.variables.iter().skip(1).cloned().collect();
        if !own.is_empty() && self.random.percent(40) {
            return Node::Assign(self.random.pick(&own).clone(), false, expr);
        }
        let name = format!("$v{}", self.random.below(4));
        self.variables.push(name.clone());
        Node::Assign(name, true, expr)
    }

    fn block(&mut self, depth: usize) -> Node {
        let keyword = *self.random.pick(&["if", "with", "range"]);
        self.block_of(keyword, depth, false)
    }

    /// What `range` goes over, mostly something that it can.
    fn condition(&mut self, keyword: &str, depth: usize) -> Expr {
        if keyword == "range" && self.random.percent(95) {
            return Expr::Plain((*self.random.pick(RANGES)).to_owned());
        }
        self.expr(depth)
    }

    fn block_of(&mut self, keyword: &'static str, depth: usize, chained: bool) -> Node {
        let condition = self.condition(keyword, depth);
        let scope = self.variables.len();
        let own: Vec<String> = self.variables.iter().skip(1).cloned().collect();
        let variables = match (keyword, self.random.below(6)) {
            ("range", 0..2) => "$k, $x := ".to_owned(),
            (_, 2) => "$x := ".to_owned(),
            (_, 3) if !own.is_empty() && self.random.percent(40) => format!("{} = ", self.random.pick(&own)),
            _ => String::new(),
        };
        if variables.contains("$k") {
            self.variables.push("$k".to_owned());
        }
        if variables.contains("$x") {
            self.variables.push("$x".to_owned());
        }
        self.loops += usize::from(keyword == "range");
        let body = self.nodes(depth);
        self.loops -= usize::from(keyword == "range");
        let otherwise = match self.random.below(10) {
            0..2 => Some(self.nodes(depth)),
            2 if depth > 0 && keyword != "range" => Some(vec![self.block_of(keyword, depth - 1, true)]),
            _ => None,
        };
        self.variables.truncate(scope);
        let trim = self.trim();
        Node::Block { keyword, trim, variables, condition, body, otherwise, chained }
    }

    /// A `block`: its body sees no variable of those around it, and no loop.
    fn named(&mut self, depth: usize) -> Node {
        let data = self.operand();
        let variables = std::mem::replace(&mut self.variables, vec!["$".to_owned()]);
        let loops = std::mem::take(&mut self.loops);
        let body = self.nodes(depth);
        (self.variables, self.loops) = (variables, loops);
        Node::Named(format!("block-{}", self.random.below(1000)), data, body)
    }

    fn expr(&mut self, depth: usize) -> Expr {
        match self.random.below(100) {
            0..25 => self.operand(),
            25..65 => self.call(depth, 0),
            65..70 => {
                let inner = self.call(depth, 0);
                Expr::Chain(Box::new(inner), self.random.word(CHAINS).to_owned())
            }
            _ => {
                let mut stages =
                    vec![if self.random.percent(60) { self.operand() } else { self.call(depth, 0) }];
                for _ in 0..=self.random.below(3) {
                    stages.push(self.call(depth, 1));
                }
                Expr::Pipe(stages)
            }
        }
    }

    /// A call whose last `given` arguments come from the pipeline.
    fn call(&mut self, depth: usize, given: usize) -> Expr {
        if self.random.percent(25) {
            let (name, count) = *self.random.pick(&BUILTINS);
            let args = (given..count).map(|at| self.builtin_arg(name, at, depth)).collect();
            return Expr::Call(name.to_owned(), args);
        }
        if self.random.percent(5) && !self.defines.is_empty() {
            let name = self.random.pick(&self.defines.clone()).clone();
            let mut args = vec![Expr::Plain(format!("{name:?}"))];
            if given == 0 {
                args.push(self.operand());
            }
            return Expr::Call("include".to_owned(), args);
        }
        if given == 0 && self.random.percent(20) {
            return self.form();
        }
        let mut func = self.functions[self.random.below(self.functions.len())];
        while given > 0 && SIZE.functions.contains(&func.name) {
            func = self.functions[self.random.below(self.functions.len())];
        }
        let fixed = func.params.len() - usize::from(func.variadic);
        let extra = if func.variadic { self.random.below(4) } else { 0 };
        let slip = match self.random.below(40) {
            0 => 1,
            1 => -1,
            _ => 0,
        };
        let count = (fixed as isize + extra as isize + slip - given as isize).max(0) as usize;
        let args = (0..count)
            .map(|at| {
                let param = func.params.get(at).or(func.params.last()).copied().unwrap_or(Type::Any);
                self.arg(func.name, at, param, depth)
            })
            .collect();
        Expr::Call(func.name.to_owned(), args)
    }

    /// A call in one of the forms.
    fn form(&mut self) -> Expr {
        let (weight, form) = *self.random.pick(&self.forms);
        if weight == Weight::Slow && !self.random.percent(10) {
            return self.operand();
        }
        self.filled(form)
    }

    /// The form with its holes filled.
    fn filled(&mut self, form: &str) -> Expr {
        let mut random = Random::new(self.random.next());
        let text = forms::fill(form, &mut random, |_, operand| {
            let filling = if operand { self.operand() } else { self.quoted() };
            filling.to_string()
        });
        Expr::Plain(text)
    }

    fn builtin_arg(&mut self, name: &str, at: usize, depth: usize) -> Expr {
        match (name, at) {
            ("printf", 0) if self.random.percent(80) => {
                Expr::Plain(format!("\"{}\"", typed::format(&mut self.random)))
            }
            ("printf", 0) => self.quoted(),
            ("index" | "slice", 0) => Expr::Plain(
                (*self.random.pick(&[".Values.l", ".Values.m", ".Values.s", ".Values.l2", ".Values.n"]))
                    .to_owned(),
            ),
            ("index" | "slice", _) => Expr::Plain(
                (*self.random.pick(&["0", "1", "2", "-1", "9", "\"a\"", "\"b\"", "1.0"])).to_owned(),
            ),
            _ if self.random.percent(20) && depth > 0 => self.expr(depth - 1),
            _ => self.operand(),
        }
    }

    /// An argument that mostly fits the type.
    fn arg(&mut self, function: &str, at: usize, param: Type, depth: usize) -> Expr {
        let repeats = param != Type::String && SIZE.functions.contains(&function);
        if depth > 0 && self.random.percent(18) && !repeats {
            return self.expr(depth - 1);
        }
        if self.random.percent(8) && !repeats {
            return self.operand();
        }
        let text = match param {
            Type::String | Type::Any if pool(function, at).is_some_and(|_| self.random.percent(85)) => {
                return Expr::Plain((*self.random.pick(pool(function, at).unwrap_or(STRINGS))).to_owned());
            }
            Type::String => return self.quoted(),
            Type::Int | Type::Int64 | Type::Float64 | Type::Any if repeats => {
                *self.random.pick(&["0", "1", "2", "5", "-1"])
            }
            Type::Int | Type::Int64 | Type::Int32 | Type::Uint32 | Type::Float64 => {
                *self.random.pick(&["0", "1", "2", "3", "-1", "5", "20", ".Values.i", "(int .Values.f)"])
            }
            Type::Bool => *self.random.pick(&["true", "false", ".Values.b"]),
            Type::List => {
                *self.random.pick(&[".Values.l", ".Values.ls", ".Values.el", "(list 1 \"a\")", "(list)"])
            }
            Type::Map => {
                *self.random.pick(&[".Values.m", ".Values.em", "(dict \"a\" 1)", "(dict)", ".Values"])
            }
            Type::Strings => *self.random.pick(&["(splitList \",\" \"a,b\")", ".Values.ls"]),
            _ => return self.operand(),
        };
        Expr::Plain(text.to_owned())
    }

    fn quoted(&mut self) -> Expr {
        if self.random.percent(12) {
            return Expr::Plain((*self.random.pick(&[".Values.s", ".Values.u", ".Release.Name"])).to_owned());
        }
        Expr::Plain(format!("\"{}\"", self.random.pick(STRINGS)))
    }

    fn operand(&mut self) -> Expr {
        match self.random.below(13) {
            0..2 => self.quoted(),
            2..4 => Expr::Plain((*self.random.pick(NUMBERS)).to_owned()),
            4 => Expr::Plain((*self.random.pick(&["true", "false", "nil", "`raw`"])).to_owned()),
            5 => {
                let name = self.random.pick(&self.variables.clone()).clone();
                // The whole of `$` holds `.Capabilities`, which Go prints as an address.
                let field = match (name.as_str(), self.random.percent(25)) {
                    ("$", _) => self.random.pick(FIELDS).to_string(),
                    (_, true) => ".a".to_owned(),
                    (_, false) => String::new(),
                };
                Expr::Plain(format!("{name}{field}"))
            }
            6..9 => {
                let form = *self.random.pick(TYPED);
                self.filled(form)
            }
            _ => Expr::Plain((*self.random.pick(FIELDS)).to_owned()),
        }
    }
}

impl Family for Grammar {
    type Sample = Template;

    fn new(seed: u64) -> Result<Grammar, String> {
        let functions = funcs::all().filter(|func| !cannot_agree::is_called_in_forms(func.name)).collect();
        let forms = FORMS.iter().flat_map(|(_, weight, forms)| forms.iter().map(|form| (*weight, *form)));
        let (variables, defines) = (Vec::new(), Vec::new());
        let random = Random::new(seed);
        Ok(Grammar { random, functions, forms: forms.collect(), variables, defines, loops: 0 })
    }

    fn sample(&mut self) -> Template {
        self.template()
    }

    fn names() -> Vec<&'static str> {
        coverage::names()
    }
}

/// Whether ours renders it.
fn renders(template: &Template) -> bool {
    engine::render(&template.case()).is_ok()
}
