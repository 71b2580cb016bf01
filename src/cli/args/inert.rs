//! Flags of `helm template` that can mean nothing without a cluster: taken in silence, announced as deprecated as Helm
//! does, or refused where they ask for the cluster itself.

use clap::Args;

use crate::cli::args::invalid::InvalidArgument;
use crate::cli::args::switch::Switch;
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::go::{raw, slog, strconv, time};
use crate::values;

/// The labels that a release gives itself. Helm: storage/driver/util.go.
const SYSTEM_LABELS: [&str; 6] = ["name", "owner", "status", "version", "createdAt", "modifiedAt"];

/// Flags without effect.
#[derive(Args, Debug)]
#[command(next_help_heading = "Accepted for Helm's sake, without effect")]
pub(crate) struct InertArgs {
    /// Only `client` can be had here
    #[arg(long, value_name = "MODE", num_args = 0..=1, require_equals = true, default_missing_value = "unset")]
    dry_run: Option<String>,
    #[arg(long, hide = true)]
    validate: Option<Switch>,
    #[arg(long, hide = true)]
    force: Option<Switch>,
    #[arg(long, hide = true)]
    atomic: Option<Switch>,
    #[arg(long, hide = true)]
    hide_notes: Option<Switch>,
    #[arg(long, hide = true)]
    render_subchart_notes: Option<Switch>,
    /// Create the release namespace if not present
    #[arg(long)]
    create_namespace: Switch,
    /// Force resource updates by replacement
    #[arg(long)]
    force_replace: Option<Switch>,
    /// Force changes against conflicts
    #[arg(long)]
    force_conflicts: Option<Switch>,
    /// Object updates run in the server instead of the client
    #[arg(long)]
    server_side: Switch,
    /// Reuse the given name
    #[arg(long)]
    replace: Switch,
    /// Time to wait for any individual Kubernetes operation
    #[arg(long, value_name = "DURATION")]
    timeout: Option<String>,
    /// Wait until resources are ready: watcher, hookOnly or legacy
    #[arg(long, value_name = "STRATEGY", num_args = 0..=1, require_equals = true, default_missing_value = "watcher")]
    wait: Option<String>,
    /// Wait until all Jobs have been completed
    #[arg(long)]
    wait_for_jobs: Switch,
    /// Add a custom description
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Use development versions, too
    #[arg(long)]
    pub(crate) devel: Switch,
    /// Do not validate rendered templates against the Kubernetes OpenAPI Schema
    #[arg(long)]
    disable_openapi_validation: Switch,
    /// Roll back the installation upon failure
    #[arg(long)]
    rollback_on_failure: Switch,
    /// Install no CRDs
    #[arg(long)]
    skip_crds: Switch,
    /// Labels that would be added to release metadata
    #[arg(short, long, value_name = "KEY=VALUE,…")]
    labels: Vec<String>,
    /// Take ownership of existing resources
    #[arg(long)]
    take_ownership: Switch,
}

impl InertArgs {
    /// Says which of the given flags are deprecated, as pflag does.
    pub(crate) fn announce(&self, context: &mut Context) {
        const NO_EFFECT: &str = "this flag has no effect for 'helm template' and will be removed in Helm 5";
        let deprecated = [
            ("validate", self.validate, "use '--dry-run=server' instead"),
            ("force", self.force, "use --force-replace instead"),
            ("atomic", self.atomic, "use --rollback-on-failure instead"),
            ("hide-notes", self.hide_notes, NO_EFFECT),
            ("render-subchart-notes", self.render_subchart_notes, NO_EFFECT),
        ];
        for (name, _, advice) in deprecated.into_iter().filter(|(_, given, _)| given.is_some()) {
            context.say(format!("Flag --{name} has been deprecated, {advice}"));
        }
    }

