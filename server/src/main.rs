//! The `vitrine` binary. Everything is in the library, so that the tests can start the same router.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::run()
}
