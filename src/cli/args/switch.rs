//! [`Switch`]: a boolean flag as Helm's command line has it: `--debug`, `--debug=false`, `--debug=0`; and [`as_pflag`],
//! which makes clap read every flag as Helm's library does.

use std::any::TypeId;
use std::str::FromStr;

use clap::{Arg, ArgAction, Command};

use crate::go::raw;
use crate::go::strconv::{self, NumError};

/// A boolean flag's value. Declare the field as `#[arg(long)] quiet: Switch`; [`as_pflag`] does the rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Switch(pub bool);

impl Switch {
    /// Whether it is on.
    pub fn is_on(self) -> bool {
        self.0
    }
}

impl FromStr for Switch {
    type Err = NumError<bool>;

    fn from_str(text: &str) -> Result<Switch, NumError<bool>> {
        strconv::parse_bool(&*raw::bytes(text)).map(Switch)
    }
}

/// Makes every flag of the command and its subcommands read as pflag reads it: a switch may be given a value after `=`,
/// any other flag takes the next word whatever it looks like.
pub fn as_pflag(command: Command) -> Command {
    command.mut_args(flag).mut_subcommands(as_pflag)
}

fn flag(arg: Arg) -> Arg {
    if arg.is_positional() || !matches!(arg.get_action(), ArgAction::Set | ArgAction::Append) {
        return arg;
    }
    if arg.get_value_parser().type_id() != TypeId::of::<Switch>() {
        return arg.allow_hyphen_values(true);
    }
    // Only a field that is no `Option` was made a required one.
    let arg = if arg.is_required_set() { arg.required(false).default_value("false") } else { arg };
    arg.num_args(0..=1)
        .require_equals(true)
        .default_missing_value("true")
        .hide_default_value(true)
        .hide_possible_values(true)
        .value_name("BOOL")
}
