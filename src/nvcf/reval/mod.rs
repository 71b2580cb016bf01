//! NVCF's own judge, helm-reval, offline: what the service answers about a rendered release, in its own words, and the
//! objects that its `/v1/render` gives back. Rules say what *we* find; this module says what *the service* says, holes
//! included, and the two are kept apart.
//!
//! Read [`answer`] first, then `decode`, `sanitize` and `validate`, which it runs in that order.
//! Source: NVIDIA/nvcf, `src/control-plane-services/helm-reval/reval` (run.go, serialize.go).

mod decode;
mod kind;
mod options;
mod sanitize;
mod validate;

use serde_json::Value;

pub use kind::GroupVersionKind;
pub use options::{Options, PolicyName, Target};
pub use sanitize::pod_template_pointer;

use decode::Object;

/// How far the service came with a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The rendered text could not be read into objects.
    Decode,
    /// The objects were judged.
    Policy,
}

/// What the service answers.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The verdict.
    pub valid: bool,
    /// How far it came.
    pub stage: Stage,
    /// Its errors, sorted where the service sorts them.
    pub errors: Vec<String>,
    /// What `/v1/render` gives back; empty where the release is not valid.
    pub objects: Vec<Value>,
}

/// A rendered text as the service reads it, or its errors.
pub struct Decoded(Result<Vec<Object>, Vec<String>>);

impl Decoded {
    /// Reads the text that Helm 3.18.5 rendered.
    pub fn new(manifest: &str) -> Decoded {
        Decoded(decode::decode(manifest))
    }

    /// Its errors in this configuration; none where the text is valid. The objects are not made that it gives back.
    pub fn errors(&self, options: &Options) -> Vec<String> {
        match &self.0 {
            Err(errors) => errors.clone(),
            // Nobody looks at what it would find.
            Ok(objects) if options.policy != PolicyName::Default || !options.validate_objects => {
                validate::unsupported_types(objects, &options.extra_kinds).into_iter().collect()
            }
            Ok(objects) => judge(objects.clone(), options).errors,
        }
    }
}

/// What the service answers about the text that Helm 3.18.5 rendered.
pub fn answer(manifest: &str, options: &Options) -> Answer {
    match decode::decode(manifest) {
        Ok(objects) => judge(objects, options),
        Err(errors) => Answer::refused(Stage::Decode, errors),
    }
}

fn judge(mut objects: Vec<Object>, options: &Options) -> Answer {
    if let Some(error) = validate::unsupported_types(&objects, &options.extra_kinds) {
        return Answer::refused(Stage::Policy, vec![error]);
    }
    if options.policy == PolicyName::Default {
        let selection = sanitize::Selection::of(&objects);
        sanitize::sanitize(&mut objects, &selection, options);
        let mut errors = validate::validate(&objects, &selection, options);
        if options.validate_objects && !errors.is_empty() {
            errors.sort();
            return Answer::refused(Stage::Policy, errors);
        }
    }
    let objects = objects.into_iter().map(Object::into_json).collect();
    Answer { valid: true, stage: Stage::Policy, errors: Vec::new(), objects }
}

impl Answer {
    fn refused(stage: Stage, errors: Vec<String>) -> Answer {
        Answer { valid: false, stage, errors, objects: Vec::new() }
    }
}
