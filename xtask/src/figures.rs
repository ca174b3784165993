//! `npm run figures`: what ships is built and measured; one JSON object, its units in its names.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Map, Value};

use crate::{browser, cargo, demo, size};

/// Campaigns in the synthetic cores.
const CAMPAIGNS: [u32; 3] = [100, 1_000, 10_000];

/// Events and products of the synthetic log that learning is measured on.
const LEARNT_EVENTS: &str = "10000000";
const LEARNT_PRODUCTS: &str = "100000";

/// The variable that names a click log, which is too large to come with the project.
const CLICK_LOG: &str = "SHELFWISE_CLICK_LOG";

/// Builds what ships, measures it, prints the figures and writes `target/figures.json`. What the build and
/// the measuring print on the way goes to standard error, so that standard output is the object alone.
pub fn run(root: &Path) -> Result<(), Box<dyn Error>> {
    let build = std::env::current_exe()?;
    crate::run(
        Command::new(build).args(["demo", "--build-only"]).current_dir(root).stdout(std::io::stderr()),
    )?;
    let mut figures = Map::new();
    for (name, value) in size::sizes(root)? {
        figures.insert(name, whole(value));
    }
    let core = core_file(root)?;
    figures.insert("core_pack_br_bytes".to_owned(), size::file_brotli_bytes(&core)?.into());
    figures.extend(measured(root, "tests/figures/decide.mjs", &synthetic_cores(root)?)?);
    figures.extend(measured(root, "tests/figures/page.mjs", &[demo::site(root)])?);
    figures.extend(table_figures(root)?);
    figures.extend(learning_figures(root)?);
    figures.extend(recommend_figures(root)?);

    let text = serde_json::to_string_pretty(&Value::Object(figures.clone()))?;
    fs::write(root.join("target/figures.json"), format!("{text}\n"))?;
    println!("{text}");
    let numbers = figures.iter().filter_map(|(name, value)| Some((name.clone(), value.as_f64()?))).collect();
    for excess in size::excesses(&numbers, &size::budgets(root)?) {
        eprintln!("past its budget: {excess}");
    }
    Ok(())
}

fn whole(value: f64) -> Value {
    Value::from(value as u64)
}

/// The core file of the demo's pack: of those in the folder, the one that the release in force names.
fn core_file(root: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let folder = demo::site(root).join("pack");
    let signed = |name: &str| -> Result<Value, Box<dyn Error>> {
        let path = folder.join(name);
        let text = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(serde_json::from_slice::<Value>(&text)?["signed"].take())
    };
    let latest = signed("latest.json")?;
    let manifest = signed(latest["manifest"]["path"].as_str().ok_or("latest.json names no manifest")?)?;
    let files = manifest["files"].as_array().map_or(&[][..], Vec::as_slice);
    let core = files.iter().find(|file| file["kind"] == "core").and_then(|file| file["path"].as_str());
    Ok(folder.join(core.ok_or("the manifest names no core file")?))
}

/// What recommending costs: bytes of a session, microseconds and allocations.
fn recommend_figures(root: &Path) -> Result<Map<String, Value>, Box<dyn Error>> {
    let folder = root.join("target/figures/recommend");
    let mut example = cargo(root);
    example.args(["run", "--quiet", "--release", "--package", "shelfwise-cli"]);
    example.args(["--example", "recommend_figures", "--"]).arg(&folder).stderr(Stdio::inherit());
    match std::env::var_os(CLICK_LOG) {
        Some(log) => drop(example.arg(log)),
        None => eprintln!("{CLICK_LOG} names no click log: sessions are measured on a synthetic one"),
    }
    let output = example.output()?;
    if !output.status.success() {
        return Err(format!("{example:?} failed: {}", output.status).into());
    }
    let mut figures: Map<String, Value> = serde_json::from_slice(&output.stdout)?;
    figures.extend(measured(root, "tests/figures/recommend.mjs", &[folder.join("timed")])?);
    Ok(figures)
}

/// Writes the synthetic cores and returns their paths: those of comparisons alone, in the order of
/// [`CAMPAIGNS`], and after each the same with questions to the history.
fn synthetic_cores(root: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let folder = root.join("target/figures");
    fs::create_dir_all(&folder)?;
    let mut paths = Vec::new();
    for campaigns in CAMPAIGNS {
        for kind in ["plain", "history"] {
            let path = folder.join(format!("core-{kind}-{campaigns}.bin"));
            let mut example = cargo(root);
            example.args(["run", "--quiet", "--package", "shelfwise-pack", "--features", "encode"]);
            example.args(["--example", "synthetic_core", "--", &campaigns.to_string()]).arg(&path).arg(kind);
            crate::run(&mut example)?;
            paths.push(path);
        }
    }
    Ok(paths)
}

/// How fast, and in how much memory, a synthetic log is learnt from.
fn learning_figures(root: &Path) -> Result<Map<String, Value>, Box<dyn Error>> {
    let example = |name: &str| {
        let mut example = cargo(root);
        example.args([
            "run",
            "--quiet",
            "--release",
            "--package",
            "shelfwise-learn",
            "--example",
            name,
            "--",
        ]);
        example.stderr(Stdio::inherit());
        example
    };
    let log = root.join("target/figures/clicks.csv");
    crate::run(example("synthetic_log").args([LEARNT_EVENTS, LEARNT_PRODUCTS]).arg(&log))?;
    let mut learning = example("scale_figures");
    let output = learning.arg(&log).output()?;
    fs::remove_file(&log)?;
    if !output.status.success() {
        return Err(format!("{learning:?} failed: {}", output.status).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Figures of the table that is learnt from a click log; none, which is said, where no log is named.
fn table_figures(root: &Path) -> Result<Map<String, Value>, Box<dyn Error>> {
    let Some(log) = std::env::var_os(CLICK_LOG) else {
        eprintln!(
            "left out: the figures of a table; {CLICK_LOG} names no click log (such as RetailRocket's)"
        );
        return Ok(Map::new());
    };
    let mut example = cargo(root);
    example.args(["run", "--quiet", "--release", "--package", "shelfwise-learn"]);
    example.args(["--example", "table_figures", "--"]).arg(log).stderr(Stdio::inherit());
    let output = example.output()?;
    if !output.status.success() {
        return Err(format!("{example:?} failed: {}", output.status).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The JSON object that a measuring script prints.
fn measured(root: &Path, script: &str, arguments: &[PathBuf]) -> Result<Map<String, Value>, Box<dyn Error>> {
    let mut node = Command::new("node");
    node.arg(script).args(arguments).current_dir(root).stderr(Stdio::inherit());
    let output = node.env(browser::VARIABLE, browser::chromium(root)?).output()?;
    if !output.status.success() {
        return Err(format!("node {script} failed: {}", output.status).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
