//! Lists and sets.
//!
//! Go: k8s.io/apiserver `pkg/cel/library/lists.go`, cel-go `ext/lists.go`, `ext/sets.go`.

use crate::budget;

use super::operators;
use super::value::{Got, Stop, Value, compare, contains, equal};

/// The longest list that `lists.range` makes.
const LONGEST_RANGE: i64 = 1_000_000;

/// Calls one of these functions, if the name is one.
pub fn call<'a>(name: &str, args: &[Value<'a>]) -> Option<Got<'a>> {
    if let ("lists.range", [Value::Int(count)]) = (name, args) {
        return Some(range(*count));
    }
    if let ("includes", [own, item]) = (name, args)
        && !own.is_list()
    {
        return Some(equal(own, item).map(Value::Bool));
    }
    let [first, rest @ ..] = args else { return None };
    if !KNOWN.contains(&name) {
        return None;
    }
    let items = match first.items()? {
        Ok(items) => items,
        Err(stop) => return Some(Err(stop)),
    };
    Some(of_list(name, first, items, rest).unwrap_or_else(|| Err(Stop::no_overload())))
}

const KNOWN: [&str; 19] = [
    "isSorted",
    "sum",
    "min",
    "max",
    "indexOf",
    "lastIndexOf",
    "includes",
    "first",
    "last",
    "reverse",
    "slice",
    "flatten",
    "distinct",
    "sort",
    "@sortByAssociatedKeys",
    "sets.contains",
    "sets.equivalent",
    "sets.intersects",
    "lists.range",
];

fn of_list<'a>(name: &str, list: &Value<'a>, items: Vec<Value<'a>>, rest: &[Value<'a>]) -> Option<Got<'a>> {
    let found = |place: Option<usize>| Value::Int(place.and_then(|at| i64::try_from(at).ok()).unwrap_or(-1));
    let optional =
        |item: Option<&Value<'a>>| Ok(item.map_or(Value::Optional(None), |item| Value::some(item.clone())));
    Some(match (name, rest) {
        ("isSorted", []) => is_sorted(&items),
        ("sum", []) => sum(&items),
        ("min" | "max", []) => extreme(name, &items),
        ("indexOf", [item]) => place(items.iter(), item).map(found),
        ("lastIndexOf", [item]) => {
            let count = items.len();
            place(items.iter().rev(), item).map(|at| found(at.map(|at| count - 1 - at)))
        }
        ("includes", [item]) => contains(&items, item).map(Value::Bool),
        ("first", []) => optional(items.first()),
        ("last", []) => optional(items.last()),
        ("reverse", []) => Ok(Value::list(items.into_iter().rev().collect())),
        ("slice", [Value::Int(from), Value::Int(to)]) => slice(&items, *from, *to),
        ("flatten", []) => flat(items, 1),
        ("flatten", [Value::Int(depth)]) => flat(items, *depth),
        ("distinct", []) => distinct(items),
        ("sort", []) => sorted(&items, &items),
        ("@sortByAssociatedKeys", [keys]) => match keys.items()? {
            Ok(keys) => sorted(&items, &keys),
            Err(stop) => Err(stop),
        },
        (name, [other]) if name.starts_with("sets.") => match other.items()? {
            Ok(other) => sets(name, &items, &other),
            Err(stop) => Err(stop),
        },
        _ => {
            let _ = list;
            return None;
        }
    })
}

fn range<'a>(count: i64) -> Got<'a> {
    if count < 0 {
        return Err(Stop::error(format!("lists.range: size must be non-negative, got {count}")));
    }
    if count > LONGEST_RANGE {
        let words = format!("lists.range: size {count} exceeds maximum allowed ({LONGEST_RANGE})");
        return Err(Stop::error(words));
    }
    budget::make_many::<Value<'_>>(count as usize).map_err(|_| Stop::Budget)?;
    Ok(Value::list((0..count).map(Value::Int).collect()))
}

fn is_sorted<'a>(items: &[Value<'a>]) -> Got<'a> {
    for pair in items.windows(2) {
        if compare(&pair[0], &pair[1])?.is_gt() {
            return Ok(Value::Bool(false));
        }
    }
    Ok(Value::Bool(true))
}

