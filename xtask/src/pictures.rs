//! `cargo xtask pictures`: pictures of what the program says on a terminal, at 60, 80 and 140 columns, and of the page that
//! `check --report` writes where a Chromium is installed. They lie in `target/pictures`, to be looked at; that of the README is
//! written by `cargo xtask gen`.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use plimsoll::FieldPath;
use plimsoll::internals::judge::{self, Inputs};
use plimsoll::internals::render::Release;
use plimsoll::internals::render::host::FixedHost;
use plimsoll::internals::report::{self, Format, Look, Style, page};
use plimsoll::internals::{chart, rules};

use crate::{Outcome, root};

const WIDTHS: [usize; 3] = [60, 80, 140];
/// The picture of the README: its name, and how wide the terminal is.
const README: (&str, usize) = ("check", 100);
/// How many lines a picture has at most.
const TALLEST: usize = 60;

/// Runs the task.
pub fn run() -> Outcome {
    let folder = root().join("target/pictures");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for width in WIDTHS {
        for (name, command, text) in told(width)? {
            write(&folder.join(format!("{name}-{width}.svg")), &svg(&command, &text, width))?;
        }
    }
    page_in_a_browser(&folder)
}

/// The picture of the README, which `cargo xtask gen` writes.
pub fn of_readme() -> Result<String, String> {
    let (name, width) = README;
    let found = told(width)?.into_iter().find(|(known, ..)| *known == name);
    let (_, command, text) = found.ok_or("there is no such picture")?;
    Ok(svg(&command, &text, width))
}

fn write(path: &Path, text: &str) -> Outcome {
    std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    println!("wrote {}", path.display());
    Ok(())
}

/// What the program says to some commands: the picture's name, the command, the text.
fn told(width: usize) -> Result<Vec<(&'static str, String, String)>, String> {
    let look = Look { color: true, width: Some(width) };
    let path = "charts/fraud-model";
    let loaded = chart::load(root().join(path)).map_err(|error| error.to_string())?;
    let inputs = || Inputs::new(Release::new("mini-service", "default"), FixedHost::new("pictures", 0));
    let mut told = Vec::new();

    let report = judge::ChartReport {
        root: judge::Root::Folder,
        ..judge::chart(path, Ok(loaded.clone()), Ok(inputs()))
    };
    let mut text = Vec::new();
    let mut stream = Format::Human.stream(Style { look, ..Style::default() });
    stream.chart(&report, &mut text).map_err(|error| error.to_string())?;
    told.push(("check", format!("plimsoll check {path} --no-values-sets"), text));

    let field: FieldPath = "spec.replicas".parse().map_err(|_| "it is a path")?;
    let object = "Deployment/mini-service-fraud-model";
    let why = judge::why::why(&loaded, &inputs(), object, &field).map_err(|error| error.to_string())?;
    let mut text = Vec::new();
    report::why::write_human(&why, &report, look, &mut text).map_err(|error| error.to_string())?;
    told.push(("why", format!("plimsoll why {path} {object} spec.replicas"), text));

    let rule = rules::find("host-network").ok_or("there is such a rule")?;
    let text = page::markdown(&rule.page(), look).into_bytes();
    told.push(("explain", "plimsoll explain host-network".to_owned(), text));
    let text = |text: Vec<u8>| String::from_utf8_lossy(&text).into_owned();
    Ok(told.into_iter().map(|(name, command, told)| (name, command, text(told))).collect())
}

