//! # Markup that a block cannot carry
//!
//! A block holds an element, an attribute or a link that is not on the allow-list: a script, a style,
//! an event handler, a form control, a link that is neither https nor inside the shop. It is left out
//! of the pack, and that is never silent.
//!
//! ```html
//! <div onclick="buy()"><script>track()</script></div>
//! ```
//!
//! ## What to do
//!
//! Use class names and the shop's own style sheet; react to events in the shop's own script. Hosts that
//! blocks may link to stand under `links` in `shop.yaml`.

use std::collections::BTreeMap;

use shelfwise_pack::blocks::attribute_is_url;

use crate::block::{Block, BlockNode, Part, url_refusal};
use crate::check::code;
use crate::diagnostic::{Diagnostic, Span};

/// Looks at values under `data` that the block puts into links and pictures; what stands in the markup
/// itself is checked while the block is read.
pub fn check_values(
    block: &Block,
    data: &BTreeMap<String, (Span, Vec<Part>)>,
    hosts: &[&str],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut places = Vec::new();
    url_values(&block.nodes, &mut places);
    places.sort_unstable();
    places.dedup();
    for (name, link) in places {
        let Some((span, parts)) = data.get(name) else { continue };
        let Some(Part::Literal(head)) = parts.first() else { continue };
        if let Some(reason) = url_refusal(head, link, hosts) {
            let message = format!("a block cannot carry this address: it {reason}");
            let diagnostic = Diagnostic::error(code::unsafe_markup, message);
            diagnostics.push(diagnostic.label(*span, "the block puts this value into a link or picture"));
        }
    }
}

/// Names of the values that begin a URL attribute, and whether it is a link that shoppers follow.
fn url_values<'a>(nodes: &'a [BlockNode], found: &mut Vec<(&'a str, bool)>) {
    for node in nodes {
        match node {
            BlockNode::Element { attrs, children, .. } => {
                for (attr, parts) in attrs.iter().filter(|(attr, _)| attribute_is_url(attr)) {
                    if let Some(Part::Data { name, .. }) = parts.first() {
                        found.push((name, attr == "href"));
                    }
                }
                url_values(children, found);
            }
            BlockNode::Each(children) => url_values(children, found),
            BlockNode::Text(_) => {}
        }
    }
}
