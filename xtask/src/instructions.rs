//! Instructions that a pass executes natively, counted by valgrind: the same on a busy machine as on an idle one.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::size::{Figures, budgets, excesses};
use crate::{cargo, run};

/// What is counted: the figure, and the argument of the engine's example `decide_us`.
const COUNTED: &[(&str, &str)] =
    &[("decide_instructions_1000", "warm"), ("decide_first_instructions_1000", "first")];

/// Prints the counts and fails past a budget of `budgets.toml`. Without valgrind, and without the right to
/// install it (root on Debian), says that it is left out. Cost: a release build of the engine, then seconds.
pub fn check(root: &Path) -> Result<(), Box<dyn Error>> {
    if !installed() {
        install()?;
    }
    if !installed() {
        println!("left out: there is no valgrind; install it to count instructions");
        return Ok(());
    }
    let example = build(root)?;
    let mut figures = Figures::new();
    let budgets = budgets(root)?;
    for (figure, argument) in COUNTED {
        let count = count(&example, argument)?;
        let budget = budgets.get(*figure).map_or_else(|| "none".to_owned(), f64::to_string);
        println!("{figure} {count} (budget {budget})");
        figures.insert((*figure).to_owned(), count as f64);
    }
    let excesses = excesses(&figures, &budgets);
    if excesses.is_empty() { Ok(()) } else { Err(excesses.join("\n").into()) }
}

fn installed() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Debian's valgrind, where this may be installed.
fn install() -> Result<(), Box<dyn Error>> {
    if !Path::new("/usr/bin/apt-get").is_file() || !crate::browser::is_root() {
        return Ok(());
    }
    println!("no valgrind found: installing Debian's by apt-get");
    run(Command::new("apt-get").arg("update"))?;
    let install = ["install", "--yes", "--no-install-recommends", "valgrind"];
    run(Command::new("apt-get").args(install).env("DEBIAN_FRONTEND", "noninteractive"))
}

fn build(root: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let example = "decide_us";
    run(cargo(root).args([
        "build",
        "--quiet",
        "--release",
        "--package",
        "shelfwise-engine",
        "--example",
        example,
    ]))?;
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |path| root.join(path));
    Ok(target.join("release/examples").join(example))
}

/// Instructions inside of `counted_<argument>`, and of all that it calls.
fn count(example: &Path, argument: &str) -> Result<u64, Box<dyn Error>> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    valgrind.arg(format!("--toggle-collect=*counted_{argument}*")).arg(example).arg(argument);
    let output = valgrind.output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    match collected(&said) {
        Some(count) if output.status.success() && count > 0 => Ok(count),
        _ => Err(format!("valgrind counted nothing: {said}").into()),
    }
}

/// The number of `==123== Collected : 45678`.
fn collected(said: &str) -> Option<u64> {
    let line = said.lines().find_map(|line| line.split_once("Collected :"))?;
    line.1.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_is_found_in_what_valgrind_says() {
        let said = "==7== \n==7== Events    : Ir\n==7== Collected : 45678\n==7== ";
        assert_eq!(collected(said), Some(45_678));
        assert_eq!(collected("==7== no such line"), None);
    }

    #[test]
    fn everything_counted_has_a_budget() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("in the workspace");
        let budgets = budgets(root).expect("budgets.toml");
        assert!(COUNTED.iter().all(|(figure, _)| budgets.contains_key(*figure)));
    }
}
