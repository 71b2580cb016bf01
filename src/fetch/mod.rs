//! Charts from elsewhere: registries, repositories, the content cache, and what a chart's dependencies resolve to.
//!
//! Read [`Fetcher`] first: everything here shares one. [`locate`] finds out where a chart is, [`artifact`] what a registry
//! says about it (looked up once), [`download`] brings it here, [`provenance`] checks who signed it, [`publish`] pushes one, `beside` texts about one. What the user is
//! to be told meanwhile goes to a [`Listener`].

pub mod artifact;
mod beside;
pub mod cache;
pub mod dependencies;
pub mod download;
mod error;
mod event;
mod fetcher;
pub mod index;
pub mod locate;
mod lookup;
pub mod provenance;
pub mod publish;
pub mod repositories;
mod same_url;
mod settings;
pub mod web;

pub use error::Error;
pub use event::{Event, Listener};
pub use fetcher::Fetcher;
pub use settings::{Access, Settings};
