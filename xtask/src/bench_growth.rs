//! `cargo xtask bench growth [WHAT…]`: how processor time and memory of `template` and `check` grow with each thing that a chart
//! can have many of. The exponent is 1 where twice as many take twice as long; it fails where one is nearer to 2.

use std::fs;
use std::io;
use std::path::Path;

use crate::bench::{Cost, measure};
use crate::{Outcome, parity};

/// How often each runs; the least counts.
const RUNS: usize = 3;
/// What is no longer growth in step.
const TOO_MUCH: f64 = 1.5;
/// Below so many milliseconds chance says more than growth.
const LEAST: f64 = 5.0;

/// Something that a chart has many of.
struct Growth {
    what: &'static str,
    /// The smallest number; twice and four times as many are tried too.
    from: usize,
    /// Writes the chart and gives the flags.
    make: fn(&Path, usize) -> io::Result<Vec<String>>,
}

const ALL: &[Growth] = &[
    Growth {
        what: "objects",
        from: 2_500,
        make: |chart, many| template(chart, &documents(many, config_map)),
    },
    Growth {
        what: "templates",
        from: 1_000,
        make: |chart, many| {
            write_chart(chart, "")?;
            (0..many)
                .try_for_each(|at| fs::write(chart.join(format!("templates/{at}.yaml")), config_map(at)))?;
            Ok(Vec::new())
        },
    },
    Growth {
        what: "values",
        from: 2_500,
        make: |chart, many| {
            let keys = each(many, |at| format!("key{at}: {{a: 1, b: text}}\n"));
            template(chart, &(config_map(0) + "# {{ .Values }}\n"))?;
            fs::write(chart.join("values.yaml"), keys)?;
            Ok(Vec::new())
        },
    },
    Growth {
        what: "unread-values",
        from: 1_000,
        make: |chart, many| {
            template(chart, &(config_map(0) + &each(many, |at| format!("# {{{{ .Values.key{at} }}}}\n"))))?;
            fs::write(chart.join("values.yaml"), each(many, |at| format!("kez{at}: 1\n")))?;
            Ok(Vec::new())
        },
    },
    Growth {
        what: "subcharts",
        from: 30,
        make: |chart, many| {
            template(chart, &config_map(many))?;
            for at in 0..many {
                subchart(&chart.join(format!("charts/s{at}")), at)?;
            }
            Ok(Vec::new())
        },
    },
    Growth {
        what: "nested-charts",
        from: 20,
        make: |chart, many| {
            template(chart, &config_map(many))?;
            let mut folder = chart.to_owned();
            for at in 0..many {
                folder = folder.join(format!("charts/s{at}"));
                subchart(&folder, at)?;
            }
            Ok(Vec::new())
        },
    },
    Growth {
        what: "include-depth",
        from: 200,
        make: |chart, many| {
            let link = |at| {
                let next = at + 1;
                format!("{{{{ define \"d{at}\" }}}}{{{{ include \"d{next}\" . }}}}{{{{ end }}}}")
            };
            let last = format!("{{{{ define \"d{many}\" }}}}x{{{{ end }}}}");
            template(chart, &(each(many, link) + &last + &config_map(0) + "# {{ include \"d0\" . }}\n"))
        },
    },
    Growth {
        what: "tpl",
        from: 2_500,
        make: |chart, many| {
            let call = "# {{ tpl (printf \"{{ %d }}\" .) $ }}\n";
            template(chart, &format!("{}{{{{ range until {many} }}}}{call}{{{{ end }}}}", config_map(0)))
        },
    },
    Growth {
        what: "values-files",
        from: 250,
        make: |chart, many| {
            template(chart, &config_map(0))?;
            let mut flags = Vec::new();
            for at in 0..many {
                let file = chart.with_file_name(format!("values-{at}.yaml"));
                fs::write(&file, format!("key{at}: {{a: {at}}}\n"))?;
                flags.extend(["-f".to_owned(), file.display().to_string()]);
            }
            Ok(flags)
        },
    },
    Growth {
        what: "set-flags",
        from: 1_000,
        make: |chart, many| {
            template(chart, &config_map(0))?;
            Ok((0..many).flat_map(|at| ["--set".to_owned(), format!("key{at}.a=1")]).collect())
        },
    },
    Growth {
        what: "variables",
        from: 2_500,
        make: |chart, many| {
            let declared = each(many, |at| format!("{{{{ $v{at} := {at} }}}}\n"));
            let printed = each(many, |at| format!("# {{{{ $v{at} }}}}\n"));
            template(chart, &(declared + &config_map(0) + &printed))
        },
    },
    Growth {
        what: "defines",
        from: 2_500,
        make: |chart, many| {
            let defined = each(many, |at| format!("{{{{ define \"d{at}\" }}}}x{{{{ end }}}}\n"));
            let called = each(many, |at| format!("# {{{{ include \"d{at}\" . }}}}\n"));
            template(chart, &(defined + &config_map(0) + &called))
        },
    },
    Growth {
        what: "containers",
        from: 250,
        make: |chart, many| {
            let container = |at| format!("  - {{name: c{at}, image: \"x:1\"}}\n");
            template(chart, &(POD.to_owned() + "  containers:\n" + &each(many, container)))
        },
    },
    Growth {
        what: "env",
        from: 2_000,
        make: |chart, many| {
            let variable = |at| format!("    - {{name: E{at}, value: \"1\"}}\n");
            let container = "  containers:\n  - name: a\n    image: x:1\n    env:\n";
            template(chart, &(POD.to_owned() + container + &each(many, variable)))
        },
    },
    Growth {
        what: "findings",
        from: 500,
        make: |chart, many| {
            let pod = "spec: {hostNetwork: true, containers: [{name: a, image: x}]}\n";
            let pod = |at| format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: a{at}}}\n{pod}");
            template(chart, &documents(many, pod))
        },
    },
];

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n";

