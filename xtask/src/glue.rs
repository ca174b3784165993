//! What wasm-bindgen leaves in a module and its glue that costs bytes: long names, and what no page calls.

use std::error::Error;
use std::fs;
use std::path::Path;

use walrus::{Function, FunctionBuilder, FunctionId, FunctionKind, InstrSeqBuilder, LocalId, Module};

/// Name of the glue as the module imports it.
const GLUE: &str = "m";

/// Exports that nothing of `js/build/glue.mjs` calls.
const UNCALLED: &[&str] =
    &["__abort_handler", "__instance_terminated", "__wbg_module_free", "__wbindgen_realloc"];

/// Takes out of a bound module with names what no page calls: exports, and how closures of js-sys's types would be called, for
/// which the linker keeps a place in the table although the glue makes no closures.
fn prune(module: &mut Module) {
    for name in UNCALLED {
        // Another version of wasm-bindgen may not have it.
        drop(module.exports.remove(name));
    }
    let is_closure = |name: &str| name.starts_with("wasm_bindgen[") && name.contains("::convert::closures::");
    let named = |function: &&Function| function.name.as_deref().is_some_and(is_closure);
    let closures: Vec<FunctionId> = module.funcs.iter().filter(named).map(Function::id).collect();
    for closure in closures {
        rewrite(module, closure, |body, _| {
            body.unreachable();
        });
    }
}

/// Gives a function of a module another body: `write` gets it empty, with the function's parameters.
pub fn rewrite(
    module: &mut Module,
    function: FunctionId,
    write: impl FnOnce(&mut InstrSeqBuilder<'_>, &[LocalId]),
) {
    let of = module.funcs.get(function).ty();
    let (parameters, results) = (module.types.params(of).to_vec(), module.types.results(of).to_vec());
    let arguments: Vec<LocalId> = parameters.iter().map(|parameter| module.locals.add(*parameter)).collect();
    let mut built = FunctionBuilder::new(&mut module.types, &parameters, &results);
    write(&mut built.func_body(), &arguments);
    module.funcs.get_mut(function).kind = FunctionKind::Local(built.local_func(arguments));
}

/// Gives everything that a bound module imports from its glue a name of one or two letters, in both files.
///
/// # Errors
/// When a file cannot be read or written, or the glue does not hold what the module imports.
pub fn shorten(wasm: &Path, script: &Path) -> Result<(), Box<dyn Error>> {
    let mut module = Module::from_file(wasm)?;
    prune(&mut module);
    let mut text = fs::read_to_string(script)?;
    if text.contains("Closure(") {
        return Err("the glue makes closures, whose calls are taken out of the module".into());
    }
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
pub fn short(at: usize) -> String {
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
