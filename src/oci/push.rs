//! Pushing: the blobs that the registry lacks, streamed from disk, and then the manifest that names them. A push that fails
//! leaves no manifest, so nothing half done can be pulled.

use std::io;
use std::path::{Path, PathBuf};

use reqwest::header::LOCATION;
use reqwest::{Method, StatusCode};

use super::client::{CONTENT_DIGEST, Client, Operation, same_host};
use super::digest::{SHA256, digest_of, digest_of_file};
use super::error::{Error, ErrorKind};
use super::manifest::{Descriptor, MANIFEST};
use super::reference::Reference;
use super::request::{Body, Request, Response};

/// The most bytes that a registry may answer to an upload.
const RESPONSE_LIMIT: u64 = 1024 * 1024;

/// Something to push.
#[derive(Clone, Debug)]
pub struct Blob {
    /// How the manifest names it.
    pub descriptor: Descriptor,
    content: Content,
}

#[derive(Clone, Debug)]
enum Content {
    File(PathBuf),
    Bytes(Vec<u8>),
}

impl Blob {
    /// The content of a file, which is read twice: now for its digest, and when it is sent.
    pub fn of_file(media_type: &str, path: &Path) -> io::Result<Blob> {
        let (digits, size) = digest_of_file(path)?;
        let descriptor = descriptor(media_type, format!("{SHA256}{digits}"), size);
        Ok(Blob { descriptor, content: Content::File(path.to_owned()) })
    }

    /// A content in memory.
    pub fn of_bytes(media_type: &str, content: Vec<u8>) -> Blob {
        let descriptor = descriptor(media_type, digest_of(&content), content.len() as u64);
        Blob { descriptor, content: Content::Bytes(content) }
    }

    fn body(&self) -> Body<'_> {
        match &self.content {
            Content::Bytes(bytes) => Body::Bytes(bytes),
            Content::File(path) => Body::File(path, self.descriptor.size as u64),
        }
    }
}

fn descriptor(media_type: &str, digest: String, size: u64) -> Descriptor {
    Descriptor { media_type: media_type.to_owned(), digest, size: size as i64 }
}

impl Client {
    /// Pushes the blobs and then the manifest, whose bytes are sent as they are.
    pub fn push(&self, reference: &Reference, blobs: &[Blob], manifest: &[u8]) -> Result<(), Error> {
        for blob in blobs {
            self.push_blob(reference, blob)?;
        }
        let operation = self.pushing(reference, format!("uploading the manifest of {reference}"));
        let url = format!("{}/manifests/{}", self.base(reference), reference.tag);
        let response = operation.send(&Request {
            body: Body::Bytes(manifest),
            content_type: MANIFEST,
            ..Request::new(Method::PUT, &url, RESPONSE_LIMIT)
        })?;
        let wanted = digest_of(manifest);
        match response.header(CONTENT_DIGEST) {
            Some(found) if found.starts_with(SHA256) && found != wanted => {
                Err(operation.error(ErrorKind::Digest { wanted, found: found.to_owned() }))
            }
            _ => Ok(()),
        }
    }

    /// Asks whether the registry has the blob, and if not where to upload it, and sends it there.
    fn push_blob(&self, reference: &Reference, blob: &Blob) -> Result<(), Error> {
        let digest = &blob.descriptor.digest;
        let operation = self.pushing(reference, format!("uploading the blob {digest} of {reference}"));
        let url = format!("{}/blobs/{digest}", self.base(reference));
        let head = Request::new(Method::HEAD, &url, RESPONSE_LIMIT);
        let response = operation.attempt(&head, &mut |_| Ok(()))?;
        if response.status != StatusCode::NOT_FOUND {
            return operation.check(&head, response).map(|_| ());
        }
        let url = format!("{}/blobs/uploads/", self.base(reference));
        let begin = Request::new(Method::POST, &url, RESPONSE_LIMIT);
        let response = operation.send(&begin)?;
        let mut location = location(&operation, &begin, &response)?;
        // Only the registry itself says where its blobs go.
        if !same_host(&location, &response.url) {
            let (request, location) = (begin.line(), location.to_string());
            return Err(operation.error(ErrorKind::LocationElsewhere { request, location }));
        }
        location.query_pairs_mut().append_pair("digest", digest);
        let upload = Request {
            body: blob.body(),
            content_type: "application/octet-stream",
            ..Request::new(Method::PUT, location.as_str(), RESPONSE_LIMIT)
        };
        let response = operation.attempt(&upload, &mut |_| Ok(()))?;
        operation.check(&upload, response).map(|_| ())
    }

    fn pushing<'a>(&'a self, reference: &'a Reference, step: String) -> Operation<'a> {
        self.operation(reference, "pull,push", step)
    }
}

/// Where the registry wants a blob to be uploaded.
fn location(
    operation: &Operation<'_>,
    request: &Request<'_>,
    response: &Response,
) -> Result<reqwest::Url, Error> {
    let location = response.header(LOCATION);
    let location = location.ok_or_else(|| operation.error(ErrorKind::NoLocation(request.line())))?;
    response.url.join(location).map_err(|error| {
        let (location, reason) = (location.to_owned(), error.to_string());
        operation.error(ErrorKind::Location { request: request.line(), location, reason })
    })
}
