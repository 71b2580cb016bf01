//! `repositories.yaml`: the chart repositories that `helm repo add` knows. Helm: repo/v1/repo.go `LoadFile`.

use std::path::{Path, PathBuf};

use crate::files;
use crate::go::os::PathError;
use crate::yaml::{self, Node};

use super::error::Error;

/// A repository. Helm: repo/v1/chartrepo.go `Entry`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The name that a user gave it.
    pub name: String,
    /// Its address.
    pub url: String,
    /// The name of the user there.
    pub username: String,
    /// The user's password.
    pub password: String,
    /// The file of the client's certificate.
    pub cert_file: String,
    /// The file of its key.
    pub key_file: String,
    /// The file of the authorities that are trusted.
    pub ca_file: String,
    /// Whether any certificate is accepted.
    pub insecure: bool,
    /// Whether name and password go to any host.
    pub pass_credentials: bool,
}

/// The repositories in the file, in order; none if there is no file.
pub fn read(file: &Path) -> Result<Vec<Entry>, Error> {
    let text = match files::read(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => {
            let doing = format!("couldn't load repositories file ({})", file.display());
            return Err(Error::from(PathError::new("open", file, &error)).while_doing(doing));
        }
    };
    let node = yaml::parse(&text).map_err(Error::other)?;
    let entries = node.get("repositories").map(Node::items).unwrap_or_default();
    Ok(entries.iter().map(entry).collect())
}

fn entry(node: &Node) -> Entry {
    let text = |key: &str| node.get(key).and_then(Node::as_str).unwrap_or_default().to_owned();
    let flag = |key: &str| node.get(key).and_then(Node::as_bool).unwrap_or_default();
    Entry {
        name: text("name"),
        url: text("url"),
        username: text("username"),
        password: text("password"),
        cert_file: text("certFile"),
        key_file: text("keyFile"),
        ca_file: text("caFile"),
        insecure: flag("insecure_skip_tls_verify"),
        pass_credentials: flag("pass_credentials_all"),
    }
}

/// The cached index of a repository.
pub fn index_file(cache: &Path, name: &str) -> PathBuf {
    cache.join(format!("{name}-index.yaml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("repositories.yaml");
        assert_eq!(read(&file).unwrap(), []);
        let text = "apiVersion: ''\nrepositories:\n- name: a\n  url: https://a/x\n  insecure_skip_tls_verify: true\n";
        std::fs::write(&file, text).unwrap();
        let wanted =
            Entry { name: "a".into(), url: "https://a/x".into(), insecure: true, ..Entry::default() };
        assert_eq!(read(&file).unwrap(), [wanted]);
    }
}
