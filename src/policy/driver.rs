//! Runs rules: walks a release once and calls each rule for each part that it looks at. Init and ephemeral containers, all
//! kinds of workload and the items of lists are taken apart here and in [`workload`], not in rules.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::workload;

use super::level::Mode;
use super::profile::Profile;
use super::release::Release;
use super::reporter::{Reporter, Site};
use super::rule::{Check, Rule};
use super::subject::{ChartSubject, Container, Object, PodSpec, Subject};
use super::suppression;
use super::values::{Values, ValuesSubject};

/// What rules found.
#[derive(Debug, Default)]
pub struct Judgement {
    /// The findings, in the order of the rendered text, those about the chart first.
    pub found: Vec<Diagnostic>,
    /// The findings that somebody allows.
    pub allowed: Vec<Diagnostic>,
}

/// The findings of [`judge`] that nobody allows.
pub fn check(subject: &Subject, rules: &[&'static Rule], profile: &Profile, mode: Mode) -> Vec<Diagnostic> {
    judge(subject, rules, profile, mode).found
}

/// Judges a subject by the rules that the profile selects.
pub fn judge(subject: &Subject, rules: &[&'static Rule], profile: &Profile, mode: Mode) -> Judgement {
    let objects = objects(subject);
    let pods = pods(&objects);
    let release = Release { subject, rendered: &objects, pods: &pods, parts: OnceCell::new() };
    let mut found = Vec::new();
    let mut ran = Vec::new();
    for rule in rules {
        let Some(severity) = profile.level(rule, mode).severity() else { continue };
        ran.push(rule);
        let prepared = prepared(rule, severity, profile);
        let lowered_to = rule.lowered_to.filter(|_| !profile.sets(rule, mode));
        let site = Site::Release;
        let before = found.len();
        let mut reporter = Reporter { prepared, lowered_to, profile, mode, subject, site, found };
        run(rule.check, &release, &mut reporter);
        found = reporter.found;
        add_help(&mut found[before..], rule);
    }
    let asleep = |name: &str| rules.iter().any(|rule| rule.is(name)) && !ran.iter().any(|rule| rule.is(name));
    let mut judgement = suppression::apply(found, subject, &objects, profile, rules, asleep);
    judgement.found.sort_by_cached_key(place);
    Judgement { found: judgement.found, allowed: judgement.allowed }
}

/// A finding of the rule as far as it does not depend on what is found.
fn prepared(rule: &Rule, severity: Severity, profile: &Profile) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(rule.code, rule.name, severity, String::new());
    diagnostic.profile = Some(profile.name.clone());
    diagnostic.sources = rule.sources.iter().map(|source| (*source).to_owned()).collect();
    diagnostic
}

/// Findings that have no help of their own have that of their rule.
fn add_help(found: &mut [Diagnostic], rule: &Rule) {
    let mut help = None;
    for diagnostic in found.iter_mut().filter(|diagnostic| diagnostic.help.is_none()) {
        diagnostic.help.clone_from(help.get_or_insert_with(|| rule.summary_of_fix()));
    }
}

/// The objects of all documents, lists taken apart.
fn objects(subject: &Subject) -> Vec<Object<'_>> {
    let mut objects = Vec::new();
    for (number, document) in subject.documents.iter().enumerate() {
        objects.extend(workload::objects(&document.node).into_iter().map(|object| Object {
            node: object.node,
            id: object.id,
            path: object.path,
            document,
            number,
        }));
    }
    objects
}

/// The pod specs of the objects that have one, each with the number of its object.
fn pods<'a>(objects: &[Object<'a>]) -> Vec<(usize, workload::PodSpec<'a>)> {
    let pod = |(at, object): (usize, &Object<'a>)| Some((at, workload::pod_spec(object.node)?));
    objects.iter().enumerate().filter_map(pod).collect()
}

/// Looks at a release as rules do.
pub fn in_release<T>(subject: &Subject, look: impl FnOnce(&Release<'_>) -> T) -> T {
    let objects = objects(subject);
    let pods = pods(&objects);
    look(&Release { subject, rendered: &objects, pods: &pods, parts: OnceCell::new() })
}

fn run<'a>(check: Check, release: &'a Release<'a>, reporter: &mut Reporter<'a>) {
    match check {
        Check::Chart(look) => {
            if let Some(chart) = &release.subject.chart {
                on_chart(look, chart, reporter);
            }
        }
        Check::Values(look) => {
            if let Some(values) = &release.subject.values {
                on_values(look, values, reporter);
            }
        }
        Check::Release(look) => look(release, reporter),
        Check::Object(look) => {
            for object in release.objects() {
                reporter.site = Site::Object(object);
                look(object, reporter);
            }
        }
        Check::PodSpec(look) => each_pod(release, |pod| {
            reporter.site = Site::Object(pod.object);
            look(&pod, reporter);
        }),
        Check::Container(look) => {
            on_containers(look, release, |role| role != workload::Role::Ephemeral, reporter);
        }
        Check::AnyContainer(look) => on_containers(look, release, |_| true, reporter),
    }
}

fn on_containers<'a>(
    look: fn(&Container<'_>, &mut Reporter<'_>),
    release: &'a Release<'a>,
    is_wanted: impl Fn(workload::Role) -> bool,
    reporter: &mut Reporter<'a>,
) {
    each_pod(release, |pod| {
        reporter.site = Site::Object(pod.object);
        for container in pod.each_container().filter(|container| is_wanted(container.role)) {
            look(&container, reporter);
        }
    });
}

fn on_chart<'a>(
    look: fn(&ChartSubject, &mut Reporter<'_>),
    chart: &'a ChartSubject,
    reporter: &mut Reporter<'a>,
) {
    reporter.site = Site::Chart(&chart.metadata);
    look(chart, reporter);
}

/// Looks at the values of each chart; what several see together is told once.
fn on_values<'a>(
    look: fn(&Values, &mut Reporter<'_>),
    values: &'a ValuesSubject,
    reporter: &mut Reporter<'a>,
) {
    let before = reporter.found.len();
    for chart in values.charts() {
        reporter.site = Site::Values(chart);
        look(chart, reporter);
    }
    let mut seen = BTreeSet::new();
    let mut new = reporter.found.split_off(before);
    new.retain(|found| {
        seen.insert((found.location.field.clone(), found.location.source.clone(), found.message.clone()))
    });
    reporter.found.extend(new);
}

fn each_pod<'a>(release: &'a Release<'a>, mut look: impl FnMut(PodSpec<'a>)) {
    release.pod_specs().for_each(&mut look);
}

/// Where a finding sorts: files of the chart, then the release as a whole, then the rendered text.
fn place(diagnostic: &Diagnostic) -> impl Ord + use<> {
    let location = &diagnostic.location;
    let rendered = location.rendered.map(|at| (at.line, at.column));
    let source = location.source.as_ref().filter(|_| rendered.is_none()).cloned();
    (rendered, source.is_none(), source, diagnostic.code, location.field.clone(), diagnostic.message.clone())
}
