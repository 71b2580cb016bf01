//! Mends a chart round by round: judges it with each set of values, proposes edits for what has a fix, renders with each of
//! them every set again, and keeps those after which nothing changed but what the fixes say. See [`mend`].

use std::collections::{HashMap, HashSet};

use super::draft::{self, File, How, SourceEdit, Texts};
use super::place::{Place, Scope, moved, set_value};
use super::release::Release;
use super::why::Why;
use crate::chart::Chart;
use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix};
use crate::judge::inputs::{Chosen, Inputs};
use crate::judge::{Failed, origin, prepare, subject_of};
use crate::manifest::HelmVersion;
use crate::path::FieldPath;
use crate::policy::{self, Subject, brief};
use crate::rules;
use crate::source::SourceFile;
use crate::values::User;
use crate::{budget, judge};

/// More rounds than fixes need that follow from each other.
const ROUNDS: usize = 16;

/// How often a round tries edits: twice for each that does not do what it should.
const TRIES: usize = 256;

/// A set of values that a chart is judged with.
pub struct Set {
    /// Its name.
    pub name: String,
    /// What the chart is judged by.
    pub inputs: Inputs,
}

/// What may be changed, and how far.
pub struct Options {
    /// How safe a fix must be.
    pub least: Applicability,
    /// Whether the files of the chart may be changed.
    pub is_folder: bool,
    /// A values file over all others, and what is in it already: then nothing else is changed.
    pub overlay: Option<(String, String)>,
}

/// A chart that was mended.
#[derive(Debug, Default)]
pub struct Mended {
    /// The files that changed: before and after.
    pub files: Vec<(File, String, String)>,
    /// What was changed, a line each.
    pub changes: Vec<String>,
    /// Fixes that were not made: what, and why.
    pub left: Vec<(String, Why)>,
    /// How many findings have fixes that are less safe than was asked for.
    pub withheld: usize,
    /// The sets of values with which it was rendered before and after.
    pub compared: Vec<String>,
    /// Whether a value was mended, so that objects differ in what it says.
    pub is_of_values: bool,
    /// Those with which it does not render, and why.
    pub unrendered: Vec<(String, String)>,
}

/// Mends a chart.
///
/// # Errors
/// It renders with none of the sets: why not with the first.
pub fn mend(chart: &Chart, sets: Vec<Set>, options: &Options) -> Result<Mended, Box<Diagnostic>> {
    let mut mended = Mended::default();
    let mut judged = Vec::new();
    let mut first = None;
    for set in sets {
        match look(chart, &set) {
            Ok(_) => judged.push(set),
            Err(why) => {
                mended.unrendered.push((set.name, why.message.clone()));
                first.get_or_insert(why);
            }
        }
    }
    if let Some(why) = first.filter(|_| judged.is_empty()) {
        return Err(why);
    }
    let mut texts = Texts::new();
    if let Some((name, text)) = &options.overlay {
        texts.insert(File::Overlay(name.clone()), text.clone());
        relay(&mut judged, &texts)?;
    }
    let mut changed = chart.clone();
    let mut before = Texts::new();
    let mut work = budget::limits().steps().saturating_mul(judged.len() as u64);
    for _ in 0..ROUNDS {
        let round = Round::new(&changed, &judged, options, &texts, work)?;
        let made = round.run();
        work = made.work;
        (mended.left, mended.withheld) = (made.left, made.withheld);
        if made.changes.is_empty() {
            break;
        }
        mended.changes.extend(made.changes);
        mended.is_of_values |= made.is_of_values;
        for file in made.texts.keys() {
            let known = || texts.get(file).cloned().unwrap_or_else(|| given(file, chart, &judged));
            before.entry(file.clone()).or_insert_with(known);
        }
        changed = draft::chart(chart, &made.texts).map_err(|why| Box::new(judge::unusable_flag(why)))?;
        texts = made.texts;
        relay(&mut judged, &texts)?;
    }
    mended.compared = judged.into_iter().map(|set| set.name).collect();
    mended.files = texts
        .into_iter()
        .filter_map(|(file, after)| Some((before.remove(&file)?, after, file)))
        .filter(|(before, after, _)| before != after)
        .map(|(before, after, file)| (file, before, after))
        .collect();
    Ok(mended)
}

/// Gives every set the values of the texts.
fn relay(sets: &mut [Set], texts: &Texts) -> Result<(), Box<Diagnostic>> {
    for set in sets {
        // An overlay that is there already takes the place of the one before it.
        let is_overlay = |file: &&File| matches!(file, File::Overlay(_));
        let overlay = texts.keys().find(is_overlay).map(File::name);
        set.inputs.user = without(&set.inputs.user, overlay);
        set.inputs.user =
            draft::user(&set.inputs.user, texts).map_err(|why| Box::new(judge::unusable_flag(why)))?;
    }
    Ok(())
}

