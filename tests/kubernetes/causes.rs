//! What an answer says of an object, to be compared: the reason, the field and the words of each cause.

use plimsoll::internals::apiserver::Answer;
use serde_json::Value;

/// Those of a recorded answer, sorted.
pub fn recorded(causes: &Value) -> Vec<[String; 3]> {
    let causes = causes.as_array().into_iter().flatten();
    let mut all: Vec<[String; 3]> =
        causes.map(|cause| [0, 1, 2].map(|at| cause[at].as_str().unwrap_or_default().to_owned())).collect();
    all.sort();
    all
}

/// Those of ours, sorted.
pub fn ours(answer: &Answer) -> Vec<[String; 3]> {
    let causes = answer.causes.iter();
    let mut all: Vec<[String; 3]> = causes
        .map(|cause| [cause.reason.word().to_owned(), cause.path.to_string(), cause.message.clone()])
        .collect();
    all.sort();
    all
}
