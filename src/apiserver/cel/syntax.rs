//! The tree of an expression, in which macros are written out.

use std::rc::Rc;

/// The accumulator of a comprehension that a macro made.
pub const ACCUMULATOR: &str = "@result";

/// A value that stands in the text.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Text(Rc<str>),
    Bytes(Rc<[u8]>),
}

/// A node; its number says where its place and its type stand.
#[derive(Clone, Debug)]
pub struct Expr {
    pub id: usize,
    pub kind: Kind,
}

#[derive(Clone, Debug)]
pub enum Kind {
    /// What could not be read.
    Missing,
    Literal(Literal),
    Ident(Rc<str>),
    /// The name of a type.
    TypeName(Rc<str>),
    Select(Box<Select>),
    Call(Box<Call>),
    List(Vec<Item>),
    Map(Vec<Entry>),
    Message(Rc<str>, Vec<Field>),
    Fold(Box<Fold>),
}

/// `operand.field`, or whether it is there.
#[derive(Clone, Debug)]
pub struct Select {
    pub operand: Expr,
    pub field: Rc<str>,
    pub is_test: bool,
}

#[derive(Clone, Debug)]
pub struct Call {
    pub target: Option<Expr>,
    pub function: Rc<str>,
    pub args: Vec<Expr>,
}

#[derive(Clone, Debug)]
pub struct Item {
    pub expr: Expr,
    pub is_optional: bool,
}

#[derive(Clone, Debug)]
pub struct Entry {
    pub key: Expr,
    pub value: Expr,
    pub is_optional: bool,
}

/// A field of a message that is made.
#[derive(Clone, Debug)]
pub struct Field {
    pub id: usize,
    pub name: Rc<str>,
    pub value: Expr,
    pub is_optional: bool,
}

/// A loop over a list or a map.
#[derive(Clone, Debug)]
pub struct Fold {
    pub range: Expr,
    pub variable: Rc<str>,
    /// The second variable, where there are two: index and item, or key and value.
    pub second: Option<Rc<str>>,
    pub accumulator: Rc<str>,
    pub init: Expr,
    pub condition: Expr,
    pub step: Expr,
    pub result: Expr,
}

impl Fold {
    /// Whether it only gives a value a name.
    pub fn is_bind(&self) -> bool {
        matches!(&self.range.kind, Kind::List(items) if items.is_empty())
            && matches!(self.condition.kind, Kind::Literal(Literal::Bool(false)))
            && &*self.accumulator != "__result__"
    }
}

impl Expr {
    /// The nodes right below.
    pub fn below(&self) -> Vec<&Expr> {
        match &self.kind {
            Kind::Missing | Kind::Literal(_) | Kind::Ident(_) | Kind::TypeName(_) => Vec::new(),
            Kind::Select(select) => vec![&select.operand],
            Kind::Call(call) => call.target.iter().chain(&call.args).collect(),
            Kind::List(items) => items.iter().map(|item| &item.expr).collect(),
            Kind::Map(entries) => entries.iter().flat_map(|entry| [&entry.key, &entry.value]).collect(),
            Kind::Message(_, fields) => fields.iter().map(|field| &field.value).collect(),
            Kind::Fold(fold) => {
                vec![&fold.range, &fold.init, &fold.condition, &fold.step, &fold.result]
            }
        }
    }

    /// Calls a function with each node, those above first.
    pub fn walk<'a>(&'a self, tell: &mut impl FnMut(&'a Expr)) {
        tell(self);
        for below in self.below() {
            below.walk(tell);
        }
    }
}
