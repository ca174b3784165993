//! Short names between module and glue: wasm-bindgen's carry a hash each, which no compressor makes shorter.

use std::error::Error;
use std::fs;
use std::path::Path;

use walrus::Module;

/// Name of the glue as the module imports it.
const GLUE: &str = "m";

/// Gives everything that a bound module imports from its glue a name of one or two letters, in both files.
///
/// # Errors
/// When a file cannot be read or written, or the glue does not hold what the module imports.
pub fn shorten(wasm: &Path, script: &Path) -> Result<(), Box<dyn Error>> {
    let mut module = Module::from_file(wasm)?;
    let mut text = fs::read_to_string(script)?;
    for (at, import) in module.imports.iter_mut().enumerate() {
        let (old, new) = (std::mem::replace(&mut import.name, short(at)), short(at));
        text = replaced(&text, &format!("        {old}: function"), &format!("        {new}: function"))?;
        let from = format!("\"{}\": import0", std::mem::replace(&mut import.module, GLUE.to_owned()));
        if text.contains(&from) {
            text = text.replace(&from, &format!("{GLUE}: import0"));
        }
    }
    if !text.contains(&format!("{GLUE}: import0")) {
        return Err("the glue has no object of imports".into());
    }
    module.emit_wasm_file(wasm)?;
    Ok(fs::write(script, text)?)
}

fn replaced(text: &str, from: &str, to: &str) -> Result<String, Box<dyn Error>> {
    if text.matches(from).count() == 1 {
        Ok(text.replace(from, to))
    } else {
        Err(format!("the glue has no {from}").into())
    }
}

/// `a` to `z`, then `aa`, `ba` …
fn short(at: usize) -> String {
    let letter = |at: usize| char::from(b'a' + (at % 26) as u8);
    let mut name = String::from(letter(at));
    if at >= 26 {
        name.push(letter(at / 26 - 1));
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_differ() {
        let mut names: Vec<String> = (0..200).map(short).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 200);
    }
}
