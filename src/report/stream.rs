//! [`Stream`]: what tells charts one after the other, and how a report is told to people ([`Style`]).

use std::io::{self, Write};

use crate::judge::{ChartReport, Tally};

use super::look::{Look, escaped};
use super::shard::Shard;

/// How much is told to people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// A line for each chart that is not clean.
    Quiet,
    /// What one change mends is one finding.
    #[default]
    Folded,
    /// Every finding with all that is known of it.
    Full,
}

/// How a report is told to people.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// What it is seen on.
    pub look: Look,
    /// How much is told.
    pub detail: Detail,
    /// Whether findings are counted by rule and by chart at the end.
    pub statistics: bool,
    /// Whether JSON holds all that the other formats can be made of, as that of a shard does.
    pub has_records: bool,
    /// What reads the text of a file that a fix would change, for formats that show the change; none is read otherwise.
    pub read: Option<fn(&str) -> Option<String>>,
}

/// Tells charts one after the other, as they are judged.
pub trait Stream {
    /// Tells a chart.
    ///
    /// # Errors
    /// Those of the writer.
    fn chart(&mut self, chart: &ChartReport, out: &mut dyn Write) -> io::Result<()>;

    /// Notes that the charts are a part of those of a run. Who tells nothing of it need not know.
    fn shard(&mut self, _: &Shard) {}

    /// Tells what is to be said of all of them.
    ///
    /// # Errors
    /// Those of the writer.
    fn end(&mut self, tally: &Tally, out: &mut dyn Write) -> io::Result<()>;
}

/// A format that is JSON: characters that play with a terminal, or with whoever reads it, are escaped in it.
pub(super) struct Escaped<S>(pub S);

impl<S: Stream> Stream for Escaped<S> {
    fn chart(&mut self, chart: &ChartReport, out: &mut dyn Write) -> io::Result<()> {
        escaped(out, |out| self.0.chart(chart, out))
    }

    fn shard(&mut self, shard: &Shard) {
        self.0.shard(shard);
    }

    fn end(&mut self, tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
        escaped(out, |out| self.0.end(tally, out))
    }
}
