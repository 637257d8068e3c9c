//! Every setting as it may be given: a flag, a `VITRINE_*` variable, or a line of `vitrine.toml`, in that order.
//!
//! clap reads the first two, serde the third, into the same structs; [`super::Config`] fills in the defaults and checks them.

use clap::{Args, ValueEnum};
use serde::Deserialize;
use std::{net::SocketAddr, path::PathBuf};

/// Declares a struct of optional settings and how a second source fills its gaps.
macro_rules! settings {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, Args, Deserialize)]
        #[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
        pub struct $name {
            $($(#[$field_meta])* pub $field: Option<$type>),+
        }

        impl $name {
            /// These settings, and those of `fallback` where these have none.
            pub fn or(self, fallback: Self) -> Self {
                Self { $($field: self.$field.or(fallback.$field)),+ }
            }
        }
    };
}

settings!(
    /// Where things are.
    Places {
        /// The data folder: the table, the photos and the writer's lock [default: data]
        #[arg(long, value_name = "DIR", env = "VITRINE_DATA", global = true)]
        data: PathBuf,
        /// The model bundle: a name under the models folder, or a path [default: starter]
        #[arg(long, value_name = "BUNDLE", env = "VITRINE_MODEL", global = true)]
        model: String,
        /// The folder of model bundles [default: models]
        #[arg(long, value_name = "DIR", env = "VITRINE_MODELS", global = true, hide_short_help = true)]
        models: PathBuf,
    }
);

settings!(
    /// How the model runs.
    Runtime {
        /// The ONNX Runtime library [default: ORT_DYLIB_PATH, then wherever the system keeps libraries]
        #[arg(long, value_name = "FILE", env = "VITRINE_ONNXRUNTIME", global = true, hide_short_help = true)]
        onnxruntime: PathBuf,
        /// What the model runs on [default: auto]
        #[arg(long, value_name = "DEVICE", env = "VITRINE_DEVICE", global = true, hide_short_help = true)]
        device: Device,
        /// Threads of one model run; 0 is one a core [default: 0]
        #[arg(long, value_name = "N", env = "VITRINE_THREADS", global = true, hide_short_help = true)]
        threads: usize,
        /// Pictures or texts waiting for the model before further ones are refused [default: 64]
        #[arg(long, value_name = "N", env = "VITRINE_QUEUE", global = true, hide_short_help = true)]
        queue: usize,
        /// Whether the model's locator, where it has one, finds the piece in a picture first; to measure without it, false [default: true]
        #[arg(long, value_name = "BOOL", env = "VITRINE_LOCATE", global = true, hide_short_help = true)]
        locate: bool,
    }
);

/// What the model runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Device {
    /// A GPU where ONNX Runtime came with support for it and it works, else the processor.
    Auto,
    /// The processor.
    Cpu,
    /// An NVIDIA GPU; an error where it does not work.
    Cuda,
}

settings!(
    /// What is written to the error stream while running.
    Log {
        /// How log lines look [default: text]
        #[arg(long, value_name = "FORMAT", env = "VITRINE_LOG_FORMAT", global = true, hide_short_help = true)]
        log_format: LogFormat,
        /// What is logged, by level or by module, as in "info" or "warn,catalogue=debug"
        #[arg(long, value_name = "FILTER", env = "VITRINE_LOG", global = true, hide_short_help = true)]
        log: String,
    }
);

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

settings!(
    /// How the site is served.
    Site {
        /// The address to listen on [default: 127.0.0.1:3000]
        #[arg(long, value_name = "IP:PORT", env = "VITRINE_ADDRESS")]
        address: SocketAddr,
        /// The folder of the built site: scripts, styles, icons [default: LEPTOS_SITE_ROOT, then target/site]
        #[arg(long, value_name = "DIR", env = "VITRINE_SITE", help_heading = "Site")]
        site: PathBuf,
        /// The address shoppers see, as in https://find.example.com; with https, browsers are told to stay on it
        #[arg(long, value_name = "URL", env = "VITRINE_PUBLIC_URL", help_heading = "Site")]
        public_url: String,
        /// A file that holds the administrator's token; or set VITRINE_ADMIN_TOKEN itself
        #[arg(long, value_name = "FILE", env = "VITRINE_ADMIN_TOKEN_FILE", help_heading = "Site")]
        admin_token_file: PathBuf,
    }
);

settings!(
    /// How much is taken on at once, and from one client.
    Limits {
        /// Requests worked on at once before further ones are refused with 503 [default: 64]
        #[arg(long, value_name = "N", env = "VITRINE_REQUESTS_AT_ONCE", help_heading = "Limits")]
        requests_at_once: usize,
        /// Connections open at once before further ones wait [default: 1024]
        #[arg(long, value_name = "N", env = "VITRINE_CONNECTIONS", help_heading = "Limits")]
        connections: usize,
        /// Seconds that a request may take, its upload included [default: 30]
        #[arg(long, value_name = "S", env = "VITRINE_REQUEST_SECONDS", help_heading = "Limits")]
        request_seconds: u64,
        /// Seconds that requests in flight may take to finish when the server stops [default: 10]
        #[arg(long, value_name = "S", env = "VITRINE_SHUTDOWN_SECONDS", help_heading = "Limits")]
        shutdown_seconds: u64,
        /// Searches a minute from one client before further ones are refused with 429; 0 is no limit [default: 300]
        #[arg(long, value_name = "N", env = "VITRINE_SEARCHES_PER_MINUTE", help_heading = "Limits")]
        searches_per_minute: u32,
        /// Megabytes of memory for a copy of what searches read, with which they are quicker; 0 is none [default: 2048]
        #[arg(long, value_name = "MB", env = "VITRINE_MEMORY", help_heading = "Limits")]
        memory: usize,
        /// Proxies in front of this server that add to X-Forwarded-For; 0 is to believe none [default: 0]
        #[arg(long, value_name = "N", env = "VITRINE_TRUSTED_PROXIES", help_heading = "Limits")]
        trusted_proxies: usize,
    }
);

/// `vitrine.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct File {
    /// As `--data`.
    pub data: Option<PathBuf>,
    /// As `--model`.
    pub model: Option<String>,
    /// As `--models`.
    pub models: Option<PathBuf>,
    /// How the model runs.
    pub runtime: Runtime,
    /// What is logged.
    pub log: Log,
    /// How the site is served.
    pub site: Site,
    /// How much is taken on.
    pub limits: Limits,
}
