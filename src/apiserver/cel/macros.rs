//! Macros: calls that are written out as loops and conditions before anything is known of their types.
//!
//! Go: cel-go `parser/macro.go`, `ext/comprehensions.go`, `ext/lists.go`, `cel/library.go`.

use std::rc::Rc;

use super::nodes::Nodes;
use super::syntax::{ACCUMULATOR, Call, Expr, Fold, Item, Kind, Literal, Select};

/// The minors since which macros with two variables, and `sortBy`, are there.
const TWO_VARIABLES: u32 = 32;
const SORT_BY: u32 = 34;

/// The call, or what it stands for where it is a macro; `id` is its number.
pub fn expand(nodes: &mut Nodes, id: usize, call: Call) -> Expr {
    let at = nodes.place(id);
    let has_two = nodes.minor >= TWO_VARIABLES;
    let Call { target, function, args } = call;
    let mut make = Maker { nodes, at };
    let expanded = match (&*function, args.len(), target) {
        ("has", 1, None) => Ok(make.has(args)),
        (name @ ("all" | "exists" | "exists_one"), 2, Some(target)) => make.quantifier(name, target, args, 1),
        (name @ ("all" | "exists" | "exists_one" | "existsOne"), 3, Some(target)) if has_two => {
            make.quantifier(name, target, args, 2)
        }
        ("map", 2 | 3, Some(target)) => make.map(target, args),
        ("filter", 2, Some(target)) => make.filter(target, args),
        ("optMap" | "optFlatMap", 2, Some(target)) => make.optional(&function, target, args),
        ("transformList" | "transformMap", 3 | 4, Some(target)) if has_two => {
            make.transform(&function, target, args)
        }
        ("transformMapEntry", 3 | 4, Some(target)) if has_two => make.transform(&function, target, args),
        ("bind", 3, Some(target)) if make.nodes.has_bind && is_named(&target, "cel") => make.bound(args),
        ("sortBy", 2, Some(target)) if make.nodes.minor >= SORT_BY => make.sorted(target, args),
        (_, _, target) => {
            return Expr { id, kind: Kind::Call(Box::new(Call { target, function, args })) };
        }
    };
    expanded.unwrap_or_else(|Wrong(at, message)| make.nodes.wrong(at, &message))
}

fn is_named(expr: &Expr, name: &str) -> bool {
    matches!(&expr.kind, Kind::Ident(own) if &**own == name)
}

/// What is wrong with an argument that stands at a place.
struct Wrong(usize, String);

type Made = Result<Expr, Wrong>;

struct Maker<'a> {
    nodes: &'a mut Nodes,
    at: usize,
}

