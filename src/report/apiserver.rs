//! What the Kubernetes API server answers, in its words: a line of JSON for each object, in the order of the text. Where
//! several versions were asked, each line names its own.

use std::io::{self, Write};

use serde::Serialize;

use crate::apiserver::Answer;
use crate::judge::{ChartReport, Tally};

use super::stream::Stream;

#[derive(Serialize)]
struct Line<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    code: u16,
    message: &'a str,
    causes: Vec<Cause<'a>>,
    warnings: Vec<&'a str>,
}

#[derive(Serialize)]
struct Cause<'a> {
    reason: &'a str,
    message: &'a str,
    field: String,
}

/// Writes the answers. A chart that could not be rendered has none.
pub(super) struct Apiserver;

impl Stream for Apiserver {
    fn chart(&mut self, chart: &ChartReport, out: &mut dyn Write) -> io::Result<()> {
        let is_one = chart.api_answers.len() < 2;
        let mut text = Vec::new();
        for asked in &chart.api_answers {
            let version = (!is_one).then(|| format!("1.{}", asked.minor));
            for answer in &asked.answers {
                // Written as one piece: what escapes it looks at each.
                text.clear();
                serde_json::to_writer(&mut text, &line(answer, version.clone()))?;
                text.push(b'\n');
                out.write_all(&text)?;
            }
        }
        Ok(())
    }

    fn end(&mut self, _: &Tally, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

fn line(answer: &Answer, version: Option<String>) -> Line<'_> {
    let causes = answer.causes.iter();
    Line {
        version,
        code: answer.code,
        message: &answer.message,
        causes: causes
            .map(|cause| Cause {
                reason: cause.reason.word(),
                message: &cause.message,
                field: cause.path.to_string(),
            })
            .collect(),
        warnings: answer.warnings.iter().map(|warning| warning.text.as_str()).collect(),
    }
}
