//! Panics as plain traps: nothing shows a shopper's console their messages, so no code need write them.
//!
//! The module aborts on panic and has no panic hook. What `core` and `std` link in to format a message
//! that nobody can read (five kilobytes, compiled long before our profile is asked) is replaced by one
//! `unreachable` instruction. What the page sees stays the same: a trap, which its guard handles. See
//! `docs/adr/0008-what-the-module-leaves-out.md`.

use std::error::Error;
use std::path::Path;

use rustc_demangle::demangle;
use walrus::ir::Unreachable;
use walrus::{FunctionBuilder, FunctionId, FunctionKind, LocalFunction, Module, ModuleConfig};

/// Parts of the names of functions that only a panic calls.
const PANIC_NAMES: &[&str] = &[
    "::panicking::",
    "::slice_index_fail",
    "::slice_error_fail",
    "::len_mismatch_fail",
    "::assert_failed",
    "::unwrap_failed",
    "::expect_failed",
    "::panic_already_",
    "::handle_alloc_error",
    "::raw_vec::handle_error",
    "::capacity_overflow",
    "::fmt::Debug>::fmt",
];

/// Reads a module that still has the names of its functions, and lets every panic trap at once.
///
/// # Errors
/// When the file is no module, or holds no function that panics: then the names have changed.
pub fn trap(compiled: &Path) -> Result<Module, Box<dyn Error>> {
    let mut module = ModuleConfig::new().parse(&std::fs::read(compiled)?)?;
    let panics: Vec<FunctionId> =
        module.funcs.iter_local().map(|(id, _)| id).filter(|id| panics(&module, *id)).collect();
    if panics.is_empty() {
        return Err(format!("{}: no function has the name of a panic", compiled.display()).into());
    }
    for id in panics {
        let body = unreachable(&mut module, id);
        module.funcs.get_mut(id).kind = FunctionKind::Local(body);
    }
    Ok(module)
}

fn panics(module: &Module, id: FunctionId) -> bool {
    let name = module.funcs.get(id).name.as_deref().unwrap_or_default();
    // `{:#}` leaves out the hash, but not those of crates: the parts begin after them.
    let name = format!("{:#}", demangle(name));
    PANIC_NAMES.iter().any(|part| name.contains(part))
}

/// A body of the same type as that function's, which traps.
fn unreachable(module: &mut Module, id: FunctionId) -> LocalFunction {
    let ty = module.types.get(module.funcs.get(id).ty());
    let (params, results) = (ty.params().to_vec(), ty.results().to_vec());
    let arguments = params.iter().map(|param| module.locals.add(*param)).collect();
    let mut builder = FunctionBuilder::new(&mut module.types, &params, &results);
    builder.func_body().instr(Unreachable {});
    builder.local_func(arguments)
}
