//! What a template makes of data. client-go: util/jsonpath/jsonpath.go.

use super::compare;
use super::error::Error;
use super::parse::{Node, Slice};
use crate::value::{Sized, Value, print};
use crate::yaml::json;

/// How many values may be looked at, and how deep ranges may stand in each other; client-go knows no limits.
const STEPS: usize = 10_000_000;
const DEPTH: usize = 1000;

/// A value, or nothing at all (Go's invalid `reflect.Value`): what an empty range works on.
type Found = Option<Value>;

/// Why a node gave nothing.
struct Stop {
    error: Error,
    /// Whether client-go hands values back besides, which is enough for a filter that asks whether something exists.
    leaves: bool,
}

fn stop<T>(text: impl Into<String>, leaves: bool) -> Result<T, Stop> {
    Err(Stop { error: Error::Said(text.into()), leaves })
}

fn refuse<T>(text: impl Into<String>) -> Result<T, Stop> {
    Err(Stop { error: Error::Refused(text.into()), leaves: false })
}

/// Executes the nodes of a template.
pub(super) fn execute(nodes: &[Node], data: &Value) -> Result<Vec<u8>, Error> {
    let mut walk = Walk { nodes, begun: 0, inside: 0, ended: 0, last_end: 0, steps: 0, depth: 0 };
    let results = walk.results(0, Some(data.clone())).map_err(|stop| stop.error)?;
    let mut out = Vec::new();
    for values in &results {
        print_values(values, &mut out).map_err(Error::Said)?;
    }
    Ok(out)
}

fn print_values(values: &[Found], out: &mut Vec<u8>) -> Result<(), String> {
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            out.push(b' ');
        }
        match value {
            None => out.extend_from_slice(b"<no value>"),
            Some(Value::Nil) => out.extend_from_slice(b"null"),
            Some(value @ (Value::List(_) | Value::Map(_))) => {
                out.extend_from_slice(json::to_json(value)?.as_bytes());
            }
            Some(value) => print::append(out, value)?,
        }
    }
    Ok(())
}

struct Walk<'a> {
    nodes: &'a [Node],
    /// Ranges that the node which was just walked begins.
    begun: usize,
    /// Ranges around.
    inside: usize,
    /// Ends that no range has taken yet.
    ended: usize,
    /// The node of the last end that was met; 0 before any, for no range ends with the first node.
    last_end: usize,
    steps: usize,
    depth: usize,
}

impl Walk<'_> {
    /// What the nodes from one on give, a list for each. client-go: `FindResults`.
    fn results(&mut self, first: usize, data: Found) -> Result<Vec<Vec<Found>>, Stop> {
        self.depth += 1;
        if self.depth > DEPTH {
            return refuse(format!("ranges stand in each other more than {DEPTH} deep"));
        }
        let mut all = Vec::new();
        let nodes = self.nodes;
        let mut at = first;
        while let Some(node) = nodes.get(at) {
            let values = self.node(vec![data.clone()], node)?;
            if self.ended > 0 && self.ended <= self.inside {
                self.ended -= 1;
                self.last_end = at;
                break;
            }
            if self.begun == 0 {
                all.push(values);
                at += 1;
                continue;
            }
            self.begun -= 1;
            self.inside += 1;
            if values.is_empty() {
                // Nothing is printed, but the end must be found.
                self.results(at + 1, None)?;
            }
            for value in values {
                all.extend(self.results(at + 1, value.filter(|value| !matches!(value, Value::Nil)))?);
            }
            self.inside -= 1;
            at = self.last_end.max(at) + 1;
        }
        self.depth -= 1;
        Ok(all)
    }

    fn list(&mut self, mut values: Vec<Found>, nodes: &[Node]) -> Result<Vec<Found>, Stop> {
        for node in nodes {
            values = self.node(values, node)?;
        }
        Ok(values)
    }

    fn node(&mut self, values: Vec<Found>, node: &Node) -> Result<Vec<Found>, Stop> {
        self.count(values.len() + 1)?;
        let all = |value: Value| Ok(vec![Some(value); values.len()]);
        match node {
            Node::List(nodes) => self.list(values, nodes),
            Node::Text(text) => Ok(vec![Some(Value::Str(text.as_slice().into()))]),
            Node::Int(n) => all(Value::Int(*n)),
            Node::Float(x) => all(Value::Float64(*x)),
            Node::Bool(b) => all(Value::Bool(*b)),
            Node::Field(name) => fields(&values, name),
            Node::Array(slice) => elements(&values, *slice),
            Node::Wildcard => self.wildcard(&values),
            Node::Recursive => self.recursive(values),
            Node::Filter { left, operator, right } => self.filter(&values, left, operator, right),
            Node::Union(parts) => {
                let mut found = Vec::new();
                for part in parts {
                    let given = self.list(values.clone(), part);
                    found.extend(given.map_err(|stop| Stop { leaves: !values.is_empty(), ..stop })?);
                }
                Ok(found)
            }
            Node::Identifier(name) => self.identifier(values, name),
        }
    }

    fn count(&mut self, steps: usize) -> Result<(), Stop> {
        self.steps += steps;
        if self.steps > STEPS {
            return refuse(format!("the template looks at more than {STEPS} values"));
        }
        Ok(())
    }

    fn identifier(&mut self, values: Vec<Found>, name: &str) -> Result<Vec<Found>, Stop> {
        match name {
            "range" => {
                self.begun += 1;
                Ok(values)
            }
            "end" if self.inside == 0 => stop("not in range, nothing to end", false),
            "end" => {
                self.ended += 1;
                Ok(Vec::new())
            }
            _ => stop(format!("unrecognized identifier {name}"), !values.is_empty()),
        }
    }

    fn wildcard(&mut self, values: &[Found]) -> Result<Vec<Found>, Stop> {
        let mut found = Vec::new();
        for value in values.iter().flatten() {
            let held = inner(value);
            self.count(held.len())?;
            found.extend(held.into_iter().map(Some));
        }
        Ok(found)
    }

    /// Every value that holds others, each before those that it holds.
    fn recursive(&mut self, values: Vec<Found>) -> Result<Vec<Found>, Stop> {
        let mut found = Vec::new();
        let mut pending: Vec<Value> = values.into_iter().rev().flatten().collect();
        while let Some(value) = pending.pop() {
            self.count(1)?;
            // The bytes of a text hold nothing.
            let is_text = value.as_text().is_some_and(|text| !text.is_empty());
            let held = if is_text { Vec::new() } else { inner(&value) };
            if is_text || !held.is_empty() {
                found.push(Some(value));
                pending.extend(held.into_iter().rev());
            }
        }
        Ok(found)
    }

    fn filter(
        &mut self,
        values: &[Found],
        left: &[Node],
        operator: &str,
        right: &[Node],
    ) -> Result<Vec<Found>, Stop> {
        let mut found = Vec::new();
        for value in values {
            let Some(Value::List(list)) = value else {
                let shown = print::sprint(&value.clone().unwrap_or_default());
                return stop(format!("{shown} is not array or slice and cannot be filtered"), true);
            };
            for item in list.items() {
                let lefts = self.list(vec![Some(item.clone())], left);
                if operator == "exists" {
                    let exists = match lefts {
                        Ok(lefts) => !lefts.is_empty(),
                        Err(Stop { error: Error::Said(_), leaves }) => leaves,
                        refused => return refused,
                    };
                    found.extend(exists.then(|| Some(item.clone())));
                    continue;
                }
                let leaving = |stop| Stop { leaves: true, ..stop };
                let Some(left) = one(lefts.map_err(leaving)?)? else { continue };
                let rights = self.list(vec![Some(item.clone())], right).map_err(leaving)?;
                let Some(right) = one(rights)? else { continue };
                match compare::holds(operator, &left, &right) {
                    None => {
                        return stop(format!("unrecognized filter operator {operator}"), !found.is_empty());
                    }
                    Some(Err(text)) => return stop(text, !found.is_empty()),
                    Some(Ok(holds)) => found.extend(holds.then(|| Some(item.clone()))),
                }
            }
        }
        Ok(found)
    }
}