/// A picture of a terminal. Colours are those that a dark terminal has.
fn svg(command: &str, text: &str, width: usize) -> String {
    const CELL: (f64, f64) = (8.43, 19.0);
    let mut lines: Vec<&str> = text.lines().collect();
    if lines.len() > TALLEST {
        lines.truncate(TALLEST);
        lines.push("…");
    }
    let (across, down) = (width as f64 * CELL.0 + 32.0, (lines.len() + 2) as f64 * CELL.1 + 24.0);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{across:.0}\" height=\"{down:.0}\" viewBox=\"0 0 {across:.0} {down:.0}\" \
         font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"14\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#16191d\"/>\n"
    );
    let mut row = |at: usize, spans: &str| {
        let y = (at + 1) as f64 * CELL.1 + 8.0;
        let _ = writeln!(
            svg,
            "<text x=\"16\" y=\"{y:.1}\" xml:space=\"preserve\" fill=\"#d7dae0\">{spans}</text>"
        );
    };
    row(0, &format!("<tspan fill=\"#8b949e\">$ </tspan>{}", escape(command)));
    for (at, line) in lines.iter().enumerate() {
        row(at + 1, &spans(line));
    }
    svg.push_str("</svg>\n");
    svg
}

/// A line with its colours.
fn spans(line: &str) -> String {
    let mut shown = String::new();
    let (mut color, mut bold, mut dim) = ("", false, false);
    for (at, part) in line.split('\u{1b}').enumerate() {
        let mut text = part;
        if at > 0 {
            let Some((codes, rest)) = part.strip_prefix('[').and_then(|part| part.split_once('m')) else {
                continue;
            };
            text = rest;
            for code in codes.split(';') {
                match code {
                    "" | "0" => (color, bold, dim) = ("", false, false),
                    "1" => bold = true,
                    "2" => dim = true,
                    "31" | "91" => color = "#ff7b72",
                    "32" | "92" => color = "#7ee787",
                    "33" | "93" => color = "#f2cc60",
                    "34" | "94" => color = "#79c0ff",
                    "36" | "96" => color = "#76e3ea",
                    _ => {}
                }
            }
        }
        if text.is_empty() {
            continue;
        }
        let fill = match (color, dim) {
            ("", true) => " fill=\"#8b949e\"".to_owned(),
            ("", false) => String::new(),
            (color, _) => format!(" fill=\"{color}\""),
        };
        let weight = if bold { " font-weight=\"bold\"" } else { "" };
        let _ = write!(shown, "<tspan{fill}{weight}>{}</tspan>", escape(text));
    }
    shown
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Writes the page of a chart and takes pictures of it: wide, on a phone, in the dark.
fn page_in_a_browser(folder: &Path) -> Outcome {
    let path = "charts/fraud-model";
    let loaded = chart::load(root().join(path)).map_err(|error| error.to_string())?;
    let inputs = Inputs {
        view: true,
        ..Inputs::new(Release::new("mini-service", "default"), FixedHost::new("pictures", 0))
    };
    let report =
        judge::ChartReport { root: judge::Root::Folder, ..judge::chart(path, Ok(loaded), Ok(inputs)) };
    let report = judge::Report { charts: vec![report] };
    let mut page = Vec::new();
    Format::Html.write(&report, Look::default(), &mut page).map_err(|error| error.to_string())?;
    let file = folder.join("report.html");
    write(&file, &String::from_utf8_lossy(&page))?;
    let Some(browser) = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| {
        Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success())
    }) else {
        println!("no Chromium is installed, so there is no picture of the page");
        return Ok(());
    };
    let looks = [("wide", "1280,1600", false), ("phone", "390,1600", false), ("dark", "1280,1600", true)];
    for (name, size, is_dark) in looks {
        let picture = folder.join(format!("report-{name}.png"));
        let mut command = Command::new(browser);
        command.args(["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]);
        if is_dark {
            command.args(["--force-dark-mode", "--blink-settings=preferredColorScheme=0"]);
        }
        command.arg(format!("--window-size={size}")).arg(format!("--screenshot={}", picture.display()));
        let output = command.arg(format!("file://{}", file.display())).output();
        let output = output.map_err(|error| format!("{browser}: {error}"))?;
        if !picture.is_file() {
            return Err(format!("{browser} took no picture: {}", String::from_utf8_lossy(&output.stderr)));
        }
        println!("wrote {}", picture.display());
    }
    Ok(())
}
