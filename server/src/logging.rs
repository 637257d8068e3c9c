//! The log: lines on the error stream, for people or as JSON.

use crate::config::{LogConfig, settings::LogFormat};
use anyhow::{Context, Result};
use std::io::{self, IsTerminal};
use tracing_subscriber::{EnvFilter, fmt};

/// Starts logging at `level`, or as the settings say.
pub fn start(config: &LogConfig, level: &str) -> Result<()> {
    // Libraries underneath speak of their own inner workings, some of them with what they were given: only their trouble is logged.
    let usual = format!("warn,server={level},app={level},catalogue={level},encoder={level},imaging={level}");
    let filter = config.filter.as_deref().unwrap_or(&usual);
    let filter = EnvFilter::try_new(filter).with_context(|| format!("cannot use the log filter \"{filter}\""))?;
    let builder = fmt().with_env_filter(filter).with_writer(io::stderr);
    let started = match config.format {
        LogFormat::Json => builder.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init(),
        LogFormat::Text => builder.with_ansi(io::stderr().is_terminal()).with_target(false).try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("cannot start the log: {error}"))
}