/// The user's values without the layer of that file.
fn without(user: &User, file: Option<&str>) -> User {
    let mut user = user.clone();
    user.layers.retain(|layer| file.is_none() || layer.layer.file() != file);
    user
}

/// The text of a file before anything is changed.
fn given(file: &File, chart: &Chart, sets: &[Set]) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match file {
        File::Chart(name) => chart.raw_file(name).map(|file| text(&file.data)).unwrap_or_default(),
        File::Given(name) => {
            let user = sets.iter().find_map(|set| set.inputs.user.text_of(name));
            user.map(text).unwrap_or_default()
        }
        File::Overlay(_) => String::new(),
    }
}

/// A chart judged with a set of values.
struct Look<'a> {
    subject: Subject,
    found: Vec<Diagnostic>,
    rendering: judge::Rendering<'a>,
}

impl Look<'_> {
    fn fixes(&self) -> impl Iterator<Item = (&Diagnostic, &Fix)> {
        self.found.iter().filter_map(|diagnostic| Some((diagnostic, diagnostic.fix.as_ref()?)))
    }
}

fn look<'a>(chart: &'a Chart, set: &'a Set) -> Result<Look<'a>, Box<Diagnostic>> {
    let _run = budget::Run::of_same_chart();
    let inputs = &set.inputs;
    let why = |failed: Failed| failed.why;
    let prepared = prepare(chart, inputs, HelmVersion::Helm3).map_err(why)?;
    if let Some(fault) = prepared.faults.told.into_iter().next() {
        return Err(Box::new(fault));
    }
    let chart_subject = Some(prepared.subject);
    let subject = Subject { log: prepared.log, ..subject_of(prepared.documents, chart_subject, inputs) };
    let mut found = Vec::new();
    for Chosen { profile, mode } in inputs.profiles.iter().filter(|chosen| !chosen.is_on_values()) {
        found.extend(policy::check(&subject, &rules::all(), profile, inputs.rules_mode(*mode)));
    }
    found.retain(|diagnostic| diagnostic.fix.is_some());
    if let Some(origins) = prepared.rendering.origins().filter(|_| !found.is_empty()) {
        origin::explain(&mut found, &subject, origins);
    }
    Ok(Look { subject, found, rendering: prepared.rendering })
}

/// A fix that is wanted.
struct Want<'a> {
    set: usize,
    /// The document and the object in it; none for a value, of which nobody knows what it will change.
    object: Option<(usize, &'a FieldPath)>,
    edits: &'a [Edit],
    diagnostic: &'a Diagnostic,
    /// Edits of files of which each list alone may do it.
    proposals: Result<Vec<Vec<SourceEdit>>, Why>,
}

impl Want<'_> {
    /// `POD101 host-network: Pod/web spec.hostNetwork`
    fn head(&self) -> String {
        let Diagnostic { code, name, location, .. } = self.diagnostic;
        let object = location.object.as_ref().map(|object| format!(" {object}")).unwrap_or_default();
        let field = location.field.as_ref().map(|field| format!(" {field}")).unwrap_or_default();
        format!("{code} {name}:{object}{field}")
    }
}

/// One look at the chart with each set, and what came of it.
struct Round<'a> {
    chart: &'a Chart,
    sets: &'a [Set],
    texts: &'a Texts,
    looks: Vec<Look<'a>>,
    options: &'a Options,
    /// What each set renders to with the edits that are made.
    releases: Vec<Release>,
    edits: Vec<SourceEdit>,
    /// How often edits may still be tried.
    tries: usize,
    /// How much work all tries together may still do.
    work: u64,
}

/// What becomes of a fix that is wanted.
enum Fate<'p> {
    /// These edits do it.
    Made(&'p [SourceEdit]),
    /// Nothing does.
    Left(Why),
}

impl Fate<'_> {
    fn of(proposals: &Result<Vec<Vec<SourceEdit>>, Why>) -> Fate<'static> {
        Fate::Left(proposals.as_ref().err().cloned().unwrap_or(Why::NoPlace))
    }

    fn is_made(&self) -> bool {
        matches!(self, Fate::Made(_))
    }
}

/// What a round made.
struct Made {
    texts: Texts,
    changes: Vec<String>,
    left: Vec<(String, Why)>,
    withheld: usize,
    is_of_values: bool,
    work: u64,
}

