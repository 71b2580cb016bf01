//! [`Network`]: how this machine reaches servers: through which proxies, trusting which authorities, and how long it waits.
//! Nothing here reads the environment; the command line does that and passes it in.
//!
//! Source: golang.org/x/net/http/httpproxy `Config`.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use reqwest::Url;

/// How servers are reached.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// The proxy for `http` (`HTTP_PROXY`); empty if there is none.
    pub http_proxy: String,
    /// The proxy for `https` (`HTTPS_PROXY`).
    pub https_proxy: String,
    /// The hosts for which no proxy is used (`NO_PROXY`).
    pub no_proxy: String,
    /// The file of trusted authorities, in place of the system's (`SSL_CERT_FILE`).
    pub ssl_cert_file: String,
    /// The folders with more of them, in place of the system's (`SSL_CERT_DIR`).
    pub ssl_cert_dir: String,
    /// How long to wait for a server.
    pub timeouts: Timeouts,
    /// Where to report how far transfers are.
    pub progress: Option<Arc<dyn Progress>>,
}

/// Learns how far downloads and uploads are.
pub trait Progress: fmt::Debug + Send + Sync {
    /// So many bytes of the transfer with this address have moved, of so many in all if that is known.
    fn moved(&self, transfer: &str, bytes: u64, of: Option<u64>);
    /// The transfer is over, whether it succeeded or not, and even if nothing moved.
    fn ended(&self, transfer: &str);
}

/// How long to wait for a server. The defaults are generous, because a slow line is not an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For the name server's answer and the connection.
    pub connect: Duration,
    /// For progress: within this time the response must have begun, and then at least [`Timeouts::least`] bytes of it must
    /// come. Of an upload as much must have been sent, or the response must have begun.
    pub idle: Duration,
    /// Fewer bytes than these within [`Timeouts::idle`] count as none.
    pub least: u64,
    /// For a whole response, however steadily it comes.
    pub whole: Duration,
}

/// 10 seconds for a connection, as Go gives TLS; then at least 64 KiB every two minutes, and an hour for all of it. Helm gives
/// a whole download from a repository two minutes, and sets no limit for one from a registry.
impl Default for Timeouts {
    fn default() -> Timeouts {
        let [connect, idle, whole] = [10, 120, 3600].map(Duration::from_secs);
        Timeouts { connect, idle, least: 64 * 1024, whole }
    }
}

impl Network {
    /// The proxy for an address, if there is one. This machine itself is always reached directly.
    pub fn proxy(&self, url: &Url) -> Option<Url> {
        let proxy = match url.scheme() {
            "https" => &self.https_proxy,
            "http" => &self.http_proxy,
            _ => return None,
        };
        if proxy.is_empty() || !self.wants_proxy(url) {
            return None;
        }
        let with_scheme = if proxy.contains("://") { proxy.clone() } else { format!("http://{proxy}") };
        Url::parse(&with_scheme).ok()
    }

    /// Go: httpproxy `useProxy`.
    fn wants_proxy(&self, url: &Url) -> bool {
        let Some(host) = url.host_str() else { return false };
        let host = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        let address: Option<IpAddr> = host.parse().ok();
        if host == "localhost" || address.is_some_and(|address| address.is_loopback()) {
            return false;
        }
        let port = url.port_or_known_default();
        !self.no_proxy.split(',').any(|entry| {
            let entry = entry.trim().to_ascii_lowercase();
            entry == "*" || (!entry.is_empty() && covers(&entry, &host, address, port))
        })
    }
}

/// Whether an entry of `NO_PROXY` (an address, a range of them, or a domain, maybe with a port) covers a host.
fn covers(entry: &str, host: &str, address: Option<IpAddr>, port: Option<u16>) -> bool {
    if let Ok(range) = entry.parse::<IpNet>() {
        return address.is_some_and(|address| range.contains(&address));
    }
    let (name, wanted) = match entry.rsplit_once(':') {
        Some((name, wanted)) if !name.contains(':') || name.ends_with(']') => (name, wanted.parse().ok()),
        _ => (entry, None),
    };
    if wanted.is_some() && wanted != port {
        return false;
    }
    let name = name.trim_start_matches('[').trim_end_matches(']');
    if let Ok(own) = name.parse::<IpAddr>() {
        return address == Some(own);
    }
    let name = name.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(name);
    match name.strip_prefix('.') {
        Some(_) => host.ends_with(name),
        None => host == name || host.strip_suffix(name).is_some_and(|front| front.ends_with('.')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_chosen_as_go_does() {
        let network = |no_proxy: &str| Network {
            http_proxy: "http://p:1".into(),
            https_proxy: "u:s@p:2".into(),
            no_proxy: no_proxy.into(),
            ..Network::default()
        };
        let proxy = |no_proxy: &str, url: &str| {
            network(no_proxy).proxy(&Url::parse(url).unwrap()).map(|proxy| proxy.to_string())
        };
        let (one, two) = (Some("http://p:1/".to_owned()), Some("http://u:s@p:2/".to_owned()));
        for (no_proxy, url, wanted) in [
            ("", "http://a.example/x", &one),
            ("", "https://a.example/x", &two),
            ("", "https://localhost:5000/x", &None),
            ("", "http://127.8.0.1/x", &None),
            ("", "http://[::1]:1/x", &None),
            ("*", "https://a.example/", &None),
            ("a.example", "https://a.example/", &None),
            ("example", "https://a.example/", &None),
            (".example", "https://a.example/", &None),
            (".a.example", "https://a.example/", &two),
            ("*.example", "https://a.example/", &None),
            ("xample", "https://a.example/", &two),
            ("b, A.example:443", "https://a.example/", &None),
            ("a.example:80", "https://a.example/", &two),
            ("10.0.0.0/8", "https://10.1.2.3/", &None),
            ("10.0.0.0/8", "https://11.1.2.3/", &two),
            ("10.1.2.3", "https://10.1.2.3/", &None),
            ("[fd00::1]:443", "https://[fd00::1]/", &None),
            ("fd00::/8", "https://[fd00::1]/", &None),
            ("fd00::/8", "https://10.1.2.3/", &two),
            ("0.0.0.0/0", "https://10.1.2.3/", &None),
            ("10.0.0.0/33", "https://10.1.2.3/", &two),
        ] {
            assert_eq!(proxy(no_proxy, url), *wanted, "{no_proxy:?} {url}");
        }
    }
}
