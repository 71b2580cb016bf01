//! What templates of a release do that was hardly meant, beyond what they do with values: [`Origins::odd_templates`] looks at
//! the names that they define and call, at lines that a trim marker glued together, and at files that are not there.

use std::collections::{BTreeMap, BTreeSet};

use super::accounts::{Files, TemplateFile};
use super::coverage::{comes_from_elsewhere, place};
use super::origin::Origins;
use crate::chart::Chart;
use crate::diagnostic::{FileLine, IncludeSite};
use crate::funcs;
use crate::suggest;
use crate::template::names::{Define, Names, fits};
use crate::template::odd::{OddTemplates, Spot};

impl Origins {
    /// What the templates of a chart do that was hardly meant; nothing where one failed. `chart` is the chart before its
    /// dependencies were processed. What comes from elsewhere its own authors mend.
    pub fn odd_templates(&self, chart: &Chart) -> OddTemplates {
        if !self.failures.is_empty() {
            return OddTemplates::default();
        }
        let mut rendered = Files::default();
        rendered.enabled(&self.chart, &[]);
        rendered.sort();
        let mut files = Files::default();
        files.disabled(chart, &self.chart, &[]);
        files.all.extend(rendered.all);
        let mut all = Vec::new();
        for file in &files.all {
            let Ok(names) = Names::of(&file.name, file.text, &self.parsed, funcs::table()) else { continue };
            let on_disk = place(chart, self, &file.name);
            let is_own = !comes_from_elsewhere(chart, &on_disk);
            all.push(Known { file, names, on_disk, is_own });
        }
        let mut found = OddTemplates::default();
        self.names(chart, &all, &mut found);
        self.lines(&all, &mut found);
        self.absent(&all, &mut found);
        for spots in [
            &mut found.undefined,
            &mut found.unused,
            &mut found.redefined,
            &mut found.swallowed,
            &mut found.glued,
            &mut found.files,
        ] {
            spots.sort_by(|one, other| (&one.place, &one.what).cmp(&(&other.place, &other.what)));
            spots.dedup_by(|one, other| (&one.place, &one.what) == (&other.place, &other.what));
        }
        found
    }

    /// What is wrong with the names of templates.
    fn names(&self, chart: &Chart, all: &[Known<'_>], found: &mut OddTemplates) {
        let mut defined: BTreeMap<&str, Vec<(&Known<'_>, &Define)>> = BTreeMap::new();
        for known in all {
            for define in &known.names.defines {
                defined.entry(&define.name).or_default().push((known, define));
            }
        }
        let files: BTreeSet<&str> = all.iter().map(|known| known.file.name.as_str()).collect();
        let executed: BTreeSet<String> = self
            .outputs
            .values()
            .flat_map(|output| output.trace.templates().iter().map(ToString::to_string))
            .collect();
        let calls = || all.iter().flat_map(|known| known.names.calls.iter().map(move |call| (known, call)));
        for (known, (name, line)) in calls().filter(|(known, _)| known.is_own) {
            if !defined.contains_key(name.as_str()) && !files.contains(name.as_str()) {
                let meant = suggest::closest(name, defined.keys().copied()).map(str::to_owned);
                found.undefined.push(Spot { meant, ..known.spot(name, *line) });
            }
        }
        let called: BTreeSet<&str> = calls().map(|(_, (name, _))| name.as_str()).collect();
        let patterns: Vec<&String> = all.iter().flat_map(|known| &known.names.patterns).collect();
        let is_library = chart.is_library();
        for (name, defines) in &defined {
            let is_used = is_library
                || called.contains(name)
                || executed.contains(*name)
                || patterns.iter().any(|pattern| fits(pattern, name))
                || self.is_said_in_values(name);
            let own = defines.iter().filter(|(known, _)| known.is_own);
            if !is_used {
                found.unused.extend(own.clone().map(|(known, define)| known.spot(name, define.line)));
            }
            // The last that is parsed is the one that is called.
            let Some((last, holds)) = defines.last() else { continue };
            let [_, _, ..] = defines.as_slice() else { continue };
            let others = defines.iter().filter(|(_, define)| !define.is_same(holds));
            for (known, define) in others.filter(|(known, _)| known.is_own || last.is_own) {
                let (here, beside) = if known.is_own {
                    ((known, define), (last, holds))
                } else {
                    ((last, holds), (known, define))
                };
                let beside =
                    FileLine { file: beside.0.on_disk.clone(), line: Some(beside.1.line), column: None };
                found.redefined.push(Spot { beside: Some(beside), ..here.0.spot(name, here.1.line) });
            }
        }
    }

    /// Whether a text among the values names a template.
    fn is_said_in_values(&self, name: &str) -> bool {
        self.layers
            .files()
            .any(|(_, file)| memchr::memmem::find(file.text().as_bytes(), name.as_bytes()).is_some())
    }

    /// Lines that a trim marker glued together.
    fn lines(&self, all: &[Known<'_>], found: &mut OddTemplates) {
        for (name, output) in self.outputs.iter().filter(|(name, _)| !name.ends_with("NOTES.txt")) {
            for (text, is_comment, part) in output.trace.glued() {
                let known = all.iter().find(|known| known.file.name == part.source.file);
                let Some(known) = known.or_else(|| all.iter().find(|known| known.file.name == *name)) else {
                    continue;
                };
                let Some(line) = part.source.line.filter(|_| known.is_own) else { continue };
                let include = |site: IncludeSite| IncludeSite { file: self.on_disk(&site.file), ..site };
                let includes = part.includes.into_iter().map(include).collect();
                let spot = Spot { includes, ..known.spot(&text, line) };
                if is_comment { found.swallowed.push(spot) } else { found.glued.push(spot) }
            }
        }
    }

    /// Files that are printed and not there.
    fn absent(&self, all: &[Known<'_>], found: &mut OddTemplates) {
        for (file, includes) in self.outputs.values().flat_map(|output| output.trace.absent_files()) {
            let Some(known) = all.iter().find(|known| known.file.name == file.place.file) else { continue };
            let Some(line) = file.place.line else { continue };
            if known.is_own && !known.names.tested.contains(&file.pos) {
                let include = |site: IncludeSite| IncludeSite { file: self.on_disk(&site.file), ..site };
                let includes = includes.into_iter().map(include).collect();
                found.files.push(Spot { includes, ..known.spot(&file.name, line) });
            }
        }
    }
}

/// A file with its names.
struct Known<'a> {
    file: &'a TemplateFile<'a>,
    names: Names,
    on_disk: String,
    /// Whether it is the chart's own, and not one of a chart that comes from elsewhere.
    is_own: bool,
}

impl Known<'_> {
    fn spot(&self, what: &str, line: usize) -> Spot {
        let text = self.file.text.split(|byte| *byte == b'\n').nth(line.saturating_sub(1));
        Spot {
            what: what.to_owned(),
            place: FileLine { file: self.on_disk.clone(), line: Some(line), column: None },
            excerpt: text.map(|line| String::from_utf8_lossy(line).trim_end().to_owned()),
            ..Spot::default()
        }
    }
}