/// Runs the task.
pub fn run(wanted: &[&str]) -> Outcome {
    let known = |what: &&&str| ALL.iter().all(|growth| growth.what != **what);
    if let Some(unknown) = wanted.iter().find(known) {
        let names: Vec<&str> = ALL.iter().map(|growth| growth.what).collect();
        return Err(format!("`{unknown}` does not grow; these do: {}", names.join(", ")));
    }
    let ours = parity::build_ours()?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let chart = folder.path().join("chart");
    println!("| many | command | from | ms | twice | 4 times | exponent | MiB of 4 times | exponent |");
    println!("|---|---|--:|--:|--:|--:|--:|--:|--:|");
    let mut grown = Vec::new();
    for growth in ALL.iter().filter(|growth| wanted.is_empty() || wanted.contains(&growth.what)) {
        for command in ["template", "check"] {
            let cost = |many: usize| -> Result<Cost, String> {
                let _ = fs::remove_dir_all(&chart);
                let flags = (growth.make)(&chart, many).map_err(|error| error.to_string())?;
                let words = [command.to_owned(), chart.display().to_string()];
                let quiet = (command == "check").then(|| "--no-config".to_owned());
                let words: Vec<String> = words.into_iter().chain(quiet).chain(flags).collect();
                measure(&ours, &words, RUNS)
            };
            // What it takes to start is not what grows.
            let start = cost(1)?;
            let [one, two, four] = [cost(growth.from)?, cost(growth.from * 2)?, cost(growth.from * 4)?];
            let time = |cost: Cost| (cost.milliseconds - start.milliseconds).max(0.1);
            let memory = |cost: Cost| (cost.mebibytes - start.mebibytes).max(0.1);
            let exponent = (time(four) / time(one)).log2() / 2.0;
            println!(
                "| {} | `{command}` | {} | {:.1} | {:.1} | {:.1} | {exponent:.2} | {:.1} | {:.2} |",
                growth.what,
                growth.from,
                one.milliseconds,
                two.milliseconds,
                four.milliseconds,
                four.mebibytes,
                (memory(four) / memory(one)).log2() / 2.0,
            );
            // The path of the innermost chart has a part for each: twice as many have four times as much of it.
            let most = if growth.what == "nested-charts" { TOO_MUCH + 1.0 } else { TOO_MUCH };
            if exponent > most && time(four) > LEAST {
                grown.push(format!("{} in {command}", growth.what));
            }
        }
    }
    if grown.is_empty() { Ok(()) } else { Err(format!("more than in step grow: {}", grown.join(", "))) }
}

fn each(many: usize, write: impl Fn(usize) -> String) -> String {
    (0..many).map(write).collect()
}

fn documents(many: usize, write: impl Fn(usize) -> String) -> String {
    each(many, |at| format!("---\n{}", write(at)))
}

fn config_map(at: usize) -> String {
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a{at}}}\ndata: {{a: \"1\"}}\n")
}

fn write_chart(chart: &Path, name: &str) -> io::Result<()> {
    fs::create_dir_all(chart.join("templates"))?;
    let name = if name.is_empty() { "many" } else { name };
    fs::write(chart.join("Chart.yaml"), format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\n"))
}

/// A chart of one template.
fn template(chart: &Path, text: &str) -> io::Result<Vec<String>> {
    write_chart(chart, "")?;
    fs::write(chart.join("templates/a.yaml"), text)?;
    Ok(Vec::new())
}

fn subchart(chart: &Path, at: usize) -> io::Result<()> {
    write_chart(chart, &format!("s{at}"))?;
    fs::write(chart.join("values.yaml"), "a: 1\n")?;
    fs::write(chart.join("templates/a.yaml"), config_map(at))
}
