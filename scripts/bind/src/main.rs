//! `bind MODULE.wasm FOLDER NAME`: what `wasm-bindgen --target web --no-typescript --out-dir FOLDER --out-name NAME MODULE.wasm` does.
//!
//! The same library does the work. The command line tool brings a test runner and a web server along, which take longer to build
//! than the rest of it.

use std::{env, process::ExitCode};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [module, folder, name] = arguments.as_slice() else {
        eprintln!("bind: say bind MODULE.wasm FOLDER NAME");
        return ExitCode::from(2);
    };
    match bind(module, folder, name) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bind: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn bind(module: &str, folder: &str, name: &str) -> anyhow::Result<()> {
    Bindgen::new().input_path(module).out_name(name).web(true)?.typescript(false).generate(folder)
}
