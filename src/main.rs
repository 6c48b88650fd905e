//! The `readback` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    readback::cli::main()
}
