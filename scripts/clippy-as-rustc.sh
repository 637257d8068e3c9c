#!/bin/sh
# Clippy in the compiler's place, for cargo's RUSTC_WORKSPACE_WRAPPER: lints our own crates, every warning an error, while it builds them.
# `cargo clippy` would check the 700 dependencies, and what it learns of them is of no use to a build afterwards: from cold, most would be
# read and typed twice. Built, they serve the tests as well.
exec clippy-driver "$@" -D warnings
