//! Blocks: merchant-authored HTML, read into a typed tree that holds nothing but allow-listed elements
//! and attributes, text and bindings.
//!
//! *Invariants.* Nothing is dropped without a diagnostic. No HTML text leaves this module: a pack holds
//! trees only, so that there is no string-to-HTML path at run time.

mod binding;
mod parse;
mod sanitise;
mod url;

pub use binding::{Part, read_parts};
pub use sanitise::read_block;
pub use url::url_refusal;

use crate::diagnostic::Span;

/// A block as a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// Top-level nodes.
    pub nodes: Vec<BlockNode>,
}

/// A node of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlockNode {
    /// An element.
    Element {
        /// Index into [`shelfwise_pack::blocks::TAGS`].
        tag: u8,
        /// Allowed attributes, in source order.
        attrs: Vec<(String, Vec<Part>)>,
        /// Children.
        children: Vec<BlockNode>,
        /// The start tag.
        span: Span,
    },
    /// Text.
    Text(Vec<Part>),
    /// Children once per product.
    Each(Vec<BlockNode>),
}

impl Block {
    /// Every part of every text and attribute, and whether it stands inside an `Each`.
    #[must_use]
    pub fn parts(&self) -> Vec<(&Part, bool)> {
        let mut found = Vec::new();
        collect(&self.nodes, false, &mut found);
        found
    }

    /// Whether it shows products.
    #[must_use]
    pub fn has_products(&self) -> bool {
        fn inside(nodes: &[BlockNode]) -> bool {
            nodes.iter().any(|node| match node {
                BlockNode::Element { children, .. } => inside(children),
                BlockNode::Text(_) => false,
                BlockNode::Each(_) => true,
            })
        }
        inside(&self.nodes)
    }
}

fn collect<'a>(nodes: &'a [BlockNode], each: bool, found: &mut Vec<(&'a Part, bool)>) {
    for node in nodes {
        match node {
            BlockNode::Element { attrs, children, .. } => {
                found.extend(attrs.iter().flat_map(|(_, parts)| parts).map(|part| (part, each)));
                collect(children, each, found);
            }
            BlockNode::Text(parts) => found.extend(parts.iter().map(|part| (part, each))),
            BlockNode::Each(children) => collect(children, true, found),
        }
    }
}