    /// Refuses what Helm refuses, and what would need a cluster.
    pub(crate) fn check(&self, context: &mut Context) -> Result<(), Error> {
        for (one, other, group) in [
            (self.validate.is_some(), self.dry_run.is_some(), ["validate", "dry-run"]),
            (
                self.force_replace.is_some(),
                self.force_conflicts.is_some(),
                ["force-replace", "force-conflicts"],
            ),
            (self.force.is_some(), self.force_conflicts.is_some(), ["force", "force-conflicts"]),
        ] {
            if one && other {
                let mut set = group;
                set.sort_unstable();
                return Err(Error::new(format!(
                    "if any flags in the group [{}] are set none of the others can be; [{}] were all set",
                    group.join(" "),
                    set.join(" ")
                )));
            }
        }
        if let Some(text) = &self.timeout {
            time::parse_duration(&raw::bytes(text))
                .map_err(|error| InvalidArgument::new("--timeout", text, error))?;
        }
        self.check_labels()?;
        self.check_wait(context)?;
        self.check_dry_run(context)
    }

    /// pflag: string_to_string.go.
    fn check_labels(&self) -> Result<(), Error> {
        for text in &self.labels {
            let invalid = |reason: String| InvalidArgument::new("-l, --labels", text, reason);
            let pairs = match text.matches('=').count() {
                1 => vec![text.trim_matches('"').to_owned()],
                _ => values::split_list(text).map_err(invalid)?,
            };
            for pair in pairs {
                let Some((key, _)) = pair.split_once('=') else {
                    return Err(invalid(format!("{pair} must be formatted as key=value")).into());
                };
                if SYSTEM_LABELS.contains(&key) {
                    return Err(Error::new(format!(
                        "user supplied labels contains system reserved label name. System labels: [{}]",
                        SYSTEM_LABELS.join(" ")
                    )));
                }
            }
        }
        Ok(())
    }

    fn check_wait(&self, context: &mut Context) -> Result<(), Error> {
        match self.wait.as_deref() {
            None | Some("watcher" | "legacy" | "hookOnly") => {}
            Some(truth @ ("true" | "false")) => {
                let strategy = if truth == "true" { "watcher" } else { "hookOnly" };
                let text = format!(
                    "--wait={truth} is deprecated (boolean value) and can be replaced with --wait={strategy}"
                );
                context.log(&[slog::Line::warn(text, &[])]);
            }
            Some(other) => {
                let quoted = strconv::quote(other);
                let reason =
                    format!("invalid wait input {quoted}. Valid inputs are watcher, hookOnly, and legacy");
                return Err(InvalidArgument::new("--wait", other, reason).into());
            }
        }
        Ok(())
    }

    /// Helm: cmd/helpers.go `cmdGetDryRunFlagStrategy`.
    fn check_dry_run(&self, context: &mut Context) -> Result<(), Error> {
        let invalid = |text: &str, wanted: &str| {
            let text = strconv::quote(text);
            Err(Error::new(format!("invalid dry-run value ({text}). Must be {wanted}")))
        };
        let server = match self.dry_run.as_deref() {
            None | Some("client") => false,
            Some("unset") => {
                let text = "--dry-run is deprecated and should be replaced with '--dry-run=client'";
                context.log(&[slog::Line::warn(text, &[])]);
                false
            }
            Some("server") => true,
            Some("none") => return invalid("none", "\"server\" or \"client\""),
            Some(other) => match other.parse::<Switch>() {
                Ok(Switch(true)) => {
                    let text = format!(
                        "boolean '--dry-run={other}' flag is deprecated and must be replaced with '--dry-run=client'"
                    );
                    context.log(&[slog::Line::warn(text, &[])]);
                    false
                }
                Ok(Switch(false)) => return invalid(other, "\"server\" or \"client\""),
                Err(_) => return invalid(other, "\"none\", \"server\", or \"client\""),
            },
        };
        if server || self.validate.is_some_and(Switch::is_on) {
            let flag = if server { "--dry-run=server" } else { "--validate" };
            return Err(Error::new(format!(
                "{flag} needs a cluster, to which plimsoll never talks; use helm"
            )));
        }
        Ok(())
    }
}
