//! Runs rules: walks a release once and calls each rule for each part that it looks at. Init and ephemeral containers, all
//! kinds of workload and the items of lists are taken apart here and in [`workload`], not in rules.

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::manifest::workload;

use super::level::Mode;
use super::profile::Profile;
use super::reporter::{Reporter, Site};
use super::rule::{Check, Rule};
use super::subject::{ChartSubject, Container, Object, PodSpec, Release, Subject};
use super::suppression;
use super::values::{Values, ValuesSubject};

/// Judges a subject by the rules that the profile selects. The findings come in the order of the rendered text, those
/// about the chart first; what is allowed is left out.
pub fn check(subject: &Subject, rules: &[&'static Rule], profile: &Profile, mode: Mode) -> Vec<Diagnostic> {
    let objects = objects(subject);
    let installed = |(at, object): (usize, &'_ Object<'_>)| (!object.is_hook()).then_some(at);
    let pods: Vec<(usize, workload::PodSpec<'_>)> = objects
        .iter()
        .enumerate()
        .filter_map(installed)
        .filter_map(|at| Some((at, workload::pod_spec(objects[at].node)?)))
        .collect();
    let release = Release { subject, rendered: &objects, pods: &pods };
    let mut found = Vec::new();
    for rule in rules {
        let Some(severity) = profile.level(rule, mode).severity() else { continue };
        let site = Site::Release;
        let is_set = profile.sets(rule, mode);
        let mut reporter = Reporter { rule, severity, is_set, profile, mode, subject, site, found };
        run(rule.check, &release, &mut reporter);
        found = reporter.found;
    }
    let ran: Vec<&'static Rule> =
        rules.iter().copied().filter(|rule| profile.level(rule, mode).severity().is_some()).collect();
    let asleep = |name: &str| rules.iter().any(|rule| rule.is(name)) && !ran.iter().any(|rule| rule.is(name));
    let mut found = suppression::apply(found, subject, &objects, &profile.allowances, rules, asleep);
    found.sort_by_cached_key(place);
    found
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
    for (at, spec) in release.pods {
        look(PodSpec { object: &release.rendered[*at], spec });
    }
}

/// Where a finding sorts: files of the chart, then the release as a whole, then the rendered text.
fn place(diagnostic: &Diagnostic) -> impl Ord + use<> {
    let location = &diagnostic.location;
    let rendered = location.rendered.map(|at| (at.line, at.column));
    let source = location.source.as_ref().filter(|_| rendered.is_none()).cloned();
    (rendered, source.is_none(), source, diagnostic.code, location.field.clone(), diagnostic.message.clone())
}
