//! The functions that Helm adds to reach templates, the cluster and the user.

use crate::func;
use crate::go::slog;
use crate::template::func::{Context, Failure, Func};
use crate::value::{Str, Value};

/// The table of this family.
pub const FUNCS: &[Func] = &[
    func!(
        "fail",
        "fail MESSAGE: stops the rendering with the message (Helm: engine.go initFunMap)",
        fail(cx, str)
    ),
    func!(
        "getHostByName",
        "getHostByName NAME: an address of the host, empty unless DNS is enabled (Helm: engine.go initFunMap)",
        get_host_by_name(cx, str)
    ),
    func!(
        "include",
        "include NAME DATA: what the named template writes with DATA as its dot (Helm: engine.go includeFun)",
        include(cx, str, any) => Executes
    ),
    func!(
        "lookup",
        "lookup APIVERSION KIND NAMESPACE NAME: the object, or a list where NAME is empty, or an empty map \
         (Helm: lookup_func.go newLookupFunction)",
        lookup(cx, str, str, str, str)
    ),
    func!(
        "required",
        "required MESSAGE VALUE: the value, which must not be nil or an empty string (Helm: engine.go initFunMap)",
        required(cx, str, any) => Passes
    ),
    func!(
        "tpl",
        "tpl TEXT DATA: what the text writes as a template with DATA as its dot (Helm: engine.go tplFun)",
        tpl(cx, str, any) => Executes
    ),
];

fn include(cx: &mut dyn Context, name: &Str, data: &Value) -> Result<Str, Failure> {
    cx.include(name, data)
}

fn tpl(cx: &mut dyn Context, text: &Str, data: &Value) -> Result<Str, Failure> {
    cx.tpl(text, data)
}

fn fail(cx: &mut dyn Context, message: &Str) -> Result<Str, Failure> {
    if cx.lint_mode() {
        cx.warn(slog::Line::info("funcMap fail", &[("message", &message.to_str())]));
        return Ok(Str::new());
    }
    Err(Failure::Fail(message.to_str().into_owned()))
}

fn required(cx: &mut dyn Context, message: &Str, value: &Value) -> Result<Value, Failure> {
    let missing = match value {
        Value::Nil => Some("missing required value"),
        Value::Str(text) if text.is_empty() => Some("missing required values"),
        _ => None,
    };
    let Some(complaint) = missing else { return Ok(value.clone()) };
    if cx.lint_mode() {
        cx.warn(slog::Line::warn(complaint, &[("message", &message.to_str())]));
        return Ok(Value::from(""));
    }
    Err(Failure::Required(message.to_str().into_owned()))
}

fn lookup(
    cx: &mut dyn Context,
    api_version: &Str,
    kind: &Str,
    namespace: &Str,
    name: &Str,
) -> Result<Value, Failure> {
    let (api_version, kind) = (api_version.to_str(), kind.to_str());
    Ok(cx.host().lookup(&api_version, &kind, &namespace.to_str(), &name.to_str())?)
}

fn get_host_by_name(cx: &mut dyn Context, name: &Str) -> Str {
    cx.host().resolve(&name.to_str()).into()
}
