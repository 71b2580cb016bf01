//! TLS with certificates that a user names: which ones of servers are accepted, and which one is shown to servers. Accepted is,
//! as by Go, what a named authority vouches for, and an authority's own certificate: so a registry with a self-signed
//! certificate works with `--ca-file` of that certificate.
//!
//! Source: Go: crypto/x509 verify.go `Certificate.Verify`, root_unix.go `loadSystemRoots`.

use std::fmt;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use crate::files;
use crate::go::os::PathError;

use super::http_error::innermost;
use super::network::Network;
use super::tls_options::TlsOptions;

/// Where systems keep the authorities that they trust. Go: crypto/x509 root_linux.go.
const FILES: [&str; 6] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
];
const FOLDERS: &str = "/etc/ssl/certs:/etc/pki/tls/certs";

/// Why TLS cannot be set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// A file of certificates or keys cannot be read.
    Unreadable(PathError),
    /// The file of authorities holds no certificate.
    NoAuthorities(String),
    /// This file holds no certificate or no key.
    NotPem {
        /// The file.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The client's certificate cannot be used.
    Unusable {
        /// Its file.
        file: String,
        /// Why not.
        reason: String,
    },
    /// Something else, in the words of the TLS library or of the operating system.
    Setup(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Unreadable(error) => write!(f, "cannot read certificates: {error}"),
            Error::NoAuthorities(file) => write!(f, "no certificates in PEM form in {file}"),
            Error::NotPem { file, reason } => {
                write!(f, "{file} holds no certificate or key in PEM form: {reason}")
            }
            Error::Unusable { file, reason } => write!(f, "cannot use {file}: {reason}"),
            Error::Setup(reason) => write!(f, "cannot set up TLS: {reason}"),
        }
    }
}

impl std::error::Error for Error {}

/// The client's own certificate for `reqwest`, in the form in which it takes one without a [`config`] of ours.
pub fn identity(certificate: &str, key: &str) -> Result<reqwest::Identity, Error> {
    let mut text = Vec::new();
    for file in [certificate, key] {
        text.extend(files::read(Path::new(file)).map_err(|error| unreadable(file, &error))?);
        text.push(b'\n');
    }
    reqwest::Identity::from_pem(&text)
        .map_err(|error| Error::NotPem { file: format!("{certificate} or {key}"), reason: innermost(&error) })
}

/// How TLS is spoken where authorities are named, by a flag or by the environment; nothing where none are.
pub fn config(options: &TlsOptions, network: &Network) -> Result<Option<ClientConfig>, Error> {
    let Some(authorities) = authorities(options, network)? else { return Ok(None) };
    let builder = ClientConfig::builder()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Verifier::new(authorities)?));
    let Some((certificate, key)) = options.client_certificate() else {
        return Ok(Some(builder.with_no_client_auth()));
    };
    let not_pem = |file: &str, error: rustls::pki_types::pem::Error| Error::NotPem {
        file: file.to_owned(),
        reason: error.to_string(),
    };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect)
        .map_err(|error| not_pem(certificate, error))?;
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| not_pem(key, error))?;
    let config = builder.with_client_auth_cert(chain, private);
    config
        .map(Some)
        .map_err(|error| Error::Unusable { file: certificate.to_owned(), reason: error.to_string() })
}

/// The authorities that the flag names; or those that the environment names, and in place of what it leaves open those of
/// the system.
fn authorities(
    options: &TlsOptions,
    network: &Network,
) -> Result<Option<Vec<CertificateDer<'static>>>, Error> {
    if let Some(file) = options.ca_file.as_deref().filter(|file| !file.is_empty()) {
        let text = files::read(Path::new(file)).map_err(|error| unreadable(file, &error))?;
        let found = certificates(&text);
        return if found.is_empty() { Err(Error::NoAuthorities(file.to_owned())) } else { Ok(Some(found)) };
    }
    if network.ssl_cert_file.is_empty() && network.ssl_cert_dir.is_empty() {
        return Ok(None);
    }
    let files = match network.ssl_cert_file.as_str() {
        "" => FILES.to_vec(),
        file => vec![file],
    };
    let first = files.iter().find_map(|file| files::read(Path::new(file)).ok()).unwrap_or_default();
    let mut found = certificates(&first);
    let folders = if network.ssl_cert_dir.is_empty() { FOLDERS } else { network.ssl_cert_dir.as_str() };
    for entry in folders.split(':').filter_map(|folder| fs::read_dir(Path::new(folder)).ok()).flatten() {
        let text = entry.ok().and_then(|entry| files::read(&entry.path()).ok()).unwrap_or_default();
        for certificate in certificates(&text) {
            if !found.contains(&certificate) {
                found.push(certificate);
            }
        }
    }
    Ok(Some(found))
}

