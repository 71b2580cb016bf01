//! How a schema on another server is fetched for `--allow-remote-schemas`. Helm: `HTTPURLLoader`.

use std::time::Duration;

use crate::cli::environment;
use crate::oci::http::{Http, Question, Transport};
use crate::oci::network::Patience;

/// How long Helm waits.
const TIMEOUT: Duration = Duration::from_secs(15);
/// The largest schema that is taken.
const LIMIT: u64 = 32 << 20;

/// The text of the schema at an address; the error says why there is none, for the rest in Helm's words.
pub fn fetch(url: &str) -> Result<Vec<u8>, String> {
    let failed = |why: String| format!("HTTP request failed for {url}: {why}");
    let patience = Patience { connect: TIMEOUT, silence: TIMEOUT, ..Patience::default() };
    let network = crate::oci::network::Network { patience, ..environment::network() };
    let http = Http::new(&Transport::default(), &network).map_err(failed)?;
    let (answer, text) = http.get(&Question { url, limit: LIMIT, ..Question::default() }).map_err(failed)?;
    let status = answer.status;
    match status.as_u16() {
        200 => Ok(text),
        code => {
            let reason = status.canonical_reason().unwrap_or_default();
            Err(format!("HTTP request to {url} returned status {code} ({reason})"))
        }
    }
}
