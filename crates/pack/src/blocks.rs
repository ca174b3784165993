//! What a block may be made of: the elements, the attributes, and the shape of the tree.
//!
//! The author's sanitiser, the reader below and the engine's content resolver share these lists.

use crate::core::{Core, Node};
use crate::error::{Error, ErrorCode};
use crate::kinds::NodeKind;
use crate::limits::BLOCK_DEPTH_MAX;
use crate::record::Range;

/// Elements a block may use, in code order. Append only.
pub const TAGS: &[&str] = &[
    "a",
    "abbr",
    "article",
    "aside",
    "b",
    "blockquote",
    "br",
    "code",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "li",
    "mark",
    "nav",
    "ol",
    "p",
    "picture",
    "q",
    "s",
    "section",
    "small",
    "source",
    "span",
    "strong",
    "sub",
    "sup",
    "time",
    "u",
    "ul",
];

/// Elements that hold nothing, sorted.
pub const VOID_TAGS: &[&str] = &["br", "hr", "img", "source"];

/// Attributes a block's element may carry, sorted bytewise. `id` and `name` are left out because they
/// shadow properties of `document`, `style` and `on…` because they are code.
pub const ATTRIBUTES: &[&str] = &[
    "alt",
    "aria-atomic",
    "aria-current",
    "aria-description",
    "aria-hidden",
    "aria-label",
    "aria-live",
    "aria-roledescription",
    "cite",
    "class",
    "data-shelf-action",
    "data-shelf-brand",
    "data-shelf-category",
    "data-shelf-image",
    "data-shelf-item",
    "data-shelf-name",
    "data-shelf-price",
    "data-shelf-url",
    "datetime",
    "decoding",
    "dir",
    "draggable",
    "fetchpriority",
    "height",
    "hidden",
    "href",
    "hreflang",
    "lang",
    "loading",
    "media",
    "rel",
    "reversed",
    "role",
    "sizes",
    "src",
    "srcset",
    "start",
    "tabindex",
    "target",
    "title",
    "translate",
    "type",
    "value",
    "width",
];

/// Those of [`ATTRIBUTES`] whose value is a URL, or (`srcset`) a list of them; sorted.
pub const URL_ATTRIBUTES: &[&str] = &["cite", "data-shelf-image", "data-shelf-url", "href", "src", "srcset"];

/// Whether a block's element may carry that attribute. Cost: a binary search.
#[must_use]
pub fn attribute_allowed(name: &str) -> bool {
    ATTRIBUTES.binary_search(&name).is_ok()
}

/// Whether the value of that attribute is a URL or a list of URLs.
#[must_use]
pub fn attribute_is_url(name: &str) -> bool {
    URL_ATTRIBUTES.binary_search(&name).is_ok()
}

/// Whether that element holds nothing.
#[must_use]
pub fn tag_is_void(tag: &str) -> bool {
    VOID_TAGS.binary_search(&tag).is_ok()
}

/// Checks the run of nodes of one block, which lies inside the table: elements, nesting.
pub(crate) fn check_tree(core: &Core<'_>, nodes: Range) -> Result<(), Error> {
    let mut open = Open::default();
    for (index, node) in nodes.indices().zip(core.nodes.range(nodes)) {
        open.close_before(index);
        let end = u64::from(index) + 1 + u64::from(node.descendants);
        let parent_end = open.ends.get(open.depth.wrapping_sub(1)).copied().unwrap_or(nodes.end());
        let each = node.kind == NodeKind::Each.code();
        let fits = end <= u64::from(parent_end) && node_fits(node) && !(each && open.each.is_some());
        if !fits || open.depth >= BLOCK_DEPTH_MAX {
            let code = if fits { ErrorCode::Limit } else { ErrorCode::Block };
            return Err(Error::at(code, core.nodes.offset(index as usize)));
        }
        if each {
            open.each = Some(open.depth);
        }
        open.ends[open.depth] = parent_end.min(end as u32);
        open.depth += 1;
    }
    Ok(())
}

/// The nodes around the next one.
#[derive(Default)]
struct Open {
    /// Index one past the last descendant, by depth.
    ends: [u32; BLOCK_DEPTH_MAX],
    depth: usize,
    /// Depth of the `Each` that is open.
    each: Option<usize>,
}

impl Open {
    /// Leaves every node whose descendants are over.
    fn close_before(&mut self, index: u32) {
        while self.depth > 0 && self.ends[self.depth - 1] <= index {
            self.depth -= 1;
        }
        self.each = self.each.filter(|depth| *depth < self.depth);
    }
}

/// Whether a node of its kind may hold what it holds.
fn node_fits(node: Node) -> bool {
    match NodeKind::from_code(node.kind) {
        Some(NodeKind::Element) => {
            let fits = |tag: &&str| node.descendants == 0 || !tag_is_void(tag);
            TAGS.get(usize::from(node.tag)).is_some_and(fits)
        }
        Some(NodeKind::Text) => node.descendants == 0,
        Some(NodeKind::Each) | None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::{ATTRIBUTES, TAGS, URL_ATTRIBUTES, VOID_TAGS};

    #[test]
    fn lists_are_sorted_and_parts_of_each_other() {
        for list in [ATTRIBUTES, URL_ATTRIBUTES, VOID_TAGS] {
            assert!(list.is_sorted_by(|before, after| before < after));
        }
        assert!(URL_ATTRIBUTES.iter().all(|name| ATTRIBUTES.contains(name)));
        assert!(VOID_TAGS.iter().all(|tag| TAGS.contains(tag)));
    }

    #[test]
    fn urls_are_known_by_their_attribute() {
        assert!(["href", "src", "srcset"].into_iter().all(super::attribute_is_url));
        assert!(!["alt", "class", "hrefs"].into_iter().any(super::attribute_is_url));
    }

    #[test]
    fn nothing_that_runs_or_shadows_is_allowed() {
        assert!(ATTRIBUTES.iter().all(|name| !name.starts_with("on")));
        for name in ["style", "id", "name", "srcdoc", "action", "formaction", "xlink:href", "ping"] {
            assert!(!super::attribute_allowed(name), "{name}");
        }
        for tag in ["script", "style", "iframe", "object", "form", "input", "svg", "template", "base"] {
            assert!(!TAGS.contains(&tag), "{tag}");
        }
    }
}
