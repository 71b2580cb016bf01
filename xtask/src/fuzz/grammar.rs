//! Random templates over random values: every action, every function that repeats, arguments that mostly fit.

use plimsoll::funcs;
use plimsoll::template::func::Func;
use plimsoll::value::Type;
use serde_json::{Value, json};

use super::random::Random;
use super::tree::{Expr, Node, Template, Trim};

/// Functions that are left out, with the reason why two runs, or two programs, cannot be compared.
pub const LEFT_OUT: [(&str, &str); 40] = [
    ("now", "the time"),
    ("ago", "the time"),
    ("date", "a value that is no time stands for now"),
    ("dateInZone", "a value that is no time stands for now"),
    ("date_in_zone", "a value that is no time stands for now"),
    ("dateModify", "wants a time, which only now gives without a layout"),
    ("date_modify", "wants a time, which only now gives without a layout"),
    ("mustDateModify", "wants a time, which only now gives without a layout"),
    ("must_date_modify", "wants a time, which only now gives without a layout"),
    ("htmlDate", "a value that is no time stands for now"),
    ("htmlDateInZone", "a value that is no time stands for now"),
    ("durationRound", "a time is measured from now"),
    ("unixEpoch", "wants a time, which only now gives without a layout"),
    ("toDate", "compared by its own recorded cases"),
    ("mustToDate", "compared by its own recorded cases"),
    ("randAlpha", "random"),
    ("randAlphaNum", "random"),
    ("randAscii", "random"),
    ("randNumeric", "random"),
    ("randInt", "random"),
    ("randBytes", "random"),
    ("shuffle", "random"),
    ("uuidv4", "random"),
    ("bcrypt", "salted at random"),
    ("htpasswd", "salted at random"),
    ("encryptAES", "random start"),
    ("derivePassword", "costs a tenth of a second a call"),
    ("genPrivateKey", "random"),
    ("genCA", "random"),
    ("genCAWithKey", "random"),
    ("genSelfSignedCert", "random"),
    ("genSelfSignedCertWithKey", "random"),
    ("genSignedCert", "random"),
    ("genSignedCertWithKey", "random"),
    ("buildCustomCert", "its errors are those of Go's X.509 reader; compared by its own recorded cases"),
    ("getHostByName", "asks the network where it is on"),
    ("fail", "ends most templates at once; compared by its own recorded cases"),
    ("keys", "Go's order of keys is random"),
    ("values", "Go's order of keys is random"),
    ("fromToml", "its errors are those of another parser; compared by its own recorded cases"),
];

/// The engine's own functions with a number of arguments that suits them.
const BUILTINS: [(&str, usize); 20] = [
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
    ("eq", 2),
    ("ne", 2),
    ("lt", 2),
    ("le", 2),
    ("gt", 2),
    ("ge", 2),
];

const STRINGS: [&str; 56] = [
    "",
    "a",
    "b",
    "abc",
    "Hello World",
    "héllo wörld",
    "日本",
    " x ",
    "a-b_c.d",
    "camelCaseWord",
    "1",
    "-7",
    "0x1f",
    "010",
    "1.5",
    "1e3",
    "true",
    "false",
    "null",
    "a,b,c",
    "a b  c",
    "line1\\nline2\\n",
    "\\ttab",
    "%d",
    "%v|%s",
    "%05.2f",
    "%q",
    "%x",
    "[a-z]+",
    "(a)(b)?",
    "a.*",
    "^\\\\d+$",
    "${1}x",
    "1.2.3",
    ">=1.0.0",
    "^1.2",
    "~1",
    "1.2.x || 2",
    "v1.0.0-rc.1",
    "aGVsbG8=",
    "not base64!",
    "http://u:p@h.x:80/a?q=1#f",
    "/a/b/../c.txt",
    "x.tar.gz",
    "{a: 1, b: [x]}",
    "[1, 2]",
    "{\\\"a\\\": 1}",
    "a: b: c",
    "{{ .Values.s }}",
    "{{ fail \\\"x\\\" }}",
    "5m30s",
    "1h",
    "2006-01-02",
    "<b>&'",
    "é",
    "\\xff",
];

