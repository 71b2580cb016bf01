//! The family `methods`: what a template can call on a value of each of Helm's types, as Go's reflection lists it.

use plimsoll::internals::value::{Map, MapMethod, MapType, Type, Value};

use testkit::cases::Case;
use testkit::engine::{self, Prepared};

/// What the templates find in their values. `xtask/oracle/methods.go` has its sister.
static PROBE: MapType = MapType::named(
    "main.probe",
    &[MapMethod::new("Methods", &[Type::Reflect], |_, args| Ok(list(&args[0]).into()))],
);

/// Compares the list in each template of the case with what was recorded.
pub fn run(case: &Case) -> Result<(), String> {
    let mut prepared = Prepared::new(case)?;
    prepared.values.insert("probe", Value::Map(Map::new().named(&PROBE)));
    engine::check(case, prepared.texts())
}

/// The type of the value, and below it its methods with their parameters by name.
fn list(value: &Value) -> String {
    let value = value.out_of_interface();
    let mut methods: Vec<String> = match value {
        Value::Object(object) => {
            let methods = object.methods().iter();
            let unfit = |is_unfit: bool| if is_unfit { " unfit" } else { "" };
            methods.map(|it| signature(it.name, it.params) + unfit(it.unfit.is_some())).collect()
        }
        Value::Map(map) => map.methods().iter().map(|it| signature(it.name, it.params)).collect(),
        _ => Vec::new(),
    };
    methods.sort();
    let lines = [vec![value.type_name().into_owned()], methods].concat();
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn signature(name: &str, params: &[Type]) -> String {
    let params: Vec<_> = params.iter().map(|it| it.name()).collect();
    format!("{name}({})", params.join(", "))
}
