//! Registries: what names a chart there ([`mod@reference`]), who asks ([`credentials`], [`auth`]), how ([`http`], [`network`]), and what for
//! ([`client`], [`push`]). Nothing here knows what a chart is.

pub mod auth;
pub mod client;
pub mod credentials;
pub mod http;
pub mod network;
pub mod push;
pub mod reference;
mod tls;

pub use client::{Client, Error, Manifest};
pub use reference::{Reference, is_oci};
