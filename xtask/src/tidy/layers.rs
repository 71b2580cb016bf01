//! A module uses modules of lower layers only, never its own layer's or above; so there can be no cycle. Read from the paths
//! that begin with `crate::`.

use super::source::Source;
use super::{Breach, is_product};

/// The layers from the lowest. A module may use those in rows before its own.
pub const LAYERS: [&[&str]; 10] = [
    &["go", "path", "source", "stack"],
    &["value", "staged"],
    &["diagnostic", "yaml", "oci"],
    &["kubernetes", "schema", "signing"],
    &["template", "manifest", "chart", "nvcf"],
    &["funcs", "values", "fetch"],
    &["render", "policy"],
    &["rules"],
    &["report"],
    &["cli"],
];

/// Macros of the library stand at its root, wherever they are written.
const MACROS: [(&str, &str); 2] = [("func", "template"), ("declare_rule", "policy")];

/// The breaches of a file.
pub fn check(source: &Source) -> Vec<Breach> {
    let Some(inside) = source.path.strip_prefix("src/").filter(|_| is_product(source)) else {
        return Vec::new();
    };
    let own = inside.split('/').next().unwrap_or_default().trim_end_matches(".rs");
    if ["lib", "main"].contains(&own) {
        return Vec::new();
    }
    let Some(own_layer) = layer(own) else {
        let text = format!("the module `{own}` has no layer: give it one in xtask/src/tidy/layers.rs");
        return vec![Breach::new(&source.path, 1, text)];
    };
    let mut breaches = Vec::new();
    for (offset, used) in uses(&source.code) {
        let used = MACROS.iter().find(|(name, _)| *name == used).map_or(used, |(_, module)| *module);
        let allowed = used == own || layer(used).is_none_or(|used_layer| used_layer < own_layer);
        if !allowed {
            let text = format!("`{own}` may not use `{used}`: a module uses lower layers only");
            breaches.push(Breach::new(&source.path, source.line_at(offset), text));
        }
    }
    breaches
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|row| row.contains(&module))
}

/// Every top module named after `crate::`, with where.
fn uses(code: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (offset, _) in code.match_indices("crate::") {
        let rest = &code[offset + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(group) => found.extend(group_heads(group).into_iter().map(|head| (offset, head))),
            None => found.push((offset, head(rest))),
        }
    }
    found
}

/// The first word of each path in a `use` group.
fn group_heads(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut heads) = (0, 0, Vec::new());
    for (at, byte) in group.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => {
                heads.push(head(group[start..at].trim_start()));
                break;
            }
            b'}' => depth -= 1,
            b',' if depth == 0 => {
                heads.push(head(group[start..at].trim_start()));
                start = at + 1;
            }
            _ => {}
        }
    }
    heads
}

fn head(path: &str) -> &str {
    let end = path.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(path.len());
    &path[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaches(path: &str, text: &str) -> usize {
        check(&Source::new(path.to_owned(), text.to_owned())).len()
    }

    #[test]
    fn only_lower_layers_may_be_used() {
        assert_eq!(breaches("src/value/print.rs", "use crate::go::strconv;\n"), 0);
        assert_eq!(breaches("src/go/time.rs", "use crate::value::Str;\n"), 1);
        assert_eq!(breaches("src/chart/mod.rs", "use crate::{manifest::Manifest, yaml::{self, Node}};\n"), 1);
        assert_eq!(breaches("src/nowhere/mod.rs", ""), 1);
        assert_eq!(breaches("src/chart/load.rs", "// crate::cli is above\n"), 0);
    }
}
