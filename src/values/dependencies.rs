//! Which dependencies hold, under which names, and what they export. Helm: pkg/chart/v2/util/dependencies.go, function
//! by function.
//!
//! Helm works on charts that point to each other and shares parts of them between the copies that it makes for aliases,
//! so that what is done to one copy can show in another; Helm 3 (pkg/chartutil/dependencies.go) shares more than Helm 4.
//! [`Graph`] keeps those pointers as numbers: read it first.

use super::coalesce::{Coalescing, Tree, copy};
use super::{Error, mark, path};
use crate::chart::{Chart, Dependency, Import, Metadata};
use crate::go::semver::{Constraints, Version};
use crate::go::slog;
use crate::manifest::HelmVersion;
use crate::value::{Map, Value, print};

/// The chart with only the dependencies that conditions and tags leave switched on, aliases applied, and
/// `import-values` taken over. Helm: `ProcessDependencies`. What Helm logs is added to `warnings`.
pub fn process_dependencies(
    chart: &Chart,
    values: &Map,
    helm: HelmVersion,
    warnings: &mut Vec<slog::Line>,
) -> Result<Chart, Error> {
    let mut graph = Graph { nodes: Vec::new(), metadata: Vec::new(), requests: Vec::new(), helm, warnings };
    let root = graph.add(chart, None);
    graph.enable(root, values, "")?;
    graph.import_all(root)?;
    Ok(graph.build(root))
}

/// Charts as Helm's pointers have them: a number is a pointer.
struct Graph<'a> {
    nodes: Vec<Node<'a>>,
    /// The metadata, which copies of a chart may share.
    metadata: Vec<Meta>,
    /// The entries of `dependencies` of all metadata, which copies of metadata share in Helm 3.
    requests: Vec<Dependency>,
    helm: HelmVersion,
    warnings: &'a mut Vec<slog::Line>,
}

/// A `chart.Metadata`, its dependencies apart. Copying it is what `*md` does in Go.
#[derive(Clone)]
struct Meta {
    metadata: Metadata,
    dependencies: Option<Vec<usize>>,
}

/// A `chart.Chart`. Copying it is what `*c` does in Go.
#[derive(Clone)]
struct Node<'a> {
    chart: &'a Chart,
    metadata: usize,
    values: Map,
    dependencies: Vec<usize>,
    parent: Option<usize>,
}

impl<'a> Graph<'a> {
    fn add(&mut self, chart: &'a Chart, parent: Option<usize>) -> usize {
        let mut metadata = chart.metadata.clone();
        let requests = metadata.dependencies.take();
        let dependencies = requests.map(|requests| requests.into_iter().map(|it| self.request(it)).collect());
        self.metadata.push(Meta { metadata, dependencies });
        let metadata = self.metadata.len() - 1;
        let values = chart.values.clone();
        let node = self.push(Node { chart, metadata, values, dependencies: Vec::new(), parent });
        let dependencies = chart.dependencies.iter().map(|it| self.add(it, Some(node))).collect();
        self.nodes[node].dependencies = dependencies;
        node
    }

    fn push(&mut self, node: Node<'a>) -> usize {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    fn request(&mut self, request: Dependency) -> usize {
        self.requests.push(request);
        self.requests.len() - 1
    }

    fn meta(&self, node: usize) -> &Meta {
        &self.metadata[self.nodes[node].metadata]
    }

    fn name(&self, node: usize) -> &str {
        &self.meta(node).metadata.name
    }

    /// Helm: `SetDependencies`.
    fn set_dependencies(&mut self, node: usize, dependencies: Vec<usize>) {
        for dependency in &dependencies {
            self.nodes[*dependency].parent = Some(node);
        }
        self.nodes[node].dependencies = dependencies;
    }

