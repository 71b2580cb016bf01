//! What `--validation-policy` names, the cluster's policy by its name or a file that says it.

use std::fmt;

use crate::cli::input;
use crate::judge::ValidationPolicy;
use crate::nvcf::reval::{GroupVersionKind, PolicyName};
use crate::source::SourceFile;
use crate::yaml::{self, Data, Node};

/// Why a word is no validation policy.
#[derive(Debug)]
pub struct Error {
    /// The line of the file that is wrong, where one is.
    line: Option<usize>,
    why: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.line.map_or(Ok(()), |line| write!(f, "line {line}: "))?;
        f.write_str(&self.why)
    }
}

impl std::error::Error for Error {}

/// Reads a name, or the file of that name: `name` and `extraKubernetesTypes`, at the top or below `helmValidationPolicy` as
/// in a request.
pub fn parse(word: &str) -> Result<ValidationPolicy, Error> {
    let name = policy_name(word);
    if name.is_some() {
        return Ok(ValidationPolicy { name, extra_kinds: Vec::new() });
    }
    let unusable = |line, why| Error { line, why };
    let bytes = input::read_file(word).map_err(|error| {
        unusable(None, format!("it is Default, Unrestricted or a file that says it: {error}"))
    })?;
    let text = String::from_utf8_lossy(&bytes);
    let node = yaml::parse(&*text).map_err(|error| unusable(None, error.to_string()))?;
    let file = SourceFile::new(word, &*text);
    let line = |node: &Node| Some(file.line_of(node.span.start as usize));
    of_node(&node).map_err(|(node, why)| unusable(line(node), why))
}

fn policy_name(word: &str) -> Option<PolicyName> {
    let is = |known: &str| word.eq_ignore_ascii_case(known);
    if is("Unrestricted") {
        Some(PolicyName::Unrestricted)
    } else {
        is("Default").then_some(PolicyName::Default)
    }
}

fn of_node(root: &Node) -> Result<ValidationPolicy, (&Node, String)> {
    let node = root.get("helmValidationPolicy").unwrap_or(root);
    let Data::Map(_) = node.data else {
        return Err((node, format!("a policy is a map with a name, this is {}", node.kind_name())));
    };
    let name = node.get("name").and_then(Node::as_str).unwrap_or_default();
    let Some(known) = policy_name(name) else {
        return Err((node, format!("name of the policy is `{name}`, it must be Default or Unrestricted")));
    };
    let kinds = node.get("extraKubernetesTypes").map_or(&[][..], Node::items);
    let extra_kinds = kinds.iter().map(extra_kind).collect::<Result<_, _>>()?;
    Ok(ValidationPolicy { name: Some(known), extra_kinds })
}

fn extra_kind(node: &Node) -> Result<GroupVersionKind, (&Node, String)> {
    let field = |name: &str| {
        let text = node.get(name).and_then(Node::as_str).map(str::trim).filter(|text| !text.is_empty());
        text.map(str::to_owned).ok_or_else(|| (node, format!("a kind of extraKubernetesTypes has no {name}")))
    };
    Ok(GroupVersionKind { group: field("group")?, version: field("version")?, kind: field("kind")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_files() {
        assert!(parse("unrestricted").unwrap().is_unrestricted());
        let file = tempfile::NamedTempFile::new().unwrap();
        let read = |text: &str| {
            std::fs::write(file.path(), text).unwrap();
            parse(&file.path().display().to_string())
        };
        let policy = read(
            r#"{"helmValidationPolicy": {"name": "Default", "extraKubernetesTypes":
            [{"group": "grove.io", "version": "v1alpha1", "kind": "PodClique"}]}}"#,
        );
        assert_eq!(policy.unwrap().extra_kinds, ["grove.io/v1alpha1/PodClique".parse().unwrap()]);
        let wrong = "name: Default\nextraKubernetesTypes:\n  - group: a\n    version: v1\n";
        assert_eq!(
            read(wrong).unwrap_err().to_string(),
            "line 3: a kind of extraKubernetesTypes has no kind"
        );
        assert!(
            read("name: Anything\n")
                .unwrap_err()
                .to_string()
                .starts_with("line 1: name of the policy is `Anything`")
        );
        assert!(parse("no-such-file").is_err());
    }
}
