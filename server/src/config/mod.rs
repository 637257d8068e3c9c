//! Every setting with its default, a struct per concern. The only place that reads the environment.
//!
//! Flags win over `VITRINE_*` variables, which win over `vitrine.toml`, which wins over the defaults here.

pub mod settings;

use anyhow::{Context, Result, bail};
use axum::http::Uri;
use leptos::config::{Env, LeptosOptions};
use settings::{Device, File, LogFormat};
use std::{
    env, fmt, fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

/// Where the catalogue and the model are.
#[derive(Debug, Clone)]
pub struct PlacesConfig {
    /// The data folder.
    pub data: PathBuf,
    /// The bundle: a name under `models`, or a path.
    pub model: String,
    /// The folder of bundles.
    pub models: PathBuf,
}

/// How the model runs.
#[derive(Debug, Clone)]
pub struct RuntimeConfig {
    /// The ONNX Runtime library; none leaves it to the system's loader.
    pub library: Option<PathBuf>,
    /// Processor or GPU.
    pub device: Device,
    /// Threads of one run; 0 is one a core.
    pub threads: usize,
    /// Most that may wait for the model.
    pub queue: usize,
    /// Whether a bundle's locator is used.
    pub locate: bool,
}

/// What is logged, and how.
#[derive(Debug, Clone)]
pub struct LogConfig {
    /// Text or JSON.
    pub format: LogFormat,
    /// A tracing filter; none leaves it to the command.
    pub filter: Option<String>,
}

/// How the site is served.
#[derive(Debug, Clone)]
pub struct SiteConfig {
    /// Where to listen.
    pub address: SocketAddr,
    /// What leptos needs to know about the built site.
    pub leptos: LeptosOptions,
    /// Whether the names of the page's scripts and style change with their contents, so that they may be kept for ever.
    pub immutable: bool,
    /// The address that shoppers see, scheme and host, without a final slash.
    pub public_url: Option<PublicUrl>,
    /// Who may change listings.
    pub admin_token: Option<Secret>,
    /// Whether cargo-leptos reloads the page on a change, over a web socket.
    pub reloads: bool,
}

/// How much is taken on.
#[derive(Debug, Clone)]
pub struct LimitsConfig {
    /// Requests worked on at once.
    pub requests_at_once: usize,
    /// Connections open at once.
    pub connections: usize,
    /// Longest that a request may take, upload included.
    pub request_time: Duration,
    /// Longest that the last requests may take when the server stops.
    pub shutdown_time: Duration,
    /// Searches a minute from one client; 0 is no limit.
    pub searches_per_minute: u32,
    /// Most memory for a copy of what searches read, in bytes.
    pub memory: usize,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: usize,
}

/// Everything.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where things are.
    pub places: PlacesConfig,
    /// How the model runs.
    pub runtime: RuntimeConfig,
    /// What is logged.
    pub log: LogConfig,
    /// How the site is served.
    pub site: SiteConfig,
    /// How much is taken on.
    pub limits: LimitsConfig,
}

/// A token that is never printed.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Shortest token accepted: 128 bits written as hexadecimal digits, or better.
    const SHORTEST: usize = 32;

    /// Checks and keeps a token.
    pub fn new(token: &str) -> Result<Self> {
        let token = token.trim();
        if token.len() < Self::SHORTEST || !token.bytes().all(|b| b.is_ascii_graphic()) {
            bail!(
                "the administrator's token must be {} or more printable characters. Make one with: openssl rand -hex 32",
                Self::SHORTEST
            );
        }
        Ok(Self(token.to_owned()))
    }

    /// The token's bytes, to compare in constant time.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Scheme and host of the site as shoppers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    /// Whether it is https.
    pub https: bool,
    /// Scheme, host and port, as browsers send it in `Origin`.
    pub origin: String,
}

impl PublicUrl {
    /// Reads `https://host[:port]`, with or without a final slash.
    pub fn new(url: &str) -> Result<Self> {
        let wrong = || format!("public-url \"{url}\" must be http:// or https://, a host, and nothing after it");
        let uri: Uri = url.trim_end_matches('/').parse().with_context(wrong)?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { bail!(wrong()) };
        if !matches!(scheme, "http" | "https")
            || uri.path().len() > 1
            || uri.query().is_some()
            || authority.as_str().contains('@')
        {
            bail!(wrong());
        }
        Ok(Self { https: scheme == "https", origin: format!("{scheme}://{}", authority.as_str().to_ascii_lowercase()) })
    }
}

