//! Which certificates of servers are believed where a user names the authorities: those that they vouch for, and, as with Go,
//! the named ones themselves: a registry with a certificate of its own making works with `--ca-file` of that certificate.
//!
//! Source: Go: crypto/x509 verify.go `Certificate.Verify`, root_unix.go `loadSystemRoots`.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use super::http::Transport;
use super::network::Network;

/// Where systems keep what they believe. Go: crypto/x509 root_linux.go.
const FILES: [&str; 6] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
];
const FOLDERS: &str = "/etc/ssl/certs:/etc/pki/tls/certs";

/// How TLS is spoken where authorities are named, by a flag or by the environment; nothing where none are.
pub fn config(transport: &Transport, network: &Network) -> Result<Option<ClientConfig>, String> {
    let Some(authorities) = authorities(transport, network)? else { return Ok(None) };
    let builder = ClientConfig::builder()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier(authorities)?));
    let config = match transport.client_certificate() {
        None => builder.with_no_client_auth(),
        Some((certificate, key)) => {
            let unreadable = |file: &str, error: &dyn std::fmt::Display| {
                format!("{file} holds no certificate or key in PEM form: {error}")
            };
            let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(certificate)
                .and_then(Iterator::collect)
                .map_err(|error| unreadable(certificate, &error))?;
            let key = PrivateKeyDer::from_pem_file(key).map_err(|error| unreadable(key, &error))?;
            builder
                .with_client_auth_cert(chain, key)
                .map_err(|error| format!("cannot use {certificate}: {error}"))?
        }
    };
    Ok(Some(config))
}

/// What the flag names; or what the environment names, and in place of what it does not name what the system believes.
fn authorities(
    transport: &Transport,
    network: &Network,
) -> Result<Option<Vec<CertificateDer<'static>>>, String> {
    if let Some(file) = transport.ca_file.as_deref().filter(|file| !file.is_empty()) {
        let text =
            fs::read(file).map_err(|error| format!("cannot read the authorities in {file}: {error}"))?;
        let found = certificates(&text);
        if found.is_empty() {
            return Err(format!("no certificates in PEM form in {file}"));
        }
        return Ok(Some(found));
    }
    if network.ssl_cert_file.is_empty() && network.ssl_cert_dir.is_empty() {
        return Ok(None);
    }
    let files = match network.ssl_cert_file.as_str() {
        "" => FILES.to_vec(),
        file => vec![file],
    };
    let first = files.iter().find_map(|file| fs::read(file).ok()).unwrap_or_default();
    let mut found = certificates(&first);
    let folders = if network.ssl_cert_dir.is_empty() { FOLDERS } else { network.ssl_cert_dir.as_str() };
    for entry in folders.split(':').filter_map(|folder| fs::read_dir(Path::new(folder)).ok()).flatten() {
        let text = entry.ok().and_then(|entry| fs::read(entry.path()).ok()).unwrap_or_default();
        for certificate in certificates(&text) {
            if !found.contains(&certificate) {
                found.push(certificate);
            }
        }
    }
    Ok(Some(found))
}

/// The certificates in a text; what is none is passed over, as by Go.
fn certificates(text: &[u8]) -> Vec<CertificateDer<'static>> {
    CertificateDer::pem_slice_iter(text).filter_map(Result::ok).collect()
}

/// Believes what the authorities vouch for, and the authorities' own certificates where they are in time and name the host.
#[derive(Debug)]
struct Verifier {
    usual: Arc<WebPkiServerVerifier>,
    authorities: Vec<CertificateDer<'static>>,
}

fn verifier(authorities: Vec<CertificateDer<'static>>) -> Result<Verifier, String> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(authorities.iter().cloned());
    let usual = WebPkiServerVerifier::builder(Arc::new(roots)).build();
    let usual = usual.map_err(|error| format!("cannot set up TLS: {error}"))?;
    Ok(Verifier { usual, authorities })
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let usual = self.usual.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        match usual {
            // That it is an authority (rustls has no name of its own for that) or that nobody vouches for it. Its time has
            // been looked at before.
            Err(Error::InvalidCertificate(CertificateError::Other(_) | CertificateError::UnknownIssuer))
                if self.authorities.contains(end_entity) =>
            {
                verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
                Ok(ServerCertVerified::assertion())
            }
            usual => usual,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.usual.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.usual.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.usual.supported_verify_schemes()
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

    fn verify(authorities: &str, name: &'static str, seconds: u64) -> Result<(), String> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(&file, authorities).unwrap();
        let transport =
            Transport { ca_file: Some(file.path().display().to_string()), ..Transport::default() };
        let authorities = authorities_of(&transport);
        let verifier = verifier(authorities)?;
        let own = certificates(OWN.as_bytes()).remove(0);
        let name = ServerName::try_from(name).unwrap();
        let now = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        let verified = verifier.verify_server_cert(&own, &[], &name, &[], now);
        verified.map(|_| ()).map_err(|error| error.to_string())
    }

    fn authorities_of(transport: &Transport) -> Vec<CertificateDer<'static>> {
        authorities(transport, &Network::default()).unwrap().unwrap()
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
