//! Pushing: the blobs that the registry lacks, streamed from disk, and then the manifest that names them. A push that fails
//! leaves no manifest, so nothing half done can be pulled.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures_util::stream;
use oci_client::client::{Certificate, CertificateEncoding, ClientConfig, ClientProtocol};
use oci_client::errors::OciDistributionError;
use oci_client::manifest::{OCI_IMAGE_MEDIA_TYPE, OciDescriptor};
use oci_client::secrets::RegistryAuth;
use oci_client::token_cache::RegistryTokenType;
use oci_client::{RegistryOperation, errors::OciErrorCode};
use reqwest::header::HeaderValue;
use sha2::{Digest, Sha256};

use super::auth::Authorization;
use super::client::{Client, Error, format_digest};
use super::http::innermost;
use super::reference::Reference;

/// How much of a file is sent at once.
const CHUNK: usize = 256 * 1024;

/// Something to push.
#[derive(Clone, Debug)]
pub struct Blob {
    /// How the manifest names it.
    pub descriptor: OciDescriptor,
    content: Content,
}

#[derive(Clone, Debug)]
enum Content {
    File(PathBuf),
    Bytes(Bytes),
}

impl Blob {
    /// The content of a file, which is read twice: for its digest now and when it is sent.
    pub fn of_file(media_type: &str, path: &Path) -> std::io::Result<Blob> {
        let mut file = File::open(path)?;
        let (mut hash, mut size, mut chunk) = (Sha256::new(), 0, vec![0; CHUNK]);
        loop {
            let read = file.read(&mut chunk)?;
            if read == 0 {
                break;
            }
            hash.update(&chunk[..read]);
            size += read as u64;
        }
        let descriptor = descriptor(media_type, format_digest(hash), size);
        Ok(Blob { descriptor, content: Content::File(path.to_owned()) })
    }

    /// A content in memory.
    pub fn of_bytes(media_type: &str, content: Vec<u8>) -> Blob {
        let digest = super::client::digest_of(&content);
        let descriptor = descriptor(media_type, digest, content.len() as u64);
        Blob { descriptor, content: Content::Bytes(content.into()) }
    }
}

fn descriptor(media_type: &str, digest: String, size: u64) -> OciDescriptor {
    OciDescriptor { media_type: media_type.to_owned(), digest, size: size as i64, ..OciDescriptor::default() }
}

impl Client {
    /// Pushes the blobs and then the manifest, whose bytes are sent as they are.
    pub fn push(&self, reference: &Reference, blobs: &[Blob], manifest: Vec<u8>) -> Result<(), Error> {
        let authorization = self.authorize_push(reference)?;
        let client = self.uploader(reference)?;
        let target = oci_client::Reference::with_tag(
            reference.host().to_owned(),
            reference.repository.clone(),
            reference.tag.clone(),
        );
        self.http.block_on(async {
            introduce(&client, &target, authorization).await;
            for blob in blobs {
                let step = format!("uploading the blob {} of {reference}", blob.descriptor.digest);
                let sent = upload(&client, &target, blob).await;
                sent.map_err(|error| self.failed(reference, step, &error))?;
            }
            let step = format!("uploading the manifest of {reference}");
            let kind = HeaderValue::from_static(OCI_IMAGE_MEDIA_TYPE);
            let sent = client.push_manifest_raw(&target, manifest, kind).await;
            sent.map(|_| ()).map_err(|error| self.failed(reference, step, &error))
        })
    }

    fn uploader(&self, reference: &Reference) -> Result<oci_client::Client, Error> {
        let fail = |message: String| {
            let step = format!("preparing to push {reference}");
            Error { step, message, status: None }
        };
        if let Some((certificate, _)) = self.transport.client_certificate() {
            let why = "the library for uploads cannot present a certificate of the client's; push without --cert-file";
            return Err(fail(format!("{certificate}: {why}")));
        }
        let authorities = self.transport.authorities().map_err(fail)?;
        let authority = |data| Certificate { encoding: CertificateEncoding::Pem, data };
        let config = ClientConfig {
            protocol: if self.transport.plain_http { ClientProtocol::Http } else { ClientProtocol::Https },
            accept_invalid_certificates: self.transport.insecure,
            tls_certs_only: authorities.into_iter().map(authority).collect(),
            use_monolithic_push: true,
            connect_timeout: Some(std::time::Duration::from_secs(10)),
            read_timeout: Some(std::time::Duration::from_secs(120)),
            user_agent: concat!("plimsoll/", env!("CARGO_PKG_VERSION")),
            ..ClientConfig::default()
        };
        oci_client::Client::try_from(config).map_err(|error| fail(error.to_string()))
    }

    fn failed(&self, reference: &Reference, step: String, error: &OciDistributionError) -> Error {
        let (status, message) = explain(error);
        let message = match status {
            Some(401 | 403) => format!("{message}; {}", self.tried(&reference.registry)),
            _ => message,
        };
        Error { step, message, status }
    }
}

/// Tells the uploader what the registry wants to see, so that it asks no token server itself.
async fn introduce(
    client: &oci_client::Client,
    target: &oci_client::Reference,
    authorization: Authorization,
) {
    let registry = target.resolve_registry();
    match authorization {
        Authorization::None => {}
        Authorization::Bearer(token) => {
            client.store_auth_if_needed(registry, &RegistryAuth::Bearer(token)).await;
        }
        Authorization::Basic(name, password) => {
            client.store_auth_if_needed(registry, &RegistryAuth::Basic(name.clone(), password.clone())).await;
            for operation in [RegistryOperation::Pull, RegistryOperation::Push] {
                let pair = RegistryTokenType::Basic(name.clone(), password.clone());
                client.tokens.insert(target, operation, pair).await;
            }
        }
    }
}

async fn upload(
    client: &oci_client::Client,
    target: &oci_client::Reference,
    blob: &Blob,
) -> Result<(), OciDistributionError> {
    let digest = &blob.descriptor.digest;
    if client.blob_exists(target, digest).await? {
        return Ok(());
    }
    match &blob.content {
        Content::Bytes(bytes) => client.push_blob(target, bytes.clone(), digest).await?,
        Content::File(path) => {
            let chunks = stream::try_unfold(File::open(path)?, |mut file| async move {
                let mut chunk = vec![0; CHUNK];
                let read = file.read(&mut chunk)?;
                chunk.truncate(read);
                Ok((read > 0).then(|| (Bytes::from(chunk), file)))
            });
            client.push_blob_stream(target, chunks, digest, Some(blob.descriptor.size as u64)).await?
        }
    };
    Ok(())
}

/// The status and the words of an error.
fn explain(error: &OciDistributionError) -> (Option<u16>, String) {
    match error {
        OciDistributionError::RequestError(error) => {
            let url = error.url().map(|url| format!("{url}: ")).unwrap_or_default();
            (error.status().map(|status| status.as_u16()), format!("{url}{}", innermost(error)))
        }
        OciDistributionError::ServerError { code, url, message } => {
            let message: String = message.chars().filter(|c| !c.is_control()).take(300).collect();
            (Some(*code), format!("{url}: {code} {message}"))
        }
        OciDistributionError::UnauthorizedError { url } => (Some(401), format!("{url}: 401 Unauthorized")),
        OciDistributionError::RegistryError { envelope, .. } => {
            let denied = envelope
                .errors
                .iter()
                .any(|error| matches!(error.code, OciErrorCode::Denied | OciErrorCode::Unauthorized));
            (denied.then_some(403), innermost(error))
        }
        _ => (None, innermost(error)),
    }
}
