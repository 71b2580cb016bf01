//! [`Store`]: the credentials for registries: those in Helm's `registry/config.json` first, then those in Docker's
//! `config.json`, each with its credential helpers. What is found knows where it came from, so that an error can name the
//! source and never the secret.
//!
//! Source: Helm registry/client.go `NewClient`; oras-go registry/remote/credentials.

use std::fmt;
use std::fs;
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use crate::files;
use crate::staged::{self, Staged};

/// Why credentials cannot be read or kept.
#[derive(Debug)]
pub enum Error {
    /// The file cannot be read.
    Read(PathBuf, io::Error),
    /// The file cannot be written.
    Write(PathBuf, io::Error),
    /// The file cannot be put in its place.
    Staged(staged::Error),
    /// The file cannot be understood, for this reason.
    Malformed(PathBuf, String),
    /// A credential helper failed.
    Helper {
        /// Its name, without `docker-credential-`.
        name: String,
        /// What it was to do.
        verb: &'static str,
        /// What went wrong.
        kind: HelperError,
    },
}

/// What went wrong with a credential helper.
#[derive(Debug)]
pub enum HelperError {
    /// Its name is a path.
    Name,
    /// It cannot be run.
    Run(io::Error),
    /// Its answer cannot be understood.
    Json(serde_json::Error),
    /// It failed and said this.
    Said(String),
    /// It failed.
    Failed(ExitStatus),
    /// It was ended after this time.
    Silent(Duration),
    /// It was ended after so many bytes.
    TooLong(u64),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Read(file, error) => {
                write!(f, "cannot read the credentials in {}: {error}", file.display())
            }
            Error::Write(file, error) => {
                write!(f, "cannot write the credentials to {}: {error}", file.display())
            }
            Error::Staged(error) => write!(f, "{error}"),
            Error::Malformed(file, reason) => {
                write!(f, "cannot understand the credentials in {}: {reason}", file.display())
            }
            Error::Helper { name, verb, kind } => write!(f, "docker-credential-{name} {verb}: {kind}"),
        }
    }
}

impl fmt::Display for HelperError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HelperError::Name => f.write_str("the name of a credential helper is no path"),
            HelperError::Run(error) => write!(f, "{error}"),
            HelperError::Json(error) => {
                write!(f, "its answer is no JSON: line {} column {}", error.line(), error.column())
            }
            HelperError::Said(text) => f.write_str(text),
            HelperError::Failed(status) => {
                write!(f, "it ended with {status}; what it said may be secret and is not shown")
            }
            HelperError::Silent(time) => {
                write!(f, "it did not answer for {} s and was ended", time.as_secs())
            }
            HelperError::TooLong(limit) => write!(f, "it answered more than {limit} bytes and was ended"),
        }
    }
}

impl std::error::Error for Error {}

/// A name and a secret, or a token in place of both.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credential {
    /// The name of the user.
    pub username: String,
    /// The password, or whatever stands for it.
    pub password: String,
    /// A token that the registry's token server exchanges for another.
    pub identity_token: String,
    /// A token that is sent as it is.
    pub registry_token: String,
}

/// Without the secrets.
impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential").field("username", &self.username).finish_non_exhaustive()
    }
}

impl Credential {
    /// A name and a password.
    pub fn basic(username: &str, password: &str) -> Credential {
        Credential { username: username.to_owned(), password: password.to_owned(), ..Credential::default() }
    }

    fn is_empty(&self) -> bool {
        *self == Credential::default()
    }
}

/// A credential and where it was found, in words: `user bob of /home/bob/.docker/config.json`.
#[derive(Clone, Debug)]
pub struct Found {
    /// The credential.
    pub credential: Credential,
    /// Its source.
    pub source: String,
}

/// The files that keep credentials; the first is the one that is written to.
#[derive(Clone, Debug)]
pub struct Store {
    files: Vec<PathBuf>,
    native: Option<String>,
}

impl Store {
    /// A store over Helm's file and then Docker's, where a home is known.
    pub fn new(helm: PathBuf, docker: Option<PathBuf>) -> Store {
        Store { files: std::iter::once(helm).chain(docker).collect(), native: None }
    }

