//! Pushing: the blobs that the registry lacks, streamed from disk, and then the manifest that names them. A push that fails
//! leaves no manifest, so nothing half done can be pulled.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use oci_client::manifest::{OCI_IMAGE_MEDIA_TYPE, OciDescriptor};
use reqwest::header::LOCATION;
use reqwest::{Method, StatusCode};
use sha2::{Digest, Sha256};

use super::client::{Client, Error, digest_of, format_digest, mismatch, same_place};
use super::http::{Answer, Body, Question};
use super::reference::Reference;

/// How much of a file is read at once.
const CHUNK: usize = 256 * 1024;
/// The most bytes that a registry may answer to an upload.
const ANSWER_LIMIT: u64 = 1024 * 1024;

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
    Bytes(Vec<u8>),
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
        let digest = digest_of(&content);
        let descriptor = descriptor(media_type, digest, content.len() as u64);
        Blob { descriptor, content: Content::Bytes(content) }
    }

    fn body(&self) -> Body<'_> {
        match &self.content {
            Content::Bytes(bytes) => Body::Bytes(bytes),
            Content::File(path) => Body::File(path, self.descriptor.size as u64),
        }
    }
}

fn descriptor(media_type: &str, digest: String, size: u64) -> OciDescriptor {
    OciDescriptor { media_type: media_type.to_owned(), digest, size: size as i64, ..OciDescriptor::default() }
}

impl Client {
    /// Pushes the blobs and then the manifest, whose bytes are sent as they are.
    pub fn push(&self, reference: &Reference, blobs: &[Blob], manifest: &[u8]) -> Result<(), Error> {
        for blob in blobs {
            self.push_blob(reference, blob)?;
        }
        let step = format!("uploading the manifest of {reference}");
        let url = format!("{}/manifests/{}", self.base(reference), reference.tag);
        let question = Question {
            method: Method::PUT,
            url: &url,
            body: Body::Bytes(manifest),
            content_type: OCI_IMAGE_MEDIA_TYPE,
            ..Question::default()
        };
        let answer = self.told(reference, &step, &question)?;
        let answer = self.accepted(reference, &step, &question, answer)?;
        let digest = digest_of(manifest);
        match answer.headers.get("docker-content-digest").and_then(|value| value.to_str().ok()) {
            Some(other) if other.starts_with("sha256:") && other != digest => {
                Err(Error { step, message: mismatch(&digest, other), status: None })
            }
            _ => Ok(()),
        }
    }

    /// Asks whether the registry has the blob, and else for a place, and sends it there.
    fn push_blob(&self, reference: &Reference, blob: &Blob) -> Result<(), Error> {
        let digest = &blob.descriptor.digest;
        let step = format!("uploading the blob {digest} of {reference}");
        let fail = |message: String| Error { step: step.clone(), message, status: None };
        let url = format!("{}/blobs/{digest}", self.base(reference));
        let known = Question { method: Method::HEAD, url: &url, ..Question::default() };
        let answer = self.told(reference, &step, &known)?;
        if answer.status != StatusCode::NOT_FOUND {
            return self.accepted(reference, &step, &known, answer).map(|_| ());
        }
        let url = format!("{}/blobs/uploads/", self.base(reference));
        let begin = Question { method: Method::POST, url: &url, ..Question::default() };
        let answer = self.told(reference, &step, &begin)?;
        let answer = self.accepted(reference, &step, &begin, answer)?;
        let place = answer.headers.get(LOCATION).and_then(|value| value.to_str().ok());
        let place =
            place.ok_or_else(|| fail(format!("POST {url}: the answer names no place to upload to")))?;
        let unusable = |error| fail(format!("POST {url}: the place to upload to is {place:?}: {error}"));
        let mut place = answer.url.join(place).map_err(unusable)?;
        let trusted = same_place(&place, &answer.url);
        place.query_pairs_mut().append_pair("digest", digest);
        let send = Question {
            method: Method::PUT,
            url: place.as_str(),
            body: blob.body(),
            content_type: "application/octet-stream",
            ..Question::default()
        };
        // Another host takes the blob without being told who we are.
        let answer = match trusted {
            true => self.told(reference, &step, &send)?,
            false => self.http().download(&send, &mut |_| Ok(())).map_err(fail)?,
        };
        self.accepted(reference, &step, &send, answer).map(|_| ())
    }

    /// The answer to somebody who may push; its body does not matter.
    fn told(&self, reference: &Reference, step: &str, question: &Question<'_>) -> Result<Answer, Error> {
        let scope = format!("repository:{}:pull,push", reference.repository);
        let question = Question { limit: ANSWER_LIMIT, ..question.clone() };
        self.converse(reference, &scope, step, &question, &mut |_| Ok(()))
    }
}