fn sum<'a>(items: &[Value<'a>]) -> Got<'a> {
    let mut total = match items.first() {
        Some(Value::Uint(_)) => Value::Uint(0),
        Some(Value::Double(_)) => Value::Double(0.0),
        Some(Value::Duration(_)) => Value::Duration(0),
        _ => Value::Int(0),
    };
    for item in items {
        total = operators::add(&total, item)?;
    }
    Ok(total)
}

fn extreme<'a>(name: &str, items: &[Value<'a>]) -> Got<'a> {
    let Some(mut found) = items.first() else {
        return Err(Stop::error(format!("{name} called on empty list")));
    };
    for item in &items[1..] {
        let order = compare(found, item)?;
        if if name == "min" { order.is_gt() } else { order.is_lt() } {
            found = item;
        }
    }
    Ok(found.clone())
}

fn place<'v, 'a: 'v>(
    items: impl Iterator<Item = &'v Value<'a>>,
    wanted: &Value<'a>,
) -> Result<Option<usize>, Stop> {
    for (at, item) in items.enumerate() {
        if equal(item, wanted)? {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

fn slice<'a>(items: &[Value<'a>], from: i64, to: i64) -> Got<'a> {
    let wrong = |why: &str| Stop::error(format!("cannot slice({from}, {to}), {why}"));
    let (Ok(start), Ok(end)) = (usize::try_from(from), usize::try_from(to)) else {
        return Err(wrong("negative indexes not supported"));
    };
    if start > end {
        return Err(wrong("start index must be less than or equal to end index"));
    }
    match items.get(start..end) {
        Some(items) => Ok(Value::list(items.to_vec())),
        None => Err(wrong(&format!("list is length {}", items.len()))),
    }
}

fn flat(items: Vec<Value<'_>>, depth: i64) -> Got<'_> {
    if depth < 0 {
        return Err(Stop::error("level must be non-negative"));
    }
    let mut found = Vec::new();
    flatten(items, depth, &mut found)?;
    Ok(Value::list(found))
}

fn flatten<'a>(items: Vec<Value<'a>>, depth: i64, found: &mut Vec<Value<'a>>) -> Result<(), Stop> {
    for item in items {
        budget::make_many::<Value<'_>>(1).map_err(|_| Stop::Budget)?;
        match item.items() {
            Some(items) if depth > 0 => flatten(items?, depth - 1, found)?,
            _ => found.push(item),
        }
    }
    Ok(())
}

fn distinct(items: Vec<Value<'_>>) -> Got<'_> {
    let mut found: Vec<Value<'_>> = Vec::new();
    for item in items {
        if !contains(&found, &item)? {
            found.push(item);
        }
    }
    Ok(Value::list(found))
}

fn sorted<'a>(items: &[Value<'a>], keys: &[Value<'a>]) -> Got<'a> {
    let Some(first) = keys.first() else { return Ok(Value::list(items.to_vec())) };
    if compare(first, first).is_err_and(|stop| stop != Stop::Budget) {
        return Err(Stop::error("list elements must be comparable"));
    }
    if keys.iter().any(|key| key.type_name() != first.type_name()) {
        return Err(Stop::error("list elements must have the same type"));
    }
    let mut order: Vec<usize> = (0..items.len().min(keys.len())).collect();
    order.sort_by(|a, b| compare(&keys[*a], &keys[*b]).unwrap_or(std::cmp::Ordering::Equal));
    Ok(Value::list(order.into_iter().map(|at| items[at].clone()).collect()))
}

fn holds_all<'a>(items: &[Value<'a>], others: &[Value<'a>]) -> Result<bool, Stop> {
    for other in others {
        if !contains(items, other)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn sets<'a>(name: &str, a: &[Value<'a>], b: &[Value<'a>]) -> Got<'a> {
    Ok(Value::Bool(match name {
        "sets.contains" => holds_all(a, b)?,
        "sets.equivalent" => holds_all(a, b)? && holds_all(b, a)?,
        _ => {
            for item in a {
                if contains(b, item)? {
                    return Ok(Value::Bool(true));
                }
            }
            false
        }
    }))
}
