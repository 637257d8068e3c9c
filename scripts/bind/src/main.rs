//! `bind MODULE.wasm FOLDER NAME`: what `wasm-bindgen --target web --no-typescript --out-dir FOLDER --out-name NAME MODULE.wasm` does,
//! after taking out of the module what the page never calls.
//!
//! The same library does the work. The command line tool brings a test runner and a web server along, which take longer to build
//! than the rest of it.

use std::{env, process::ExitCode};
use walrus::{FunctionId, FunctionKind, Module, ModuleConfig};
use wasm_bindgen_cli_support::Bindgen;

/// Parts of the names of functions that are in the module only because a table points at them, and that nothing calls: hydrating
/// step by step, which Leptos does for routes that are loaded lazily. The page has none, and every kind of view would have it compiled.
/// Were one called all the same, the page's scripts would stop, and the end-to-end tests fail.
const NEVER_CALLED: [&str; 1] = ["hydrate_async"];

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
    // As wasm-bindgen itself reads it: what the compiler writes needs no second look.
    let mut module = ModuleConfig::new().strict_validate(false).generate_dwarf(false).parse_file(module)?;
    let emptied = empty(&mut module);
    anyhow::ensure!(emptied > 0, "the module has no names, so what is never called cannot be told; build it with -C strip=debuginfo");
    println!("    {emptied} functions that nothing calls are left out");
    Bindgen::new().input_module(name, module).out_name(name).web(true)?.typescript(false).generate(folder)
}

/// Leaves of every function that is never called nothing but a stop; what only they led to goes when the module is shrunk.
fn empty(module: &mut Module) -> usize {
    let never: Vec<FunctionId> = module
        .funcs
        .iter()
        .filter(|function| matches!(function.kind, FunctionKind::Local(_)))
        .filter(|function| function.name.as_deref().is_some_and(|name| NEVER_CALLED.iter().any(|part| name.contains(part))))
        .map(|function| function.id())
        .collect();
    for id in &never {
        let mut body = module.funcs.get_mut(*id).kind.unwrap_local_mut().builder_mut().func_body();
        body.instrs_mut().clear();
        body.unreachable();
    }
    never.len()
}
