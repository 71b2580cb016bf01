//! The project's own tools: `cargo xtask` lists them. One file each; nothing here is part of what users get.

use std::process::ExitCode;

mod bench;
mod bench_check;
mod bench_engine;
mod bench_growth;
mod bench_keys;
mod bench_kubeconform;
mod bench_many;
mod bench_memory;
mod bench_registry;
mod bench_values;
mod catalogue;
mod ci;
mod counts;
mod dist;
mod edits;
mod fuzz;
mod fuzz_stable;
mod generate;
mod interop;
mod kubernetes;
mod new_rule;
mod oracle;
mod order;
mod parity;
mod pictures;
mod plot;
mod rates;
mod record;
mod task;
mod tidy;
mod unread;

use task::{Outcome, root};

const USAGE: &str = "\
cargo xtask ci                          everything that CI runs, in order
cargo xtask tidy                        check layers, circles, sizes, opening paragraphs, paths in documents
cargo xtask tidy --figures [FOLDER]     count files, lines, functions, circles, in this or another checkout
cargo xtask dist [--target T] [--profile P] [--program FILE] [--only KIND,…] [--out DIR]
                 [--keyring FILE --key NAME [--passphrase-file FILE]]
                                        build everything that is released; see docs/releasing.md
cargo xtask dist join DIR… --out DIR    put together what several machines built
cargo xtask dist try [--only KIND,…] [--out DIR]
                                        install what was built as people do, and say how long that takes
cargo xtask edits [--edits N] [--seed S]
                                        edit a chart at random: a cache must never change what check says
cargo xtask gen [--check]               write the documents that are made from the code
cargo xtask new-rule SUBJECT NAME       write a rule's file and its lines in src/rules/SUBJECT/mod.rs
cargo xtask oracle [FILTER] [--check]   record Helm's answer to each case in testdata/ (needs Go)
cargo xtask kubernetes                  write what the API server of each Kubernetes minor knows (needs Go)
cargo xtask kubernetes pod-security     record what Pod Security admission says of its own test data (needs Go)
cargo xtask kubernetes custom-resources record what is said of random custom resources (needs Go)
cargo xtask kubernetes rules            record what is said of rules in CEL (needs Go)
cargo xtask kubernetes functions        write down which functions such rules have (needs Go)
cargo xtask record [FOLDER]             record what ours says now in testdata/{cli,migrate,patch,rules,why}
cargo xtask order [CHART…]              write down which functions usual runs call, for the linker (needs valgrind)
cargo xtask order --check               whether these are still functions of the program
cargo xtask pictures                    pictures of what the program says, and of its page in a browser
cargo xtask parity DIR…                 compare with an installed helm, byte for byte, on every chart below
cargo xtask unread DIR…                 take every key that `unread-value` tells out of every chart below: nothing may change
cargo xtask rates DIR… [RULE…]          how often each rule about values and templates tells something of the charts below
cargo xtask bench [DIR…] [--plot FILE]  processor time and memory of `template` beside Helm's
cargo xtask bench check [DIR…]          processor time of judging beside that of rendering
cargo xtask interop [--record]          push, pull and sign with a real registry, helm and gpg
cargo xtask bench registry              what a chart of 90 MB costs to push and pull, beside Helm
cargo xtask counts [--record]           instructions, allocations and memory of usual runs beside those recorded
cargo xtask bench engine                what rendering costs, beside Go's engine
cargo xtask bench keys                  what making keys and certificates costs, beside Go's
cargo xtask bench kubeconform [SWAGGER]  `check --profile kubernetes` beside kubeconform: verdicts, time and memory
cargo xtask bench memory                memory and time of `template` beside Helm's, as charts and values grow
cargo xtask bench growth [WHAT…]        how time and memory grow with each thing that a chart has many of
cargo xtask bench many DIR… [--charts N] [--shards N]
                                        what judging very many charts costs: at once, in shards, from the cache
cargo xtask bench values                what judging 10,000 lines of values costs
cargo xtask fuzz [TARGET] [--seconds N] [--cases N] [--seed S]
                                        run the targets of fuzz/ on a stable compiler: no panic, no hang
cargo xtask fuzz-diff [--family NAME] [--cases N] [--seed S] [--coverage]
                                        compare random cases with Helm (needs Go); see docs/comparison.md
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words.split_first() {
        Some((&"ci", [])) => ci::run(),
        Some((&"dist", rest)) => dist::run(rest),
        Some((&"edits", rest)) => edits::run(rest),
        Some((&"gen", rest)) => generate::run(rest.contains(&"--check")),
        Some((&"kubernetes", [])) => kubernetes::run(),
        Some((&"kubernetes", ["pod-security"])) => kubernetes::pod_security(),
        Some((&"kubernetes", ["custom-resources"])) => kubernetes::custom_resources(),
        Some((&"kubernetes", ["rules"])) => kubernetes::rules(),
        Some((&"kubernetes", ["functions"])) => kubernetes::functions(),
        Some((&"new-rule", &[subject, name])) => new_rule::run(subject, name),
        Some((&"bench", ["check", folders @ ..])) => bench_check::run(folders),
        Some((&"bench", ["engine"])) => bench_engine::run(),
        Some((&"counts", words)) => counts::run(words),
        Some((&"bench", ["growth", wanted @ ..])) => bench_growth::run(wanted),
        Some((&"bench", ["keys"])) => bench_keys::run(),
        Some((&"bench", ["kubeconform", words @ ..])) => bench_kubeconform::run(words),
        Some((&"bench", ["many", words @ ..])) => bench_many::run(words),
        Some((&"bench", ["memory"])) => bench_memory::run(),
        Some((&"bench", ["registry"])) => bench_registry::run(),
        Some((&"bench", ["values"])) => bench_values::run(),
        Some((&"bench", folders)) => bench::run(folders),
        Some((&"parity", folders)) => parity::run(folders),
        Some((&"order", charts)) => order::run(charts),
        Some((&"pictures", [])) => pictures::run(),
        Some((&"unread", folders)) => unread::run(folders),
        Some((&"rates", words)) => rates::run(words),
        Some((&"record", rest)) => record::run(rest),
        Some((&"oracle", rest)) => oracle::run(rest),
        Some((&"fuzz-diff", rest)) => fuzz::run(rest),
        Some((&"fuzz", rest)) => fuzz_stable::run(rest),
        Some((&"interop", rest)) => interop::run(rest.contains(&"--record")),
        Some((&"tidy", rest)) => tidy::run(rest),
        _ => Err(USAGE.trim_end().to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            eprintln!("{text}");
            ExitCode::FAILURE
        }
    }
}
