//! The flags of Helm's commands, which ours must know.

use testkit::cases::Case;

/// `flags`: every flag of Helm's command is one of ours, of the same kind. A line says `--name TYPE [-x] [alone=VALUE]`.
pub fn run(case: &Case) -> Result<(), String> {
    let args = case.get("args").unwrap_or_default();
    let mut command = plimsoll::internals::cli::command();
    command.build();
    for word in args.lines() {
        command =
            command.find_subcommand(word).cloned().ok_or_else(|| format!("there is no command {word}"))?;
    }
    let wanted = case.get("want").ok_or("nothing recorded: run `cargo xtask oracle`")?;
    let faults: Vec<String> = wanted.lines().filter_map(|line| fault(&command, line)).collect();
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

fn fault(command: &clap::Command, line: &str) -> Option<String> {
    let mut words = line.split(' ');
    let name = words.next()?.trim_start_matches("--");
    let kind = words.next()?;
    let is_named = |arg: &&clap::Arg| {
        arg.get_long() == Some(name) || arg.get_all_aliases().is_some_and(|known| known.contains(&name))
    };
    let Some(arg) = command.get_arguments().find(is_named) else {
        return Some(format!("--{name} is missing"));
    };
    if name == "help" {
        return None;
    }
    let (mut short, mut is_alone) = (None, false);
    for word in words {
        short = short.or(word.strip_prefix('-').and_then(|word| word.chars().next()));
        is_alone |= word.starts_with("alone=");
    }
    let may_be_alone = arg.get_num_args().is_some_and(|count| count.min_values() == 0);
    let repeats = ["stringArray", "stringSlice", "stringToString", "postRendererArgsSlice"].contains(&kind);
    if arg.get_short() != short {
        Some(format!("--{name}: its short form is {:?}, wanted {short:?}", arg.get_short()))
    } else if may_be_alone != is_alone {
        Some(format!(
            "--{name}: without a value it is {}, as a {kind}",
            if is_alone { "right" } else { "wrong" }
        ))
    } else if repeats && !matches!(arg.get_action(), clap::ArgAction::Append) {
        Some(format!("--{name} cannot be repeated, as a {kind} can"))
    } else {
        None
    }
}
