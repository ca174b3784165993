//! `npm test`: every check and test there is, in one run, with one line of totals at the end.

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::{browser, cargo, demo, instructions, size, wasm};

/// How a step's tests are counted in its output.
#[derive(Clone, Copy)]
enum Count {
    /// The step is one test: it succeeds or it does not.
    Step,
    /// `test result: ok. 4 passed; 0 failed; …`, one line a test binary.
    Cargo,
    /// `Tests  1 failed | 12 passed (13)`.
    Vitest,
}

/// Tests that passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    passed: u64,
    failed: u64,
}

impl Tally {
    fn step(succeeded: bool) -> Self {
        Self { passed: u64::from(succeeded), failed: u64::from(!succeeded) }
    }

    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// The steps and their outcome so far.
struct Run<'a> {
    root: &'a Path,
    total: Tally,
    failures: Vec<String>,
}

/// Runs everything, in an order that finds cheap faults first; goes on after a failure. Ends with
/// `N passed, N failed`; an error when anything failed.
pub fn run(root: &Path) -> Result<(), Box<dyn Error>> {
    let mut run = Run { root, total: Tally::default(), failures: Vec::new() };
    run.task("npm packages", || wasm::install_packages(root));
    run.command("rustfmt", Count::Step, cargo(root).args(["fmt", "--all", "--check"]));
    let clippy = ["clippy", "--workspace", "--all-targets", "--all-features", "--", "--deny", "warnings"];
    run.command("clippy", Count::Step, cargo(root).args(clippy));
    run.command("biome", Count::Step, npx(root).args(["biome", "ci", "."]));
    let mut tests = cargo(root);
    // The public CEL cases come with the npm packages; without them that test must fail here, not be left out.
    tests.args(["test", "--workspace", "--no-fail-fast"]).env("SHELFWISE_REQUIRE_CEL_SPEC", "1");
    run.command("cargo test", Count::Cargo, &mut tests);
    run.task("wasm and bundles", || wasm::build(root));
    run.task("size budgets", || size::check(root));
    run.task("instruction budgets", || instructions::check(root));
    run.command("tsc", Count::Step, npx(root).args(["tsc", "--project", "tsconfig.json"]));
    run.command("vitest", Count::Vitest, npx(root).args(["vitest", "run"]));
    run.task("demo shop", || demo::build_on_modules(root));
    run.browser_tests();
    run.finish()
}

/// The story in the browsers that [`run`] leaves out, on a demo shop built for it.
pub fn other_browsers(root: &Path) -> Result<(), Box<dyn Error>> {
    browser::others()?;
    demo::build(root)?;
    crate::run(npx(root).args(["vitest", "run", "--config", "vitest.browsers.config.ts"]))
}

fn npx(root: &Path) -> Command {
    let mut npx = Command::new("npx");
    npx.arg("--no-install").current_dir(root);
    npx
}

impl Run<'_> {
    fn browser_tests(&mut self) {
        let mut chromium = None;
        self.task("Chromium", || {
            chromium = Some(browser::chromium(self.root)?);
            Ok(())
        });
        if let Some(path) = chromium {
            let mut vitest = npx(self.root);
            vitest
                .args(["vitest", "run", "--config", "vitest.browser.config.ts"])
                .env(browser::VARIABLE, path);
            self.command("browser tests", Count::Vitest, &mut vitest);
        }
    }

    fn task(&mut self, name: &str, task: impl FnOnce() -> Result<(), Box<dyn Error>>) {
        println!("\n=== {name}");
        let started = Instant::now();
        let result = task();
        if let Err(error) = &result {
            println!("{error}");
        }
        self.record(name, Tally::step(result.is_ok()), started);
    }

    /// Runs a command, shows what it prints and counts its tests.
    fn command(&mut self, name: &str, count: Count, command: &mut Command) {
        let words: Vec<_> = command.get_args().map(|word| word.to_string_lossy()).collect();
        println!("\n=== {name}: {} {}", command.get_program().to_string_lossy(), words.join(" "));
        let started = Instant::now();
        let tally = watch(command, count).unwrap_or_else(|error| {
            println!("{name}: {error}");
            Tally::step(false)
        });
        self.record(name, tally, started);
    }

    fn record(&mut self, name: &str, tally: Tally, started: Instant) {
        self.total.add(tally);
        let outcome = if tally.failed == 0 { "ok" } else { "FAILED" };
        println!("--- {name}: {outcome}, {} s", started.elapsed().as_secs());
        if tally.failed > 0 {
            self.failures.push(name.to_owned());
        }
    }

    fn finish(self) -> Result<(), Box<dyn Error>> {
        let failed = (!self.failures.is_empty()).then(|| format!("failed: {}", self.failures.join(", ")));
        if let Some(failed) = &failed {
            println!("\n{failed}");
        }
        println!("\n{} passed, {} failed", self.total.passed, self.total.failed);
        if failed.is_some() { std::process::exit(1) } else { Ok(()) }
    }
}

