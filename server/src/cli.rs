//! The command line: what can be asked, and nothing of how it is done.

use crate::config::{Given, settings};
use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::Sort;
use std::path::PathBuf;

/// Visual search for jewellery marketplaces, on your own machine.
#[derive(Debug, Parser)]
#[command(name = "vitrine", version, max_term_width = 110, arg_required_else_help = true)]
#[command(
    after_help = "Settings come from flags, then VITRINE_* variables, then vitrine.toml. `vitrine COMMAND --help` lists them all.\n\
    Exit status: 0 done, 1 failed, 2 some listings were skipped, 64 the command line was not understood."
)]
pub struct Cli {
    /// The settings file [default: vitrine.toml, where there is one]
    #[arg(long, value_name = "FILE", env = "VITRINE_CONFIG", global = true, hide_short_help = true)]
    pub config: Option<PathBuf>,
    /// Where things are.
    #[command(flatten)]
    pub places: settings::Places,
    /// How the model runs.
    #[command(flatten)]
    pub runtime: settings::Runtime,
    /// What is logged.
    #[command(flatten)]
    pub log: settings::Log,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the site and the API
    Serve(Box<Serve>),
    /// Take listings and their photos into the catalogue
    Ingest(Ingest),
    /// Search from the command line
    Search(Search),
    /// Measure how well queries with known answers are found
    Evaluate(Evaluate),
    /// Look at model bundles
    #[command(subcommand)]
    Model(Model),
    /// Compact the table, bring its indexes up to date, drop old versions
    Maintain(Maintain),
    /// Say whether the table, the photos and the model are whole
    Check(Check),
}

/// `vitrine serve`
#[derive(Debug, Args)]
pub struct Serve {
    /// How the site is served.
    #[command(flatten)]
    pub site: settings::Site,
    /// How much is taken on.
    #[command(flatten)]
    pub limits: settings::Limits,
}

/// `vitrine ingest`
#[derive(Debug, Args)]
pub struct Ingest {
    /// Listings: one JSON object a line (.jsonl), or a table with the same names (.csv, .parquet)
    #[arg(value_name = "LISTINGS")]
    pub listings: PathBuf,
    /// The folder that the listings' photo names are in [default: the folder "photos" beside the listings]
    #[arg(long, value_name = "DIR")]
    pub photos: Option<PathBuf>,
    /// Whether to bring the indexes up to date at the end, as `vitrine maintain` does
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Upkeep::Auto)]
    pub upkeep: Upkeep,
    /// Print the report as JSON
    #[arg(long)]
    pub json: bool,
}

/// When an ingest ends with upkeep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Upkeep {
    /// After 500 listings or more: until then, searches read what is new beside the indexes
    Auto,
    /// Whatever was taken in
    Always,
    /// Not now
    Never,
}

/// `vitrine search`
#[derive(Debug, Args)]
pub struct Search {
    /// What the piece looks like, in words
    #[arg(long, value_name = "WORDS")]
    pub text: Option<String>,
    /// A picture of the piece; give it again for further pictures of the same piece
    #[arg(long, value_name = "FILE")]
    pub photo: Vec<PathBuf>,
    /// How much the words count beside the pictures, 0 to 1
    #[arg(long, value_name = "0..1", default_value_t = 0.5, value_parser = weight)]
    pub weight: f32,
    /// Narrow the search, as in category=ring or price_max=500; commas separate alternatives
    #[arg(long, value_name = "KEY=VALUE")]
    pub filter: Vec<String>,
    /// In which order: closest, newest, price_up or price_down
    #[arg(long, value_name = "ORDER", default_value_t = Sort::Closest)]
    pub sort: Sort,
    /// Go on past where relevance ends
    #[arg(long)]
    pub beyond: bool,
    /// Take the words as they are, instead of reading them for what they mean
    #[arg(long)]
    pub literal: bool,
    /// Most hits to print
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub limit: usize,
    /// Print the answer as JSON
    #[arg(long)]
    pub json: bool,
}

/// `vitrine evaluate`
#[derive(Debug, Args)]
pub struct Evaluate {
    /// Queries with their answers, one JSON object a line; photos are relative to this file
    #[arg(value_name = "QUERIES")]
    pub queries: PathBuf,
    /// Write a page with the figures and the worst failures
    #[arg(long, value_name = "FILE.html")]
    pub report: Option<PathBuf>,
    /// Listings looked at for each query, 1 to 1,000: mean average precision counts what comes later as not found
    #[arg(long, value_name = "LISTINGS", default_value_t = 100, value_parser = depth)]
    pub depth: usize,
    /// Print the figures as JSON
    #[arg(long)]
    pub json: bool,
}

fn depth(text: &str) -> Result<usize, String> {
    let most = domain::limits::PAGING_DEPTH;
    text.parse().ok().filter(|depth| (1..=most).contains(depth)).ok_or_else(|| format!("it must be 1 to {most}"))
}

/// `vitrine model`
#[derive(Debug, Subcommand)]
pub enum Model {
    /// List the bundles in the models folder
    List {
        /// Print as JSON
        #[arg(long)]
        json: bool,
    },
    /// Show what a bundle says about itself
    Show {
        /// The bundle
        name: String,
        /// Print as JSON
        #[arg(long)]
        json: bool,
    },
    /// Check a bundle's files against their digests, and that the model runs
    Verify {
        /// The bundle
        name: String,
    },
    /// Fetch a bundle from where you keep yours
    Fetch(Fetch),
}

/// `vitrine model fetch`
#[derive(Debug, Args)]
pub struct Fetch {
    /// The bundle; its folder under the models folder is called so
    pub name: String,
    /// The address of the folder that holds its files [default: what sources.toml in the models folder says]
    #[arg(long, value_name = "URL")]
    pub from: Option<String>,
    /// SHA-256 of its model.toml: no other bundle is taken
    #[arg(long, value_name = "HEX")]
    pub digest: Option<String>,
}

/// `vitrine maintain`
#[derive(Debug, Args)]
pub struct Maintain {
    /// Print the report as JSON
    #[arg(long)]
    pub json: bool,
}

/// `vitrine check`
#[derive(Debug, Args)]
pub struct Check {
    /// Print the report as JSON
    #[arg(long)]
    pub json: bool,
}

impl Cli {
    /// The settings that were given, and the command.
    pub fn split(self) -> (Given, Command) {
        let mut given =
            Given { file: self.config, places: self.places, runtime: self.runtime, log: self.log, ..Given::default() };
        if let Command::Serve(serve) = &self.command {
            given.site = serve.site.clone();
            given.limits = serve.limits.clone();
        }
        (given, self.command)
    }
}

fn weight(given: &str) -> Result<f32, String> {
    match given.parse::<f32>() {
        Ok(weight) if (0.0..=1.0).contains(&weight) => Ok(weight),
        _ => Err("must be a number from 0 to 1".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn data_and_model_mean_the_same_before_and_after_the_command() {
        for line in [["vitrine", "--data", "d", "check"], ["vitrine", "check", "--data", "d"]] {
            assert_eq!(Cli::try_parse_from(line).unwrap().places.data, Some("d".into()));
        }
    }

    #[test]
    fn a_weight_outside_0_to_1_is_refused() {
        assert!(Cli::try_parse_from(["vitrine", "search", "--weight", "1.5", "--text", "ring"]).is_err());
    }
}
