//! Any files of a project and any conditions give diagnostics or a pack, never a panic.
//!
//! `cargo +nightly fuzz run author -- -dict=fuzz/author.dict` in the root of the project (`cargo install cargo-fuzz` once).

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/author/tests/hostile/survive.rs"]
mod survive;

fuzz_target!(|data: &[u8]| survive::anything(data));
