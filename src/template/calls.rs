//! Which functions the actions of a text call, for the test that counts the cases of each.

use std::collections::BTreeSet;

use super::ast::{Arg, List, Node, Pipe};
use super::error::Error;
use super::parse;
use super::set::Functions;
use crate::value::Str;

/// The names of the functions that the text calls, or why it does not parse.
pub fn called(text: &[u8], funcs: &'static Functions) -> Result<BTreeSet<&'static str>, Error> {
    let mut names = BTreeSet::new();
    for tree in parse::parse(&Str::from("text"), text, funcs)? {
        in_list(&tree.root, &mut names);
    }
    Ok(names)
}

fn in_list(list: &List, names: &mut BTreeSet<&'static str>) {
    for node in &list.nodes {
        match node {
            Node::Text(_) | Node::Break(_) | Node::Continue(_) => {}
            Node::Action(action) => in_pipe(&action.pipe, names),
            Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
                in_pipe(&branch.pipe, names);
                in_list(&branch.list, names);
                branch.else_list.iter().for_each(|list| in_list(list, names));
            }
            Node::Template(template) => template.pipe.iter().for_each(|pipe| in_pipe(pipe, names)),
        }
    }
}

fn in_pipe(pipe: &Pipe, names: &mut BTreeSet<&'static str>) {
    pipe.cmds.iter().flat_map(|command| &command.args).for_each(|arg| in_arg(arg, names));
}

fn in_arg(arg: &Arg, names: &mut BTreeSet<&'static str>) {
    match arg {
        Arg::Identifier(identifier) => {
            names.insert(identifier.func.name);
        }
        Arg::Pipe(pipe) => in_pipe(pipe, names),
        Arg::Chain(chain) => in_arg(&chain.node, names),
        _ => {}
    }
}
