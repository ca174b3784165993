//! A block with its values filled in: a tree of elements and texts that the page builds node by node.
//!
//! Whatever the pack says, the tree holds only allowed elements and attributes, and only links to the shop's
//! own origin or over https. Traits never reach a URL, so that no request can carry them.

mod money;
mod resolve;
mod tree;
mod url;

pub use money::Money;
pub use resolve::{Product, Scene, order};
pub use tree::Node;
pub use url::is_safe;