/// Runs to the end; standard error goes straight to ours, standard output through the counter.
fn watch(command: &mut Command, count: Count) -> Result<Tally, Box<dyn Error>> {
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let mut tally = Tally::default();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n') {
            let line = String::from_utf8_lossy(&line?).into_owned();
            println!("{line}");
            tally.add(counted(&line, count));
        }
    }
    let succeeded = child.wait()?.success();
    // A step that failed without a failed test (it did not compile) or that ran no test is one failure or pass.
    if tally == Tally::default() || (!succeeded && tally.failed == 0) {
        tally.add(Tally::step(succeeded));
    }
    Ok(tally)
}

fn counted(line: &str, count: Count) -> Tally {
    let plain = without_colours(line);
    let plain = plain.trim();
    let summary = match count {
        Count::Step => None,
        Count::Cargo => plain.strip_prefix("test result:"),
        Count::Vitest => plain.strip_prefix("Tests ").filter(|rest| rest.ends_with(')')),
    };
    let words: Vec<&str> =
        summary.unwrap_or_default().split([' ', ';', '|', ',']).filter(|word| !word.is_empty()).collect();
    let before = |label: &str| {
        let at = words.iter().position(|word| *word == label);
        at.and_then(|at| words.get(at.checked_sub(1)?)?.parse().ok()).unwrap_or(0)
    };
    Tally { passed: before("passed"), failed: before("failed") }
}

fn without_colours(line: &str) -> String {
    let mut plain = String::new();
    let mut parts = line.split('\u{1b}');
    plain.push_str(parts.next().unwrap_or_default());
    for part in parts {
        plain.push_str(part.split_once('m').map_or("", |(_, rest)| rest));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_counted_in_what_the_runners_print() {
        let tally = |passed, failed| Tally { passed, failed };
        let cargo = "test result: FAILED. 31 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s";
        assert_eq!(counted(cargo, Count::Cargo), tally(31, 2));
        assert_eq!(counted("test passed ... ok", Count::Cargo), tally(0, 0));
        assert_eq!(
            counted(
                "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[31m3 failed\u{1b}[39m\u{1b}[22m\u{1b}[2m | \u{1b}[22m\u{1b}[1m\u{1b}[32m12 passed\u{1b}[39m\u{1b}[22m\u{1b}[90m (15)\u{1b}[39m",
                Count::Vitest
            ),
            tally(12, 3)
        );
        assert_eq!(counted("      Tests  7 passed (7)", Count::Vitest), tally(7, 0));
        assert_eq!(counted(" Test Files  7 passed (7)", Count::Vitest), tally(0, 0));
    }

    #[test]
    fn a_step_that_cannot_run_is_a_failure() {
        let shell = |script: &str, count| watch(Command::new("sh").args(["-c", script]), count).expect("sh");
        assert_eq!(shell("exit 0", Count::Step), Tally { passed: 1, failed: 0 });
        assert_eq!(shell("exit 3", Count::Step), Tally { passed: 0, failed: 1 });
        let one_passed = "echo 'test result: ok. 1 passed; 0 failed;'";
        assert_eq!(shell(&format!("{one_passed}; exit 1"), Count::Cargo), Tally { passed: 1, failed: 1 });
        assert_eq!(shell(one_passed, Count::Cargo), Tally { passed: 1, failed: 0 });
        assert!(watch(&mut Command::new("/no/such/program"), Count::Step).is_err());
    }
}
