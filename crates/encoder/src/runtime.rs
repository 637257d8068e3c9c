//! ONNX Runtime itself: finding its library, the one environment of the process, and which device to run on.

use crate::EncoderError;
use ort::environment::Environment;
use std::{
    env,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

/// What the model runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Device {
    /// A CUDA GPU if ONNX Runtime was installed with support for it and it works, else the CPU.
    #[default]
    Auto,
    /// The CPU.
    Cpu,
    /// A CUDA GPU; an error where it does not work.
    Cuda,
}

/// The process's environment. ONNX Runtime allows one, whatever it was loaded from; it is kept until the process ends.
static ENVIRONMENT: Mutex<Option<(PathBuf, Environment)>> = Mutex::new(None);

/// The path of ONNX Runtime's library: `given`, else what the variable ORT_DYLIB_PATH says.
///
/// The variable is the one that the `ort` crate documents; every tool that embeds ONNX Runtime through it knows the name.
pub(crate) fn library(given: Option<&Path>) -> Result<PathBuf, EncoderError> {
    let path = match given {
        Some(path) => path.to_owned(),
        None => env::var_os("ORT_DYLIB_PATH")
            .filter(|path| !path.is_empty())
            .map(PathBuf::from)
            .ok_or_else(|| EncoderError::RuntimeMissing("no path to its library is set".into()))?,
    };
    // Resolved, so that the providers' libraries beside it are found from a link to it, too.
    path.canonicalize().map_err(|error| EncoderError::RuntimeMissing(format!("{}: {error}", path.display())))
}

/// Loads the library on first use and gives the process's environment.
pub(crate) fn environment(library: &Path) -> Result<Environment, EncoderError> {
    let mut current = ENVIRONMENT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((loaded, environment)) = &*current {
        if loaded != library {
            tracing::warn!(loaded = %loaded.display(), ignored = %library.display(), "ONNX Runtime is loaded already");
        }
        return Ok(environment.clone());
    }
    let builder = ort::init_from(library).map_err(|error| EncoderError::RuntimeMissing(error.to_string()))?;
    let environment = builder
        .with_name("vitrine")
        .with_telemetry(false)
        .build()
        .map_err(|error| EncoderError::RuntimeMissing(error.to_string()))?;
    *current = Some((library.to_owned(), environment.clone()));
    Ok(environment)
}

/// Whether ONNX Runtime at `library` was installed with its CUDA provider.
pub(crate) fn has_cuda(library: &Path) -> bool {
    let name = format!("{}onnxruntime_providers_cuda{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX);
    library.parent().is_some_and(|folder| folder.join(name).exists())
}