const NUMBERS: [&str; 22] = [
    "0",
    "1",
    "2",
    "3",
    "-1",
    "7",
    "10",
    "63",
    "100",
    "1.5",
    "-0.5",
    "1e3",
    "2.0",
    "1e6",
    "123456789",
    "0x10",
    "0b11",
    "0o7",
    "'a'",
    "1_000",
    "9223372036854775807",
    "1i",
];

const FIELDS: [&str; 48] = [
    ".Values.s",
    ".Values.i",
    ".Values.f",
    ".Values.b",
    ".Values.n",
    ".Values.l",
    ".Values.m",
    ".Values.e",
    ".Values.big",
    ".Values.m.a",
    ".Values.m.b.c",
    ".Values.l2",
    ".Values.ls",
    ".Values.lm",
    ".Values.missing",
    ".Values.missing.x",
    ".Values.s.x",
    ".Values.m.a.b",
    ".Values.em",
    ".Values.el",
    ".Values",
    ".Chart.Name",
    ".Release.Name",
    ".Release.Revision",
    ".Release.IsInstall",
    ".Values.u",
    ".Values.neg",
    ".Values.bt",
    ".Values.bf",
    ".Chart",
    ".Release",
    ".Template",
    ".Template.Name",
    ".Subcharts",
    ".Files",
    "(.Files.Get \"a\")",
    "(.Files.Lines \"a\")",
    "(.Files.Glob \"*\")",
    ".Capabilities",
    ".Capabilities.KubeVersion",
    ".Capabilities.KubeVersion.Minor",
    ".Capabilities.APIVersions",
    ".Capabilities.HelmVersion",
    "(.Capabilities.APIVersions.Has \"v1\")",
    ".Values.AsMap",
    ".Values.YAML",
    "(.Values.Table \"m.b\")",
    "(.Values.PathValue \"m.a\")",
];

const TEXTS: [&str; 8] = ["x", " ", "\n", "a: ", "\n  ", "- ", " \t", "é"];

/// A generator of cases.
pub struct Grammar {
    random: Random,
    functions: Vec<&'static Func>,
    /// Variables in scope.
    variables: Vec<String>,
    /// Names of templates that may be called.
    defines: Vec<String>,
    /// How many loops are around.
    loops: usize,
}

impl Grammar {
    /// The cases of that seed.
    pub fn new(seed: u64) -> Grammar {
        let left_out = |func: &&Func| !LEFT_OUT.iter().any(|(name, _)| *name == func.name);
        let functions = funcs::all().filter(left_out).collect();
        Grammar { random: Random::new(seed), functions, variables: Vec::new(), defines: Vec::new(), loops: 0 }
    }

    /// The next case.
    pub fn template(&mut self) -> Template {
        let values = self.values().to_string();
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
        Template { values, defines, body: self.nodes(3) }
    }

    fn values(&mut self) -> Value {
        let scalar = |random: &mut Random| match random.below(9) {
            0 => json!(null),
            1 => json!(true),
            2 => json!(random.below(100)),
            3 => json!(1.5),
            4 => json!(-3),
            5 => json!(1_234_567),
            6 => json!("text"),
            7 => json!(""),
            _ => json!(["x", 1, null]),
        };
        let random = &mut self.random;
        json!({
            "s": *random.pick(&["hello", "", "Ünïcode", "a-b c", "1.2.3", "multi\nline\n", "true", "0"]),
            "i": random.below(2000), "f": *random.pick(&[0.5, 1e21, 123_456_789.25, 1e-7, 3.0]),
            "b": random.percent(50), "bt": true, "bf": false, "n": null, "neg": -42, "big": 12_345_678_901_i64,
            "u": "日本語 <&> \"q\"", "e": scalar(random), "em": {}, "el": [],
            "l": [1, "two", 3.5, null, true], "l2": [[1, 2], [], [3]], "ls": ["b", "a", "c", "a"],
            "lm": [{"name": "x", "v": 1}, {"name": "y"}],
            "m": {"a": "v", "b": {"c": scalar(random), "d": [1]}, "z": scalar(random), "10": 1, "9": 2},
        })
    }

