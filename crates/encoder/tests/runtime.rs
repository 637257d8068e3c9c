//! Without ONNX Runtime the message says what to do. Alone in its process: the library can be loaded only once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test that cannot go on should say where

mod common;

use common::bundle;
use encoder::{Device, Encoder, EncoderError, EncoderOptions};
use std::path::PathBuf;

#[test]
fn a_missing_runtime_says_what_to_do_and_a_right_path_then_works() {
    let bundle = bundle("tiny-clip");
    let load = |runtime: Option<PathBuf>| {
        Encoder::load(
            &bundle,
            &EncoderOptions { runtime, device: Device::Cpu, threads: 1, ..EncoderOptions::default() },
        )
    };
    // No such file; a file that is no library; a library that is not ONNX Runtime.
    let not_a_library = common::fixture("tiny-clip/model.toml");
    let other = std::fs::read_to_string("/proc/self/maps").ok().and_then(|maps| {
        maps.lines()
            .filter_map(|line| line.split_whitespace().nth(5))
            .find(|path| path.contains("libc.so"))
            .map(PathBuf::from)
    });
    for wrong in [Some("/nowhere/libonnxruntime.so".into()), Some(not_a_library), other].into_iter().flatten() {
        let error = load(Some(wrong.clone())).unwrap_err();
        assert!(matches!(error, EncoderError::RuntimeMissing(_)), "{}: {error:?}", wrong.display());
        assert!(error.to_string().contains("ORT_DYLIB_PATH"), "{error}");
    }
    match std::env::var_os("ORT_DYLIB_PATH") {
        Some(path) => assert!(load(Some(path.into())).is_ok()),
        None => panic!("{}\n(source scripts/env.sh before `cargo test`, or run ./test)", load(None).unwrap_err()),
    }
}