    /// The same with the system's own helper, which serves a file that names none and keeps nothing.
    pub fn with_native(self, native: Option<String>) -> Store {
        Store { native, ..self }
    }

    /// What is kept for a registry.
    ///
    /// # Errors
    /// A file or a helper that cannot be understood, with its name.
    pub fn get(&self, registry: &str) -> Result<Option<Found>, Error> {
        let server = server_address(registry);
        for file in &self.files {
            let config = read(file)?;
            let found = match helper_of(&config, &server, self.native.as_deref()) {
                Some(helper) => from_helper(&helper, &server)?
                    .map(|credential| (credential, format!("docker-credential-{helper}"))),
                None => from_file(&config, &server, file)?
                    .map(|credential| (credential, file.display().to_string())),
            };
            if let Some((credential, place)) = found.filter(|(credential, _)| !credential.is_empty()) {
                let who = match credential.username.as_str() {
                    "" => "a token".to_owned(),
                    name => format!("user {name:?}"),
                };
                return Ok(Some(Found { credential, source: format!("{who} of {place}") }));
            }
        }
        Ok(None)
    }

    /// Keeps a credential: with the helper that Helm's file names, or in that file, replaced at once and readable by its
    /// owner alone.
    pub fn put(&self, registry: &str, credential: &Credential) -> Result<(), Error> {
        let Some(file) = self.files.first() else { return Ok(()) };
        let server = server_address(registry);
        let mut config = read(file)?;
        if let Some(helper) = helper_of(&config, &server, self.native.as_deref()) {
            let secret = json!({
                "ServerURL": server,
                "Username": credential.username,
                "Secret": credential.password,
            });
            return run_helper(&helper, "store", secret.to_string().as_bytes()).map(|_| ());
        }
        let pair = STANDARD.encode(format!("{}:{}", credential.username, credential.password));
        let auths = config.entry("auths").or_insert_with(|| json!({}));
        let auths = auths.as_object_mut().ok_or_else(|| malformed(file, "auths is no object"))?;
        auths.insert(server, json!({ "auth": pair }));
        write(file, &config)
    }

    /// Forgets what is kept for a registry; that nothing is kept is no error.
    pub fn erase(&self, registry: &str) -> Result<(), Error> {
        let Some(file) = self.files.first() else { return Ok(()) };
        let server = server_address(registry);
        let mut config = read(file)?;
        if let Some(helper) = helper_of(&config, &server, self.native.as_deref()) {
            return run_helper(&helper, "erase", server.as_bytes()).map(|_| ());
        }
        let auths = config.get_mut("auths").and_then(Value::as_object_mut);
        match auths.and_then(|auths| auths.remove(&server)) {
            Some(_) => write(file, &config),
            None => Ok(()),
        }
    }
}

/// The name under which Docker keeps a registry's credential. oras: `ServerAddressFromRegistry`.
fn server_address(registry: &str) -> String {
    match registry {
        "docker.io" | "registry-1.docker.io" | "index.docker.io" => "https://index.docker.io/v1/".to_owned(),
        _ => registry.to_owned(),
    }
}

fn read(file: &Path) -> Result<Map<String, Value>, Error> {
    let text = match files::read(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Map::new()),
        Err(error) => return Err(Error::Read(file.to_owned(), error)),
    };
    if text.iter().all(u8::is_ascii_whitespace) {
        return Ok(Map::new());
    }
    serde_json::from_slice(&text).map_err(|error| malformed(file, error))
}

fn malformed(file: &Path, reason: impl ToString) -> Error {
    Error::Malformed(file.to_owned(), reason.to_string())
}

/// Writes the file anew beside the old one, then puts it in its place.
fn write(file: &Path, config: &Map<String, Value>) -> Result<(), Error> {
    let failed = |error: io::Error| Error::Write(file.to_owned(), error);
    // A link stays a link: what it points to is replaced.
    let file = &fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let mut staged = Staged::beside(file).map_err(Error::Staged)?;
    let mut text = Vec::new();
    let layout = serde_json::ser::PrettyFormatter::with_indent(b"\t");
    let mut serializer = serde_json::Serializer::with_formatter(&mut text, layout);
    serde::Serialize::serialize(config, &mut serializer).map_err(|error| failed(error.into()))?;
    staged.writer().write_all(&text).map_err(failed)?;
    staged.keep_as(0o600).map_err(Error::Staged)
}

