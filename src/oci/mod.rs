//! Registries: how an artifact is named there ([`mod@reference`], [`digest`], [`manifest`]), with which credentials it is asked for
//! ([`credentials`], [`auth`]), over which connection ([`http`], [`network`], [`tls`]), and what is asked ([`client`],
//! [`push`]). Nothing here knows what a chart is. Read [`Client`] first.

pub mod auth;
pub mod authorization;
pub mod client;
pub mod credentials;
pub mod digest;
pub mod error;
pub mod http;
pub mod http_error;
pub mod manifest;
pub mod network;
pub mod push;
pub mod reference;
pub mod request;
pub mod secret;
pub mod tls;
pub mod tls_options;

pub use client::Client;
pub use error::Error;
pub use http::Http;
pub use reference::Reference;
pub use tls_options::TlsOptions;