    /// Drops what is switched off, here and below. Helm: `processDependencyEnabled`.
    fn enable(&mut self, node: usize, values: &Map, path: &str) -> Result<(), Error> {
        let Some(requests) = self.meta(node).dependencies.clone() else { return Ok(()) };
        let mut kept = Vec::new();
        for existing in self.nodes[node].dependencies.clone() {
            if !requests.iter().any(|request| self.answers(existing, *request)) {
                kept.push(existing);
            }
        }
        for request in &requests {
            kept.extend(self.copy_for(node, *request));
            let request = &mut self.requests[*request];
            request.key().to_owned().clone_into(&mut request.name);
        }
        self.set_dependencies(node, kept);
        for request in &requests {
            self.requests[*request].enabled = true;
        }
        let values = self.coalesced(node, values, false)?;
        self.apply_tags(&requests, &values);
        self.apply_conditions(&requests, &values, path);
        let off = requests.iter().map(|request| &self.requests[*request]).filter(|it| !it.enabled);
        let off: Vec<String> = off.map(|it| it.name.clone()).collect();
        let is_on = |name: &str| !off.iter().any(|off| off == name);
        let kept = self.nodes[node].dependencies.clone();
        let kept: Vec<usize> = kept.into_iter().filter(|it| is_on(self.name(*it))).collect();
        // What is below may rename entries that are shared.
        let on = requests.into_iter().filter(|it| is_on(&self.requests[*it].name)).collect::<Vec<_>>();
        for dependency in &kept {
            let path = format!("{path}{}.", self.name(*dependency));
            self.enable(*dependency, &values, &path)?;
        }
        // Of no entries Go makes the nil slice.
        self.metadata[self.nodes[node].metadata].dependencies = (!on.is_empty()).then_some(on);
        self.set_dependencies(node, kept);
        Ok(())
    }

    /// Whether the chart is one that the entry asks for.
    fn answers(&self, node: usize, request: usize) -> bool {
        let (metadata, request) = (&self.meta(node).metadata, &self.requests[request]);
        metadata.name == request.name && is_compatible(&request.version, &metadata.version)
    }

    /// A copy of the chart that the entry asks for, under its alias. Helm: `getAliasDependency`.
    fn copy_for(&mut self, parent: usize, request: usize) -> Option<usize> {
        let found = *self.nodes[parent].dependencies.iter().find(|it| self.answers(**it, request))?;
        let mut meta = self.meta(found).clone();
        if self.helm == HelmVersion::Helm4 {
            let copies = meta.dependencies.iter().flatten().map(|it| self.requests[*it].clone());
            let copies: Vec<Dependency> = copies.collect();
            meta.dependencies =
                meta.dependencies.map(|_| copies.into_iter().map(|it| self.request(it)).collect());
        }
        let alias = &self.requests[request].alias;
        if !alias.is_empty() {
            alias.clone_into(&mut meta.metadata.name);
        }
        self.metadata.push(meta);
        let copied = Node { metadata: self.metadata.len() - 1, ..self.nodes[found].clone() };
        let out = self.push(copied);
        if self.helm == HelmVersion::Helm4 {
            // The dependencies are copied too, but not what they point to.
            let below = self.nodes[found].dependencies.clone();
            let below = below.into_iter().map(|it| self.push(self.nodes[it].clone())).collect();
            self.set_dependencies(out, below);
        }
        Some(out)
    }

    /// Helm: `processDependencyTags`.
    fn apply_tags(&mut self, requests: &[usize], values: &Map) {
        let Ok(tags) = path::table(values, "tags") else { return };
        let mut odd = Vec::new();
        for request in requests {
            let request = &mut self.requests[*request];
            let (mut on, mut off) = (false, false);
            for tag in &request.tags {
                match tags.get(tag).as_ref().map(mark::inner) {
                    Some(Value::Bool(true)) => on = true,
                    Some(Value::Bool(false)) => off = true,
                    Some(_) => odd.push(("tag", tag.clone(), request.name.clone())),
                    None => {}
                }
            }
            request.enabled = on || !off;
        }
        self.warn_not_bool(odd);
    }

    /// Helm: `processDependencyConditions`.
    fn apply_conditions(&mut self, requests: &[usize], values: &Map, prefix: &str) {
        let mut odd = Vec::new();
        for request in requests {
            let request = &mut self.requests[*request];
            for condition in request.condition.trim().split(',').filter(|it| !it.is_empty()) {
                match path::value(values, &format!("{prefix}{condition}")).as_ref().map(mark::inner) {
                    Some(Value::Bool(on)) => {
                        request.enabled = *on;
                        break;
                    }
                    Some(_) => odd.push(("path", condition.to_owned(), request.name.clone())),
                    None => {}
                }
            }
        }
        self.warn_not_bool(odd);
    }

    fn warn_not_bool(&mut self, odd: Vec<(&str, String, String)>) {
        for (kind, place, chart) in odd {
            let attributes = [(kind, place.as_str()), ("chart", chart.as_str())];
            self.warnings.push(slog::Line::warn("returned non-bool value", &attributes));
        }
    }

    /// Imports below first, then here. Helm: `processDependencyImportValues`.
    fn import_all(&mut self, node: usize) -> Result<(), Error> {
        for dependency in self.nodes[node].dependencies.clone() {
            self.import_all(dependency)?;
        }
        self.import(node)
    }

