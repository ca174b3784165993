//! # A file that is not there
//!
//! `shop.yaml`, or a catalogue, knowledge or places file that it names, does not exist or cannot be
//! read.
//!
//! ```yaml
//! catalogue: { file: prodcuts.csv }
//! ```
//!
//! ## What to do
//!
//! Correct the path; paths are relative to the project's folder. A knowledge file is written by
//! `shelfwise learn`.
