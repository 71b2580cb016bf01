//! [`Authorization`]: the credentials that a request carries.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::secret;

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
    /// The header's value, which from now on is shown in no message.
    pub fn header(&self) -> Option<String> {
        match self {
            Authorization::None => None,
            Authorization::Basic(name, password) => {
                let pair = STANDARD.encode(format!("{name}:{password}"));
                secret::note(password);
                secret::note(&pair);
                Some(format!("Basic {pair}"))
            }
            Authorization::Bearer(token) => {
                secret::note(token);
                Some(format!("Bearer {token}"))
            }
        }
    }
}
