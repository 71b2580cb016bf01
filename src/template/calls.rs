//! [`calls`]: which functions the actions of a text call, and with what, without executing them. Rules read templates with
//! it, and the test that counts the cases of each function.

use super::ast::{Arg, Identifier, List, Node, Pipe};
use super::error::Error;
use super::functions::Functions;
use super::parsed::Parsed;
use crate::value::{FieldName, Str, Value};

/// A call of a function in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The function.
    pub function: &'static str,
    /// Where its name stands in the text.
    pub offset: usize,
    /// The fields among its arguments, from the dot or from `$`, as `.Release.Name`; those inside other calls too.
    pub fields: Vec<String>,
    /// Whether a literal text is among its arguments.
    pub has_text: bool,
}

/// The calls in a text of the functions that somebody wants, in its order but that a call stands before those in its arguments.
///
/// # Errors
/// Why the text is no template.
pub fn calls(
    text: &[u8],
    parsed: &Parsed,
    funcs: &Functions,
    wants: &dyn Fn(&str) -> bool,
) -> Result<Vec<Call>, Error> {
    let mut calls = Calls { wants, found: Vec::new() };
    for tree in &*parsed.text(text, funcs)? {
        calls.in_list(&tree.root);
    }
    Ok(calls.found)
}

/// The calls that were found so far.
struct Calls<'w> {
    wants: &'w dyn Fn(&str) -> bool,
    found: Vec<Call>,
}

/// The templates that a list of nodes calls by a name that stands there, each with the place of the name.
pub(super) fn called(list: &List) -> Vec<(Str, u32)> {
    let mut found = Vec::new();
    called_in(list, &mut found);
    found
}

fn called_in(list: &List, found: &mut Vec<(Str, u32)>) {
    for node in &list.nodes {
        match node {
            Node::Text(_) | Node::Break(_) | Node::Continue(_) => {}
            Node::Action(action) => called_by(&action.pipe, found),
            Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
                called_by(&branch.pipe, found);
                called_in(&branch.list, found);
                branch.else_list.iter().for_each(|list| called_in(list, found));
            }
            Node::Template(template) => {
                found.push((template.name.clone(), template.pos));
                template.pipe.iter().for_each(|pipe| called_by(pipe, found));
            }
        }
    }
}

fn called_by(pipe: &Pipe, found: &mut Vec<(Str, u32)>) {
    for args in pipe.cmds.iter().map(|command| &command.args) {
        if let [Arg::Identifier(identifier), Arg::String(name), ..] = &**args
            && identifier.func.name == "include"
            && let Value::Str(text) = &name.value
        {
            found.push((text.clone(), name.pos));
        }
        for arg in args {
            match arg {
                Arg::Pipe(pipe) => called_by(pipe, found),
                Arg::Chain(chain) => {
                    if let Arg::Pipe(pipe) = &chain.node {
                        called_by(pipe, found);
                    }
                }
                _ => {}
            }
        }
    }
}

impl Calls<'_> {
    fn in_list(&mut self, list: &List) {
        for node in &list.nodes {
            match node {
                Node::Text(_) | Node::Break(_) | Node::Continue(_) => {}
                Node::Action(action) => self.in_pipe(&action.pipe),
                Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
                    self.in_pipe(&branch.pipe);
                    self.in_list(&branch.list);
                    branch.else_list.iter().for_each(|list| self.in_list(list));
                }
                Node::Template(template) => template.pipe.iter().for_each(|pipe| self.in_pipe(pipe)),
            }
        }
    }

    fn in_pipe(&mut self, pipe: &Pipe) {
        let mut piped: &[Arg] = &[];
        for command in &pipe.cmds {
            if let Some(Arg::Identifier(identifier)) = command.args.first()
                && let Some(mut call) = self.call(identifier)
            {
                command.args[1..].iter().chain(piped).for_each(|arg| add_argument(arg, &mut call));
                self.found.push(call);
            }
            command.args.iter().enumerate().for_each(|(at, arg)| self.in_arg(arg, at == 0));
            piped = &command.args;
        }
    }

    fn in_arg(&mut self, arg: &Arg, is_called: bool) {
        match arg {
            Arg::Identifier(identifier) if !is_called => {
                let call = self.call(identifier);
                self.found.extend(call);
            }
            Arg::Pipe(pipe) => self.in_pipe(pipe),
            Arg::Chain(chain) => self.in_arg(&chain.node, false),
            _ => {}
        }
    }

    /// A call of that function, if it is wanted.
    fn call(&self, identifier: &Identifier) -> Option<Call> {
        let Identifier { func, pos, .. } = identifier;
        (self.wants)(func.name).then(|| Call {
            function: func.name,
            offset: *pos as usize,
            fields: Vec::new(),
            has_text: false,
        })
    }
}

fn add_argument(arg: &Arg, call: &mut Call) {
    let path = |names: &[FieldName]| names.iter().map(|name| format!(".{name}")).collect::<String>();
    match arg {
        Arg::String(_) => call.has_text = true,
        Arg::Field(field) => call.fields.push(path(&field.names)),
        Arg::Variable(variable) if variable.name.as_bytes() == b"$" => {
            call.fields.push(path(&variable.fields));
        }
        Arg::Pipe(pipe) => {
            pipe.cmds.iter().flat_map(|command| &command.args).for_each(|arg| add_argument(arg, call));
        }
        Arg::Chain(chain) => add_argument(&chain.node, call),
        _ => {}
    }
}