impl<'a> Round<'a> {
    fn new(
        chart: &'a Chart,
        sets: &'a [Set],
        options: &'a Options,
        texts: &'a Texts,
        work: u64,
    ) -> Result<Round<'a>, Box<Diagnostic>> {
        let looks = sets.iter().map(|set| look(chart, set)).collect::<Result<_, _>>()?;
        let release = |set: &Set| Release::new(chart, &set.inputs, &set.inputs.user);
        let releases = sets.iter().map(release).collect::<Result<Vec<_>, _>>();
        let releases = releases.map_err(|why| Box::new(judge::unusable_flag(why)))?;
        Ok(Round { chart, sets, texts, looks, options, releases, edits: Vec::new(), tries: TRIES, work })
    }

    fn run(mut self) -> Made {
        let looks = std::mem::take(&mut self.looks);
        let wants = self.wants(&looks);
        let mut fates = wants.iter().map(|want| Fate::of(&want.proposals)).collect::<Vec<_>>();
        // What a value changes nobody knows: first what can be compared.
        for is_of_value in [false, true] {
            let own = |at: &usize| wants[*at].object.is_none() == is_of_value;
            let own: Vec<usize> = (0..wants.len()).filter(own).collect();
            let most = own.iter().filter_map(|at| Some(wants[*at].proposals.as_ref().ok()?.len())).max();
            for nth in 0..most.unwrap_or_default() {
                let open = own.iter().filter(|at| !fates[**at].is_made());
                let proposal = |at: &usize| wants[*at].proposals.as_ref().ok()?.get(nth).map(Vec::as_slice);
                let mut known = HashSet::new();
                let proposals: Vec<&[SourceEdit]> =
                    open.filter_map(proposal).filter(|proposal| known.insert(*proposal)).collect();
                self.make(&proposals, &own, &wants, &mut fates);
            }
        }
        let is_of_values =
            wants.iter().zip(&fates).any(|(want, fate)| fate.is_made() && want.object.is_none());
        let mut heads = HashSet::new();
        let left = wants.iter().zip(&fates).filter_map(|(want, fate)| match fate {
            Fate::Made(_) => None,
            Fate::Left(why) => {
                Some((want.head(), why.clone())).filter(|(head, _)| heads.insert(head.clone()))
            }
        });
        let (changes, left) = (self.changes(&wants, &fates), left.collect());
        let texts =
            draft::edited(&self.with_bases(&self.edits), &self.edits).unwrap_or_else(|_| self.texts.clone());
        Made { texts, changes, left, withheld: self.withheld(&looks), is_of_values, work: self.work }
    }

    /// What was made, in words: what one edit does is told together.
    fn changes(&self, wants: &[Want<'_>], fates: &[Fate<'_>]) -> Vec<String> {
        let mut numbers = HashMap::new();
        let mut together: Vec<(&[SourceEdit], Vec<&Want<'_>>)> = Vec::new();
        for (want, fate) in wants.iter().zip(fates) {
            let Fate::Made(made) = fate else { continue };
            let number = *numbers.entry(*made).or_insert(together.len());
            if number == together.len() {
                together.push((made, Vec::new()));
            }
            together[number].1.push(want);
        }
        let (mut places, mut known) = (Places::new(self), HashSet::new());
        let mut changes = Vec::new();
        for (made, wants) in together {
            let lines = wants.into_iter().flat_map(|want| said(want, made, &mut places));
            changes.extend(lines.filter(|line| known.insert(line.clone())));
        }
        changes
    }

    fn withheld(&self, looks: &[Look<'_>]) -> usize {
        let least = self.options.least;
        let is_withheld =
            |fix: &Fix| fix.applicability < least && fix.applicability > Applicability::DisplayOnly;
        let withheld = looks.iter().flat_map(Look::fixes).filter(|(_, fix)| is_withheld(fix));
        let key = |(diagnostic, _): (&Diagnostic, _)| {
            let location = &diagnostic.location;
            (diagnostic.code, location.object.clone(), location.field.clone())
        };
        withheld.map(key).collect::<HashSet<_>>().len()
    }

    /// The fixes that are safe enough, with what may do them.
    fn wants<'l>(&self, looks: &'l [Look<'_>]) -> Vec<Want<'l>> {
        let mut wants = Vec::new();
        for (set, look) in looks.iter().enumerate() {
            for (diagnostic, fix) in look.fixes().filter(|(_, fix)| fix.applicability >= self.options.least) {
                let target = diagnostic.location.target.as_ref();
                let proposals = match target {
                    Some(_) => self.proposals(look, diagnostic, fix),
                    None => self.of_value(diagnostic, fix),
                };
                wants.push(Want {
                    set,
                    object: target.map(|target| (target.document, &target.path)),
                    edits: &fix.edits,
                    diagnostic,
                    proposals,
                });
            }
        }
        wants
    }

    /// For all edits of a fix together, the lists of edits of files that may do them.
    fn proposals(
        &self,
        look: &Look<'_>,
        diagnostic: &Diagnostic,
        fix: &Fix,
    ) -> Result<Vec<Vec<SourceEdit>>, Why> {
        let target = diagnostic.location.target.as_ref().ok_or(Why::NoPlace)?;
        let document = look.subject.documents.get(target.document).ok_or(Why::NoPlace)?;
        let origins =
            look.rendering.origins().filter(|_| !document.template.is_empty()).ok_or(Why::NoPlace)?;
        let scope = self.scope();
        let text = document.text(&look.subject.text);
        let place = Place { chart: self.chart, origins, document, text, object: &target.path, scope };
        let each = fix.edits.iter().map(|edit| place.proposals(edit)).collect::<Result<Vec<_>, _>>()?;
        let most = each.iter().map(Vec::len).max().unwrap_or(0);
        let nth = |at: usize| each.iter().map(move |all| all[at.min(all.len() - 1)].clone()).collect();
        Ok((0..most).map(nth).collect())
    }

    /// The edits of values files that mend a value.
    fn of_value(&self, diagnostic: &Diagnostic, fix: &Fix) -> Result<Vec<Vec<SourceEdit>>, Why> {
        let value = diagnostic.origin.values.first().ok_or(Why::NoPlace)?;
        let scope = self.scope();
        let edit = match fix.edits.as_slice() {
            [Edit::Remove { path }, Edit::Set { path: to, .. }] => moved(value, path, to, scope)?,
            [Edit::Set { path, value: new }] => set_value(value, path.clone(), Some(new), scope)?,
            [Edit::Remove { path }] => set_value(value, path.clone(), None, scope)?,
            _ => return Err(Why::NoPlace),
        };
        Ok(vec![vec![edit]])
    }

    fn scope(&self) -> Scope<'_> {
        match &self.options.overlay {
            Some((name, _)) => Scope::Overlay(name),
            None if self.options.is_folder => Scope::Folder,
            None => Scope::Values,
        }
    }

    /// Makes those of the proposals after which every set renders as the fixes say: all at once, or else each half on its own,
    /// since most do what they say.
    fn make<'p>(
        &mut self,
        proposals: &[&'p [SourceEdit]],
        own: &[usize],
        wants: &[Want<'_>],
        fates: &mut [Fate<'p>],
    ) {
        if proposals.is_empty() {
            return;
        }
        let numbers: HashMap<&[SourceEdit], usize> = proposals.iter().copied().zip(0..).collect();
        let of_want = |at: &usize| {
            let all = wants[*at].proposals.as_ref().ok()?;
            let first = all.iter().filter_map(|own| numbers.get(own.as_slice())).min()?;
            Some((*at, proposals[*first]))
        };
        let open = own.iter().filter(|at| !fates[**at].is_made());
        let group: Vec<(usize, &'p [SourceEdit])> = open.filter_map(of_want).collect();
        let mut edits = self.edits.clone();
        let mut known: HashSet<&SourceEdit> = self.edits.iter().collect();
        edits.extend(proposals.iter().copied().flatten().filter(|edit| known.insert(edit)).cloned());
        let meant: Vec<&Want<'_>> = group.iter().map(|(at, _)| &wants[*at]).collect();
        if self.tries == 0 || self.work == 0 {
            return leave(fates, group, &Why::Untried);
        }
        self.tries -= 1;
        match self.tried(&edits, &meant) {
            Ok(releases) => {
                (self.releases, self.edits) = (releases, edits);
                for (at, proposal) in group {
                    fates[at] = Fate::Made(proposal);
                }
            }
            Err(why) if proposals.len() == 1 => {
                leave(fates, group, &why);
            }
            Err(_) => {
                let (first, second) = proposals.split_at(proposals.len() / 2);
                self.make(first, own, wants, fates);
                self.make(second, own, wants, fates);
            }
        }
    }

    /// What every set renders to with the edits, if that is what the fixes make of what it is now.
    fn tried(&mut self, edits: &[SourceEdit], group: &[&Want<'_>]) -> Result<Vec<Release>, Why> {
        let texts = draft::edited(&self.with_bases(edits), edits)?;
        let wrong = |message| Why::Render { set: "any set of values".to_owned(), message };
        let chart = draft::chart(self.chart, &texts).map_err(wrong)?;
        let mut releases = Vec::with_capacity(self.sets.len());
        for at in 0..self.sets.len() {
            let run = budget::Run::of_same_chart();
            let release = self.tried_with(at, &chart, &texts, group);
            self.work = self.work.saturating_sub(run.spent());
            releases.push(release?);
        }
        Ok(releases)
    }

    /// The same with one of the sets.
    fn tried_with(
        &self,
        at: usize,
        chart: &Chart,
        texts: &Texts,
        group: &[&Want<'_>],
    ) -> Result<Release, Why> {
        let (set, now) = (&self.sets[at], &self.releases[at]);
        let wrong = |message| Why::Render { set: set.name.clone(), message };
        let user = without(&set.inputs.user, self.overlay());
        let user = draft::user(&user, texts).map_err(wrong)?;
        let release = Release::new(chart, &set.inputs, &user).map_err(wrong)?;
        let own: Vec<_> = group
            .iter()
            .filter(|want| want.set == at)
            .filter_map(|want| want.object.map(|(document, object)| (document, object, want.edits)))
            .collect();
        let wanted = now.edited(&own).map_err(wrong)?;
        let is_of_value = group.iter().any(|want| want.object.is_none());
        match wanted.difference(&release).filter(|_| !is_of_value) {
            Some(what) => Err(Why::Other { set: set.name.clone(), what }),
            None => Ok(release),
        }
    }

    fn overlay(&self) -> Option<&str> {
        self.options.overlay.as_ref().map(|(name, _)| name.as_str())
    }

    /// The texts, with those of files that are changed for the first time.
    fn with_bases(&self, edits: &[SourceEdit]) -> Texts {
        let mut texts = self.texts.clone();
        for edit in edits {
            texts.entry(edit.file.clone()).or_insert_with(|| given(&edit.file, self.chart, self.sets));
        }
        texts
    }
}

/// Leaves fixes undone. The likeliest place says best why.
fn leave<P>(fates: &mut [Fate<'_>], group: Vec<(usize, P)>, why: &Why) {
    for (at, _) in group {
        if matches!(fates[at], Fate::Left(Why::NoPlace)) {
            fates[at] = Fate::Left(why.clone());
        }
    }
}

/// Where edits are, with each file that they lie in looked at once.
struct Places<'r, 'a> {
    round: &'r Round<'a>,
    files: HashMap<File, SourceFile>,
}

impl<'r, 'a> Places<'r, 'a> {
    fn new(round: &'r Round<'a>) -> Places<'r, 'a> {
        Places { round, files: HashMap::new() }
    }

    /// Where an edit is: a file and its line, or the key of values.
    fn of(&mut self, edit: &SourceEdit) -> String {
        let name = edit.file.name();
        match &edit.how {
            How::Splice(range, _) => {
                let Round { texts, chart, sets, .. } = self.round;
                let text =
                    || texts.get(&edit.file).cloned().unwrap_or_else(|| given(&edit.file, chart, sets));
                let file = self.files.entry(edit.file.clone()).or_insert_with(|| SourceFile::new("", text()));
                format!("{name}:{}", file.line_of(range.start))
            }
            How::Change(change) => format!("{name} {}", draft::path_of(change)),
        }
    }
}

/// A fix that was made, in words, each of its edits a line.
fn said(want: &Want<'_>, proposal: &[SourceEdit], places: &mut Places<'_, '_>) -> Vec<String> {
    let Diagnostic { code, name, location, .. } = want.diagnostic;
    if want.object.is_none() {
        let place = proposal.first().map(|made| places.of(made)).unwrap_or_default();
        let said = match want.edits {
            [Edit::Remove { .. }, Edit::Set { path, .. }] => format!("moved to {}", path.to_set_expression()),
            [Edit::Set { value, .. }] => format!("set to {}", brief(value)),
            _ => "removed".to_owned(),
        };
        return vec![format!("{code} {name} {place}: {said}")];
    }
    let object = location.object.as_ref().map(ToString::to_string).unwrap_or_default();
    let is_secret = object.starts_with("Secret/");
    let line = |(edit, made): (&Edit, &SourceEdit)| {
        let what = match edit {
            Edit::Set { path, .. } if is_secret => format!("{path} set"),
            Edit::Set { path, value } => format!("{path} set to {}", brief(value)),
            Edit::Remove { path } => format!("{path} removed"),
            Edit::Drop | Edit::Expand => return None,
        };
        Some(format!("{code} {name} {}: {object} {what}", places.of(made)))
    };
    want.edits.iter().zip(proposal).filter_map(line).collect()
}
