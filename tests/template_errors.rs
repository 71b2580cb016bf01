//! What kind of thing went wrong in a template, told apart without reading the message.

use plimsoll::internals::funcs;
use plimsoll::internals::render::host::FixedHost;
use plimsoll::internals::template::{self, ErrorKind, Options, Set};
use plimsoll::internals::value::{Map, Value};
use plimsoll::internals::yaml;

const VALUES: &str = "text: word\nnumber: 8\nlist: [1]\nempty: null\nnested: {key: word}\n";

#[test]
fn the_kind_of_an_error_is_told() {
    let field = |field: &str| ErrorKind::Nil { field: Some(field.to_owned()) };
    let function = |name: &str| ErrorKind::Function(name.to_owned());
    let argument = |wanted: &str, found: &str| ErrorKind::ArgumentType {
        wanted: wanted.to_owned(),
        found: found.to_owned(),
    };
    let incomparable =
        |left: &str, right: &str| ErrorKind::Incomparable { left: left.to_owned(), right: right.to_owned() };
    for (text, wanted) in [
        ("{{ .Values.text ", ErrorKind::Syntax),
        ("{{ ) }}", ErrorKind::Syntax),
        ("{{ if .Values.text }}", ErrorKind::MissingEnd),
        ("{{ end }}", ErrorKind::Syntax),
        ("{{ nosuch 1 }}", ErrorKind::UndefinedFunction("nosuch".to_owned())),
        ("{{ $gone }}", ErrorKind::UndefinedVariable("$gone".to_owned())),
        ("{{ include \"gone\" . }}", ErrorKind::UndefinedTemplate("gone".to_owned())),
        ("{{ template \"gone\" . }}", ErrorKind::UndefinedTemplate("gone".to_owned())),
        ("{{ .Values.empty.below }}", field("below")),
        ("{{ .Values.gone.below.deeper }}", field("below")),
        ("{{ index .Values.gone \"key\" }}", ErrorKind::Nil { field: None }),
        (
            "{{ .Values.text.below }}",
            ErrorKind::NoField { field: "below".to_owned(), of: "string".to_owned() },
        ),
        ("{{ range .Values.text }}{{ end }}", ErrorKind::NotIterable { found: "string".to_owned() }),
        ("{{ trunc 3 }}", ErrorKind::ArgumentCount { function: "trunc".to_owned() }),
        ("{{ upper .Values.number }}", argument("string", "float64")),
        ("{{ upper 8 }}", argument("string", "8")),
        ("{{ upper .Values.empty }}", argument("string", "nil")),
        ("{{ .Values.text 1 }}", ErrorKind::NotFunction),
        ("{{ eq .Values.text 8 }}", incomparable("string", "int")),
        ("{{ lt .Values.number 8 }}", incomparable("float64", "int")),
        ("{{ index .Values.list 5 }}", ErrorKind::OutOfRange),
        ("{{ required \"set text\" .Values.gone }}", ErrorKind::Required),
        ("{{ fail \"no\" }}", ErrorKind::Fail),
        ("{{ define \"a\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}", ErrorKind::TooDeep),
        ("{{ mustFirst 8 }}", function("mustFirst")),
        ("{{ tpl \"{{ fail `inside` }}\" . }}", ErrorKind::Fail),
        ("{{ tpl \"{{ nosuch }}\" . }}", ErrorKind::UndefinedFunction("nosuch".to_owned())),
    ] {
        assert_eq!(kind(text, false), Some(wanted), "{text}");
    }
    assert_eq!(kind("{{ .Values.gone }}", true), Some(ErrorKind::MissingKey("gone".to_owned())));
    assert_eq!(kind("{{ range 400000000 }}{{ end }}", false), Some(ErrorKind::TooMuch));
    assert_eq!(kind("{{ repeat 400000000 \"a\" }}", false), Some(ErrorKind::TooMuch));
    assert_eq!(kind("{{ .Values.text }}", false), None);
}

fn kind(text: &str, strict: bool) -> Option<ErrorKind> {
    plimsoll::internals::stack::with_stack(|| {
        let mut set = Set::new(funcs::table(), Options { strict, ..Options::default() });
        if let Err(error) = set.parse("t.yaml", text) {
            return Some(error.kind().clone());
        }
        let data = Map::new();
        data.insert("Values", Value::Map(yaml::map_from_str(VALUES).expect("the values are sound")));
        let done = template::execute(&set, "t.yaml", &Value::Map(data), &mut FixedHost::new("", 0), &mut ());
        done.err().map(|error| error.kind().clone())
    })
    .expect("the stack is there")
}
