//! [`TlsOptions`]: which certificates are accepted from servers, and which one is shown to them.

/// The flags of Helm's commands about TLS.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TlsOptions {
    /// Whether any certificate of a server is accepted.
    pub insecure: bool,
    /// The file of the authorities that are trusted, in place of the system's.
    pub ca_file: Option<String>,
    /// The file of the client's certificate.
    pub cert_file: Option<String>,
    /// The file of its key.
    pub key_file: Option<String>,
}

impl TlsOptions {
    /// The client's certificate and its key, where both were given. Helm takes neither without the other.
    pub fn client_certificate(&self) -> Option<(&str, &str)> {
        fn given(file: Option<&String>) -> Option<&str> {
            file.map(String::as_str).filter(|file| !file.is_empty())
        }
        given(self.cert_file.as_ref()).zip(given(self.key_file.as_ref()))
    }
}
