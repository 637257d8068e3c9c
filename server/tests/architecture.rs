//! The invariants of docs/ARCHITECTURE.md that a machine can hold.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test that cannot go on should say where

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The repository's root. Found from where the tests run, their package's folder: a path compiled in is another checkout's when two
/// share a target folder.
fn root() -> PathBuf {
    std::env::current_dir().unwrap().join("..").canonicalize().unwrap()
}

/// Every crate of the workspace with the names in its `[dependencies]`, development's left out.
fn manifests() -> Vec<(String, BTreeSet<String>)> {
    let folders =
        ["app", "frontend", "server", "crates/domain", "crates/imaging", "crates/encoder", "crates/catalogue", "bench"];
    folders
        .into_iter()
        .map(|folder| {
            let text = fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
            let manifest: toml::Table = toml::from_str(&text).unwrap();
            let everywhere = manifest.get("dependencies").and_then(|table| table.as_table()).into_iter();
            // [target.'cfg(...)'.dependencies]
            let somewhere =
                manifest.get("target").and_then(|targets| targets.as_table()).into_iter().flat_map(|targets| {
                    targets.values().filter_map(|target| target.get("dependencies").and_then(|table| table.as_table()))
                });
            let names: BTreeSet<String> = everywhere.chain(somewhere).flat_map(|table| table.keys().cloned()).collect();
            assert!(!names.is_empty(), "{folder}");
            (folder.to_owned(), names)
        })
        .collect()
}

