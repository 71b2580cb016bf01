//! What the platform's own service answers, in its words: one object for one chart, an array for several.

use std::io::{self, Write};

use serde::Serialize;

use crate::judge::{Answer, ChartReport, Tally};

use super::stream::Stream;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    valid: bool,
    validation_errors: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    validation_policies: Option<[Policy<'a>; 1]>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Policy<'a> {
    id: &'a str,
    valid: bool,
    validation_errors: &'a [String],
}

/// Writes the answers. Source: service.go's response, with `/v1/validate`'s list of policies where one was given.
#[derive(Default)]
pub(super) struct Reval(Vec<Answer>);

impl Stream for Reval {
    fn chart(&mut self, chart: &ChartReport, _: &mut dyn Write) -> io::Result<()> {
        self.0.push(answer(chart));
        Ok(())
    }

    fn end(&mut self, _: &Tally, out: &mut dyn Write) -> io::Result<()> {
        let bodies: Vec<Body<'_>> = self.0.iter().map(body).collect();
        match &bodies[..] {
            [one] => serde_json::to_writer_pretty(&mut *out, one)?,
            several => serde_json::to_writer_pretty(&mut *out, several)?,
        }
        writeln!(out)
    }
}

/// The service's answer; where it was not asked because the chart could not be rendered, that is the error.
fn answer(chart: &ChartReport) -> Answer {
    chart.answer.clone().unwrap_or_else(|| Answer {
        valid: false,
        errors: chart.diagnostics.iter().map(|diagnostic| diagnostic.message.clone()).collect(),
        policy: None,
    })
}

/// With a policy the service's `/v1/validate` puts the errors below the policy and `/v1/render` at the top; here they are in
/// both places.
fn body(answer: &Answer) -> Body<'_> {
    let policies = answer.policy.as_ref();
    Body {
        valid: answer.valid,
        validation_errors: &answer.errors,
        validation_policies: policies
            .map(|id| [Policy { id, valid: answer.valid, validation_errors: &answer.errors }]),
    }
}