    fn nodes(&mut self, depth: usize) -> Vec<Node> {
        let scope = self.variables.len();
        let count = 1 + self.random.below(if depth == 3 { 5 } else { 3 });
        let nodes = (0..count).map(|_| self.node(depth)).collect();
        self.variables.truncate(scope);
        nodes
    }

    fn node(&mut self, depth: usize) -> Node {
        match self.random.below(100) {
            0..15 => Node::Text((*self.random.pick(&TEXTS)).to_owned()),
            15..20 => Node::Comment,
            20..28 => self.assign(depth),
            28..33 if self.loops > 0 => Node::Jump(self.random.pick::<&str>(&["break", "continue"])),
            33..38 if !self.defines.is_empty() => {
                let name = self.random.pick(&self.defines.clone()).clone();
                let data = self.random.percent(70).then(|| self.operand());
                Node::Template(name, data)
            }
            38..60 if depth > 0 => self.block(depth - 1),
            _ => {
                let trim = Trim(self.random.percent(15), self.random.percent(15));
                Node::Action(trim, self.expr(depth))
            }
        }
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
        let condition = self.expr(depth);
        let scope = self.variables.len();
        let variables = match (keyword, self.random.below(4)) {
            ("range", 0) => "$k, $x := ",
            ("range" | "with" | "if", 1) => "$x := ",
            _ => "",
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
        let otherwise = self.random.percent(30).then(|| self.nodes(depth));
        self.variables.truncate(scope);
        Node::Block { keyword, variables: variables.to_owned(), condition, body, otherwise }
    }

    fn expr(&mut self, depth: usize) -> Expr {
        match self.random.below(100) {
            0..25 => self.operand(),
            25..65 => self.call(depth, 0),
            65..70 => {
                let inner = self.call(depth, 0);
                Expr::Chain(Box::new(inner), self.random.pick(&[".a", ".x", ".a.b", ".name"]).to_string())
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
        let functions = self.functions.clone();
        let func = *self.random.pick(&functions);
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
                self.arg(func.name, param, depth)
            })
            .collect();
        Expr::Call(func.name.to_owned(), args)
    }

    fn builtin_arg(&mut self, name: &str, at: usize, depth: usize) -> Expr {
        match (name, at) {
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
    fn arg(&mut self, function: &str, param: Type, depth: usize) -> Expr {
        // Ours refuses to repeat a text for longer than a gigabyte, Helm does not.
        let repeats = param == Type::Int && ["repeat", "indent", "nindent"].contains(&function);
        if depth > 0 && self.random.percent(18) && !repeats {
            return self.expr(depth - 1);
        }
        if self.random.percent(8) && !repeats {
            return self.operand();
        }
        let text = match param {
            Type::String => return self.quoted(),
            Type::Int | Type::Int64 | Type::Float64 if repeats || function.starts_with("until") => {
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
        Expr::Plain(format!("\"{}\"", self.random.pick(&STRINGS)))
    }

    fn operand(&mut self) -> Expr {
        match self.random.below(10) {
            0..2 => self.quoted(),
            2..4 => Expr::Plain((*self.random.pick(&NUMBERS)).to_owned()),
            4 => Expr::Plain((*self.random.pick(&["true", "false", "nil", "`raw`"])).to_owned()),
            5 => {
                let name = self.random.pick(&self.variables.clone()).clone();
                // The whole of `$` holds `.Capabilities`, which Go prints as an address.
                let field = match (name.as_str(), self.random.percent(25)) {
                    ("$", _) => self.random.pick(&FIELDS).to_string(),
                    (_, true) => ".a".to_owned(),
                    (_, false) => String::new(),
                };
                Expr::Plain(format!("{name}{field}"))
            }
            _ => Expr::Plain((*self.random.pick(&FIELDS)).to_owned()),
        }
    }
}
