//! What our own program, tools and tests use of the crate beside the library: listed item by item, and no promise to
//! anybody else. What is not here and not in the library is the crate's own.

/// The budget of a run.
pub mod budget {
    pub use crate::budget::{Limits, Run, resident, set_limits};
}

/// What the Kubernetes API server answers.
pub mod apiserver {
    pub use crate::apiserver::{Answer, Definitions, answer};
    /// What may not change.
    pub mod update {
        pub use crate::apiserver::update::answer;
    }
    /// What Pod Security admission forbids.
    pub mod pod_security {
        pub use crate::apiserver::pod_security::{Level, Pod, whole};
    }
}

/// A chart on disk.
pub mod chart {
    pub use crate::chart::{
        BufferedFile, Chart, File, IgnoreRules, Metadata, lay_over, load, load_archive, load_files,
        load_files_as, load_values,
    };
}

/// The command line.
pub mod cli {
    pub use crate::cli::{command, main, run};
}

/// What findings are made of.
pub mod diagnostic {
    pub use crate::diagnostic::{Layer, ValueOrigin};
}

/// Charts from elsewhere.
pub mod fetch {
    pub use crate::fetch::{Access, Fetcher, Settings};
    /// The index of a repository.
    pub mod index {
        pub use crate::fetch::index::Index;
    }
    /// Provenance files beside what is fetched.
    pub mod provenance {
        pub use crate::fetch::provenance::Proof;
    }
}

/// Functions of templates.
pub mod funcs {
    pub use crate::funcs::{all, table};
}

/// Go's standard library.
pub mod go {
    pub use crate::go::glob;
    pub use crate::go::path;
    pub use crate::go::semver;
    pub use crate::go::slog;
    pub use crate::go::time;
}

/// Judging.
pub mod judge {
    pub use crate::judge::{
        ChartReport, Inputs, Report, Root, chart, config_schema, manifests, subject_of_chart, why,
    };
}

/// Rendered objects.
pub mod manifest {
    pub use crate::manifest::{HelmVersion, edit, split};
}

/// Values from version to version.
pub mod migrate {
    pub use crate::migrate::{By, Kind, Migration, Table, h2o_mlops, migrate, read_table};
}

/// What the platform's own service answers.
pub mod nvcf {
    pub use crate::nvcf::reval;
}

/// Registries.
pub mod oci {
    /// What registries answer.
    pub mod manifest {
        pub use crate::oci::manifest::{Content, refusal};
    }
    /// Which chart in which registry.
    pub mod reference {
        pub use crate::oci::reference::Reference;
    }
    /// Who asks.
    pub mod network {
        pub use crate::oci::network::{Network, Timeouts};
    }
}

/// Rules and profiles.
pub mod policy {
    pub use crate::policy::{
        ChartSubject, Check, ClosedFile, Clusters, Document, Level, Levels, Mended, Mode, Object, OddUse,
        Oddities, Profile, RepeatedKey, Reporter, Request, Role, Rule, Subject, TemplateCall, UnreadKey,
        ValuesSubject, Verdict, YamlFile, check, mend, repeated,
    };
}

/// Rendering.
pub mod render {
    pub use crate::render::{Output, Release, Request, render, templates};
    /// The door to the world.
    pub mod host {
        pub use crate::render::host::FixedHost;
    }
}

/// Telling what was found.
pub mod report {
    pub use crate::report::{Format, Look, Stream, Style, page, why};
}

/// The rules.
pub mod rules {
    pub use crate::rules::{all, find};
}

/// `values.schema.json`.
pub mod schema {
    pub use crate::schema::{Options, validate};
}

/// Signatures.
pub mod signing {
    pub use crate::signing::{Error, Keyring, Signer, armor, message, openpgp};
    /// OpenPGP entities.
    pub mod entity {
        pub use crate::signing::entity::read_ring;
    }
}

/// Source text.
pub mod source {
    pub use crate::source::SourceFile;
}

/// The stack.
pub mod stack {
    pub use crate::stack::with_stack;
}

/// The operating system.
pub mod system {
    pub use crate::system::processor_time;
}

/// The template engine.
pub mod template {
    pub use crate::template::{ErrorKind, Options, Parsed, Set, Trace, builtin_names, execute};
    /// A function as the engine calls it.
    pub mod func {
        pub use crate::template::func::Func;
    }
    /// What the engine asks of the world.
    pub mod host {
        pub use crate::template::host::Host;
    }
}

/// Go's values.
pub mod value {
    pub use crate::value::{Map, MapMethod, MapType, Str, Type, Value, print};
    /// Equality.
    pub mod compare {
        pub use crate::value::compare::deep_equal;
    }
}

/// Layers of values.
pub mod values {
    pub use crate::values::read as read_all;
    pub use crate::values::{
        Layers, Setting, Sources, path, process_dependencies, split_list, strvals, to_render_values,
    };
    /// Values files.
    pub mod read {
        pub use crate::values::read::{Content, Language, User, UserLayer};
    }
}

/// YAML and JSON.
pub mod yaml {
    pub use crate::yaml::{
        Data, Documents, Node, edit, from_str, json, map_from_str, map_from_str_strict, parse, parse_all,
        to_yaml, to_yaml_pretty, toml,
    };
}
