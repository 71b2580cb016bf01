//! `registry`: credentials for registries, kept where Helm keeps them.

use std::io::{BufRead, Write};
use std::sync::Arc;

use clap::{Args as ClapArgs, Subcommand};

use crate::cli::args::{Switch, source};
use crate::cli::context::{Context, Done};
use crate::cli::environment::network;
use crate::cli::error::Error;
use crate::cli::terminal;
use crate::files;
use crate::go::slog;
use crate::oci::credentials::{Credential, Store};
use crate::oci::{Client, Http, TlsOptions};

/// Login to or logout from a registry
#[derive(ClapArgs, Debug)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Login to a registry
    Login(Box<Login>),
    /// Logout from a registry
    Logout {
        /// The registry: a host, maybe with a port
        host: Vec<String>,
    },
}

#[derive(ClapArgs, Debug)]
struct Login {
    /// The registry: a host, maybe with a port
    host: Vec<String>,
    /// Registry username
    #[arg(short, long, value_name = "NAME")]
    username: Option<String>,
    /// Registry password or identity token
    #[arg(short, long, value_name = "PASSWORD")]
    password: Option<String>,
    /// Read password or identity token from stdin
    #[arg(long)]
    password_stdin: Switch,
    /// Allow connections to TLS registry without certs
    #[arg(long)]
    insecure: Switch,
    /// Identify registry client using this SSL certificate file
    #[arg(long, value_name = "FILE")]
    cert_file: Option<String>,
    /// Identify registry client using this SSL key file
    #[arg(long, value_name = "FILE")]
    key_file: Option<String>,
    /// Verify certificates of HTTPS-enabled servers using this CA bundle
    #[arg(long, value_name = "FILE")]
    ca_file: Option<String>,
    /// Use insecure HTTP connections
    #[arg(long)]
    plain_http: Switch,
}

impl Args {
    pub(crate) fn run(&self, context: &mut Context) -> Result<Done, Error> {
        let store = source::settings(context.globals, false).store();
        match &self.what {
            What::Login(login) => login.run(store, context),
            What::Logout { host } => {
                let host = only(host, "logout")?;
                store.erase(host)?;
                writeln!(context.out, "Removing login credentials for {host}")?;
                Ok(Done::Clean)
            }
        }
    }
}

fn only<'a>(words: &'a [String], verb: &str) -> Result<&'a String, Error> {
    words.first().ok_or_else(|| {
        let usage = format!("Usage:  plimsoll registry {verb} [host] [flags]");
        Error::new(format!("\"plimsoll registry {verb}\" requires at least 1 argument\n\n{usage}"))
    })
}

impl Login {
    /// Helm: registry/client.go `Login`. Nothing is kept that the registry does not take.
    fn run(&self, store: Store, context: &mut Context) -> Result<Done, Error> {
        let host = only(&self.host, "login")?;
        if let Some((_, name)) = host.rsplit_once('@') {
            return Err(Error::new(format!(
                "invalid reference: invalid registry: give {name} alone, and the user with --username"
            )));
        }
        let (username, password) = self.credential(context)?;
        if let Some((name, _)) = host.split_once('/') {
            context.log(&[slog::Line::warn(
                "registry login currently only supports registry hostname, not a repository path",
                &[("host", host), ("suggested", name)],
            )]);
            return Err(Error::new(format!("invalid reference: invalid registry {host:?}")));
        }
        let tls = TlsOptions {
            insecure: self.insecure.is_on(),
            ca_file: self.ca_file.clone(),
            cert_file: self.cert_file.clone(),
            key_file: self.key_file.clone(),
        };
        let credential = Credential::basic(&username, &password);
        let given = Some(credential.clone());
        let http = Http::new(&tls, &network())?;
        let client = Client::new(Arc::new(http), self.plain_http.is_on(), store.clone(), given);
        client.ping(host)?;
        store.put(host, &credential)?;
        writeln!(context.out, "Login Succeeded")?;
        Ok(Done::Clean)
    }

    /// Helm: cmd/registry_login.go `getUsernamePassword`.
    fn credential(&self, context: &mut Context) -> Result<(String, String), Error> {
        let mut username = self.username.clone().unwrap_or_default();
        let mut password = self.password.clone().unwrap_or_default();
        if self.password_stdin.is_on() {
            let text = String::from_utf8(files::read_stdin()?)
                .map_err(|_| Error::new("the password on standard input is not UTF-8"))?;
            let text = text.strip_suffix('\n').unwrap_or(&text);
            return Ok((username, text.strip_suffix('\r').unwrap_or(text).to_owned()));
        }
        if !password.is_empty() {
            context.log(&[slog::Line::warn(
                "using --password via the CLI is insecure. Use --password-stdin",
                &[],
            )]);
            return Ok((username, password));
        }
        if username.is_empty() {
            ask(context.out, "Username: ")?.trim().clone_into(&mut username);
        }
        let what = if username.is_empty() { "Token" } else { "Password" };
        password.push_str(&ask_secret(context.out, &format!("{what}: "))?);
        if password.is_empty() {
            return Err(Error::new(format!("{} required", what.to_lowercase())));
        }
        Ok((username, password))
    }
}

/// Go: cmd/registry_login.go `readLine`.
fn ask(out: &mut dyn Write, prompt: &str) -> Result<String, Error> {
    write!(out, "{prompt}")?;
    out.flush()?;
    let mut line = String::new();
    match std::io::stdin().lock().read_line(&mut line)? {
        0 => Err(Error::new("EOF")),
        _ => Ok(line.trim_end_matches(['\n', '\r']).to_owned()),
    }
}

/// The same without showing what is typed, which only a terminal can.
fn ask_secret(out: &mut dyn Write, prompt: &str) -> Result<String, Error> {
    let typed = terminal::ask_secret(out, prompt).map_err(Error::new)?;
    writeln!(out)?;
    String::from_utf8(typed).map_err(|_| Error::new("what was typed is no UTF-8"))
}
