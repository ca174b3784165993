//! What no compiler checks: file lengths, words that must not appear where, lock files that name a mirror.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Longest source file, lines. The house rule is about 500.
const LINES_MAX: usize = 550;

/// Endings of files that the length rule is for.
const SOURCES: &[&str] = &[".rs", ".ts", ".tsx", ".mjs", ".js", ".css"];

/// Words that must not stand in a folder's sources outside comments, with the reason.
const FORBIDDEN: &[(&str, &[&str], &str)] = &[
    (
        "crates/pack/src",
        &["serde", "HashMap", "HashSet", "std::time", "std::fs"],
        "the pack knows bytes only",
    ),
    (
        "crates/engine/src",
        &["HashMap", "HashSet", "SystemTime", "std::time", "std::fs", "std::env", "std::thread"],
        "the engine is plain functions of values with one order",
    ),
    (
        "crates/engine/src",
        &[".powf(", ".exp(", ".ln(", ".sin("],
        "these differ between native and wasm in the last bit",
    ),
    (
        "crates/host/src",
        &["web_sys", "js_sys", "wasm_bindgen", "SystemTime", "Instant::now"],
        "the host is abstract",
    ),
    (
        "js",
        &["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("],
        "no string becomes HTML or code",
    ),
];

/// How Cargo's own index ends in a lock file. Npm's lock names no registry at all: it is the reader's to configure.
const CARGO_INDEX: &str = "/rust-lang/crates.io-index";

/// Fails with every line that breaks a rule.
pub fn check(root: &Path) -> Result<(), Box<dyn Error>> {
    let mut faults = Vec::new();
    for path in tracked(root)? {
        let Ok(text) = fs::read_to_string(root.join(&path)) else { continue };
        faults.extend(file_faults(&path, &text));
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n").into()) }
}

/// Files that git tracks; a source archive without git has nothing to check.
fn tracked(root: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let output = Command::new("git").args(["ls-files", "-z"]).current_dir(root).output()?;
    if !output.status.success() {
        return Err("tidy needs a git checkout: `git ls-files` failed".into());
    }
    let list = String::from_utf8(output.stdout)?;
    Ok(list.split_terminator('\0').map(str::to_owned).collect())
}

fn file_faults(path: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let source = SOURCES.iter().any(|ending| path.ends_with(ending));
    let lines = text.lines().count();
    if source && lines > LINES_MAX {
        faults.push(format!("{path}: {lines} lines; a file is one concept of at most about 500: split it"));
    }
    // Tests may write a merchant's page the short way, and break what the code must not.
    let test = path.contains("/test/") || path.contains(".test.");
    if source && !test {
        for (folder, words, why) in FORBIDDEN {
            if path.starts_with(&format!("{folder}/")) {
                faults.extend(words_found(path, text, words, why));
            }
        }
    }
    if source {
        let unfinished = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
        for (number, line) in text.lines().enumerate() {
            if unfinished.iter().any(|word| line.contains(word)) {
                faults.push(format!("{path}:{}: finish it or open an issue", number + 1));
            }
        }
    }
    if path.ends_with("Cargo.lock") || path.ends_with("package-lock.json") {
        faults.extend(foreign_registries(path, text));
    }
    faults
}

fn words_found(path: &str, text: &str, words: &[&str], why: &str) -> Vec<String> {
    let code = text.lines().take_while(|line| !line.starts_with("#[cfg(test)]"));
    let mut faults = Vec::new();
    for (number, line) in code.enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        for word in words.iter().filter(|word| code.contains(**word)) {
            faults.push(format!("{path}:{}: `{word}`: {why}", number + 1));
        }
    }
    faults
}

fn foreign_registries(path: &str, text: &str) -> Option<String> {
    let value = |line: &str| {
        let line = line.trim();
        let rest = line.strip_prefix("source = \"").or_else(|| line.strip_prefix("\"resolved\": \""))?;
        rest.split('"').next().map(str::to_owned)
    };
    let foreign = text.lines().filter_map(value).find(|from| !from.ends_with(CARGO_INDEX));
    foreign.map(|from| {
        format!("{path}: packages come from {from}; lock files name no other registry than Cargo's own")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_project_is_tidy() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("in the workspace");
        assert_eq!(check(root).map_err(|error| error.to_string()), Ok(()));
    }

    #[test]
    fn each_rule_has_a_file_that_breaks_it() {
        let count = |path, text: &str| file_faults(path, text).len();
        assert_eq!(count("crates/engine/src/a.rs", "use std::collections::HashMap;"), 1);
        assert_eq!(count("crates/engine/src/a.rs", "// no HashMap here\nlet a = 1;"), 0);
        assert_eq!(count("crates/author/src/a.rs", "use std::collections::HashMap;"), 0);
        assert_eq!(count("crates/engine/src/a.rs", "let y = x.powf(2.0);"), 1);
        assert_eq!(count("crates/host/src/a.rs", "use web_sys::Window;"), 1);
        assert_eq!(count("js/a.ts", "node.innerHTML = text;"), 1);
        assert_eq!(count("js/a.ts", &"let a;\n".repeat(LINES_MAX)), 0);
        assert_eq!(count("js/a.ts", &"let a;\n".repeat(LINES_MAX + 1)), 1);
        assert_eq!(count("js/a.ts", concat!("// TO", "DO later")), 1);
        assert_eq!(count("docs/a.md", concat!("TO", "DO later")), 0);
        let own = format!("source = \"registry+https://index.example{CARGO_INDEX}\"");
        assert_eq!(count("Cargo.lock", &own), 0);
        assert_eq!(count("Cargo.lock", "source = \"registry+https://mirror.example/index\""), 1);
        assert_eq!(count("package-lock.json", "  \"resolved\": \"https://mirror.example/a.tgz\","), 1);
    }
}