/// The helper for a server: its own, or the one for all, or where the file keeps nothing at all the system's own.
fn helper_of(config: &Map<String, Value>, server: &str, native: Option<&str>) -> Option<String> {
    let own = config.get("credHelpers").and_then(|helpers| helpers.get(server));
    let named = own.or_else(|| config.get("credsStore")).and_then(Value::as_str);
    if let Some(name) = named.filter(|name| !name.is_empty()) {
        return Some(name.to_owned());
    }
    let configured = ["auths", "credHelpers"]
        .iter()
        .any(|key| config.get(*key).and_then(Value::as_object).is_some_and(|entries| !entries.is_empty()));
    if configured {
        return None;
    }
    native.map(str::to_owned)
}

fn from_file(config: &Map<String, Value>, server: &str, file: &Path) -> Result<Option<Credential>, Error> {
    let Some(auths) = config.get("auths").and_then(Value::as_object) else { return Ok(None) };
    let named = |key: &String| {
        let key = key.trim_start_matches("https://").trim_start_matches("http://");
        key.split('/').next() == Some(server)
    };
    let entry =
        auths.get(server).or_else(|| auths.iter().find(|(key, _)| named(key)).map(|(_, entry)| entry));
    let Some(entry) = entry else { return Ok(None) };
    let text = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut credential = Credential {
        username: text("username"),
        password: text("password"),
        identity_token: text("identitytoken"),
        registry_token: text("registrytoken"),
    };
    let auth = text("auth");
    if !auth.is_empty() {
        let pair = STANDARD.decode(&auth).ok().and_then(|pair| String::from_utf8(pair).ok());
        let pair = pair.ok_or_else(|| malformed(file, format!("auth of {server} is no base64 of a text")))?;
        let (username, password) =
            pair.split_once(':').ok_or_else(|| malformed(file, format!("auth of {server} has no colon")))?;
        username.clone_into(&mut credential.username);
        password.trim_end_matches('\0').clone_into(&mut credential.password);
    }
    Ok(Some(credential))
}

/// What a helper keeps. Docker: docker-credential-helpers, whose `<token>` for a name means an identity token.
fn from_helper(helper: &str, server: &str) -> Result<Option<Credential>, Error> {
    let output = match run_helper(helper, "get", server.as_bytes()) {
        Ok(output) => output,
        // So helpers say that they keep nothing for this server. Docker: credentials/error.go `errCredentialsNotFoundMessage`.
        Err(Error::Helper { kind: HelperError::Said(text), .. })
            if text.contains("credentials not found") =>
        {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let answer: Value = serde_json::from_slice(&output).map_err(|error| Error::Helper {
        name: helper.to_owned(),
        verb: "get",
        kind: HelperError::Json(error),
    })?;
    let text = |key: &str| answer.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok(Some(match text("Username").as_str() {
        "<token>" => Credential { identity_token: text("Secret"), ..Credential::default() },
        username => Credential::basic(username, &text("Secret")),
    }))
}

fn run_helper(helper: &str, verb: &'static str, input: &[u8]) -> Result<Vec<u8>, Error> {
    let failed = |kind| Error::Helper { name: helper.to_owned(), verb, kind };
    if helper.contains('/') {
        return Err(failed(HelperError::Name));
    }
    let mut child = Command::new(format!("docker-credential-{helper}"))
        .arg(verb)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| failed(HelperError::Run(error)))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A helper that does not read its input says itself what it lacks.
        let _ = stdin.write_all(input);
    }
    let (sender, answer) = mpsc::channel();
    let stdout = child.stdout.take();
    // It ends with the helper's output, or with this process.
    let reader = thread::Builder::new().spawn(move || {
        let mut text = Vec::new();
        let read = stdout.map(|stdout| stdout.take(LONGEST_ANSWER + 1).read_to_end(&mut text));
        let _ = sender.send(read.unwrap_or(Ok(0)).map(|_| text));
    });
    let answer = reader.map(|_| answer.recv_timeout(patience()));
    let end = |child: &mut Child| {
        let _ = child.kill().and_then(|()| child.wait());
    };
    let text = match answer {
        Ok(Ok(Ok(text))) if text.len() as u64 <= LONGEST_ANSWER => text,
        Ok(Ok(Ok(_))) => {
            end(&mut child);
            return Err(failed(HelperError::TooLong(LONGEST_ANSWER)));
        }
        Ok(Ok(Err(error))) | Err(error) => {
            end(&mut child);
            return Err(failed(HelperError::Run(error)));
        }
        Ok(Err(_)) => {
            end(&mut child);
            return Err(failed(HelperError::Silent(patience())));
        }
    };
    let until = Instant::now() + patience();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if Instant::now() < until => thread::sleep(Duration::from_millis(5)),
            Ok(None) => {
                end(&mut child);
                return Err(failed(HelperError::Silent(patience())));
            }
            Err(error) => return Err(failed(HelperError::Run(error))),
        }
    };
    if status.success() {
        return Ok(text);
    }
    // What it says may hold the secret itself; only what helpers are known to say is repeated.
    let said = String::from_utf8_lossy(&text);
    let known = KNOWN.iter().find(|known| said.contains(**known)).copied();
    Err(failed(known.map_or(HelperError::Failed(status), |known| HelperError::Said(known.to_owned()))))
}

