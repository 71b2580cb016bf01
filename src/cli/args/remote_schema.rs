//! How a schema on another server is fetched for `--allow-remote-schemas`. Helm: `HTTPURLLoader`.

use std::sync::OnceLock;
use std::time::Duration;

use crate::cli::environment;
use crate::oci::network::{Network, Timeouts};
use crate::oci::request::Request;
use crate::oci::{Http, TlsOptions, tls};

/// How long Helm waits.
const TIMEOUT: Duration = Duration::from_secs(15);
/// The largest schema that is taken.
const LIMIT: u64 = 32 << 20;

/// The client for all schemas of a run.
static HTTP: OnceLock<Result<Http, tls::Error>> = OnceLock::new();

/// The text of the schema at an address; the error says why there is none, for the rest in Helm's words.
pub fn fetch(url: &str) -> Result<Vec<u8>, String> {
    let http = HTTP.get_or_init(|| {
        let timeouts = Timeouts { connect: TIMEOUT, idle: TIMEOUT, whole: TIMEOUT, ..Timeouts::default() };
        Http::new(&TlsOptions::default(), &Network { timeouts, ..environment::network() })
    });
    let failed = |reason: &dyn std::fmt::Display| format!("HTTP request failed for {url}: {reason}");
    let http = http.as_ref().map_err(|error| failed(error))?;
    let response = http.send(&Request::get(url, LIMIT)).map_err(|error| failed(&error))?;
    let status = response.status;
    match status.as_u16() {
        200 => Ok(response.body),
        code => {
            let reason = status.canonical_reason().unwrap_or_default();
            Err(format!("HTTP request to {url} returned status {code} ({reason})"))
        }
    }
}
