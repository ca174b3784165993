//! Build, size, bench, demo and test tasks: `cargo xtask <task>`.

mod browser;
mod demo;
mod figures;
mod glue;
mod instructions;
mod share;
mod size;
mod split;
mod structure;
mod test;
mod tidy;
mod wasm;

use std::error::Error;
use std::path::Path;
use std::process::{Command, ExitCode};

const USAGE: &str = "usage: cargo xtask <task>

  build      both wasm modules and every bundle, into dist/
  demo       build everything, learn, make the shop and serve it on 127.0.0.1:8787 (npm start)
  demo --build-only   the same without serving
  test       every check and test there is (npm test)
  browsers   the story in Firefox and WebKit, which it installs where apt can (npm run test:browsers)
  structure  the crates depend on one another only as the design allows
  tidy       file lengths, forbidden words, lock files
  size       what ships, compressed, against budgets.toml; dist/ must be built
  figures    measure what is promised; one JSON object, also target/figures.json (npm run figures)
  instructions  what a pass executes natively, counted by valgrind, against budgets.toml
  bench      native benchmarks and instruction counts (npm run bench)";

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace");
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        ["build"] => wasm::build(root),
        ["demo"] => demo::build(root).and_then(|()| demo::serve(root)),
        ["demo", "--build-only"] => demo::build(root),
        ["test"] => test::run(root),
        ["browsers"] => test::other_browsers(root),
        ["structure"] => structure::check(root),
        ["tidy"] => tidy::check(root),
        ["size"] => size::check(root),
        ["figures"] => figures::run(root),
        ["instructions"] => instructions::check(root),
        ["bench"] => run(cargo(root).args(["bench", "--workspace", "--benches"]))
            .and_then(|()| instructions::check(root)),
        _ => Err(USAGE.into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The cargo that runs this task, in the project's root.
fn cargo(root: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root);
    cargo
}

/// Runs a command with its output on ours; the error names it.
fn run(command: &mut Command) -> Result<(), Box<dyn Error>> {
    let status = command.status().map_err(|error| format!("cannot start {command:?}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} failed: {status}").into()) }
}
