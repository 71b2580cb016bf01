//! The Go types behind Kubernetes' kinds, as `types.txt` lists them. [`find_kind`] is the way in.

use std::collections::HashMap;
use std::sync::OnceLock;

/// What may stand at a place of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `string` and named strings.
    String,
    /// `bool`
    Bool,
    /// A signed integer of that many bits.
    Int(u32),
    /// A float.
    Float,
    /// `[]byte`, base64 in JSON.
    Bytes,
    /// `resource.Quantity`
    Quantity,
    /// `intstr.IntOrString`
    IntOrString,
    /// `metav1.Time`
    Time,
    /// `metav1.MicroTime`
    MicroTime,
    /// `metav1.Duration`
    Duration,
    /// JSON that is handed on untouched.
    Raw,
    /// A pointer: `null` and absence are one.
    Pointer(Box<Shape>),
    /// A slice.
    List(Box<Shape>),
    /// A map with string keys.
    Map(Box<Shape>),
    /// A struct, by its place in the table.
    Struct(usize),
}

/// A field of a struct.
#[derive(Debug)]
pub struct Field {
    /// Its name in JSON.
    pub name: &'static str,
    /// What may stand there.
    pub shape: Shape,
    /// Whether it is left out when it is empty.
    pub omit_empty: bool,
}

/// A kind that client-go knows.
#[derive(Clone, Copy, Debug)]
pub struct KindType {
    /// The place of its struct in the table.
    pub index: usize,
    /// Whether it has object metadata; lists and options have none.
    pub is_object: bool,
}

struct Table {
    kinds: HashMap<(&'static str, &'static str), KindType>,
    structs: Vec<Vec<Field>>,
}

/// The type of a kind (`apps/v1`, `Deployment`), if client-go knows it.
pub fn find_kind(api_version: &str, kind: &str) -> Option<KindType> {
    table().kinds.get(&(api_version, kind)).copied()
}

/// The fields of a struct.
pub fn fields(index: usize) -> &'static [Field] {
    table().structs.get(index).map_or(&[], Vec::as_slice)
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| read(include_str!("types.txt")))
}

fn read(text: &'static str) -> Table {
    let names: HashMap<&str, usize> = text
        .lines()
        .filter_map(|line| line.strip_prefix("type "))
        .enumerate()
        .map(|(index, name)| (name, index))
        .collect();
    let mut table = Table { kinds: HashMap::new(), structs: Vec::with_capacity(names.len()) };
    for line in text.lines() {
        let mut words = line.split_whitespace();
        match (line.starts_with(' '), words.next()) {
            (true, Some(name)) => {
                let shape = shape(words.next().unwrap_or_default(), &names);
                if let Some(fields) = table.structs.last_mut() {
                    fields.push(Field { name, shape, omit_empty: words.next().is_some() });
                }
            }
            (false, Some("type")) => table.structs.push(Vec::new()),
            (false, Some("kind")) => {
                if let (Some(version), Some(kind), Some(index)) =
                    (words.next(), words.next(), words.next().and_then(|name| names.get(name)))
                {
                    let is_object = words.next().is_none();
                    table.kinds.insert((version, kind), KindType { index: *index, is_object });
                }
            }
            _ => {}
        }
    }
    table
}

fn shape(word: &str, names: &HashMap<&str, usize>) -> Shape {
    if let Some(inner) = word.strip_prefix('*') {
        return Shape::Pointer(Box::new(shape(inner, names)));
    }
    if let Some(inner) = word.strip_prefix("[]") {
        return Shape::List(Box::new(shape(inner, names)));
    }
    if let Some(inner) = word.strip_prefix("map:") {
        return Shape::Map(Box::new(shape(inner, names)));
    }
    match word {
        "string" => Shape::String,
        "bool" => Shape::Bool,
        "int32" | "uint32" => Shape::Int(32),
        "int" | "int64" | "uint64" => Shape::Int(64),
        "uint16" | "int16" => Shape::Int(16),
        "uint8" | "int8" => Shape::Int(8),
        "float32" | "float64" => Shape::Float,
        "bytes" => Shape::Bytes,
        "quantity" => Shape::Quantity,
        "int-or-string" => Shape::IntOrString,
        "time" => Shape::Time,
        "micro-time" => Shape::MicroTime,
        "duration" => Shape::Duration,
        _ => names.get(word).map_or(Shape::Raw, |index| Shape::Struct(*index)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_in_the_table_is_known() {
        let text = include_str!("types.txt");
        let names: HashMap<&str, usize> = text
            .lines()
            .filter_map(|line| line.strip_prefix("type "))
            .enumerate()
            .map(|(i, n)| (n, i))
            .collect();
        for line in text.lines().filter(|line| line.starts_with(' ')) {
            let word = line.split_whitespace().nth(1).unwrap_or_default();
            let plain = word
                .trim_start_matches(['*', '[', ']'])
                .trim_start_matches("map:")
                .trim_start_matches(['*', '[', ']']);
            assert!(plain == "raw" || shape(plain, &names) != Shape::Raw, "{line}");
        }
    }

    #[test]
    fn finds_kinds() {
        assert!(find_kind("apps/v1", "Deployment").is_some_and(|kind| kind.is_object));
        assert!(find_kind("v1", "ConfigMapList").is_some_and(|kind| !kind.is_object));
        assert!(find_kind("example.com/v1", "Widget").is_none());
        let pod = find_kind("v1", "Pod").map(|kind| fields(kind.index)).unwrap_or_default();
        assert_eq!(
            pod.iter().map(|field| field.name).collect::<Vec<_>>(),
            ["kind", "apiVersion", "metadata", "spec", "status"]
        );
    }
}
