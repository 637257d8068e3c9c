//! `bind MODULE.wasm FOLDER NAME`: what `wasm-bindgen --target web --no-typescript --out-dir FOLDER --out-name NAME MODULE.wasm` does,
//! after taking out of the module what the page never calls.
//!
//! The same library does the work. The command line tool brings a test runner and a web server along, which take longer to build
//! than the rest of it.

use std::{env, process::ExitCode};
use walrus::{FunctionId, FunctionKind, Module, ModuleConfig};
use wasm_bindgen_cli_support::Bindgen;

/// Smaller functions are left as they are: the compiler merges those that are alike, so a small one may be another's too.
const SMALL: u64 = 60;

/// Whether a function is in the module only because a table points at it, and nothing calls it: hydrating step by step, which Leptos
/// does for routes that are loaded lazily. The page has none, and every kind of view would have it compiled. Were one called all the
/// same, the page's scripts would stop, and the end-to-end tests fail.
///
/// That is the function itself and the future it makes (a closure to the compiler), and nothing nested in those: that is the same as in
/// hydrating at once, and merged with it.
fn is_never_called(name: &str) -> bool {
    let path = format!("{:#}", rustc_demangle::demangle(name));
    let future = path.strip_suffix('}').and_then(|path| path.rfind("::{")).map(|at| &path[..at]);
    future.unwrap_or(&path).ends_with("hydrate_async")
}

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
    anyhow::ensure!(
        emptied > 0,
        "the module has no names, so what is never called cannot be told; build it with -C strip=debuginfo"
    );
    println!("    {emptied} functions that nothing calls are left out");
    Bindgen::new().input_module(name, module).out_name(name).web(true)?.typescript(false).generate(folder)
}

/// Leaves of every function that is never called nothing but a stop; what only they led to goes when the module is shrunk.
fn empty(module: &mut Module) -> usize {
    let never: Vec<FunctionId> = module
        .funcs
        .iter()
        .filter(|function| matches!(&function.kind, FunctionKind::Local(local) if local.size() > SMALL))
        .filter(|function| function.name.as_deref().is_some_and(is_never_called))
        .map(|function| function.id())
        .collect();
    for id in &never {
        let mut body = module.funcs.get_mut(*id).kind.unwrap_local_mut().builder_mut().func_body();
        body.instrs_mut().clear();
        body.unreachable();
    }
    never.len()
}
