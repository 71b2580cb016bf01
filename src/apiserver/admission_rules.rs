//! The expressions of admission policies and webhooks: whether each compiles, and is worth what it must be.
//!
//! Source: k8s.io/apiserver `pkg/admission/plugin/cel`: `compile.go`, `composition.go`; `pkg/cel/mutation`.

use super::cel::{Extra, Fields, Known, Program, Scope, Type};
use super::error::{Errors, Path};

/// What an expression is for; it says what it may name and what it must be worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Whether a policy or webhook looks at a request.
    Condition,
    /// Whether a request is let through.
    Validation,
    /// Why it is not.
    Message,
    /// What is written down of it.
    Annotation,
    /// What the others may name.
    Variable,
    /// Changes of the object, by steps.
    JsonPatch,
    /// Changes of the object, as a part of it.
    Apply,
}

/// The expressions of a policy or of webhooks.
pub struct Expressions {
    /// Whether there is an object with parameters.
    has_params: bool,
    /// Those that have names, with their types; nothing where none can have one.
    variables: Option<Vec<(String, Type)>>,
}

/// The fields of what expressions can name, a message a line.
const MESSAGES: &str = "\
kubernetes.AdmissionRequest kind=kubernetes.GroupVersionKind resource=kubernetes.GroupVersionResource subResource=string \
requestKind=kubernetes.GroupVersionKind requestResource=kubernetes.GroupVersionResource requestSubResource=string \
name=string namespace=string operation=string userInfo=kubernetes.UserInfo dryRun=bool options=dyn
kubernetes.GroupVersionKind group=string version=string kind=string
kubernetes.GroupVersionResource group=string version=string resource=string
kubernetes.UserInfo username=string uid=string groups=list(string) extra=map(string,list(string))
kubernetes.Namespace metadata=kubernetes.NamespaceMetadata spec=kubernetes.NamespaceSpec status=kubernetes.NamespaceStatus
kubernetes.NamespaceSpec finalizers=list(string)
kubernetes.NamespaceStatus conditions=list(kubernetes.NamespaceCondition) phase=string
kubernetes.NamespaceCondition status=string type=string lastTransitionTime=timestamp message=string reason=string
kubernetes.NamespaceMetadata name=string generateName=string namespace=string labels=map(string,string) \
annotations=map(string,string) UID=string creationTimestamp=timestamp deletionGracePeriodSeconds=int \
deletionTimestamp=timestamp generation=int resourceVersion=string finalizers=list(string)";

const VARIABLES: &str = "kubernetes.variables";
const PATCH: &str = "JSONPatch";
const OBJECT: &str = "Object";

/// The fields that an expression can name.
struct Named<'a> {
    variables: &'a [(String, Type)],
    has_patches: bool,
}

impl Fields for Named<'_> {
    fn field(&self, message: &str, field: &str) -> Known {
        let or_none = |kind: Option<Type>| kind.map_or(Known::NoField, Known::Field);
        if message == VARIABLES {
            let named = self.variables.iter().rev().find(|(name, _)| name == field);
            return or_none(named.map(|(_, kind)| kind.clone()));
        }
        if self.has_patches && message == PATCH {
            return Known::Field(if matches!(field, "op" | "from" | "path") {
                Type::Text
            } else {
                Type::Dyn
            });
        }
        if self.has_patches && (message == OBJECT || message.starts_with("Object.")) {
            return Known::Field(Type::Dyn);
        }
        let words = MESSAGES.lines().find_map(|line| {
            let mut words = line.split_whitespace();
            (words.next() == Some(message)).then_some(words)
        });
        let Some(mut words) = words else { return Known::NoType };
        or_none(words.find_map(|word| {
            let (name, kind) = word.split_once('=')?;
            (name == field).then(|| Type::read(&kind.replace(',', ", ")))
        }))
    }
}

impl Expressions {
    /// Those of a webhook.
    pub fn of_webhook() -> Expressions {
        Expressions { has_params: false, variables: None }
    }