    /// Takes over what the dependencies export. Helm: `processImportValues`.
    fn import(&mut self, node: usize) -> Result<(), Error> {
        let Some(requests) = self.meta(node).dependencies.clone() else { return Ok(()) };
        let values = self.coalesced(node, &Map::new(), true)?;
        let imported = Map::new();
        for request in requests {
            let name = self.requests[request].name.clone();
            let imports = std::mem::take(&mut self.requests[request].import_values);
            for import in imports {
                let Some((child, parent, missing)) = route(&import) else { continue };
                let found = path::table(&values, &format!("{name}.{child}"));
                let applied = Import::Applied { child, parent: parent.clone() };
                self.requests[request].import_values.push(applied);
                match found {
                    Ok(table) => {
                        // Helm: `Values.AsMap`, which gives an empty map of its own for an empty one.
                        let table = if table.is_empty() { Map::new() } else { table };
                        self.merge_tables(&imported, &at_path(&parent, table));
                    }
                    Err(error) => {
                        let error = error.to_string();
                        let mut attributes = vec![("error", error.as_str())];
                        if missing.ends_with("chart") {
                            attributes.insert(0, ("chart", name.as_str()));
                        }
                        self.warnings.push(slog::Line::warn(missing, &attributes));
                    }
                }
            }
        }
        // The parent's own values hide the imported ones.
        let values = copy(&values);
        self.merge_tables(&values, &imported);
        self.nodes[node].values = values;
        Ok(())
    }

    /// `under` below `over`, changing `over`; nulls stay. Helm: `MergeTables`.
    fn merge_tables(&mut self, over: &Map, under: &Map) {
        Coalescing { warnings: self.warnings, helm: self.helm, merge: true }.tables(over, under, "", true);
    }

    fn coalesced(&mut self, node: usize, values: &Map, merge: bool) -> Result<Map, Error> {
        let tree = self.tree(node);
        Coalescing { warnings: self.warnings, helm: self.helm, merge }.run(&tree, values)
    }

    fn tree(&self, node: usize) -> Tree {
        let own = &self.nodes[node];
        Tree {
            name: self.name(node).to_owned(),
            values: own.values.clone(),
            dependencies: own.dependencies.iter().map(|it| self.tree(*it)).collect(),
        }
    }

    /// The charts as a tree again.
    fn build(&self, node: usize) -> Chart {
        let (own, Meta { metadata, dependencies }) = (&self.nodes[node], self.meta(node));
        let requests = dependencies.as_ref();
        let requests = requests.map(|them| them.iter().map(|it| self.requests[*it].clone()).collect());
        Chart {
            metadata: Metadata { dependencies: requests, ..metadata.clone() },
            values: own.values.clone(),
            dependencies: own.dependencies.iter().map(|it| self.build(*it)).collect(),
            full_path: self.full_path(node),
            lock: own.chart.lock.clone(),
            schema: own.chart.schema.clone(),
            templates: own.chart.templates.clone(),
            files: own.chart.files.clone(),
            raw: own.chart.raw.clone(),
            dir: own.chart.dir.clone(),
            folder: own.chart.folder.clone(),
            is_root: own.parent.is_none(),
            helm: own.chart.helm,
            warnings: own.chart.warnings.clone(),
        }
    }

    /// Helm: `ChartFullPath`, which follows the parents that the chart points to.
    fn full_path(&self, node: usize) -> String {
        match self.nodes[node].parent {
            Some(parent) => format!("{}/charts/{}", self.full_path(parent), self.name(node)),
            None => self.name(node).to_owned(),
        }
    }
}

/// Whether the version is in the range; not if one of them cannot be read. Helm: `IsCompatibleRange`.
pub fn is_compatible(range: &str, version: &str) -> bool {
    match (Version::parse(version), Constraints::parse(range)) {
        (Ok(version), Ok(range)) => range.check(&version),
        _ => false,
    }
}

/// From where to where an entry of `import-values` imports, and what Helm says if there is no such table.
fn route(import: &Import) -> Option<(String, String, &'static str)> {
    let Import::Read(read) = import else { return None };
    match read {
        Value::Map(map) => {
            let text = |key: &str| print::sprint(&map.get(key).unwrap_or_default()).to_string();
            Some((text("child"), text("parent"), "ImportValues missing table from chart"))
        }
        Value::Str(text) => Some((format!("exports.{text}"), ".".to_owned(), "ImportValues missing table")),
        _ => None,
    }
}

/// The table below the tables of a dotted path. Helm: `pathToMap`.
fn at_path(path: &str, table: Map) -> Map {
    if path == "." {
        return table;
    }
    path.rsplit('.').fold(table, |inner, key| [(key, Value::Map(inner))].into_iter().collect())
}
