//! # A block that is not there
//!
//! A campaign or variation names a block file that the project does not have.
//!
//! ```yaml
//! block: blocks/sprnig.html
//! ```
//!
//! ## What to do
//!
//! Correct the path, or write the file. Blocks lie in `blocks/` and end in `.html`.