/// The one value that can be compared; nothing where there is none.
fn one(values: Vec<Found>) -> Result<Option<Value>, Stop> {
    match values.len() {
        0 | 1 => Ok(values.into_iter().next().flatten()),
        _ => stop("can only compare one element at a time", true),
    }
}

fn fields(values: &[Found], name: &str) -> Result<Vec<Found>, Stop> {
    let maps = values.iter().flatten().filter_map(Value::as_map);
    let found: Vec<Found> = maps.filter_map(|map| map.get(name)).map(Some).collect();
    if found.is_empty() && !values.is_empty() {
        return stop(format!("{name} is not found"), false);
    }
    Ok(found)
}

fn elements(values: &[Found], slice: Slice) -> Result<Vec<Found>, Stop> {
    let mut found = Vec::new();
    for value in values {
        let list = match value {
            Some(Value::Nil) => continue,
            Some(Value::List(list)) => list,
            Some(other) => return stop(format!("{} is not array or slice", other.type_name()), true),
            // Here Go panics and Helm with it.
            None => return refuse("an empty range has no elements: client-go panics"),
        };
        let length = i64::try_from(list.len()).unwrap_or(i64::MAX);
        let mut from = slice.from.unwrap_or(0);
        if from < 0 {
            from = from.wrapping_add(length);
        }
        let mut to = slice.to.unwrap_or(length);
        if to < 0 || to == 0 && slice.is_index {
            to = to.wrapping_add(length);
        }
        if from == to {
            // client-go forgets the values that are left.
            return Ok(found);
        }
        let outside = |at: i64| stop(format!("array index out of bounds: index {at}, length {length}"), true);
        if from >= length || from < 0 {
            return outside(from);
        }
        if to > length || to < 0 {
            return outside(to.wrapping_sub(1));
        }
        if from > to {
            return stop(format!("starting index {from} is greater than ending index {to}"), true);
        }
        let step = slice.step.unwrap_or(1);
        if step <= 0 {
            return stop("step must be > 0", true);
        }
        let (from, to) = (from as usize, to as usize);
        let step = usize::try_from(step).unwrap_or(usize::MAX);
        found.extend(list.items()[from..to].iter().step_by(step).cloned().map(Some));
    }
    Ok(found)
}

/// What a value holds: of a list its elements, of a map its values, of a text its bytes.
fn inner(value: &Value) -> Vec<Value> {
    match value {
        Value::List(list) => list.items().to_vec(),
        Value::Map(map) => map.entries().into_iter().map(|(_, value)| value).collect(),
        Value::Str(text) => text.as_bytes().iter().map(|byte| Value::Sized(Sized::Uint8(*byte))).collect(),
        _ => Vec::new(),
    }
}
