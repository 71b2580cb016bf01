//! The objects of Go types that templates reach from their dot: `.Files` and `.Capabilities` with their methods.

use std::any::Any;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::capabilities::{BuildInfo, Capabilities, KubeVersion};
use crate::chart;
use crate::go::glob::Glob;
use crate::go::path;
use crate::value::{Cells, Elem, Field, Kind, List, Map, Method, Object, ObjectRef, Str, Type, Value};
use crate::yaml;

/// `.Files`: the files of a chart that are neither templates nor metadata. Helm: engine/files.go `files`.
#[derive(Clone, Debug)]
pub struct Files(Rc<BTreeMap<Str, Rc<[u8]>>>);

/// What a template may call on `.Files`. Helm: engine/files.go.
const FILES_METHODS: &[Method] = &[
    method("AsConfig", &[], |files, _| {
        Ok(Value::from(own::<Files>(files)?.as_config(|data| Str::from(data))))
    }),
    method("AsSecrets", &[], |files, _| Ok(Value::from(own::<Files>(files)?.as_config(base64)))),
    method("Get", &[Type::String], |files, args| Ok(Str::from(&*own::<Files>(files)?.data(&args[0])).into())),
    method("GetBytes", &[Type::String], |files, args| Ok(Value::bytes(own::<Files>(files)?.data(&args[0])))),
    method("Glob", &[Type::String], |files, args| {
        Ok(Value::Object(Rc::new(own::<Files>(files)?.glob(&args[0])?)))
    }),
    method("Lines", &[Type::String], |files, args| Ok(own::<Files>(files)?.lines(&args[0]).into())),
];

const fn method(
    name: &'static str,
    params: &'static [Type],
    call: fn(&dyn Object, &[Value]) -> Result<Value, String>,
) -> Method {
    Method { name, params, variadic: false, unfit: None, call }
}

/// The object as its own type, which the engine vouches for.
fn own<T: 'static>(object: &dyn Object) -> Result<&T, String> {
    object.as_any().downcast_ref().ok_or_else(|| "reflect: Call using wrong receiver type".to_owned())
}

fn base64(data: &[u8]) -> Str {
    use ::base64::Engine as _;
    ::base64::engine::general_purpose::STANDARD.encode(data).into()
}

impl Files {
    /// The files of a chart; of two with one name the later wins.
    pub fn new(files: &[chart::File]) -> Files {
        Files(Rc::new(files.iter().map(|file| (Str::of_name(&file.name), file.data.clone())).collect()))
    }

    fn data(&self, name: &Value) -> Rc<[u8]> {
        name.as_text().and_then(|name| self.0.get(name)).cloned().unwrap_or_default()
    }

    /// The files whose names match; a pattern that cannot be read matches every file. The error is a panic of Go.
    fn glob(&self, pattern: &Value) -> Result<Files, String> {
        let pattern = pattern.as_text().cloned().unwrap_or_default();
        let Ok(glob) = Glob::new(&pattern.to_str()) else { return Ok(self.clone()) };
        let mut matching = BTreeMap::new();
        for (name, data) in self.0.iter() {
            if glob.matches(name).map_err(|error| error.to_string())? {
                matching.insert(name.clone(), data.clone());
            }
        }
        Ok(Files(Rc::new(matching)))
    }

    /// A YAML map from base names to contents.
    fn as_config(&self, content: impl Fn(&[u8]) -> Str) -> Str {
        let cells: Cells = self
            .0
            .iter()
            .map(|(name, data)| (Str::from(path::base(&name.to_str())), Value::from(content(data))))
            .collect();
        let text = yaml::to_yaml(&Value::Map(Map::of(Elem::String, cells))).unwrap_or_default();
        text.strip_suffix('\n').unwrap_or(&text).into()
    }

    fn lines(&self, name: &Value) -> List {
        let data = self.data(name);
        if data.is_empty() {
            return List::strings::<Str>([]);
        }
        let text = data.strip_suffix(b"\n").unwrap_or(&data);
        List::strings(text.split(|byte| *byte == b'\n').map(Str::from))
    }

    fn to_map(&self) -> Map {
        let cells = self.0.iter().map(|(name, data)| (name.clone(), Value::bytes(data.clone())));
        Map::of(Elem::Bytes, cells.collect())
    }
}

