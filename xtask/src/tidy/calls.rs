//! What only `cli` may do (print, read the environment, exit), and what no code of the product may do outside its tests
//! (panic on what somebody gave it).

use super::source::Source;
use super::{Breach, is_product};

/// What is looked for, and whether `cli` may.
const CALLS: [(&str, bool); 14] = [
    (".unwrap()", false),
    (".unwrap_err()", false),
    ("panic!(", false),
    ("todo!(", false),
    ("unimplemented!(", false),
    ("dbg!(", false),
    ("println!(", true),
    ("print!(", true),
    ("eprintln!(", true),
    ("eprint!(", true),
    ("process::exit(", true),
    ("env::var(", true),
    ("env::var_os(", true),
    ("env::vars(", true),
];

/// The breaches of a file.
pub fn check(source: &Source) -> Vec<Breach> {
    if !is_product(source) || source.path == "src/main.rs" {
        return Vec::new();
    }
    let in_cli = source.path.starts_with("src/cli/");
    let mut breaches = Vec::new();
    for (call, cli_may) in CALLS.into_iter().filter(|(_, cli_may)| !(in_cli && *cli_may)) {
        for (offset, _) in source.product.match_indices(call) {
            let before = source.product[..offset].chars().next_back();
            if !call.starts_with('.') && before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let place = if cli_may { "outside `cli` and tests" } else { "outside tests" };
            let text = format!("`{}` {place}", call.trim_end_matches(['(', ')']));
            breaches.push(Breach::new(&source.path, source.line_at(offset), text));
        }
    }
    breaches
}
