//! [`Rendering`]: a chart with all that it is rendered from, so that it can be rendered again to say where things came
//! from: what `check` and `why` have in common.

use crate::chart::Chart;
use crate::cli::args::{CapabilitiesArgs, RepeatArgs};
use crate::manifest::HelmVersion;
use crate::render::host::FixedHost;
use crate::render::{self, Failed, Origins, Release, Rendered, Request};
use crate::values::User;

/// A chart that is about to be rendered.
pub(crate) struct Rendering {
    /// The chart.
    pub chart: Chart,
    /// The user's values.
    pub user: User,
    request: Request,
    host: FixedHost,
}

impl Rendering {
    /// Reads the flags. The error is a sentence.
    pub fn new(
        chart: Chart,
        user: User,
        release: Release,
        helm: HelmVersion,
        (capabilities, repeat): (&CapabilitiesArgs, &RepeatArgs),
    ) -> Result<Rendering, String> {
        let request = Request {
            capabilities: capabilities.read()?,
            schema: Some(repeat.schemas()),
            helm,
            ..Request::new(release)
        };
        Ok(Rendering { chart, user, request, host: repeat.repeatable()? })
    }

    /// Renders.
    pub fn render(&self) -> Result<Rendered, Failed> {
        render::render(self.chart.clone(), &self.user.values, &self.request, &mut self.host.clone())
    }

    /// Renders once more and listens; nothing where the chart does not come as far as its templates.
    pub fn origins(&self) -> Option<Origins> {
        Origins::new(self.chart.clone(), &self.user, &self.request, &mut self.host.clone()).ok()
    }
}