/// What the command line gave, before the file and the defaults fill the gaps.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// `--config`.
    pub file: Option<PathBuf>,
    /// Where things are.
    pub places: settings::Places,
    /// How the model runs.
    pub runtime: settings::Runtime,
    /// What is logged.
    pub log: settings::Log,
    /// How the site is served; only `serve` has these.
    pub site: settings::Site,
    /// How much is taken on; likewise.
    pub limits: settings::Limits,
}

impl Config {
    /// Fills the gaps of what the command line gave from `vitrine.toml`, then from the defaults, and checks the whole.
    pub fn resolve(given: Given) -> Result<Self> {
        let file = read_file(given.file.as_deref())?;
        let places = given.places.or(settings::Places { data: file.data, model: file.model, models: file.models });
        let runtime = given.runtime.or(file.runtime);
        let log = given.log.or(file.log);
        let site = given.site.or(file.site);
        let limits = given.limits.or(file.limits);
        Ok(Self {
            places: PlacesConfig {
                data: places.data.unwrap_or_else(|| "data".into()),
                model: places.model.unwrap_or_else(|| "starter".into()),
                models: places.models.unwrap_or_else(|| "models".into()),
            },
            runtime: RuntimeConfig {
                library: runtime.onnxruntime.or_else(|| variable("ORT_DYLIB_PATH").map(PathBuf::from)),
                device: runtime.device.unwrap_or(Device::Auto),
                threads: runtime.threads.unwrap_or(0),
                queue: at_least_one("queue", runtime.queue.unwrap_or(64))?,
                locate: runtime.locate.unwrap_or(true),
            },
            log: LogConfig { format: log.log_format.unwrap_or(LogFormat::Text), filter: log.log },
            limits: LimitsConfig {
                requests_at_once: at_least_one("requests-at-once", limits.requests_at_once.unwrap_or(64))?,
                connections: at_least_one("connections", limits.connections.unwrap_or(1024))?,
                request_time: Duration::from_secs(limits.request_seconds.unwrap_or(30).max(1)),
                shutdown_time: Duration::from_secs(limits.shutdown_seconds.unwrap_or(10)),
                searches_per_minute: limits.searches_per_minute.unwrap_or(300),
                memory: limits.memory.unwrap_or(2_048).saturating_mul(1 << 20),
                trusted_proxies: limits.trusted_proxies.unwrap_or(0),
            },
            site: site_config(site)?,
        })
    }
}

impl PlacesConfig {
    /// The bundle's folder: `model` itself where it looks like a path, else the folder of that name under `models`.
    pub fn bundle_folder(&self) -> PathBuf {
        self.folder_of(&self.model)
    }

    /// The folder of the bundle called `name`, by the same rule.
    pub fn folder_of(&self, name: &str) -> PathBuf {
        let path = Path::new(name);
        if path.components().count() > 1 || path.is_absolute() || name.starts_with('.') {
            path.to_owned()
        } else {
            self.models.join(name)
        }
    }
}

/// The name that scripts/build-web.sh gave to what it built last under `name`, which changes with the contents; none where
/// cargo-leptos has built it.
fn bundle_name(folder: &Path, name: &str) -> Option<String> {
    let named = fs::read_to_string(folder.join(format!("{name}.name"))).ok()?;
    let named = named.trim();
    let digest = named.strip_prefix(name)?.strip_prefix('-')?;
    (!digest.is_empty() && digest.bytes().all(|b| b.is_ascii_alphanumeric())).then(|| named.to_owned())
}

fn site_config(site: settings::Site) -> Result<SiteConfig> {
    let address = site.address.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 3000)));
    // cargo-leptos tells the server about the site it has just built in LEPTOS_* variables.
    let root = site.site.map(|folder| folder.to_string_lossy().into_owned()).or_else(|| variable("LEPTOS_SITE_ROOT"));
    let root = root.unwrap_or_else(|| "target/site".into());
    let pkg = variable("LEPTOS_SITE_PKG_DIR").unwrap_or_else(|| "pkg".into());
    let name = variable("LEPTOS_OUTPUT_NAME").unwrap_or_else(|| "vitrine".into());
    let named = bundle_name(&Path::new(&root).join(&pkg), &name);
    let hash_files = variable("LEPTOS_HASH_FILES").is_some_and(|on| on == "true");
    let leptos = LeptosOptions::builder()
        .output_name(named.clone().unwrap_or(name))
        .site_root(root)
        .site_pkg_dir(pkg)
        .site_addr(address)
        .env(if variable("LEPTOS_ENV").is_some_and(|env| env.eq_ignore_ascii_case("dev")) {
            Env::DEV
        } else {
            Env::PROD
        })
        .reload_port(variable("LEPTOS_RELOAD_PORT").and_then(|port| port.parse().ok()).unwrap_or(3001))
        .hash_files(hash_files)
        .build();
    let token = match (variable("VITRINE_ADMIN_TOKEN"), site.admin_token_file) {
        (Some(token), _) => Some(Secret::new(&token)?),
        (None, Some(file)) => {
            let token = fs::read_to_string(&file)
                .with_context(|| format!("cannot read the administrator's token from {}", file.display()))?;
            Some(Secret::new(&token)?)
        }
        (None, None) => None,
    };
    Ok(SiteConfig {
        address,
        leptos,
        immutable: hash_files || named.is_some(),
        public_url: site.public_url.as_deref().map(PublicUrl::new).transpose()?,
        admin_token: token,
        reloads: variable("LEPTOS_WATCH").is_some(),
    })
}

