//! A random template as a tree, so that it can be printed and made smaller.

use std::fmt::{self, Display, Formatter};

/// A case: values, named templates, and the template that is rendered.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// `values.yaml`, as JSON.
    pub values: String,
    /// Helm's `strict` and `lint`, where they are on.
    pub modes: Vec<&'static str>,
    /// The `define`s.
    pub defines: Vec<(String, Vec<Node>)>,
    /// Whether these stand in a file of their own.
    pub has_helpers: bool,
    /// The body.
    pub body: Vec<Node>,
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// Literal text.
    Text(String),
    /// `{{ EXPR }}` with trim markers.
    Action(Trim, Expr),
    /// `{{ $v := EXPR }}` or `=`.
    Assign(String, bool, Expr),
    /// `if`, `with` or `range`.
    Block {
        /// The keyword.
        keyword: &'static str,
        /// The trim markers of its first and of its last action.
        trim: Trim,
        /// The variables of a `range` or the declaration of the others, with ` := `.
        variables: String,
        /// The pipeline.
        condition: Expr,
        /// What follows.
        body: Vec<Node>,
        /// What follows `else`.
        otherwise: Option<Vec<Node>>,
        /// Whether it is written `else KEYWORD` where it is all that follows an `else`.
        chained: bool,
    },
    /// `{{ block "name" EXPR }}`
    Named(String, Expr, Vec<Node>),
    /// `break` or `continue`.
    Jump(&'static str),
    /// `{{ template "name" EXPR }}`
    Template(String, Option<Expr>),
    /// A comment.
    Comment,
}

/// Which trim markers an action has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trim(pub bool, pub bool);

impl Trim {
    fn left(trims: bool) -> &'static str {
        if trims { "{{- " } else { "{{ " }
    }

    fn right(trims: bool) -> &'static str {
        if trims { " -}}" } else { " }}" }
    }
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A literal, a field chain, a variable: printed as it is.
    Plain(String),
    /// A function with its arguments.
    Call(String, Vec<Expr>),
    /// Expressions joined by `|`; all but the first are calls.
    Pipe(Vec<Expr>),
    /// `(EXPR).field`
    Chain(Box<Expr>, String),
}

impl Display for Template {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (name, body) in &self.defines {
            write!(f, "{{{{ define {name:?} }}}}")?;
            write_all(body, f)?;
            f.write_str("{{ end }}")?;
        }
        write_all(&self.body, f)
    }
}

fn write_all(nodes: &[Node], f: &mut Formatter<'_>) -> fmt::Result {
    nodes.iter().try_for_each(|node| node.fmt(f))
}

impl Display for Node {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Node::Text(text) => f.write_str(text),
            Node::Action(Trim(left, right), expr) => {
                let (left, right) = (Trim::left(*left), Trim::right(*right));
                write!(f, "{left}{expr}{right}")
            }
            Node::Assign(name, declares, expr) => {
                write!(f, "{{{{ {name} {} {expr} }}}}", if *declares { ":=" } else { "=" })
            }
            Node::Block { trim: Trim(left, _), .. } => {
                f.write_str(Trim::left(*left))?;
                self.write_block(f)
            }
            Node::Named(name, data, body) => {
                write!(f, "{{{{ block {name:?} {data} }}}}")?;
                write_all(body, f)?;
                f.write_str("{{ end }}")
            }
            Node::Jump(keyword) => write!(f, "{{{{ {keyword} }}}}"),
            Node::Template(name, None) => write!(f, "{{{{ template {name:?} }}}}"),
            Node::Template(name, Some(data)) => write!(f, "{{{{ template {name:?} {data} }}}}"),
            Node::Comment => f.write_str("{{- /* c */ -}}"),
        }
    }
}

impl Node {
    /// A block from its keyword on.
    fn write_block(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Node::Block { keyword, trim, variables, condition, body, otherwise, .. } = self else {
            return Ok(());
        };
        let Trim(left, right) = *trim;
        write!(f, "{keyword} {variables}{condition}{}", Trim::right(right))?;
        write_all(body, f)?;
        match otherwise.as_deref() {
            Some([next @ Node::Block { keyword: other, chained: true, .. }]) if other == keyword => {
                f.write_str("{{ else ")?;
                return next.write_block(f);
            }
            Some(otherwise) => {
                f.write_str("{{ else }}")?;
                write_all(otherwise, f)?;
            }
            None => {}
        }
        write!(f, "{}end{}", Trim::left(right), Trim::right(left))
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Expr::Plain(text) => f.write_str(text),
            Expr::Call(name, args) => {
                f.write_str(name)?;
                args.iter().try_for_each(|arg| match arg {
                    Expr::Plain(text) => write!(f, " {text}"),
                    other => write!(f, " ({other})"),
                })
            }
            Expr::Pipe(stages) => {
                let texts: Vec<String> = stages.iter().map(Expr::to_string).collect();
                f.write_str(&texts.join(" | "))
            }
            Expr::Chain(inner, fields) => write!(f, "({inner}){fields}"),
        }
    }
}
