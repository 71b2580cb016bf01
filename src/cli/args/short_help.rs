//! What `-h` leaves to `--help`: the flags of our commands that few readers look for, so that the rest fits on a screen.
//! Helm's commands list what Helm's list.

use clap::{Arg, Command};

/// Groups of flags by their headings.
const HEADINGS: [&str; 3] = ["Chart source", "Repeatable rendering (not Helm's)", "Cache"];
/// Flags by their names.
const FLAGS: [&str; 9] = [
    "coverage",
    "crd",
    "depfile",
    "depfile_format",
    "previous",
    "prune_baseline",
    "shard",
    "validation_extra_type",
    "validation_policy",
];

/// The command, whose `-h` names the flags that most readers look for.
pub fn shorten(command: Command) -> Command {
    command.mut_args(|arg| if is_for_few(&arg) { arg.hide_short_help(true) } else { arg })
}

fn is_for_few(arg: &Arg) -> bool {
    let is_below = arg.get_help_heading().is_some_and(|heading| HEADINGS.contains(&heading));
    is_below || FLAGS.contains(&arg.get_id().as_str())
}
