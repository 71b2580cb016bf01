//! The Go types behind Kubernetes' kinds, as `types.txt` lists them. [`find_kind`] is the way in.

use std::sync::OnceLock;

use memchr::memmem;
use rustc_hash::FxHashMap;

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
    kinds: FxHashMap<(&'static str, &'static str), KindType>,
    structs: Vec<Struct>,
    names: Names,
}

/// Where the struct of a name stands in the table.
type Names = FxHashMap<&'static str, usize>;

/// A struct, which is read when somebody asks for it.
struct Struct {
    /// Its lines, with more behind them.
    text: &'static str,
    fields: OnceLock<Vec<Field>>,
}

/// The type of a kind (`apps/v1`, `Deployment`), if client-go knows it.
pub fn find_kind(api_version: &str, kind: &str) -> Option<KindType> {
    table().kinds.get(&(api_version, kind)).copied()
}

/// The fields of a struct.
pub fn fields(index: usize) -> &'static [Field] {
    let table = table();
    let Some(it) = table.structs.get(index) else { return &[] };
    it.fields.get_or_init(|| it.text.lines().map_while(|line| field(line, &table.names)).collect())
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| read(include_str!("types.txt")))
}

fn read(text: &'static str) -> Table {
    let mut table = Table { kinds: FxHashMap::default(), structs: Vec::new(), names: Names::default() };
    for (name, below) in lines(text, "\ntype ") {
        table.names.insert(name, table.structs.len());
        table.structs.push(Struct { text: below, fields: OnceLock::new() });
    }
    for (line, _) in lines(text, "\nkind ") {
        let mut words = line.split(' ');
        if let (Some(version), Some(kind), Some(name)) = (words.next(), words.next(), words.next())
            && let Some(index) = table.names.get(name)
        {
            let is_object = words.next().is_none();
            table.kinds.insert((version, kind), KindType { index: *index, is_object });
        }
    }
    table
}

/// What stands behind the word in each line that begins with it, and all that is below the line.
fn lines(text: &'static str, word: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let starts = memmem::find_iter(text.as_bytes(), word);
    starts.filter_map(move |start| text[start + word.len()..].split_once('\n'))
}

/// The field that a line of a struct says; nothing of a line that is none.
fn field(line: &'static str, names: &Names) -> Option<Field> {
    let mut words = line.strip_prefix(' ')?.split_whitespace();
    let name = words.next()?;
    let shape = shape(words.next().unwrap_or_default(), names);
    Some(Field { name, shape, omit_empty: words.next().is_some() })
}

fn shape(word: &str, names: &Names) -> Shape {
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
        let names = read(text).names;
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