    /// Those of a policy, which may have parameters.
    pub fn of_policy(has_params: bool) -> Expressions {
        Expressions { has_params, variables: Some(Vec::new()) }
    }

    /// Compiles an expression and tells what is wrong with it; `told` is how it is written.
    pub fn judge(&self, of: Use, expression: &str, told: &str, path: &Path, errors: &mut Errors) {
        if let Err(why) = self.compile(of, expression, errors.minor()) {
            tell(why, told, path, errors);
        }
    }

    /// Compiles an expression that has a name; what comes behind it may use that.
    pub fn name(&mut self, name: &str, expression: &str, path: &Path, errors: &mut Errors) {
        let kind = match self.compile(Use::Variable, expression, errors.minor()) {
            Ok(kind) => kind,
            Err(why) => {
                tell(why, expression, path, errors);
                Type::Dyn
            }
        };
        self.variables.get_or_insert_default().push((name.to_owned(), shown_as(kind)));
    }

    fn compile(&self, of: Use, expression: &str, minor: u32) -> Result<Type, Wrong> {
        let has_patches = matches!(of, Use::JsonPatch | Use::Apply);
        let fields = Named { variables: self.variables.as_deref().unwrap_or_default(), has_patches };
        let mut variables = vec![
            ("object", Type::Dyn),
            ("oldObject", Type::Dyn),
            ("namespaceObject", Type::message("kubernetes.Namespace")),
            ("request", Type::message("kubernetes.AdmissionRequest")),
        ];
        if self.has_params {
            variables.push(("params", Type::Dyn));
        }
        if of != Use::Message {
            variables.push(("authorizer", Type::message("kubernetes.authorization.Authorizer")));
            variables.push((
                "authorizer.requestResource",
                Type::message("kubernetes.authorization.ResourceCheck"),
            ));
        }
        if self.variables.is_some() && of != Use::Condition {
            variables.push(("variables", Type::message(VARIABLES)));
        }
        // Expressions that are new may only use what the minor before knew, so that a server can be put back.
        let extra = if has_patches { Extra::Patches } else { Extra::Nothing };
        let scope = Scope { minor: minor - 1, variables, fields: &fields, extra };
        let program = Program::compile(expression, &scope)
            .map_err(|why| Wrong::Here(format!("compilation failed: {why}")))?;
        let kind = program.kind().clone();
        let (fits, wanted) = match of {
            Use::Condition | Use::Validation => (kind == Type::Bool, "bool"),
            Use::Message => (kind == Type::Text, "string"),
            Use::Annotation => (matches!(kind, Type::Text | Type::Null), "one of [string null_type]"),
            Use::Variable => (true, ""),
            Use::JsonPatch => (kind == Type::list(Type::message(PATCH)), "list(JSONPatch)"),
            Use::Apply => (kind == Type::message(OBJECT), OBJECT),
        };
        if !fits {
            return Err(Wrong::Here(format!("must evaluate to {wanted} but got {}", kind.long_name())));
        }
        match program.bad_constant() {
            Some(why) => Err(Wrong::Within(format!("program instantiation failed: {why}"))),
            None => Ok(kind),
        }
    }
}

/// What is wrong with an expression.
enum Wrong {
    /// It is as its author wrote it.
    Here(String),
    /// The server cannot make a program of it, and takes that for a fault of its own.
    Within(String),
}

fn tell(wrong: Wrong, told: &str, path: &Path, errors: &mut Errors) {
    match wrong {
        Wrong::Here(why) => errors.invalid(path, told, &why),
        Wrong::Within(why) => errors.internal(path, &why),
    }
}

/// The type that a variable has where others name it.
///
/// Go: `convertCelTypeToDeclType`
fn shown_as(kind: Type) -> Type {
    match kind {
        Type::List(items) => Type::list(shown_as((*items).clone())),
        Type::Map(map) => Type::map(shown_as(map.0.clone()), shown_as(map.1.clone())),
        Type::Opaque(..) | Type::Message(_) | Type::Kind(_) => Type::Dyn,
        other => other,
    }
}
