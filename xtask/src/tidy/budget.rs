//! How long files and functions may be, and how long they are.

use super::Breach;
use super::source::Source;

/// No file is longer, in lines.
const FILE: usize = 900;
/// No function is longer, in lines.
const FUNCTION: usize = 100;

/// The breaches of a file.
pub fn check(source: &Source) -> Vec<Breach> {
    let lines = source.text.lines().count();
    let mut breaches = Vec::new();
    if lines > FILE {
        breaches.push(Breach::new(
            &source.path,
            FILE + 1,
            format!("{lines} lines, {FILE} is the limit: split it"),
        ));
    }
    for function in source.functions().into_iter().filter(|function| function.lines > FUNCTION) {
        let text = format!("`{}` has {} lines, {FUNCTION} is the limit", function.name, function.lines);
        breaches.push(Breach::new(&source.path, function.line, text));
    }
    breaches
}

/// Prints the sizes of the whole.
pub fn print_summary(sources: &[Source]) {
    let files = sources.iter().map(|source| source.text.lines().count()).collect();
    let functions = sources.iter().flat_map(Source::functions).map(|function| function.lines).collect();
    print_sizes("files", FILE, files);
    print_sizes("functions", FUNCTION, functions);
}

fn print_sizes(what: &str, limit: usize, mut sizes: Vec<usize>) {
    sizes.sort_unstable();
    let at = |percent: usize| sizes.get((sizes.len() * percent / 100).min(sizes.len().saturating_sub(1)));
    let (median, p90, longest) = (at(50).unwrap_or(&0), at(90).unwrap_or(&0), sizes.last().unwrap_or(&0));
    let count = sizes.len();
    println!("{count} {what}: median {median} lines, p90 {p90}, longest {longest} of {limit}");
}
