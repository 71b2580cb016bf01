//! [`Tree`]: an object as the server holds it once it is decoded: what was `null` is gone, amounts are in their canonical
//! form, and a field that is not there reads as empty, as a zero value does in Go.

/// A value of a decoded object.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    /// Nothing.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// A text; amounts and times too.
    Str(String),
    /// What stood there in base64.
    Bytes(Vec<u8>),
    /// A list.
    List(Vec<Tree>),
    /// A struct or map, in the order of the text.
    Map(Vec<(String, Tree)>),
}

static NULL: Tree = Tree::Null;

impl Tree {
    /// An empty struct.
    pub fn empty() -> Tree {
        Tree::Map(Vec::new())
    }

    /// The field, or nothing.
    pub fn get(&self, name: &str) -> &Tree {
        self.entries().iter().rev().find(|(key, _)| key == name).map_or(&NULL, |(_, value)| value)
    }

    /// The field at the end of a way.
    pub fn at(&self, names: &[&str]) -> &Tree {
        names.iter().fold(self, |tree, name| tree.get(name))
    }

    /// Whether there is nothing.
    pub fn is_null(&self) -> bool {
        *self == Tree::Null
    }

    /// Whether the field is there.
    pub fn has(&self, name: &str) -> bool {
        !self.get(name).is_null()
    }

    /// Whether it is nothing, or empty.
    pub fn is_zero(&self) -> bool {
        match self {
            Tree::Null => true,
            Tree::Bool(b) => !b,
            Tree::Int(n) => *n == 0,
            Tree::Float(x) => *x == 0.0,
            Tree::Str(text) => text.is_empty(),
            Tree::Bytes(bytes) => bytes.is_empty(),
            Tree::List(items) => items.is_empty(),
            Tree::Map(entries) => entries.iter().all(|(_, value)| value.is_zero()),
        }
    }

    /// Whether two values are the same to the server: what is not there is an empty list, map or text.
    ///
    /// Go: `apiequality.Semantic.DeepEqual`
    pub fn is_same(&self, other: &Tree) -> bool {
        match (self, other) {
            (Tree::Map(first), Tree::Map(second)) => {
                let has = |one: &[(String, Tree)], other: &Tree| {
                    one.iter().all(|(key, value)| value.is_same(other.get(key)))
                };
                has(first, other) && has(second, self)
            }
            (Tree::List(first), Tree::List(second)) => {
                first.len() == second.len() && first.iter().zip(second).all(|(a, b)| a.is_same(b))
            }
            (Tree::Null, other) | (other, Tree::Null) => {
                other.is_null() || !matches!(other, Tree::Bool(_) | Tree::Int(_)) && other.is_zero()
            }
            _ => self == other,
        }
    }

    /// The entries of a struct or map.
    pub fn entries(&self) -> &[(String, Tree)] {
        match self {
            Tree::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list.
    pub fn items(&self) -> &[Tree] {
        match self {
            Tree::List(items) => items,
            _ => &[],
        }
    }

    /// The entries of the map in the field.
    pub fn map(&self, name: &str) -> &[(String, Tree)] {
        self.get(name).entries()
    }

    /// The items of the list in the field.
    pub fn list(&self, name: &str) -> &[Tree] {
        self.get(name).items()
    }

    /// The text, empty where there is none.
    pub fn text(&self) -> &str {
        match self {
            Tree::Str(text) => text,
            _ => "",
        }
    }

    /// The text in the field, empty where there is none.
    pub fn str(&self, name: &str) -> &str {
        self.get(name).text()
    }

    /// The integer, if it is one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Tree::Int(n) => Some(*n),
            _ => None,
        }
    }

    /// The integer in the field.
    pub fn int(&self, name: &str) -> Option<i64> {
        self.get(name).as_int()
    }

    /// The boolean in the field.
    pub fn bool(&self, name: &str) -> Option<bool> {
        match self.get(name) {
            Tree::Bool(b) => Some(*b),
            _ => None,
        }
    }

    /// Whether the field is there and true.
    pub fn is(&self, name: &str) -> bool {
        self.bool(name) == Some(true)
    }

    /// Sets a field.
    pub fn set(&mut self, name: &str, value: Tree) {
        if self.is_null() {
            *self = Tree::empty();
        }
        if let Tree::Map(entries) = self {
            match entries.iter_mut().rev().find(|(key, _)| key == name) {
                Some((_, old)) => *old = value,
                None => entries.push((name.to_owned(), value)),
            }
        }
    }

    /// Puts a field behind the others, in place of one of that name.
    pub fn push(&mut self, name: &str, value: Tree) {
        if let Tree::Map(entries) = self {
            entries.retain(|(key, _)| key != name);
            entries.push((name.to_owned(), value));
        }
    }

    /// Removes a field.
    pub fn remove(&mut self, name: &str) {
        if let Tree::Map(entries) = self {
            entries.retain(|(key, _)| key != name);
        }
    }

    /// Sets a field that is not there.
    pub fn default(&mut self, name: &str, value: impl Into<Tree>) {
        if !self.has(name) {
            self.set(name, value.into());
        }
    }

    /// Sets a text that is not there or empty.
    pub fn default_str(&mut self, name: &str, value: &str) {
        if self.str(name).is_empty() {
            self.set(name, value.into());
        }
    }

    /// The field to be changed, if it is there.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Tree> {
        match self {
            Tree::Map(entries) => entries
                .iter_mut()
                .rev()
                .find(|(key, value)| key == name && !value.is_null())
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// The field to be changed, an empty struct if it is not there.
    pub fn field_mut(&mut self, name: &str) -> &mut Tree {
        if !self.has(name) {
            self.set(name, Tree::empty());
        }
        match self {
            Tree::Map(entries) => {
                let at = entries.iter().rposition(|(key, _)| key == name).unwrap_or_default();
                &mut entries[at].1
            }
            other => other,
        }
    }

    /// The items of the list in the field, to be changed.
    pub fn list_mut(&mut self, name: &str) -> &mut [Tree] {
        match self.get_mut(name) {
            Some(Tree::List(items)) => items,
            _ => &mut [],
        }
    }
}

impl From<&str> for Tree {
    fn from(text: &str) -> Tree {
        Tree::Str(text.to_owned())
    }
}

impl From<i64> for Tree {
    fn from(number: i64) -> Tree {
        Tree::Int(number)
    }
}

impl From<bool> for Tree {
    fn from(flag: bool) -> Tree {
        Tree::Bool(flag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_what_is_empty() {
        let map = |entries: &[(&str, Tree)]| {
            Tree::Map(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
        };
        assert!(map(&[("a", "x".into()), ("b", Tree::Null)]).is_same(&map(&[("a", "x".into())])));
        assert!(Tree::Null.is_same(&Tree::List(Vec::new())));
        assert!(!map(&[("a", "x".into())]).is_same(&map(&[("a", "y".into())])));
        assert!(!Tree::Null.is_same(&Tree::Int(0)));
    }
}
