//! The built binary, and a folder to run it in.

use super::{listing, photo, tiny_clip};
use serde_json::{Value, json};
use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};
use tempfile::TempDir;

/// A folder with listings, photos, queries and the command to run on them.
pub struct Bench {
    pub folder: TempDir,
}

impl Bench {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("photos")).unwrap();
        for (n, id) in ["A", "B", "C"].into_iter().enumerate() {
            fs::write(folder.path().join(format!("photos/{id}.jpg")), photo(n as u8 + 1)).unwrap();
        }
        Self { folder }
    }

    /// With A, B and C ingested.
    pub fn stocked() -> Self {
        let bench = Self::new();
        bench.write_listings(&[line("A"), line("B"), line("C")]);
        let output = bench.vitrine(&["ingest", "listings.jsonl"]);
        assert_eq!(code(&output), 0, "{}", complaints(&output));
        bench
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A bundle with a locator that finds what is red.
    pub fn locating(&self) -> String {
        let (from, to) = (tiny_clip(), self.path("locating"));
        fs::create_dir(&to).unwrap();
        for file in fs::read_dir(&from).unwrap().map(|file| file.unwrap().path()).filter(|path| path.is_file()) {
            fs::copy(&file, to.join(file.file_name().unwrap())).unwrap();
        }
        let fixtures = from.parent().unwrap();
        let manifest =
            [to.join("model.toml"), fixtures.join("finds-red.toml")].map(|part| fs::read_to_string(part).unwrap());
        fs::write(to.join("model.toml"), manifest.concat()).unwrap();
        fs::copy(fixtures.join("finds-red.onnx"), to.join("locator.onnx")).unwrap();
        to.display().to_string()
    }

    pub fn write_listings(&self, lines: &[String]) {
        fs::write(self.path("listings.jsonl"), lines.join("\n")).unwrap();
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vitrine"));
        command
            .current_dir(self.folder.path())
            .args(arguments)
            .env("VITRINE_MODEL", tiny_clip())
            .env("VITRINE_DEVICE", "cpu");
        command.env_remove("VITRINE_DATA").env_remove("VITRINE_ADDRESS").env_remove("VITRINE_CONFIG");
        command
    }

    pub fn vitrine(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }
}

pub fn line(id: &str) -> String {
    let mut listing = listing(id);
    listing["photos"] = json!([format!("{id}.jpg")]);
    listing.to_string()
}

pub fn code(output: &Output) -> i32 {
    output.status.code().expect("it ended by itself")
}

pub fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn complaints(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub fn parsed(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}{}", printed(output), complaints(output)))
}
