//! The server: the only crate that reads the environment, prints, or knows what an HTTP status is.
//!
//! `commands/` has one file per command, `routes/` one per part of the site, `middleware/` the stack that every request
//! passes, `error.rs` the one table from library errors to statuses, `config/` every setting with its default.

pub mod cli;
mod commands;
pub mod config;
pub mod error;
mod evaluation;
pub mod listen;
mod logging;
mod metrics;
mod middleware;
mod output;
pub mod routes;
pub mod state;

use clap::Parser;
use std::process::ExitCode;

/// Everything went well.
const DONE: u8 = 0;
/// The command failed; the reason is on the error stream.
const FAILED: u8 = 1;
/// Some listings were skipped; the rest went in.
const SOME_SKIPPED: u8 = 2;
/// The command line could not be understood (sysexits' EX_USAGE; clap's own 2 is taken by [`SOME_SKIPPED`]).
const USAGE: u8 = 64;

/// Reads the command line, runs the command, and says in one sentence what went wrong where something did.
pub fn run() -> ExitCode {
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are "errors" that go to the standard output. A closed pipe is nobody's fault.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { USAGE } else { DONE });
        }
    };
    match commands::run(cli) {
        Ok(code) => ExitCode::from(code),
        Err(error) if output::is_closed_pipe(&error) => ExitCode::from(DONE),
        Err(error) => {
            output::complain(&error);
            ExitCode::from(FAILED)
        }
    }
}
