//! Build, size, bench, demo and test tasks.

mod wasm;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace");
    let result = match std::env::args().nth(1).as_deref() {
        Some("build") => wasm::build(root),
        _ => Err("usage: cargo xtask build".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}
