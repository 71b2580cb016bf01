//! Which dependencies hold, under which names, and what they export. Helm: pkg/chart/v2/util/dependencies.go, function
//! by function.
//!
//! Helm works on charts that point to each other and shares parts of them between the copies that it makes for aliases,
//! so that what is done to one copy can show in another. [`Graph`] keeps those pointers as numbers: read it first.

use super::coalesce::{Coalescing, Tree, copy, merge_tables};
use super::{Error, path};
use crate::chart::{Chart, Dependency, Import, Metadata};
use crate::go::semver::{Constraints, Version};
use crate::go::slog;
use crate::value::{Map, Value, print};

/// The chart with only the dependencies that conditions and tags leave switched on, aliases applied, and
/// `import-values` taken over. Helm: `ProcessDependencies`. What Helm logs is added to `warnings`.
pub fn process_dependencies(chart: Chart, values: &Map, warnings: &mut Vec<String>) -> Result<Chart, Error> {
    let mut graph = Graph { nodes: Vec::new(), metadata: Vec::new(), warnings };
    let root = graph.add(&chart, None);
    graph.enable(root, values, "")?;
    graph.import_all(root)?;
    Ok(graph.build(root))
}

/// Charts as Helm's pointers have them: a number is a pointer.
struct Graph<'a> {
    nodes: Vec<Node<'a>>,
    /// The metadata, which copies of a chart may share.
    metadata: Vec<Metadata>,
    warnings: &'a mut Vec<String>,
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
        self.metadata.push(chart.metadata.clone());
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

    fn metadata(&self, node: usize) -> &Metadata {
        &self.metadata[self.nodes[node].metadata]
    }

    fn name(&self, node: usize) -> &str {
        &self.metadata(node).name
    }

    /// The entries of `dependencies` in the metadata of a chart.
    fn requests(&mut self, node: usize) -> &mut Vec<Dependency> {
        let metadata = self.nodes[node].metadata;
        self.metadata[metadata].dependencies.get_or_insert_default()
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
        let Some(requests) = self.metadata(node).dependencies.clone() else { return Ok(()) };
        let mut kept = Vec::new();
        for existing in self.nodes[node].dependencies.clone() {
            if !requests.iter().any(|request| self.answers(existing, request)) {
                kept.push(existing);
            }
        }
        for request in &requests {
            kept.extend(self.copy_for(node, request));
        }
        self.set_dependencies(node, kept);
        for request in self.requests(node) {
            request.key().to_owned().clone_into(&mut request.name);
            request.enabled = true;
        }
        let values = self.coalesced(node, values, false)?;
        self.apply_tags(node, &values);
        self.apply_conditions(node, &values, path);
        let off: Vec<String> =
            self.requests(node).iter().filter(|it| !it.enabled).map(|it| it.name.clone()).collect();
        let kept = self.nodes[node].dependencies.clone();
        let kept: Vec<usize> =
            kept.into_iter().filter(|it| !off.iter().any(|name| name == self.name(*it))).collect();
        for dependency in &kept {
            let path = format!("{path}{}.", self.name(*dependency));
            self.enable(*dependency, &values, &path)?;
        }
        // Of no entries Go makes the nil slice.
        let requests = self.requests(node);
        requests.retain(|request| !off.contains(&request.name));
        if requests.is_empty() {
            let metadata = self.nodes[node].metadata;
            self.metadata[metadata].dependencies = None;
        }
        self.set_dependencies(node, kept);
        Ok(())
    }

    /// Whether the chart is one that the entry asks for.
    fn answers(&self, node: usize, request: &Dependency) -> bool {
        let metadata = self.metadata(node);
        metadata.name == request.name && is_compatible(&request.version, &metadata.version)
    }

    /// A copy of the chart that the entry asks for, under its alias. Helm: `getAliasDependency`.
    fn copy_for(&mut self, parent: usize, request: &Dependency) -> Option<usize> {
        let found = *self.nodes[parent].dependencies.iter().find(|it| self.answers(**it, request))?;
        let mut metadata = self.metadata(found).clone();
        if !request.alias.is_empty() {
            request.alias.clone_into(&mut metadata.name);
        }
        self.metadata.push(metadata);
        let copied = Node { metadata: self.metadata.len() - 1, ..self.nodes[found].clone() };
        let out = self.push(copied);
        // The dependencies are copied too, but not what they point to.
        let below = self.nodes[found].dependencies.clone();
        let below = below.into_iter().map(|it| self.push(self.nodes[it].clone())).collect();
        self.set_dependencies(out, below);
        Some(out)
    }

    /// Helm: `processDependencyTags`.
    fn apply_tags(&mut self, node: usize, values: &Map) {
        let Ok(tags) = path::table(values, "tags") else { return };
        let mut odd = Vec::new();
        for request in self.requests(node) {
            let (mut on, mut off) = (false, false);
            for tag in &request.tags {
                match tags.get(tag) {
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
    fn apply_conditions(&mut self, node: usize, values: &Map, prefix: &str) {
        let mut odd = Vec::new();
        for request in self.requests(node) {
            for condition in request.condition.trim().split(',').filter(|it| !it.is_empty()) {
                match path::value(values, &format!("{prefix}{condition}")) {
                    Some(Value::Bool(on)) => {
                        request.enabled = on;
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
            self.warnings.push(slog::line("WARN", "returned non-bool value", &attributes));
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
        let Some(mut requests) = self.metadata(node).dependencies.clone() else { return Ok(()) };
        let values = self.coalesced(node, &Map::new(), true)?;
        let imported = Map::new();
        for request in &mut requests {
            let name = request.name.clone();
            let imports = std::mem::take(&mut request.import_values);
            for import in imports {
                let Some((child, parent, missing)) = route(&import) else { continue };
                let found = path::table(&values, &format!("{name}.{child}"));
                request.import_values.push(Import::Applied { child, parent: parent.clone() });
                match found {
                    Ok(table) => {
                        // Helm: `Values.AsMap`, which gives an empty map of its own for an empty one.
                        let table = if table.is_empty() { Map::new() } else { table };
                        merge_tables(&imported, &at_path(&parent, table), self.warnings);
                    }
                    Err(error) => {
                        let mut attributes = vec![("error", error.as_str())];
                        if missing.ends_with("chart") {
                            attributes.insert(0, ("chart", name.as_str()));
                        }
                        self.warnings.push(slog::line("WARN", missing, &attributes));
                    }
                }
            }
        }
        *self.requests(node) = requests;
        // The parent's own values hide the imported ones.
        self.nodes[node].values = merge_tables(&copy(&values), &imported, self.warnings);
        Ok(())
    }

    fn coalesced(&mut self, node: usize, values: &Map, merge: bool) -> Result<Map, Error> {
        let tree = self.tree(node);
        Coalescing { warnings: self.warnings, merge }.run(&tree, values)
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
        let own = &self.nodes[node];
        Chart {
            metadata: self.metadata(node).clone(),
            values: own.values.clone(),
            dependencies: own.dependencies.iter().map(|it| self.build(*it)).collect(),
            full_path: self.full_path(node),
            lock: own.chart.lock.clone(),
            schema: own.chart.schema.clone(),
            templates: own.chart.templates.clone(),
            files: own.chart.files.clone(),
            raw: own.chart.raw.clone(),
            dir: own.chart.dir.clone(),
            is_root: own.parent.is_none(),
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