impl Maker<'_> {
    fn node(&mut self, kind: Kind) -> Expr {
        self.nodes.node(self.at, kind)
    }

    fn literal(&mut self, literal: Literal) -> Expr {
        self.node(Kind::Literal(literal))
    }

    fn ident(&mut self, name: &str) -> Expr {
        self.node(Kind::Ident(name.into()))
    }

    fn accumulator(&mut self) -> Expr {
        self.ident(ACCUMULATOR)
    }

    fn list(&mut self, exprs: Vec<Expr>) -> Expr {
        let items = exprs.into_iter().map(|expr| Item { expr, is_optional: false }).collect();
        self.node(Kind::List(items))
    }

    fn call(&mut self, function: &str, args: Vec<Expr>) -> Expr {
        self.nodes.call(self.at, function, args)
    }

    fn member(&mut self, function: &str, target: Expr, args: Vec<Expr>) -> Expr {
        self.node(Kind::Call(Box::new(Call { target: Some(target), function: function.into(), args })))
    }

    fn fold(&mut self, fold: Fold) -> Expr {
        self.node(Kind::Fold(Box::new(fold)))
    }

    /// A copy whose nodes have numbers of their own.
    fn copy(&mut self, expr: &Expr) -> Expr {
        let mut copy = expr.clone();
        self.renumber(&mut copy);
        copy
    }

    fn renumber(&mut self, expr: &mut Expr) {
        let place = self.nodes.place(expr.id);
        expr.id = self.nodes.node(place, Kind::Missing).id;
        match &mut expr.kind {
            Kind::Missing | Kind::Literal(_) | Kind::Ident(_) | Kind::TypeName(_) => {}
            Kind::Select(select) => self.renumber(&mut select.operand),
            Kind::Call(call) => {
                call.target.iter_mut().chain(&mut call.args).for_each(|expr| self.renumber(expr));
            }
            Kind::List(items) => items.iter_mut().for_each(|item| self.renumber(&mut item.expr)),
            Kind::Map(entries) => entries.iter_mut().for_each(|entry| {
                self.renumber(&mut entry.key);
                self.renumber(&mut entry.value);
            }),
            Kind::Message(_, fields) => fields.iter_mut().for_each(|field| self.renumber(&mut field.value)),
            Kind::Fold(fold) => {
                for expr in
                    [&mut fold.range, &mut fold.init, &mut fold.condition, &mut fold.step, &mut fold.result]
                {
                    self.renumber(expr);
                }
            }
        }
    }

    fn has(&mut self, mut args: Vec<Expr>) -> Expr {
        let arg = args.remove(0);
        if let Kind::Select(select) = arg.kind {
            return self.node(Kind::Select(Box::new(Select { is_test: true, ..*select })));
        }
        let at = self.nodes.place(arg.id);
        self.nodes.wrong(at, "invalid argument to has() macro")
    }

    /// The name of a loop's variable.
    fn variable(&self, arg: &Expr, words: &str) -> Result<Rc<str>, Wrong> {
        let at = self.nodes.place(arg.id);
        match &arg.kind {
            Kind::Ident(name) if matches!(&**name, ACCUMULATOR | "__result__") => {
                Err(Wrong(at, "iteration variable overwrites accumulator variable".to_owned()))
            }
            Kind::Ident(name) => Ok(name.clone()),
            _ => Err(Wrong(at, words.to_owned())),
        }
    }

    fn variables(&self, args: &[Expr]) -> Result<(Rc<str>, Option<Rc<str>>), Wrong> {
        const WORDS: &str = "argument must be a simple name";
        let first = self.variable(&args[0], WORDS)?;
        let second = self.variable(&args[1], WORDS)?;
        if first == second {
            let at = self.nodes.place(args[1].id);
            return Err(Wrong(at, format!("duplicate variable name: {first}")));
        }
        Ok((first, Some(second)))
    }

    fn quantifier(&mut self, name: &str, target: Expr, mut args: Vec<Expr>, variables: usize) -> Made {
        let (variable, second) = match variables {
            1 => (self.variable(&args[0], "argument must be a simple name")?, None),
            _ => self.variables(&args)?,
        };
        let body = args.remove(variables);
        let (init, condition, step, result);
        match name {
            "all" => {
                init = self.literal(Literal::Bool(true));
                let accumulator = self.accumulator();
                condition = self.call("@not_strictly_false", vec![accumulator]);
                let accumulator = self.accumulator();
                step = self.call("_&&_", vec![accumulator, body]);
                result = self.accumulator();
            }
            "exists" => {
                init = self.literal(Literal::Bool(false));
                let accumulator = self.accumulator();
                let not = self.call("!_", vec![accumulator]);
                condition = self.call("@not_strictly_false", vec![not]);
                let accumulator = self.accumulator();
                step = self.call("_||_", vec![accumulator, body]);
                result = self.accumulator();
            }
            _ => {
                init = self.literal(Literal::Int(0));
                condition = self.literal(Literal::Bool(true));
                let (accumulator, one) = (self.accumulator(), self.literal(Literal::Int(1)));
                let more = self.call("_+_", vec![accumulator, one]);
                let same = self.accumulator();
                step = self.call("_?_:_", vec![body, more, same]);
                let (accumulator, one) = (self.accumulator(), self.literal(Literal::Int(1)));
                result = self.call("_==_", vec![accumulator, one]);
            }
        }
        let accumulator = ACCUMULATOR.into();
        Ok(self.fold(Fold { range: target, variable, second, accumulator, init, condition, step, result }))
    }

    /// A loop that puts more into what it makes at each step, where a condition holds.
    fn collect(
        &mut self,
        range: Expr,
        (variable, second): (Rc<str>, Option<Rc<str>>),
        (init, step): (Expr, Expr),
        condition: Option<Expr>,
    ) -> Expr {
        let step = match condition {
            Some(condition) => {
                let same = self.accumulator();
                self.call("_?_:_", vec![condition, step, same])
            }
            None => step,
        };
        let condition = self.literal(Literal::Bool(true));
        let result = self.accumulator();
        let accumulator = ACCUMULATOR.into();
        self.fold(Fold { range, variable, second, accumulator, init, condition, step, result })
    }

    fn appended(&mut self, expr: Expr) -> Expr {
        let (accumulator, list) = (self.accumulator(), self.list(vec![expr]));
        self.call("_+_", vec![accumulator, list])
    }

    fn map(&mut self, target: Expr, mut args: Vec<Expr>) -> Made {
        let variable = self.variable(&args[0], "argument is not an identifier")?;
        let body = args.remove(args.len() - 1);
        let condition = (args.len() == 2).then(|| args.remove(1));
        let init = self.list(Vec::new());
        let step = self.appended(body);
        Ok(self.collect(target, (variable, None), (init, step), condition))
    }

    fn filter(&mut self, target: Expr, mut args: Vec<Expr>) -> Made {
        let variable = self.variable(&args[0], "argument is not an identifier")?;
        let condition = args.remove(1);
        let init = self.list(Vec::new());
        let step = self.appended(args.remove(0));
        Ok(self.collect(target, (variable, None), (init, step), Some(condition)))
    }

    fn transform(&mut self, name: &str, target: Expr, mut args: Vec<Expr>) -> Made {
        let (first, second) = self.variables(&args)?;
        let body = args.remove(args.len() - 1);
        let condition = (args.len() == 3).then(|| args.remove(2));
        let (init, step);
        if name == "transformList" {
            init = self.list(Vec::new());
            step = self.appended(body);
        } else {
            init = self.node(Kind::Map(Vec::new()));
            let accumulator = self.accumulator();
            let args = match name {
                "transformMap" => vec![accumulator, self.ident(&first), body],
                _ => vec![accumulator, body],
            };
            step = self.call("cel.@mapInsert", args);
        }
        Ok(self.collect(target, (first, second), (init, step), condition))
    }

    /// A name for a value, within an expression.
    fn bind(&mut self, name: Rc<str>, value: Expr, body: Expr) -> Expr {
        let range = self.list(Vec::new());
        let condition = self.literal(Literal::Bool(false));
        let step = self.ident(&name);
        self.fold(Fold {
            range,
            variable: "#unused".into(),
            second: None,
            accumulator: name,
            init: value,
            condition,
            step,
            result: body,
        })
    }

    fn bound(&mut self, mut args: Vec<Expr>) -> Made {
        let at = self.nodes.place(args[0].id);
        let Kind::Ident(name) = args[0].kind.clone() else {
            return Err(Wrong(at, "cel.bind() variable names must be simple identifiers".to_owned()));
        };
        let body = args.remove(2);
        Ok(self.bind(name, args.remove(1), body))
    }

    fn optional(&mut self, name: &str, target: Expr, mut args: Vec<Expr>) -> Made {
        let at = self.nodes.place(args[0].id);
        let Kind::Ident(variable) = args[0].kind.clone() else {
            return Err(Wrong(at, format!("{name}() variable name must be a simple identifier")));
        };
        let copy = self.copy(&target);
        let value = self.member("value", copy, Vec::new());
        let bound = self.bind(variable, value, args.remove(1));
        let found = match name {
            "optMap" => self.call("optional.of", vec![bound]),
            _ => bound,
        };
        let condition = self.member("hasValue", target, Vec::new());
        let none = self.call("optional.none", Vec::new());
        Ok(self.call("_?_:_", vec![condition, found, none]))
    }

    fn sorted(&mut self, target: Expr, args: Vec<Expr>) -> Made {
        const INPUT: &str = "@__sortBy_input__";
        let at = self.nodes.place(target.id);
        if !matches!(
            target.kind,
            Kind::List(_) | Kind::Select(_) | Kind::Ident(_) | Kind::Fold(_) | Kind::Call(_)
        ) {
            let words =
                "sortBy can only be applied to a list, identifier, comprehension, call or select expression";
            return Err(Wrong(at, words.to_owned()));
        }
        let input = self.ident(INPUT);
        let keys = self.map(input, args)?;
        let input = self.ident(INPUT);
        let sorted = self.member("@sortByAssociatedKeys", input, vec![keys]);
        Ok(self.bind(INPUT.into(), target, sorted))
    }
}