fn unreadable(file: &str, error: &io::Error) -> Error {
    Error::Unreadable(PathError::new("open", file, error))
}

/// The certificates in a text. Anything else in it is skipped, as by Go.
fn certificates(text: &[u8]) -> Vec<CertificateDer<'static>> {
    CertificateDer::pem_slice_iter(text).filter_map(Result::ok).collect()
}

/// Accepts what the authorities vouch for, and the authorities' own certificates while they are valid and name the host.
#[derive(Debug)]
struct Verifier {
    webpki: Arc<WebPkiServerVerifier>,
    authorities: Vec<CertificateDer<'static>>,
}

impl Verifier {
    fn new(authorities: Vec<CertificateDer<'static>>) -> Result<Verifier, Error> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(authorities.iter().cloned());
        let webpki = WebPkiServerVerifier::builder(Arc::new(roots)).build();
        let webpki = webpki.map_err(|error| Error::Setup(error.to_string()))?;
        Ok(Verifier { webpki, authorities })
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let verified =
            self.webpki.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        match verified {
            // Refused because it is an authority, for which rustls has no error of its own, or because no authority vouches for
            // it. Whether it is expired has been checked before that.
            Err(rustls::Error::InvalidCertificate(
                CertificateError::Other(_) | CertificateError::UnknownIssuer,
            )) if self.authorities.contains(end_entity) => {
                verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
                Ok(ServerCertVerified::assertion())
            }
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.webpki.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.webpki.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.webpki.supported_verify_schemes()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Calls itself an authority, is named `r.test`, and lasts for ten years from November 2026.
    const OWN: &str = "\
-----BEGIN CERTIFICATE-----
MIIBfzCCASagAwIBAgIUCMG2g2BEIwTUtJ4+L/zlAJyLmg4wCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBcjAeFw0yNjExMjExMzQxMDNaFw0zNjExMTgxMzQxMDNaMAwx
CjAIBgNVBAMMAXIwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATNIPBf56G5P3Yk
J5mcG2eqxtPCpbWaZSBDp51s1Wl3e99wsfMbE2tucS0CavMQxENILUFfHSGgvOIW
Dhr9/qcXo2YwZDAdBgNVHQ4EFgQUfVMIX21pUHfdm17ASVkDckEDfC8wHwYDVR0j
BBgwFoAUfVMIX21pUHfdm17ASVkDckEDfC8wEQYDVR0RBAowCIIGci50ZXN0MA8G
A1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgPcvVqeb0K2g4voZGARCR
IagoZYCcZcmPnFtqKMe/40sCIESVMiucDWPz0CtrpA9qZkY2aCnM5vFQGtLeV0Zu
1LvF
-----END CERTIFICATE-----
";
    const NOVEMBER_2026: u64 = 1_795_300_000;
    const TEN_YEARS: u64 = 3650 * 24 * 3600;

    fn verify(authority: &str, name: &'static str, seconds: u64) -> Result<(), String> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(&file, authority).unwrap();
        let options =
            TlsOptions { ca_file: Some(file.path().display().to_string()), ..TlsOptions::default() };
        let authorities = authorities(&options, &Network::default()).unwrap().unwrap();
        let verifier = Verifier::new(authorities).unwrap();
        let own = certificates(OWN.as_bytes()).remove(0);
        let name = ServerName::try_from(name).unwrap();
        let now = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        let verified = verifier.verify_server_cert(&own, &[], &name, &[], now);
        verified.map(|_| ()).map_err(|error| error.to_string())
    }

    #[test]
    fn an_authority_s_own_certificate_is_believed_in_its_time_and_by_its_name() {
        let refused = |name: &'static str, seconds| verify(OWN, name, seconds).unwrap_err();
        assert_eq!(verify(OWN, "r.test", NOVEMBER_2026), Ok(()));
        assert!(refused("r.test", NOVEMBER_2026 + TEN_YEARS).contains("expired"));
        assert!(refused("r.test", NOVEMBER_2026 - TEN_YEARS).contains("not valid yet"));
        assert!(refused("s.test", NOVEMBER_2026).contains("not valid for name"));
    }
}
