//! [`Authorization`]: the credentials that a request carries.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What goes into the `Authorization` header.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum Authorization {
    /// Nothing.
    #[default]
    None,
    /// A name and a password.
    Basic(String, String),
    /// A token.
    Bearer(String),
}

/// Without the secrets.
impl std::fmt::Debug for Authorization {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Authorization::None => "None",
            Authorization::Basic(..) => "Basic",
            Authorization::Bearer(_) => "Bearer",
        })
    }
}

impl Authorization {
    /// The header's value.
    pub fn header(&self) -> Option<String> {
        match self {
            Authorization::None => None,
            Authorization::Basic(name, password) => {
                Some(format!("Basic {}", STANDARD.encode(format!("{name}:{password}"))))
            }
            Authorization::Bearer(token) => Some(format!("Bearer {token}")),
        }
    }
}
