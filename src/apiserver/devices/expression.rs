//! Expressions that choose devices: what they may name, whether they compile, what they may cost.
//!
//! Source: k8s.io/dynamic-resource-allocation `cel/compile.go`.

use std::rc::Rc;

use super::super::cel::{Extra, Fields, Known, Program, Scope, Sizes, Type};
use super::super::error::{Errors, Path};

/// How long an expression may be.
const LONGEST: usize = 10 * 1024;
/// What it may cost at worst.
const DEAREST: u64 = 1_000_000;
/// How long a domain, a driver, an identifier and a value may be, and how many attributes a device may have.
const DOMAIN: u64 = 63;
const IDENTIFIER: u64 = 32;
const VALUE: u64 = 64;
const ATTRIBUTES: u64 = 32;

const DEVICE: &str = "kubernetes.DRADevice";

/// The fields of a device.
struct Device {
    /// Whether it tells that several may have it.
    has_multiple: bool,
}

impl Fields for Device {
    fn field(&self, message: &str, field: &str) -> Known {
        let by_domain = |inner| Known::Field(Type::map(Type::Text, Type::map(Type::Text, inner)));
        match (message, field) {
            (DEVICE, "driver") => Known::Field(Type::Text),
            (DEVICE, "attributes") => by_domain(Type::Dyn),
            (DEVICE, "capacity") => by_domain(Type::read("kubernetes.Quantity")),
            (DEVICE, "allowMultipleAllocations") if self.has_multiple => Known::Field(Type::Bool),
            (DEVICE, _) => Known::NoField,
            _ => Known::NoType,
        }
    }
}

impl Sizes for Device {
    fn most(&self, way: &[Rc<str>]) -> Option<u64> {
        let steps: Vec<&str> = way.iter().map(|step| &**step).collect();
        match steps[..] {
            ["device"] => Some(0),
            ["device", "driver"] => Some(DOMAIN),
            ["device", "allowMultipleAllocations"] => Some(1),
            ["device", "attributes" | "capacity"] => Some(ATTRIBUTES),
            ["device", "attributes" | "capacity", "@keys"] => Some(DOMAIN),
            ["device", "attributes" | "capacity", "@values" | "@items"] => Some(ATTRIBUTES),
            ["device", "attributes" | "capacity", "@values" | "@items", "@keys"] => Some(IDENTIFIER),
            ["device", "attributes", "@values" | "@items", _] => Some(VALUE),
            ["device", "capacity", "@values" | "@items", "@values" | "@items"] => Some(0),
            _ => None,
        }
    }
}

/// Go: `validateCELExpression`
pub fn selector(text: &str, path: &Path, errors: &mut Errors) {
    if text.len() > LONGEST {
        return errors.too_long(path, LONGEST);
    }
    let fields = Device { has_multiple: errors.since(36) };
    let variables = vec![("device", Type::message(DEVICE))];
    // Expressions that are new may only use what the minor before knew.
    let scope = Scope { minor: errors.minor() - 1, variables, fields: &fields, extra: Extra::Bindings };
    let program = match Program::compile(text, &scope) {
        Ok(program) => program,
        Err(why) => return errors.invalid(path, text, &format!("compilation failed: {why}")),
    };
    if !matches!(program.kind(), Type::Bool | Type::Dyn) {
        let words = format!("must evaluate to bool or the unknown type, not {}", program.kind().long_name());
        return errors.invalid(path, text, &words);
    }
    if let Some(why) = program.bad_constant() {
        return errors.internal(path, &format!("program instantiation failed: {why}"));
    }
    if program.worst_cost(&fields) > DEAREST {
        errors.forbidden(path, "too complex, exceeds cost limit");
    }
}
