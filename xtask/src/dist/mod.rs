//! `cargo xtask dist`: everything that is released, made on this machine and without a network: the program, and the packages
//! that bring it to people. The same commit makes the same bytes. `dist join` puts together what several machines made, `dist
//! try` installs what was made. Read [`release`] for what goes into packages, then a file a kind. docs/releasing.md tells how a
//! release is done.

use crate::Outcome;

#[cfg(test)]
mod action_tests;
mod archive;
mod bom;
mod build;
mod debian;
mod image;
mod join;
mod licences;
mod member;
mod moment;
mod npm;
mod options;
mod output;
mod packages;
mod plugin;
mod release;
#[cfg(test)]
mod samples;
mod site;
mod sums;
mod target;
mod trial;
mod trial_helm;
mod trial_readme;
mod wheel;
mod zip;

use member::Member;
use moment::Moment;
use options::Options;
use packages::Packages;
use plugin::Plugins;
use release::Release;
use target::Target;

/// Runs the task.
pub fn run(words: &[&str]) -> Outcome {
    match words {
        ["join", rest @ ..] => join::run(&Options::read(rest)?),
        ["try", rest @ ..] => trial::run(&Options::read(rest)?),
        _ => make(&Options::read(words)?),
    }
}

fn make(options: &Options) -> Outcome {
    if let Some(word) = options.words.first() {
        return Err(format!("`{word}` is not known here; `cargo xtask` lists what is"));
    }
    let moment = Moment::of_the_sources()?;
    let target = options.target.as_deref().map_or_else(Target::of_this_machine, Target::named)?;
    let packages = Packages::of(target)?;
    let program = match &options.program {
        Some(program) => program.clone(),
        None => build::build(target, &options.profile, &packages.target_folder, moment)?,
    };
    let data = std::fs::read(&program).map_err(|error| format!("{}: {error}", program.display()))?;
    let release = Release::of(target, &packages, data, moment)?;
    let files = files(&release, options).map_err(|error| error.to_string())?;
    let files = plugin::signed(files, options.key.as_ref(), moment)?;
    output::write(files, &options.out(&packages.target_folder))
}

/// The packages of the kinds that are wanted.
fn files(release: &Release, options: &Options) -> std::io::Result<Vec<Member>> {
    let mut files = Vec::new();
    if options.wants("archive") {
        files.push(archive::make(release)?);
        files.push(Member::new(format!("{}.cdx.json", release.stem()), release.bill.as_bytes()));
    }
    if options.wants("wheel") {
        files.push(wheel::make(release)?);
    }
    if options.wants("npm") {
        files.extend(npm::make(release)?);
    }
    if options.wants("image") && release.target.is_static() {
        files.push(image::make(release)?);
    }
    if options.wants("debian") {
        files.extend(debian::make(release)?);
    }
    if options.wants("plugin") {
        files.extend(Plugins::of(release).make()?);
    }
    Ok(files)
}
