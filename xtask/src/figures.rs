//! `npm run figures`: what ships is built and measured; one JSON object, its units in its names.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Map, Value};

use crate::{browser, cargo, demo, size};

/// Campaigns in the synthetic cores.
const CAMPAIGNS: [u32; 3] = [100, 1_000, 10_000];

/// Builds what ships, measures it, prints the figures and writes `target/figures.json`. What the build and
/// the measuring print on the way goes to standard error, so that standard output is the object alone.
pub fn run(root: &Path) -> Result<(), Box<dyn Error>> {
    let build = std::env::current_exe()?;
    crate::run(
        Command::new(build).args(["demo", "--build-only"]).current_dir(root).stdout(std::io::stderr()),
    )?;
    let mut figures = Map::new();
    for (name, value) in size::wire(root)? {
        figures.insert(name, whole(value));
    }
    let core = pack_file(root, "core-")?;
    figures.insert("core_pack_br_bytes".to_owned(), size::file_brotli_bytes(&core)?.into());
    figures.extend(measured(root, "tests/figures/decide.mjs", &synthetic_cores(root)?)?);
    figures.extend(measured(root, "tests/figures/page.mjs", &[demo::site(root)])?);

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

/// The only file of the demo's pack whose name starts so.
fn pack_file(root: &Path, start: &str) -> Result<PathBuf, Box<dyn Error>> {
    let folder = demo::site(root).join("pack");
    let mut found = Vec::new();
    for entry in fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(start) {
            found.push(entry.path());
        }
    }
    match found.as_slice() {
        [one] => Ok(one.clone()),
        files => Err(format!("{} files {start}* in {}", files.len(), folder.display()).into()),
    }
}

/// Writes the synthetic cores and returns their paths, in the order of [`CAMPAIGNS`].
fn synthetic_cores(root: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let folder = root.join("target/figures");
    fs::create_dir_all(&folder)?;
    let mut paths = Vec::new();
    for campaigns in CAMPAIGNS {
        let path = folder.join(format!("core-{campaigns}.bin"));
        let mut example = cargo(root);
        example.args(["run", "--quiet", "--package", "shelfwise-pack", "--features", "encode"]);
        example.args(["--example", "synthetic_core", "--", &campaigns.to_string()]).arg(&path);
        crate::run(&mut example)?;
        paths.push(path);
    }
    Ok(paths)
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
