//! From the tree of a glob to matchers, through gobwas' optimiser. gobwas/glob: compiler/compiler.go.

use super::error::Error;
use super::matcher::{BTree, Matcher};
use super::syntax::{Node, SEPARATOR};
use crate::budget;

/// The matcher of a tree.
pub fn compile(tree: Node) -> Result<Matcher, Error> {
    let matcher = match tree {
        Node::AnyOf(patterns) => {
            return match minimize_any_of(&patterns) {
                Some(smaller) => compile(smaller),
                None => Ok(Matcher::AnyOf(compile_all(patterns)?)),
            };
        }
        Node::Pattern(parts) if parts.is_empty() => return Ok(Matcher::Nothing),
        Node::Pattern(parts) => compile_matchers(&minimize_matchers(compile_all(parts)?)?)?,
        Node::Any => Matcher::Any,
        Node::Super => Matcher::Super,
        Node::Single => Matcher::Single,
        Node::Nothing => Matcher::Nothing,
        Node::List { chars, not } => Matcher::List { chars, not },
        Node::Range { low, high, not } => Matcher::Range { low, high, not },
        Node::Text(text) => Matcher::Text(text.into()),
    };
    Ok(optimize(matcher))
}

fn compile_all(nodes: Vec<Node>) -> Result<Vec<Matcher>, Error> {
    nodes.into_iter().map(|node| compile(node).map(optimize)).collect()
}

/// gobwas/glob: `optimizeMatcher`.
fn optimize(matcher: Matcher) -> Matcher {
    match matcher {
        Matcher::AnyOf(mut matchers) if matchers.len() == 1 => matchers.swap_remove(0),
        Matcher::List { chars, not: false } if chars.len() == 1 => {
            Matcher::Text(String::from(chars[0]).into())
        }
        Matcher::BTree(tree) => optimize_tree(*tree),
        other => other,
    }
}

fn optimize_tree(mut tree: BTree) -> Matcher {
    tree.left = tree.left.map(optimize);
    tree.right = tree.right.map(optimize);
    let Matcher::Text(text) = &tree.value else { return Matcher::BTree(Box::new(tree)) };
    let text = text.clone();
    match (&tree.left, &tree.right) {
        (None, None) => Matcher::Text(text),
        (Some(Matcher::Super), Some(Matcher::Super)) => Matcher::Contains { needle: text, not: false },
        (Some(Matcher::Super), None) => Matcher::Suffix(text),
        (None, Some(Matcher::Super)) => Matcher::Prefix(text),
        (None, Some(Matcher::Suffix(suffix))) => {
            Matcher::PrefixSuffix { prefix: text, suffix: suffix.clone() }
        }
        (Some(Matcher::Prefix(prefix)), None) => {
            Matcher::PrefixSuffix { prefix: prefix.clone(), suffix: text }
        }
        (Some(Matcher::Any), None) => Matcher::SuffixAny(text),
        (None, Some(Matcher::Any)) => Matcher::PrefixAny(text),
        _ => Matcher::BTree(Box::new(tree)),
    }
}

/// gobwas/glob: `compileMatchers`.
fn compile_matchers(matchers: &[Matcher]) -> Result<Matcher, Error> {
    match matchers {
        [] => return Err(Error::NoMatcher),
        [one] => return Ok(one.clone()),
        _ => {}
    }
    if let Some(glued) = glue(matchers) {
        return Ok(glued);
    }
    // The longest part of a length that is known, the last of them, parts the rest.
    let longest = (0..matchers.len())
        .filter_map(|at| matchers[at].len().map(|len| (len, at)))
        .max_by_key(|(len, at)| (*len, *at));
    let Some((_, at)) = longest else {
        let rest = compile_matchers(&matchers[1..])?;
        return Ok(BTree::matcher(matchers[0].clone(), None, Some(rest)));
    };
    let side = |matchers: &[Matcher]| match matchers {
        [] => Ok(None),
        matchers => compile_matchers(matchers).map(Some),
    };
    let (left, right) = (side(&matchers[..at])?, side(&matchers[at + 1..])?);
    Ok(BTree::matcher(matchers[at].clone(), left, right))
}

/// One matcher that stands for all of several. gobwas/glob: `glueMatchers`.
fn glue(matchers: &[Matcher]) -> Option<Matcher> {
    if matchers.len() <= 1 {
        return None;
    }
    glue_as_every(matchers).or_else(|| glue_as_row(matchers))
}

/// gobwas/glob: `glueMatchersAsRow`.
fn glue_as_row(matchers: &[Matcher]) -> Option<Matcher> {
    let lengths: Option<Vec<usize>> = matchers.iter().map(Matcher::len).collect();
    Some(Matcher::Row { len: lengths?.iter().sum(), matchers: matchers.to_vec() })
}

