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

use std::collections::BTreeMap;

use crate::block::Block;
use crate::check::code;
use crate::diagnostic::{Diagnostic, Spanned};

/// The block of a path; one that is not there is reported when `report` is set.
pub fn resolve<'a>(
    blocks: &'a BTreeMap<String, Block>,
    path: &Spanned<String>,
    report: bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<&'a Block> {
    let found = blocks.get(&path.value);
    if found.is_none() && report {
        let message = format!("there is no block `{}`", path.value);
        let diagnostic = Diagnostic::error(code::unknown_block, message)
            .label(path.span, "no such file")
            .help("blocks lie in `blocks/` and end in `.html`");
        diagnostics.push(diagnostic.nearest(path.span, &path.value, blocks.keys().map(String::as_str)));
    }
    found
}
