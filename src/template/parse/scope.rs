//! What the parser knows about the one template that it is parsing. Go keeps this in `parse.Tree`.

use crate::template::lex::Item;
use crate::value::Str;

/// A variable that no declaration before it can have pushed.
const NOWHERE: u32 = u32::MAX;

pub struct Scope {
    /// The template's name.
    pub name: Str,
    /// Look-ahead of three tokens.
    pub token: [Item; 3],
    /// How many of them are there.
    pub peek_count: usize,
    /// The line of the left delimiter of the action being parsed, or 0.
    pub action_line: usize,
    /// How many `range` surround this place.
    pub range_depth: usize,
    /// How many parentheses do.
    pub stack_depth: usize,
    /// The variables that Go's parser takes for declared, by number; `$` is always.
    vars: Vec<u32>,
    /// The variables, by number, that the evaluator will have on its stack here. It knows better than the parser: what
    /// the first half of an `if` declares is gone in its `else`.
    stack: Vec<u32>,
    /// All names met; the index is the number.
    names: Vec<Str>,
}

/// How far the two stacks of variables reach.
#[derive(Clone, Copy)]
pub struct Mark {
    vars: usize,
    stack: usize,
}

impl Scope {
    pub fn new(name: Str) -> Self {
        Scope {
            name,
            token: [Item::NONE; 3],
            peek_count: 0,
            action_line: 0,
            range_depth: 0,
            stack_depth: 0,
            vars: Vec::new(),
            stack: vec![0],
            names: vec![Str::from("$")],
        }
    }

    /// The number of a name.
    pub fn id(&mut self, name: &Str) -> u32 {
        let known = self.names.iter().position(|known| known == name);
        known.unwrap_or_else(|| {
            self.names.push(name.clone());
            self.names.len() - 1
        }) as u32
    }

    /// Go: `t.vars = append(t.vars, name)`.
    pub fn declare_name(&mut self, name: &Str) -> u32 {
        let id = self.id(name);
        self.vars.push(id);
        id
    }

    /// The number and name of a variable that is declared.
    pub fn declared(&self, name: &[u8]) -> Option<(u32, Str)> {
        let at = self.names.iter().position(|known| known.as_bytes() == name)?;
        let id = at as u32;
        (id == 0 || self.vars.contains(&id)).then(|| (id, self.names[at].clone()))
    }

    /// The slot of the variable declared last under that number.
    pub fn find(&self, id: u32) -> u32 {
        self.stack.iter().rposition(|known| *known == id).map_or(NOWHERE, |slot| slot as u32)
    }

    /// The slot that a declaration makes, or that an assignment finds.
    pub fn declare_or_find(&mut self, id: u32, is_assign: bool) -> u32 {
        if is_assign {
            return self.find(id);
        }
        self.stack.push(id);
        self.stack.len() as u32 - 1
    }

    pub fn mark(&self) -> Mark {
        Mark { vars: self.vars.len(), stack: self.stack.len() }
    }

    /// The evaluator drops what was declared after the mark; the parser still takes it for declared.
    pub fn pop_stack(&mut self, mark: Mark) {
        self.stack.truncate(mark.stack);
    }

    /// Both drop it.
    pub fn pop(&mut self, mark: Mark) {
        self.vars.truncate(mark.vars);
        self.stack.truncate(mark.stack);
    }
}
