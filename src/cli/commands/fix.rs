//! `fix`: applies the fixes of rules on values to values files in place. What is changed is worked out in
//! [`crate::judge::fix`]; here are the flags, the files and what is printed.

use std::collections::BTreeMap;
use std::path::Path;

use clap::Args as ClapArgs;

use crate::cli::args::{JudgedArgs, Switch};
use crate::cli::context::{Context, Done};
use crate::cli::error::Error;
use crate::cli::rewrite;
use crate::diagnostic::Applicability;
use crate::judge::{self, ChartReport, Chosen, Report, fix};
use crate::report::{Format, Look};

/// Apply the fixes of rules to values files in place
///
/// Judges as `check` does, with a profile that looks at values, and applies the safe fixes of what it finds to the files that
/// set the values: those of -f, and the values.yaml of a chart that is a folder. Comments, order, quoting and line ends stay
/// as they are to the byte. Each change is said on standard error with the code of its rule.
///
/// Exits with 0 where the work is done, with 1 where a fix could not be applied, and with 2 where the work could not be done.
#[derive(ClapArgs, Debug)]
#[command(override_usage = "plimsoll fix [CHART] -f FILE --profile h2o-mlops [flags]")]
pub(crate) struct Args {
    /// Chart: a folder, or an archive [default: the values files alone]
    #[arg(value_name = "CHART")]
    chart: Option<String>,
    /// Print what would change as a unified diff, and change nothing
    #[arg(long)]
    diff: Switch,
    #[command(flatten)]
    judged: JudgedArgs,
}

impl Args {
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        let report = self.judge(context)?;
        if report.failed {
            Format::Human.write(&Report { charts: vec![report] }, Look::default(), context.err)?;
            return Ok(Done::Unable);
        }
        let mut texts: BTreeMap<String, (String, String)> = BTreeMap::new();
        let mut is_refused = false;
        for fix::Wanted { file, rule, change, said } in fix::wanted(&report, Applicability::Safe) {
            let Some(file) = file else {
                context.say(format!(
                    "{rule} {said}: the value is set by a flag, or in an archive; change it there"
                ));
                is_refused = true;
                continue;
            };
            if !texts.contains_key(&file) {
                let text = rewrite::text_of(&file)?;
                texts.insert(file.clone(), (text.clone(), text));
            }
            let Some((_, after)) = texts.get_mut(&file) else { continue };
            match fix::apply(after, &change) {
                Ok(text) => {
                    *after = text;
                    context.say(format!("{rule} {file}: {said}"));
                }
                Err(why) => {
                    is_refused = true;
                    context.say(format!("{rule} {file}: {said} is left: {why}"));
                }
            }
        }
        let files =
            || texts.iter().map(|(name, (before, after))| (name.as_str(), before.as_str(), after.as_str()));
        if self.diff.is_on() {
            rewrite::print_diff(files(), context)?;
        } else {
            rewrite::all(files())?;
        }
        Ok(if is_refused { Done::Findings } else { Done::Clean })
    }

    /// Judges the chart, or the values files alone.
    fn judge(&self, context: &Context) -> Result<ChartReport, Error> {
        let path = Path::new(self.chart.as_deref().unwrap_or("."));
        let inputs = self.judged.inputs(path, context.globals);
        if let Ok(inputs) = &inputs
            && !inputs.profiles.iter().all(Chosen::is_on_values)
        {
            return Err(Error::new(
                "fix mends values, and a profile that is chosen looks at what is rendered, too",
            )
            .hint("choose --profile h2o-mlops; `plimsoll patch` mends what is rendered"));
        }
        let Some(chart) = &self.chart else {
            if !self.judged.values.is_given() {
                return Err(Error::new("there is nothing to mend; give -f a values file, or name a chart"));
            }
            return Ok(judge::values(&self.judged.values.files.join(","), inputs));
        };
        Ok(match self.judged.chart(path, context.globals) {
            Ok(loaded) => judge::chart(chart, loaded, inputs),
            Err(why) => ChartReport::failed(chart, *why),
        })
    }
}
