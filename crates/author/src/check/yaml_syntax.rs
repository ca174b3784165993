//! # A file that is no YAML
//!
//! The file cannot be read as YAML: a missing quote, a tab as indentation, a key twice in one mapping,
//! or a value that never ends. Nothing else in the file is looked at.
//!
//! ```yaml
//! id: garden
//! slot: "home.hero    # the quote is never closed
//! ```
//!
//! ## What to do
//!
//! Repair the place that the label shows. In a mapping on one line, put quotes around texts that hold
//! `:`, `#`, `{` or `,`.
