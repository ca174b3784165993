//! The module's heap.

use talc::wasm::{WasmDynamicTalc, new_wasm_dynamic_allocator};

/// Grows the module's one memory; what is freed next to each other becomes one.
#[global_allocator]
static ALLOCATOR: WasmDynamicTalc = new_wasm_dynamic_allocator();
