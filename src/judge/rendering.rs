//! [`Rendering`]: a chart with all that it is rendered from, so that it can be rendered again to say where things came
//! from.

use std::borrow::Cow;
use std::cell::OnceCell;

use crate::chart::Chart;
use crate::render::host::FixedHost;
use crate::render::{self, Executed, Failed, Origins, Request};
use crate::template;
use crate::values::{Layers, User};

/// A chart that is about to be rendered.
pub struct Rendering<'a> {
    /// The chart.
    pub chart: &'a Chart,
    /// The user's values.
    pub user: Cow<'a, User>,
    /// What else it is rendered with.
    pub request: Request,
    /// Clock, chance and cluster.
    pub host: &'a FixedHost,
    /// What listening found, once somebody asked.
    origins: OnceCell<Option<Origins>>,
}

impl<'a> Rendering<'a> {
    /// Nothing is rendered yet.
    pub fn new(
        chart: &'a Chart,
        user: Cow<'a, User>,
        request: Request,
        host: &'a FixedHost,
    ) -> Rendering<'a> {
        Rendering { chart, user, request, host, origins: OnceCell::new() }
    }

    /// Executes the templates.
    ///
    /// # Errors
    /// Those of [`render::execute`].
    pub fn execute(&self) -> Result<Executed, Failed> {
        render::execute(self.chart, &self.user.values, &self.request, &mut self.host.clone())
    }

    /// The same, each template on its own: those that fail stand beside what the others wrote. Who is sure to ask for
    /// [`Self::origins`] says that it `listens`, and the chart is rendered once.
    ///
    /// # Errors
    /// Those of what comes before templates.
    pub fn execute_each(&self, listens: bool) -> Result<(Executed, Vec<template::Error>), Failed> {
        let host = &mut self.host.clone();
        if !listens {
            return render::execute_each(self.chart, &self.user.values, &self.request, host);
        }
        let (origins, executed, errors) = Origins::execute_each(self.chart, &self.user, &self.request, host)?;
        // They are the same if they were there before.
        let _ = self.origins.set(Some(origins));
        Ok((executed, errors))
    }

    /// The layers of values.
    pub fn layers(&self) -> Cow<'_, Layers> {
        match self.origins() {
            Some(origins) => Cow::Borrowed(origins.layers()),
            None => Cow::Owned(Layers::new(self.chart, &self.user, self.request.helm)),
        }
    }

    /// Renders once more and listens, the first time that somebody asks; nothing where the chart does not come as far as its
    /// templates. The request must not change any more.
    pub fn origins(&self) -> Option<&Origins> {
        let listen = || Origins::new(self.chart, &self.user, &self.request, &mut self.host.clone()).ok();
        self.origins.get_or_init(listen).as_ref()
    }
}