/// The most bytes of a helper's answer.
const LONGEST_ANSWER: u64 = 64 * 1024;

/// What helpers say where they keep nothing, or were asked wrongly. Docker: credentials/error.go.
const KNOWN: [&str; 4] =
    ["credentials not found", "no credentials server URL", "no credentials username", "not logged in"];

/// How long a helper may take: longer where somebody can be asked for a password.
fn patience() -> Duration {
    Duration::from_secs(if io::stdin().is_terminal() { 60 } else { 4 })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn store(folder: &Path, helm: &str, docker: &str) -> Store {
        let [helm_file, docker_file] = ["helm.json", "docker.json"].map(|name| folder.join(name));
        for (file, text) in [(&helm_file, helm), (&docker_file, docker)] {
            if !text.is_empty() {
                fs::write(file, text).unwrap();
            }
        }
        Store::new(helm_file, Some(docker_file))
    }

    #[test]
    fn helm_s_file_goes_before_docker_s() {
        let folder = tempfile::tempdir().unwrap();
        let docker = r#"{"auths":{"a":{"auth":"dTpw"},"https://b/v1/":{"auth":"djpxOng="}}}"#;
        let store = store(folder.path(), r#"{"auths":{"a":{"auth":"aDpz"}}}"#, docker);
        assert_eq!(store.get("a").unwrap().unwrap().credential, Credential::basic("h", "s"));
        let found = store.get("b").unwrap().unwrap();
        assert_eq!(found.credential, Credential::basic("v", "q:x"));
        assert!(found.source.starts_with("user \"v\" of /") && found.source.ends_with("docker.json"));
        assert!(store.get("c").unwrap().is_none());
    }

    #[test]
    fn what_is_put_is_found_and_other_keys_stay() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path(), r#"{"auths":{"a":{"auth":"aDpz"}},"x":1}"#, "");
        store.put("b:5000", &Credential::basic("u", "p")).unwrap();
        let file = folder.path().join("helm.json");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let text = fs::read_to_string(&file).unwrap();
        assert_eq!(
            text,
            "{\n\t\"auths\": {\n\t\t\"a\": {\n\t\t\t\"auth\": \"aDpz\"\n\t\t},\n\t\t\"b:5000\": {\n\t\t\t\"auth\": \"dTpw\"\n\t\t}\n\t},\n\t\"x\": 1\n}"
        );
        store.erase("b:5000").unwrap();
        assert!(store.get("b:5000").unwrap().is_none());
        assert!(store.get("a").unwrap().is_some());
    }

    #[test]
    fn a_broken_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path(), "{", "");
        let error = store.get("a").unwrap_err().to_string();
        assert!(error.starts_with("cannot understand the credentials in /") && error.contains("helm.json"));
    }
}
