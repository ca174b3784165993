//! The Rust-to-WebAssembly module: browser host and exports.
