//! Where reports go: each format that was asked for to standard output or to a file of its own, a chart at a time.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::cli::args::output::{Output, OutputArgs};
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::files;
use crate::go::os::error_text;
use crate::judge::{ChartReport, Tally};
use crate::report::{Format, Look, Shard, Stream, Style};
use crate::staged::{self, Replacing};

/// The reports of a run, each with what writes it.
pub(crate) struct Outputs {
    reports: Vec<Report>,
    tally: Tally,
}

struct Report {
    stream: Box<dyn Stream>,
    /// A file that is there when all of the report is.
    file: Option<(PathBuf, BufWriter<Replacing>)>,
}

/// The text of a file that a fix would change.
fn text_of(path: &str) -> Option<String> {
    String::from_utf8(files::read_given(Path::new(path)).ok()?).ok()
}

impl Outputs {
    /// Opens the files. A report for people looks as the terminal does; that of a shard can be merged with others.
    pub(crate) fn new(tell: &OutputArgs, context: &Context, is_shard: bool) -> Result<Outputs, Error> {
        let usual = [Output { format: Format::Human, file: None }];
        let mut wanted: Vec<Output> =
            if tell.format.is_empty() { usual.to_vec() } else { tell.format.clone() };
        if let Some(file) = &tell.output {
            let mut open: Vec<&mut Output> =
                wanted.iter_mut().filter(|output| output.file.is_none()).collect();
            match &mut open[..] {
                [output] => output.file = Some(file.clone()),
                _ => return Err(Error::new("--output goes with one --format that has no file of its own")),
            }
        }
        wanted
            .extend(tell.report.iter().map(|file| Output { format: Format::Html, file: Some(file.clone()) }));
        if wanted.iter().filter(|output| output.file.is_none()).count() > 1 {
            return Err(Error::new("only one format can go to standard output")
                .hint("give the others files: --format sarif=out.sarif"));
        }
        let (detail, statistics) = (tell.detail(), tell.statistics.is_on());
        let open = |output: Output| {
            let look = if output.file.is_some() { Look::default() } else { context.look() };
            let style = Style { look, detail, statistics, has_records: is_shard, read: Some(text_of) };
            let file = output.file.map(|path| Ok::<_, Error>((path.clone(), create(&path)?))).transpose()?;
            Ok(Report { stream: output.format.stream(style), file })
        };
        let reports = wanted.into_iter().map(open).collect::<Result<_, Error>>()?;
        Ok(Outputs { reports, tally: Tally::default() })
    }

    /// Tells a chart, at once.
    pub(crate) fn chart(&mut self, chart: &ChartReport, out: &mut dyn Write) -> Result<(), Error> {
        self.tally.add(chart);
        self.each(out, |stream, _, out| stream.chart(chart, out))
    }

    /// Notes that the charts are a part of those of a run.
    pub(crate) fn shard(&mut self, shard: &Shard) {
        self.reports.iter_mut().for_each(|report| report.stream.shard(shard));
    }

    /// Tells what is to be said of all charts.
    pub(crate) fn end(mut self, out: &mut dyn Write) -> Result<(), Error> {
        self.each(out, |stream, tally, out| stream.end(tally, out))?;
        for (path, file) in self.reports.into_iter().filter_map(|report| report.file) {
            let file = file.into_inner().map_err(|error| unwritable(&path, error.error()))?;
            file.keep().map_err(|error| Error::new(format!("cannot write {}: {error}", path.display())))?;
        }
        Ok(())
    }

    fn each(
        &mut self,
        out: &mut dyn Write,
        tell: impl Fn(&mut dyn Stream, &Tally, &mut dyn Write) -> std::io::Result<()>,
    ) -> Result<(), Error> {
        for report in &mut self.reports {
            let Some((path, file)) = &mut report.file else {
                tell(report.stream.as_mut(), &self.tally, out)?;
                out.flush()?;
                continue;
            };
            let told = tell(report.stream.as_mut(), &self.tally, file).and_then(|()| file.flush());
            told.map_err(|error| unwritable(path, &error))?;
        }
        Ok(())
    }
}

/// Opens a file that is there when all of it is written.
pub(crate) fn create(path: &Path) -> Result<BufWriter<Replacing>, Error> {
    let file = Replacing::of(path);
    file.map(BufWriter::new).map_err(|error| match error {
        staged::Error::Path(error) => {
            Error::new(format!("cannot write {}: {}", path.display(), error.reason))
        }
        error @ staged::Error::NotAFolder(_) => {
            Error::new(format!("cannot write {}: {error}", path.display()))
        }
    })
}

/// Says that a file cannot be written.
pub(crate) fn unwritable(path: &Path, error: &std::io::Error) -> Error {
    Error::new(format!("cannot write {}: {}", path.display(), error_text(error)))
}
