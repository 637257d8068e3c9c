//! The commands, one file each, and what they share.

mod check;
mod evaluate;
mod fetch;
mod ingest;
mod maintain;
mod model;
mod open;
mod progress;
mod search;
mod serve;

use crate::{
    cli::{Cli, Command},
    config::Config,
    logging,
};
use anyhow::{Context, Result};

/// Runs the command; the exit status where it ran to its end.
pub fn run(cli: Cli) -> Result<u8> {
    let (given, command) = cli.split();
    let config = Config::resolve(given)?;
    // A server says what it does; a command says it on the standard output, and logs only trouble.
    let level = if matches!(command, Command::Serve(_)) { "info" } else { "warn" };
    logging::start(&config.log, level)?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start the threads")?;
    let status = runtime.block_on(async {
        match command {
            Command::Serve(_) => serve::run(config).await,
            Command::Ingest(options) => ingest::run(&config, options).await,
            Command::Search(options) => search::run(&config, options).await,
            Command::Evaluate(options) => evaluate::run(&config, options).await,
            Command::Model(action) => model::run(&config, action).await,
            Command::Maintain(options) => maintain::run(&config, options).await,
            Command::Check(options) => check::run(&config, options).await,
        }
    });
    // Whatever still runs in the background must not keep a command that is done from ending.
    runtime.shutdown_background();
    status
}