/// gobwas/glob: `glueMatchersAsEvery`.
fn glue_as_every(matchers: &[Matcher]) -> Option<Matcher> {
    let (mut any, mut every, mut min) = (false, false, 0);
    let mut separator: Option<Vec<char>> = None;
    for matcher in matchers {
        let own = match matcher {
            Matcher::Super => {
                every = true;
                vec![]
            }
            Matcher::Any => {
                any = true;
                vec![SEPARATOR]
            }
            Matcher::Single => {
                min += 1;
                vec![SEPARATOR]
            }
            Matcher::List { chars, not: true } => {
                min += 1;
                chars.clone()
            }
            _ => return None,
        };
        if *separator.get_or_insert_with(|| own.clone()) != own {
            return None;
        }
    }
    let separator = separator.unwrap_or_default();
    if every {
        // What is equal to no separator is `**`.
        return Some(Matcher::Super);
    }
    if min == 0 {
        return Some(Matcher::Any);
    }
    let mut all = vec![Matcher::Min(min)];
    if !any {
        all.push(Matcher::Max(min));
    }
    let needle = separator.into_iter().collect::<String>().into();
    all.push(Matcher::Contains { needle, not: true });
    Some(Matcher::EveryOf(all))
}

/// Units of work for an attempt to glue matchers.
const GLUE: u64 = 10;

/// gobwas/glob: `minimizeMatchers`.
fn minimize_matchers(mut matchers: Vec<Matcher>) -> Result<Vec<Matcher>, Error> {
    loop {
        let mut done: Option<(Matcher, usize, usize)> = None;
        for left in 0..matchers.len() {
            for right in (left + 1..=matchers.len()).rev() {
                let parts = (right - left) as u64;
                budget::spend(GLUE + 12 * parts)?;
                let Some(glued) = glue(&matchers[left..right]) else { continue };
                let swap = done.as_ref().is_none_or(|(before, from, to)| {
                    let longer = before.len().zip(glued.len()).is_some_and(|(before, len)| len > before);
                    longer || to - from < right - left
                });
                if swap {
                    done = Some((glued, left, right));
                }
            }
        }
        let Some((glued, left, right)) = done else { return Ok(matchers) };
        matchers.splice(left..right, [glued]);
    }
}

/// Takes out what all alternatives begin or end with. gobwas/glob: `minimizeTreeAnyOf`.
fn minimize_any_of(patterns: &[Node]) -> Option<Node> {
    let patterns: Vec<&[Node]> = patterns
        .iter()
        .map(|node| match node {
            Node::Pattern(parts) => Some(parts.as_slice()),
            _ => None,
        })
        .collect::<Option<_>>()?;
    let (left, right) = common_children(&patterns);
    if left.is_empty() && right.is_empty() {
        return None;
    }
    let mut result = Vec::new();
    if !left.is_empty() {
        result.push(Node::Pattern(left.to_vec()));
    }
    let mut any_of: Vec<Node> = Vec::new();
    for parts in &patterns {
        let own = match &parts[left.len()..parts.len() - right.len()] {
            [] => Node::Nothing,
            rest => Node::Pattern(rest.to_vec()),
        };
        if !any_of.contains(&own) {
            any_of.push(own);
        }
    }
    match any_of.as_slice() {
        [Node::Nothing] => {}
        [one] => result.push(one.clone()),
        _ => result.push(Node::AnyOf(any_of)),
    }
    if !right.is_empty() {
        result.push(Node::Pattern(right.to_vec()));
    }
    Some(Node::Pattern(result))
}

/// What the patterns begin and end with, each no part of the other. gobwas/glob: `commonChildren`.
fn common_children<'a>(patterns: &[&'a [Node]]) -> (&'a [Node], &'a [Node]) {
    let Some((least, shortest)) = patterns.iter().enumerate().min_by_key(|(_, parts)| parts.len()) else {
        return (&[], &[]);
    };
    if patterns.len() == 1 {
        return (&[], &[]);
    }
    let len = shortest.len();
    let (mut left, mut first_right) = (0, len);
    let (mut break_left, mut break_right) = (false, false);
    for (i, j) in (0..len).zip((0..len).rev()) {
        if left + (len - first_right) >= len || break_left && break_right {
            break;
        }
        for (at, parts) in patterns.iter().enumerate() {
            if at == least {
                continue;
            }
            if break_left && break_right {
                break;
            }
            break_left = break_left || shortest[i] != parts[i];
            break_right = break_right || !break_left && j <= i;
            break_right = break_right || shortest[j] != parts[j + parts.len() - len];
        }
        if !break_left {
            left += 1;
        }
        if !break_right {
            first_right = j;
        }
    }
    (&shortest[..left], &shortest[first_right..])
}
