//! What the parser knows about the one template that it is parsing. Go keeps this in `parse.Tree`.

use rustc_hash::FxHashMap;

use crate::template::lex::Item;
use crate::value::Str;

/// So few names are looked through one by one.
const FEW: usize = 16;

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
    /// How often each stands there, by number.
    declared: Vec<u32>,
    /// The variables, by number, that the evaluator will have on its stack here. It knows better than the parser: what
    /// the first half of an `if` declares is gone in its `else`.
    stack: Vec<u32>,
    /// Where each stands there, by number.
    slots: Vec<Vec<u32>>,
    /// All names met; the index is the number.
    names: Vec<Str>,
    /// The number of each, where they are too many to be looked through.
    numbers: FxHashMap<Str, u32>,
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
            declared: vec![0],
            stack: vec![0],
            slots: vec![vec![0]],
            names: vec![Str::from("$")],
            numbers: FxHashMap::default(),
        }
    }

    /// The number of a name.
    pub fn id(&mut self, name: &Str) -> u32 {
        self.number(name.as_bytes()).unwrap_or_else(|| {
            let number = self.names.len() as u32;
            self.names.push(name.clone());
            self.declared.push(0);
            self.slots.push(Vec::new());
            if self.names.len() == FEW {
                self.numbers = self.names.iter().cloned().zip(0..).collect();
            } else if self.names.len() > FEW {
                self.numbers.insert(name.clone(), number);
            }
            number
        })
    }

    /// The number of a name that was met.
    fn number(&self, name: &[u8]) -> Option<u32> {
        if self.names.len() >= FEW {
            return self.numbers.get(name).copied();
        }
        self.names.iter().position(|known| known.as_bytes() == name).map(|at| at as u32)
    }

    /// Go: `t.vars = append(t.vars, name)`.
    pub fn declare_name(&mut self, name: &Str) -> u32 {
        let id = self.id(name);
        self.vars.push(id);
        self.declared[id as usize] += 1;
        id
    }

    /// The number and name of a variable that is declared.
    pub fn declared(&self, name: &[u8]) -> Option<(u32, Str)> {
        let id = self.number(name)?;
        let at = id as usize;
        (id == 0 || self.declared[at] > 0).then(|| (id, self.names[at].clone()))
    }

    /// The slot of the variable declared last under that number.
    pub fn find(&self, id: u32) -> u32 {
        self.slots.get(id as usize).and_then(|slots| slots.last()).copied().unwrap_or(NOWHERE)
    }

    /// The slot that a declaration makes, or that an assignment finds.
    pub fn declare_or_find(&mut self, id: u32, is_assign: bool) -> u32 {
        if is_assign {
            return self.find(id);
        }
        let slot = self.stack.len() as u32;
        self.stack.push(id);
        self.slots[id as usize].push(slot);
        slot
    }

    pub fn mark(&self) -> Mark {
        Mark { vars: self.vars.len(), stack: self.stack.len() }
    }

    /// The evaluator drops what was declared after the mark; the parser still takes it for declared.
    pub fn pop_stack(&mut self, mark: Mark) {
        for id in self.stack.drain(mark.stack.min(self.stack.len())..) {
            self.slots[id as usize].pop();
        }
    }

    /// Both drop it.
    pub fn pop(&mut self, mark: Mark) {
        for id in self.vars.drain(mark.vars.min(self.vars.len())..) {
            self.declared[id as usize] -= 1;
        }
        self.pop_stack(mark);
    }
}