/// The folders of the crates that name a dependency.
fn who_names(dependency: impl Fn(&str) -> bool) -> BTreeSet<String> {
    manifests()
        .into_iter()
        .filter(|(_, names)| names.iter().any(|name| dependency(name)))
        .map(|(folder, _)| folder)
        .collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// The names of all packages that `cargo tree` finds below a crate.
fn tree(arguments: &[&str]) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .current_dir(root())
        .args(["tree", "--locked", "--prefix", "none", "--format", "{p}"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let names: BTreeSet<String> = text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect();
    assert!(names.len() > 1, "{arguments:?}: {text}");
    names
}

/// The version of a package in a lock file.
fn locked(file: &str, package: &str) -> String {
    let lock: toml::Table = toml::from_str(&fs::read_to_string(root().join(file)).unwrap()).unwrap();
    let packages = lock["package"].as_array().unwrap();
    let found = packages.iter().find(|each| each["name"].as_str() == Some(package));
    found.unwrap_or_else(|| panic!("{file} has no {package}"))["version"].as_str().unwrap().to_owned()
}

#[test]
fn what_binds_the_browser_build_is_of_its_version() {
    assert_eq!(locked("Cargo.lock", "wasm-bindgen"), locked("scripts/bind/Cargo.lock", "wasm-bindgen-cli-support"));
}

/// Every Rust file under the folders.
fn sources(folders: &[&str]) -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    let mut found = Vec::new();
    for folder in folders {
        walk(&root().join(folder), &mut found);
    }
    assert!(!found.is_empty());
    found
}

const LIBRARIES: [&str; 4] = ["crates/domain/src", "crates/imaging/src", "crates/encoder/src", "crates/catalogue/src"];

/// Lines of code outside comments and test modules that contain one of the words.
fn lines_with(folders: &[&str], words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in sources(folders) {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in code.lines().enumerate() {
            if !line.trim_start().starts_with("//") && words.iter().any(|word| line.contains(word)) {
                let path = path.strip_prefix(root()).unwrap_or(&path).display().to_string();
                found.push(format!("{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    found
}

#[test]
fn only_the_crate_that_owns_a_library_names_it() {
    assert_eq!(who_names(|name| name == "lancedb" || name.starts_with("lance-")), set(&["crates/catalogue"]));
    assert_eq!(who_names(|name| name == "ort"), set(&["crates/encoder"]));
    assert_eq!(who_names(|name| name == "image"), set(&["crates/imaging"]));
    assert_eq!(who_names(|name| name == "anyhow"), set(&["bench", "server"]));
    assert_eq!(who_names(|name| name.starts_with("leptos")), set(&["app", "frontend", "server"]));
    assert_eq!(who_names(|name| name == "axum" || name == "leptos_axum"), set(&["app", "server"]));
    assert_eq!(who_names(|name| name == "clap"), set(&["server"]));
}

#[test]
fn dependencies_point_one_way() {
    let ours = ["app", "frontend", "server", "domain", "imaging", "encoder", "catalogue", "bench"];
    let allowed: [(&str, &[&str]); 8] = [
        ("crates/domain", &[]),
        ("crates/imaging", &["domain"]),
        ("crates/encoder", &["domain", "imaging"]),
        ("crates/catalogue", &["domain", "imaging", "encoder"]),
        ("app", &["domain", "imaging", "encoder", "catalogue"]),
        ("frontend", &["app"]),
        ("server", &["domain", "imaging", "encoder", "catalogue", "app"]),
        ("bench", &["domain", "imaging", "catalogue"]),
    ];
    for (folder, names) in manifests() {
        let named: BTreeSet<String> = names.into_iter().filter(|name| ours.contains(&name.as_str())).collect();
        let (_, allowed) = allowed.iter().find(|(name, _)| *name == folder).unwrap();
        assert!(named.is_subset(&set(allowed)), "{folder} depends on {named:?}, may on {allowed:?}");
    }
}

#[test]
fn nothing_under_crates_is_built_with_leptos_or_axum() {
    let below = tree(&["--package", "catalogue", "--edges", "normal"]);
    assert!(below.contains("lancedb") && below.contains("ort"), "the tree is the right one");
    let web: Vec<&String> = below.iter().filter(|name| name.starts_with("leptos") || *name == "axum").collect();
    assert!(web.is_empty(), "{web:?}");
}

#[test]
fn the_browser_gets_no_server() {
    let below = tree(&["--package", "frontend", "--target", "wasm32-unknown-unknown", "--edges", "normal"]);
    assert!(below.contains("wasm-bindgen") && below.contains("leptos"), "the tree is the right one");
    let banned = "tokio mio hyper axum tower-http leptos_axum ort ort-sys tokenizers lancedb lance arrow datafusion \
        image zune-jpeg png image-webp fast_image_resize encoder catalogue server clap";
    let there: Vec<&str> = banned.split_whitespace().filter(|name| below.contains(*name)).collect();
    assert!(there.is_empty(), "{there:?}");
}

#[test]
fn only_the_server_reads_the_environment() {
    let found = lines_with(
        &[LIBRARIES.as_slice(), &["app/src", "frontend/src"]].concat(),
        &["env::var", "env::vars", "env::args"],
    );
    // The variable that ONNX Runtime's own bindings document, for programs that use the encoder without this server, which always
    // passes the path.
    let rest: Vec<&String> = found.iter().filter(|line| !line.contains("ORT_DYLIB_PATH")).collect();
    assert!(rest.is_empty(), "{rest:#?}");
}

#[test]
fn libraries_print_nothing() {
    let found = lines_with(
        &[LIBRARIES.as_slice(), &["app/src"]].concat(),
        &["println!", "print!", "eprintln!", "eprint!", "dbg!"],
    );
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn libraries_know_no_http() {
    let found = lines_with(&LIBRARIES, &["StatusCode", "http::", "axum::", "leptos::"]);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent: Vec<String> =
        sources(&[LIBRARIES.as_slice(), &["app/src", "frontend/src", "server/src", "server/tests"]].concat())
            .into_iter()
            .filter(|(_, text)| !text.trim_start().starts_with("//!"))
            .map(|(path, _)| path.display().to_string())
            .collect();
    assert!(silent.is_empty(), "{silent:#?}");
}