/// Reads the settings file: the one named, which must exist, else `vitrine.toml` here, which need not.
fn read_file(named: Option<&Path>) -> Result<File> {
    let path = named.unwrap_or(Path::new("vitrine.toml"));
    match fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text).with_context(|| format!("cannot use the settings in {}", path.display())),
        Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => Ok(File::default()),
        Err(error) => Err(error).with_context(|| format!("cannot read the settings file {}", path.display())),
    }
}

/// A variable that is set and not empty.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

fn at_least_one(name: &str, value: usize) -> Result<usize> {
    if value == 0 {
        bail!("{name} must be 1 or more");
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(file: &Path) -> Given {
        Given { file: Some(file.to_owned()), ..Given::default() }
    }

    #[test]
    fn a_flag_wins_over_the_file_and_the_file_over_the_default() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("vitrine.toml");
        fs::write(&file, "data = \"/srv/vitrine\"\nmodel = \"siglip\"\n[limits]\nrequests-at-once = 7\n").unwrap();
        let mut flags = given(&file);
        flags.places.model = Some("starter".into());
        let config = Config::resolve(flags).unwrap();
        assert_eq!(config.places.model, "starter");
        assert_eq!(config.places.data, Path::new("/srv/vitrine"));
        assert_eq!(config.limits.requests_at_once, 7);
        assert_eq!(config.limits.searches_per_minute, 300);
    }

    #[test]
    fn a_bundle_is_found_by_the_name_it_was_given() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(bundle_name(folder.path(), "vitrine"), None, "built by cargo-leptos");
        fs::write(folder.path().join("vitrine.name"), "vitrine-0f3a9c\n").unwrap();
        assert_eq!(bundle_name(folder.path(), "vitrine").as_deref(), Some("vitrine-0f3a9c"));
        for wrong in ["", "vitrine", "vitrine-", "other-0f3a", "vitrine-../../x"] {
            fs::write(folder.path().join("vitrine.name"), wrong).unwrap();
            assert_eq!(bundle_name(folder.path(), "vitrine"), None, "{wrong}");
        }
    }

    #[test]
    fn a_mistyped_setting_is_an_error_that_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("vitrine.toml");
        fs::write(&file, "[limits]\nrequests_at_once = 7\n").unwrap();
        let error = format!("{:#}", Config::resolve(given(&file)).unwrap_err());
        assert!(error.contains("requests_at_once") && error.contains("vitrine.toml"), "{error}");
    }

    #[test]
    fn a_settings_file_that_was_asked_for_must_exist() {
        assert!(Config::resolve(given(Path::new("/nowhere/vitrine.toml"))).is_err());
    }

    #[test]
    fn a_bundle_is_a_name_or_a_path() {
        let places = PlacesConfig { data: "data".into(), model: "starter".into(), models: "/srv/models".into() };
        assert_eq!(places.bundle_folder(), Path::new("/srv/models/starter"));
        assert_eq!(places.folder_of("../other/clip"), Path::new("../other/clip"));
        assert_eq!(places.folder_of("./starter"), Path::new("./starter"));
    }

    #[test]
    fn a_public_address_is_a_scheme_and_a_host() {
        let url = PublicUrl::new("https://Find.example.com/").unwrap();
        assert_eq!((url.https, url.origin.as_str()), (true, "https://find.example.com"));
        for wrong in
            ["find.example.com", "ftp://find.example.com", "https://a.example/shop", "https://me@a.example", ""]
        {
            assert!(PublicUrl::new(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_token_is_long_and_never_printed() {
        assert!(Secret::new("short").is_err());
        let secret = Secret::new(&"f".repeat(64)).unwrap();
        assert!(!format!("{secret:?}").contains("ff"));
    }
}
