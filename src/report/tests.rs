//! What every format does with a finding whose words were chosen by somebody who means harm.

use serde_json::Value as Json;

use crate::diagnostic::{Diagnostic, FileLine, Location, ObjectId, RenderedPosition, Severity};
use crate::judge::{ChartReport, Report, Root};

use super::{Format, Look};

const NASTY: &str = "\u{1b}[2J\u{9b}1m\u{202e}\u{fffe}a\"b<c>&\n::error::x\nok 9 - y #";

fn report(root: Root) -> Report {
    let mut rule = Diagnostic::new("POD101", "host-network", Severity::Error, NASTY);
    rule.help = Some("remove it".to_owned());
    rule.location = Location {
        object: Some(ObjectId { kind: "Pod".to_owned(), name: NASTY.to_owned(), ..ObjectId::default() }),
        source: Some(FileLine { file: "templates/ä b.yaml".to_owned(), line: Some(7), column: Some(3) }),
        source_excerpt: Some(format!("  {NASTY}")),
        rendered: Some(RenderedPosition { line: 9, column: 3 }),
        excerpt: Some("  hostNetwork: true".to_owned()),
        ..Location::default()
    };
    let other = Diagnostic::new("LOD001", "unloadable-chart", Severity::Advice, "there is no chart");
    let chart = ChartReport { path: "charts/a\nb".to_owned(), root, ..ChartReport::default() };
    Report { charts: vec![ChartReport { diagnostics: vec![rule.clone(), rule, other], ..chart }] }
}

fn told(format: Format, report: &Report) -> String {
    let mut text = Vec::new();
    format.write(report, Look::default(), &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

#[test]
fn control_characters_reach_no_terminal() {
    for format in [
        Format::Human,
        Format::Concise,
        Format::Github,
        Format::Junit,
        Format::Tap,
        Format::Markdown,
        Format::Html,
    ] {
        let text = told(format, &report(Root::Folder));
        let is_bad = |c: &char| c.is_control() && *c != '\n' || matches!(c, '\u{fffe}');
        assert_eq!(text.chars().find(is_bad), None, "{format:?}: {text}");
    }
    assert!(!told(Format::Human, &report(Root::Folder)).contains('\u{202e}'));
}

#[test]
fn words_of_others_are_no_html() {
    let page = told(Format::Html, &report(Root::Folder));
    assert!(page.contains("b&lt;c&gt;&amp;") && !page.contains("b<c>"), "{page}");
    let summary = told(Format::Markdown, &report(Root::Folder));
    assert!(summary.contains("b&lt;c&gt;&amp;") && !summary.contains("b<c>"), "{summary}");
}

#[test]
fn lines_of_a_message_are_no_commands() {
    let human = told(Format::Human, &report(Root::Folder));
    assert!(!human.lines().any(|line| line.trim_start().starts_with("::")), "{human}");
    let github = told(Format::Github, &report(Root::Folder));
    assert_eq!(github.lines().count(), 3, "{github}");
    assert!(github.lines().all(|line| line.starts_with("::error ") || line.starts_with("::notice ")));
    assert!(github.contains(",line=7,col=3,title=POD101 host-network::Pod/"), "{github}");
    let tap = told(Format::Tap, &report(Root::Folder));
    assert_eq!(tap.lines().filter(|line| line.starts_with("ok") || line.starts_with("not ok")).count(), 1);
}

#[test]
fn every_format_says_where() {
    for format in [Format::Human, Format::Junit, Format::Tap, Format::Github, Format::Gitlab, Format::Sarif] {
        let text = told(format, &report(Root::Folder));
        assert!(text.contains("templates/ä b.yaml") || text.contains("templates/%C3%A4%20b.yaml"), "{text}");
        assert!(text.contains('7'), "{text}");
    }
    let junit = told(Format::Junit, &report(Root::Folder));
    assert!(junit.contains("/templates/ä b.yaml\" line=\"7\""), "{junit}");
    let manifests = told(Format::Github, &report(Root::Manifests));
    assert!(manifests.contains("file=charts/a%0Ab,line=9,col=3"), "{manifests}");
    let mut inner = report(Root::Folder);
    inner.charts[0].path = "web".to_owned();
    let member =
        FileLine { file: "charts/sub.tgz/templates/a.yaml".to_owned(), line: Some(7), column: Some(3) };
    inner.charts[0].diagnostics[0].location.source = Some(member);
    assert!(told(Format::Github, &inner).starts_with("::error file=web/charts/sub.tgz,title="));
    let archive: Json = serde_json::from_str(&told(Format::Gitlab, &report(Root::Archive))).unwrap();
    assert_eq!(archive[0]["location"], serde_json::json!({"path": "charts/a\nb", "lines": {"begin": 1}}));
}

#[test]
fn sarif_says_what_the_rule_says() {
    let log: Json = serde_json::from_str(&told(Format::Sarif, &report(Root::Folder))).unwrap();
    let run = &log["runs"][0];
    let [rule, other] = &run["tool"]["driver"]["rules"].as_array().unwrap()[..] else { panic!("{run}") };
    assert_eq!(other["shortDescription"]["text"], "unloadable chart");
    assert_eq!(rule["shortDescription"]["text"], "Pods must not join the node's network.");
    assert!(rule["help"]["markdown"].as_str().unwrap().starts_with("# POD101 `host-network`\n"));
    assert!(rule["helpUri"].as_str().unwrap().ends_with("/docs/rules/POD101-host-network.md"));
    assert_eq!(rule["defaultConfiguration"]["level"], "error");
    let hash = |at: usize| &run["results"][at]["partialFingerprints"]["primaryLocationLineHash"];
    assert_ne!(hash(0), hash(1));
}

#[test]
fn what_a_secret_renders_to_is_not_shown() {
    let mut report = report(Root::Folder);
    for diagnostic in &mut report.charts[0].diagnostics {
        diagnostic.location.object =
            Some(ObjectId { kind: "Secret".to_owned(), name: "s".to_owned(), ..ObjectId::default() });
        diagnostic.location.source_excerpt = None;
    }
    let text = told(Format::Human, &report);
    assert!(!text.contains("hostNetwork: true"), "{text}");
}
