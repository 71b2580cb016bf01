//! `--format` of the commands that answer a question.

use clap::ValueEnum;

/// How a command of ours answers: for people or for programs.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum AnswerFormat {
    /// Text.
    Human,
    /// One JSON document.
    Json,
}