impl Object for Files {
    fn type_name(&self) -> &'static str {
        "engine.files"
    }

    fn kind(&self) -> Kind {
        Kind::Map
    }

    fn methods(&self) -> &'static [Method] {
        FILES_METHODS
    }

    fn underlying(&self) -> Option<Value> {
        Some(Value::Map(self.to_map()))
    }

    fn truth(&self) -> bool {
        !self.0.is_empty()
    }

    fn to_plain(&self) -> Result<Value, String> {
        Ok(Value::Map(self.to_map()))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// `.Capabilities`. Helm: common/capabilities.go `Capabilities`.
impl Object for Capabilities {
    fn type_name(&self) -> &'static str {
        "*common.Capabilities"
    }

    fn kind(&self) -> Kind {
        Kind::Ptr
    }

    fn methods(&self) -> &'static [Method] {
        const METHODS: &[Method] = &[method("Copy", &[], |object, _| {
            Ok(Value::Object(Rc::new(own::<Capabilities>(object)?.clone())))
        })];
        METHODS
    }

    fn deep_copied(&self) -> Option<ObjectRef> {
        let kube_version = KubeVersion { normalized: String::new(), ..self.kube_version.clone() };
        Some(Rc::new(Capabilities { kube_version, ..self.clone() }))
    }

    fn fields(&self) -> Option<Vec<Field>> {
        Some(vec![
            Field::new("KubeVersion", Value::Object(Rc::new(KubeVersionField(self.kube_version.clone())))),
            Field::new("APIVersions", Value::Object(Rc::new(ApiVersions(self.api_versions.clone())))),
            Field::new("HelmVersion", Value::Object(Rc::new(self.helm_version))),
        ])
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// `.Capabilities.KubeVersion` as a template reads it, which has the methods of the pointer to it.
#[derive(Clone, Debug)]
struct KubeVersionField(KubeVersion);

impl Object for KubeVersionField {
    fn type_name(&self) -> &str {
        self.0.type_name()
    }

    fn kind(&self) -> Kind {
        self.0.kind()
    }

    fn methods(&self) -> &'static [Method] {
        const METHODS: &[Method] = &[
            method("GitVersion", &[], |object, _| {
                Ok(own::<KubeVersionField>(object)?.0.version.as_str().into())
            }),
            method("String", &[], |object, _| Ok(own::<KubeVersionField>(object)?.0.string().into())),
        ];
        METHODS
    }

    fn address_string(&self) -> Option<Str> {
        Some(self.0.string().into())
    }

    fn fields(&self) -> Option<Vec<Field>> {
        self.0.fields()
    }

    fn passed(&self) -> Option<ObjectRef> {
        Some(Rc::new(self.0.clone()))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl KubeVersion {
    /// Helm: capabilities.go `KubeVersion.String`.
    fn string(&self) -> &str {
        if self.normalized.is_empty() { &self.version } else { &self.normalized }
    }
}

/// A copy of `.Capabilities.KubeVersion`. Helm: common/capabilities.go `KubeVersion`.
impl Object for KubeVersion {
    fn type_name(&self) -> &'static str {
        "common.KubeVersion"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn deep_copied(&self) -> Option<ObjectRef> {
        Some(Rc::new(KubeVersion { normalized: String::new(), ..self.clone() }))
    }

    fn fields(&self) -> Option<Vec<Field>> {
        Some(vec![
            Field::new("Version", self.version.as_str()),
            Field::new("normalizedVersion", self.normalized.as_str()),
            Field::new("Major", self.major.as_str()),
            Field::new("Minor", self.minor.as_str()),
        ])
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// `.Capabilities.APIVersions`. Helm: common/capabilities.go `VersionSet`.
#[derive(Clone, Debug)]
struct ApiVersions(List);

impl Object for ApiVersions {
    fn type_name(&self) -> &'static str {
        "common.VersionSet"
    }

    fn kind(&self) -> Kind {
        Kind::Slice
    }

    fn methods(&self) -> &'static [Method] {
        const METHODS: &[Method] = &[method("Has", &[Type::String], |object, args| {
            let versions = own::<ApiVersions>(object)?;
            let is_wanted = |version: &Value| version.as_text() == args[0].as_text();
            Ok(Value::Bool(versions.0.items().iter().any(is_wanted)))
        })];
        METHODS
    }

    fn underlying(&self) -> Option<Value> {
        Some(Value::List(self.0.clone()))
    }

    fn slice(&self, start: usize, end: usize) -> Option<ObjectRef> {
        Some(Rc::new(ApiVersions(self.0.slice(start, end)?)))
    }

    fn truth(&self) -> bool {
        !self.0.is_empty()
    }

    fn to_plain(&self) -> Result<Value, String> {
        Ok(Value::List(self.0.clone()))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// `.Capabilities.HelmVersion`. Helm: internal/version `BuildInfo`.
impl Object for BuildInfo {
    fn type_name(&self) -> &'static str {
        "version.BuildInfo"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn fields(&self) -> Option<Vec<Field>> {
        let tags = [
            "version,omitempty",
            "git_commit,omitempty",
            "git_tree_state,omitempty",
            "go_version,omitempty",
            "kube_client_version",
        ];
        let fields = self.named().into_iter().zip(tags);
        Some(fields.map(|((name, value), tag)| Field::tagged(name, tag, value)).collect())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
