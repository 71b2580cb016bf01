//! `.helmignore`: Helm's rules, which are not git's. Helm: `pkg/ignore`.

/// The rules of a `.helmignore`.
#[derive(Clone, Debug, Default)]
pub struct Rules {}
