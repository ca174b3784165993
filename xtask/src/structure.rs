//! The one-way dependencies of the design, read off `cargo metadata`.

use std::error::Error;
use std::path::Path;

use serde_json::Value;

use crate::cargo;

/// Which crate of the workspace may depend on which: every other arrow is an error.
///
/// A dev-dependency follows the same arrows; a crate may name itself there to turn on a feature of its own.
const ARROWS: &[(&str, &[&str])] = &[
    ("shelfwise-pack", &[]),
    ("shelfwise-engine", &["shelfwise-pack"]),
    ("shelfwise-host", &["shelfwise-engine"]),
    ("shelfwise", &["shelfwise-host"]),
    ("shelfwise-author", &["shelfwise-pack", "shelfwise-engine"]),
    ("shelfwise-learn", &["shelfwise-pack"]),
    ("shelfwise-cli", &["shelfwise-author", "shelfwise-learn"]),
    ("shelfwise-sim", &["shelfwise-host"]),
    ("shelfwise-studio", &["shelfwise-author"]),
    ("xtask", &[]),
];

/// Libraries that a crate must not use, by the start of their names, with the reason. `""` is any.
const FORBIDDEN: &[(&str, &[&str], &str)] = &[
    ("shelfwise-pack", &[""], "the format is readable with the standard library and libm alone"),
    ("shelfwise-engine", BROWSER_AND_CHANCE, "the engine is plain functions of values"),
    ("shelfwise-host", BROWSER_AND_CHANCE, "the driver runs natively; the browser is behind its traits"),
    ("shelfwise-sim", BROWSER_AND_CHANCE, "a failure is a seed"),
    ("shelfwise", &["serde_json", "regex"], "measured: they cost more bytes than the whole budget leaves"),
];

/// Libraries that a crate may use all the same.
const ALLOWED: &[(&str, &str)] = &[("shelfwise-pack", "libm")];

const BROWSER_AND_CHANCE: &[&str] =
    &["web-sys", "js-sys", "wasm-bindgen", "gloo", "rand", "getrandom", "chrono", "serde", "regex"];

/// Fails on the first arrows and libraries that the tables above do not allow, all of them listed.
pub fn check(root: &Path) -> Result<(), Box<dyn Error>> {
    let found = faults(&metadata(root)?);
    if found.is_empty() { Ok(()) } else { Err(found.join("\n").into()) }
}

fn metadata(root: &Path) -> Result<Value, Box<dyn Error>> {
    let output = cargo(root).args(["metadata", "--no-deps", "--format-version", "1"]).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// One line for each dependency that is not allowed.
fn faults(metadata: &Value) -> Vec<String> {
    let packages = metadata["packages"].as_array().map_or(&[][..], Vec::as_slice);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let members: Vec<String> = packages.iter().map(|package| text(&package["name"])).collect();
    let mut faults = Vec::new();
    for (package, name) in packages.iter().zip(&members) {
        let Some((_, allowed)) = ARROWS.iter().find(|(from, _)| from == name) else {
            faults.push(format!(
                "{name}: this crate is not in the design; add it to ARROWS in xtask/src/structure.rs"
            ));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let (to, kind) = (text(&dependency["name"]), text(&dependency["kind"]));
            let own_features = kind == "dev" && to == *name;
            if members.contains(&to) && !allowed.contains(&to.as_str()) && !own_features {
                faults.push(format!("{name} -> {to}: the design has no such arrow"));
            }
            if kind != "dev" && !members.contains(&to) {
                faults.extend(forbidden(name, &to).map(|why| format!("{name} must not use {to}: {why}")));
            }
        }
    }
    faults
}

fn forbidden(from: &str, library: &str) -> Option<&'static str> {
    let found = FORBIDDEN.iter().find(|(name, libraries, _)| {
        *name == from
            && libraries.iter().any(|start| library.starts_with(start))
            && !ALLOWED.contains(&(from, library))
    });
    found.map(|(_, _, why)| *why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("in the workspace")
    }

    /// The real metadata with one more dependency.
    fn with_dependency(from: &str, to: &str, kind: Value) -> Vec<String> {
        let mut metadata = metadata(root()).expect("metadata");
        let packages = metadata["packages"].as_array_mut().expect("packages");
        let package = packages.iter_mut().find(|package| package["name"] == from).expect("the crate");
        let dependencies = package["dependencies"].as_array_mut().expect("dependencies");
        dependencies.push(serde_json::json!({ "name": to, "kind": kind }));
        faults(&metadata)
    }

    #[test]
    fn the_workspace_is_as_the_design_says() {
        assert_eq!(faults(&metadata(root()).expect("metadata")), [""; 0]);
    }

    #[test]
    fn an_arrow_that_the_design_does_not_have_fails() {
        for (from, to) in [
            ("shelfwise-pack", "shelfwise-engine"),
            ("shelfwise-engine", "shelfwise-host"),
            ("shelfwise-host", "shelfwise-pack"),
            ("shelfwise", "shelfwise-engine"),
            ("shelfwise-learn", "shelfwise-engine"),
            ("shelfwise-cli", "shelfwise-pack"),
        ] {
            for kind in [Value::Null, "dev".into(), "build".into()] {
                let expected = format!("{from} -> {to}: the design has no such arrow");
                assert_eq!(with_dependency(from, to, kind), [expected]);
            }
        }
    }

    #[test]
    fn a_forbidden_library_fails() {
        assert_eq!(with_dependency("shelfwise-pack", "serde", Value::Null).len(), 1);
        assert_eq!(with_dependency("shelfwise-host", "web-sys", Value::Null).len(), 1);
        assert_eq!(with_dependency("shelfwise-pack", "serde", "dev".into()).len(), 0);
        assert_eq!(with_dependency("shelfwise-author", "serde", Value::Null).len(), 0);
    }

    #[test]
    fn a_crate_that_the_design_does_not_have_fails() {
        let mut metadata = metadata(root()).expect("metadata");
        let packages = metadata["packages"].as_array_mut().expect("packages");
        packages.push(serde_json::json!({ "name": "shelfwise-extra", "dependencies": [] }));
        assert_eq!(faults(&metadata).len(), 1);
    }
}
