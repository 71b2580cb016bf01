//! `package --sign`: with which key, opened by which passphrase.
//!
//! Source: Helm action/package.go `Clearsign`.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::chart;
use crate::cli::args::{KeyringArg, Switch};
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::cli::terminal;
use crate::files;
use crate::go::os::PathError;
use crate::go::os::error_text;
use crate::go::strconv::quote;
use crate::oci::digest::digest_of_file;
use crate::signing::{self, Keyring, Signer};
use crate::system;

/// The most bytes of a passphrase: as many as Go reads of a line at once.
const MAX_PASSPHRASE: u64 = 4096;

/// How a package is signed.
#[derive(Args, Debug)]
#[command(next_help_heading = "Signing")]
pub(crate) struct SignArgs {
    /// Use a PGP private key to sign this package
    #[arg(long)]
    sign: Switch,
    #[command(flatten)]
    key: SigningKeyArgs,
}

/// With which key something is signed.
#[derive(Args, Debug)]
#[command(next_help_heading = "Signing")]
pub(crate) struct SigningKeyArgs {
    /// Name of the key to use when signing: a user ID, or a part of one that no other has. Used if something is signed
    #[arg(long, value_name = "NAME")]
    key: Option<String>,
    #[command(flatten)]
    keyring: KeyringArg,
    /// Location of a file which contains the passphrase for the signing key. Use "-" in order to read from stdin
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<String>,
}

/// What is signed with, and the passphrase once it was read: standard input gives it only once.
pub(crate) struct Signing {
    key: String,
    keyring: PathBuf,
    passphrase_file: Option<String>,
    passphrase: Option<Vec<u8>>,
}

impl SignArgs {
    /// What is signed with, if anything is.
    pub(crate) fn begin(&self) -> Result<Option<Signing>, Error> {
        if !self.sign.is_on() {
            return Ok(None);
        }
        self.key.begin("a package").map(Some)
    }
}

impl SigningKeyArgs {
    /// What is signed with.
    pub(crate) fn begin(&self, what: &str) -> Result<Signing, Error> {
        let keyring = self.keyring.path();
        let key = self.key.clone().filter(|key| !key.is_empty());
        let key = key.ok_or_else(|| Error::new(format!("--key is required for signing {what}")))?;
        if keyring.as_os_str().is_empty() {
            return Err(Error::new(format!("--keyring is required for signing {what}")));
        }
        let passphrase_file = self.passphrase_file.clone().filter(|file| !file.is_empty());
        Ok(Signing { key, keyring, passphrase_file, passphrase: None })
    }
}

impl Signing {
    /// The text of the provenance file of an archive that is to have that name.
    pub(crate) fn sign(
        &mut self,
        archive: &Path,
        name: &str,
        context: &mut Context,
    ) -> Result<Vec<u8>, Error> {
        let keyring = Keyring::read(&self.keyring)?;
        let signer = self.unlock(&keyring, context)?;
        let metadata = chart::load_metadata(archive)
            .map_err(|error| Error::new(format!("failed to load chart for signing: {error}")))?;
        let (digits, _) = digest_of_file(archive)
            .map_err(|error| Error::new(format!("failed to read chart archive: {}", error_text(&error))))?;
        let text = signing::message(&metadata.to_json(true), name, &digits)
            .map_err(|error| Error::new(format!("failed to marshal chart metadata: {error}")))?;
        Ok(signer.clear_sign(&text, signing::now())?)
    }

    /// The text with a signature below it.
    pub(crate) fn clear_sign(&mut self, text: &str, context: &mut Context) -> Result<Vec<u8>, Error> {
        let keyring = Keyring::read(&self.keyring)?;
        let signer = self.unlock(&keyring, context)?;
        Ok(signer.clear_sign(text.as_bytes(), signing::now())?)
    }

    fn unlock<'a>(&mut self, keyring: &'a Keyring, context: &mut Context) -> Result<Signer<'a>, Error> {
        let entity = keyring.find(&self.key)?;
        if let (Some(file), None) = (&self.passphrase_file, &self.passphrase) {
            self.passphrase = Some(first_line(file)?);
        }
        let signer = Signer::unlock(entity, |owner| match &self.passphrase {
            Some(passphrase) => Ok(passphrase.clone()),
            None => ask(owner, context),
        })?;
        Ok(signer)
    }
}

/// Go: `promptUser`.
fn ask(owner: &str, context: &mut Context) -> Result<Vec<u8>, String> {
    let prompt = format!("Password for key {} >  ", quote(owner));
    let typed = terminal::ask_secret(context.out, &prompt);
    writeln!(context.out).map_err(|error| error_text(&error))?;
    typed
}

/// The first line of a file, or of standard input if that is a pipe. Go: `passphraseFileFetcher`.
fn first_line(file: &str) -> Result<Vec<u8>, Error> {
    let failed = |error: std::io::Error| PathError::new("open", file, &error);
    let opened = match file {
        "-" => {
            let input = system::stdin_as_file().map_err(failed)?;
            if !system::is_pipe(input.metadata().map_err(failed)?.file_type()) {
                return Err(Error::new("specified reading passphrase from stdin, without input on stdin"));
            }
            input
        }
        file => files::open(Path::new(file)).map_err(failed)?,
    };
    let mut line = Vec::new();
    let read = BufReader::new(opened.take(MAX_PASSPHRASE)).read_until(b'\n', &mut line);
    if read.map_err(|error| PathError::new("read", file, &error))? == 0 {
        return Err(Error::new("EOF"));
    }
    let text = line.strip_suffix(b"\n").map(|text| text.strip_suffix(b"\r").unwrap_or(text));
    Ok(text.unwrap_or(&line).to_vec())
}
