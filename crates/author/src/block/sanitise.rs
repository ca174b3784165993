//! Tokens to the typed tree; what a pack cannot carry is reported and left out.

use shelfwise_pack::blocks::{TAGS, attribute_allowed, attribute_is_url, tag_is_void};
use shelfwise_pack::limits::{ATTRS_MAX, BLOCK_DEPTH_MAX, BLOCK_NODES_MAX};

use super::binding::{Part, read_parts};
use super::parse::{HtmlToken, HtmlTokenKind, tokens};
use super::url::url_refusal;
use super::{Block, BlockNode};
use crate::check::code;
use crate::diagnostic::{Diagnostic, FileId, SourceText, Span};

/// The attribute that repeats an element's children once per product.
const EACH: &str = "data-each";

/// Elements inside which space between neighbours is seen.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "br", "code", "del", "em", "i", "img", "ins", "mark", "q", "s", "small", "span",
    "strong", "sub", "sup", "time", "u",
];

/// Reads a block; `hosts` are those that links may lead to.
pub fn read_block(file: FileId, text: &str, hosts: &[&str], diagnostics: &mut Vec<Diagnostic>) -> Block {
    let mut reader = Reader {
        file,
        text,
        hosts,
        open: Vec::new(),
        dropped: Vec::new(),
        top: Vec::new(),
        diagnostics,
        count: 0,
    };
    for token in tokens(text) {
        reader.token(token);
    }
    reader.finish()
}

/// An element whose end tag has not come yet.
struct Open {
    name: String,
    node: OpenNode,
    children: Vec<BlockNode>,
    span: Span,
}

struct OpenNode {
    tag: u8,
    attrs: Vec<(String, Vec<Part>)>,
    each: bool,
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    hosts: &'a [&'a str],
    open: Vec<Open>,
    /// Names of open elements that are left out with all they hold.
    dropped: Vec<String>,
    top: Vec<BlockNode>,
    diagnostics: &'a mut Vec<Diagnostic>,
    count: usize,
}

impl Reader<'_> {
    fn unsafe_markup(&mut self, span: Span, message: String, label: &str) {
        self.diagnostics.push(Diagnostic::error(code::unsafe_markup, message).label(span, label));
    }

    fn token(&mut self, token: HtmlToken) {
        let span = Span::new(self.file, token.start..token.end);
        match token.kind {
            HtmlTokenKind::Start(name, attrs) => self.start(name, attrs, span),
            HtmlTokenKind::End(name) => self.end(&name, span),
            HtmlTokenKind::Text(text) if self.dropped.is_empty() => self.add_text(text, token.start, span),
            HtmlTokenKind::Text(_) => {}
            HtmlTokenKind::Mistake(message) => {
                let diagnostic = Diagnostic::warning(code::markup_syntax, "this is not well-formed HTML");
                self.diagnostics.push(diagnostic.label(span, message));
            }
        }
    }

    fn start(&mut self, name: String, attrs: Vec<(String, String)>, span: Span) {
        if !self.dropped.is_empty() {
            self.dropped.extend((!tag_is_void(&name)).then_some(name));
            return;
        }
        let Ok(tag) = TAGS.binary_search(&name.as_str()) else {
            self.unsafe_markup(span, format!("a block cannot carry <{name}>"), "left out with all it holds");
            if !is_html_void(&name) {
                self.dropped.push(name);
            }
            return;
        };
        self.count += 1;
        if self.open.len() + 1 >= BLOCK_DEPTH_MAX || self.count > BLOCK_NODES_MAX {
            let message = format!("a block holds at most {BLOCK_NODES_MAX} nodes, {BLOCK_DEPTH_MAX} deep");
            if self.count <= BLOCK_NODES_MAX + 1 {
                self.unsafe_markup(span, message, "this is one too many");
            }
            self.dropped.extend((!tag_is_void(&name)).then_some(name));
            return;
        }
        let tag = u8::try_from(tag).unwrap_or(u8::MAX);
        let mut node = OpenNode { tag, attrs: Vec::new(), each: false };
        for (attr, value) in attrs {
            self.attribute(&name, attr, value, span, &mut node);
        }
        let element = Open { node, children: Vec::new(), span, name };
        if tag_is_void(&element.name) { self.close(element) } else { self.open.push(element) }
    }

    fn attribute(&mut self, tag: &str, attr: String, value: String, element: Span, node: &mut OpenNode) {
        let span = self.attribute_span(&attr, element);
        if attr == EACH {
            let nested = self.open.iter().any(|open| open.node.each);
            if value.trim() != "products" || nested {
                let message = format!("`{EACH}` repeats \"products\", once, and nothing else");
                self.diagnostics.push(Diagnostic::error(code::unknown_binding, message).label(span, "here"));
            } else {
                node.each = true;
            }
            return;
        }
        if !attribute_allowed(&attr) {
            let diagnostic = Diagnostic::error(
                code::unsafe_markup,
                format!("a block cannot carry the attribute `{attr}`"),
            )
            .label(span, "left out");
            self.diagnostics.push(match attr.as_str() {
                "style" => diagnostic.help("give it a class and style that in the shop's own style sheet"),
                "id" | "name" => diagnostic.help("use a class: ids can shadow names of the page's scripts"),
                _ if attr.starts_with("on") => {
                    diagnostic.help("react to the click in the shop's own script, or use data-shelf-action")
                }
                _ => diagnostic,
            });
            return;
        }
        if node.attrs.len() == ATTRS_MAX {
            self.unsafe_markup(
                span,
                format!("an element carries at most {ATTRS_MAX} attributes"),
                "left out",
            );
            return;
        }
        let within = &self.text[span.range()];
        let literal_at = within.find(value.as_str()).and_then(|at| u32::try_from(at).ok());
        let literal_at = literal_at.filter(|_| !value.is_empty()).map(|at| span.start + at);
        let source = SourceText { value, span, literal_at };
        let parts = read_parts(&source, self.diagnostics);
        if attribute_is_url(&attr) && !self.urls_allowed(tag, &attr, &parts, span) {
            return;
        }
        node.attrs.push((attr, parts));
    }

    /// Checks the literal beginning of each URL; reports and answers false when one is refused.
    fn urls_allowed(&mut self, tag: &str, attr: &str, parts: &[Part], span: Span) -> bool {
        let head = match parts.first() {
            Some(Part::Literal(head)) => head.as_str(),
            _ => return true,
        };
        let link = tag == "a" && attr == "href";
        let urls: Vec<&str> = if attr == "srcset" {
            head.split(',').filter_map(|candidate| candidate.split_ascii_whitespace().next()).collect()
        } else {
            vec![head]
        };
        for url in urls {
            if let Some(reason) = url_refusal(url, link, self.hosts) {
                let message = format!("a block cannot carry this `{attr}`: it {reason}");
                self.unsafe_markup(span, message, "left out");
                return false;
            }
        }
        true
    }

    /// The bytes of `name="value"` inside a start tag.
    fn attribute_span(&self, attr: &str, element: Span) -> Span {
        let tag = self.text.get(element.range()).unwrap_or("");
        let lower = tag.to_ascii_lowercase();
        let separates = |byte: u8| byte.is_ascii_whitespace() || b"\"'/".contains(&byte);
        let found = lower.match_indices(attr).map(|(at, _)| at).find(|at| {
            let before = at.checked_sub(1).and_then(|before| lower.as_bytes().get(before));
            let after = lower.as_bytes().get(at + attr.len());
            before.is_some_and(|byte| separates(*byte))
                && after.is_none_or(|byte| b"=/>".contains(byte) || byte.is_ascii_whitespace())
        });
        let Some(at) = found else { return element };
        let rest = &tag[at + attr.len()..];
        let length = match rest.trim_start().strip_prefix('=').map(str::trim_start) {
            Some(value) => {
                let skipped = rest.len() - value.len();
                let quote = value.chars().next().filter(|quote| "\"'".contains(*quote));
                let inside = match quote {
                    Some(quote) => value[1..].find(quote).map_or(value.len(), |end| end + 2),
                    None => value.find([' ', '\n', '\t', '>']).unwrap_or(value.len()),
                };
                skipped + inside
            }
            None => 0,
        };
        let start = element.range().start + at;
        Span::new(self.file, start..start + attr.len() + length)
    }

    fn end(&mut self, name: &str, span: Span) {
        if !self.dropped.is_empty() {
            if let Some(at) = self.dropped.iter().rposition(|open| open == name) {
                self.dropped.truncate(at);
            }
            return;
        }
        let Some(at) = self.open.iter().rposition(|open| open.name == name) else {
            let diagnostic = Diagnostic::error(code::markup_syntax, format!("</{name}> closes nothing"));
            self.diagnostics.push(diagnostic.label(span, "no such element is open"));
            return;
        };
        while self.open.len() > at + 1 {
            self.close_unfinished();
        }
        if let Some(element) = self.open.pop() {
            self.close(element);
        }
    }

    fn close_unfinished(&mut self) {
        let Some(element) = self.open.pop() else { return };
        let diagnostic =
            Diagnostic::error(code::markup_syntax, format!("<{}> is never closed", element.name));
        self.diagnostics.push(diagnostic.label(element.span, format!("needs </{}>", element.name)));
        self.close(element);
    }

    fn close(&mut self, element: Open) {
        let Open { node, children, span, .. } = element;
        let children = if node.each { vec![BlockNode::Each(trim(children))] } else { trim(children) };
        self.add(BlockNode::Element { tag: node.tag, attrs: node.attrs, children, span });
    }

    fn add(&mut self, node: BlockNode) {
        match self.open.last_mut() {
            Some(parent) => parent.children.push(node),
            None => self.top.push(node),
        }
    }

    fn add_text(&mut self, text: String, start: usize, span: Span) {
        let literal = self.text.get(start..).is_some_and(|rest| rest.starts_with(text.as_str()));
        let literal_at = literal.then_some(span.start);
        let source = SourceText { value: text, span, literal_at };
        let parts = read_parts(&source, self.diagnostics).into_iter().map(|part| match part {
            Part::Literal(text) => Part::Literal(collapse(&text)),
            bound => bound,
        });
        let node = BlockNode::Text(parts.collect());
        self.count += 1;
        self.add(node);
    }

    fn finish(mut self) -> Block {
        while !self.open.is_empty() {
            self.close_unfinished();
        }
        Block { nodes: trim(self.top) }
    }
}

/// Elements of HTML that have no end tag, beyond those a block may use.
fn is_html_void(name: &str) -> bool {
    let more = ["area", "base", "col", "embed", "input", "link", "meta", "param", "track", "wbr"];
    tag_is_void(name) || more.contains(&name)
}

/// Runs of white space become one space.
fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        let letter = if letter.is_ascii_whitespace() { ' ' } else { letter };
        if letter != ' ' || !out.ends_with(' ') {
            out.push(letter);
        }
    }
    out
}

/// Leaves out white space that no browser shows: at the ends, and beside elements that are no text.
fn trim(nodes: Vec<BlockNode>) -> Vec<BlockNode> {
    let blank = |node: &BlockNode| match node {
        BlockNode::Text(parts) => parts.iter().all(|part| matches!(part, Part::Literal(text) if text == " ")),
        _ => false,
    };
    let inline = |node: Option<&BlockNode>| match node {
        Some(BlockNode::Element { tag, .. }) => {
            TAGS.get(usize::from(*tag)).is_some_and(|name| INLINE.contains(name))
        }
        Some(BlockNode::Text(_)) => true,
        Some(BlockNode::Each(_)) | None => false,
    };
    let keep: Vec<bool> = (0..nodes.len())
        .map(|at| {
            let before = at.checked_sub(1).and_then(|before| nodes.get(before));
            !blank(&nodes[at]) || (inline(before) && inline(nodes.get(at + 1)))
        })
        .collect();
    nodes.into_iter().zip(keep).filter_map(|(node, keep)| keep.then_some(node)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Block, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let block = read_block(FileId(0), text, &["example.com"], &mut diagnostics);
        (block, diagnostics)
    }

    fn at<'a>(text: &'a str, diagnostic: &Diagnostic) -> &'a str {
        &text[diagnostic.labels[0].span.range()]
    }

    #[test]
    fn a_plain_block_becomes_its_tree() {
        let (block, diagnostics) = read(
            "<section class=\"hero\">\n  <h2>{{ headline }}</h2>\n  <p>a <b>b</b> <i>c</i> &amp; d</p>\n</section>\n",
        );
        assert_eq!(diagnostics, []);
        let [BlockNode::Element { tag, children, attrs, .. }] = block.nodes.as_slice() else { panic!() };
        assert_eq!(TAGS[usize::from(*tag)], "section");
        assert_eq!(attrs[0], ("class".into(), vec![Part::Literal("hero".into())]));
        assert_eq!(children.len(), 2);
        let BlockNode::Element { children, .. } = &children[1] else { panic!() };
        assert_eq!(children.len(), 5);
        assert_eq!(children[4], BlockNode::Text(vec![Part::Literal(" & d".into())]));
    }

    #[test]
    fn unsafe_markup_is_left_out_and_reported_where_it_stands() {
        for (text, shown) in [
            ("<p>a</p><script>alert('<b>')</script><p>b</p>", "<script>"),
            ("<p onclick=\"x()\">a</p>", "onclick=\"x()\""),
            ("<p class='a' style='color:red'>a</p>", "style='color:red'"),
            ("<a href=\"javascript:alert(1)\">a</a>", "href=\"javascript:alert(1)\""),
            ("<a href=https://evil.example/>a</a>", "href=https://evil.example/"),
            ("<img srcset='/a 1x, data:x 2x'>", "srcset='/a 1x, data:x 2x'"),
            ("<form><input name=a></form>", "<form>"),
            ("<svg><a href='/x'/></svg>", "<svg>"),
        ] {
            let (block, diagnostics) = read(text);
            let found: Vec<_> =
                diagnostics.iter().filter(|found| found.code == code::unsafe_markup).collect();
            assert_eq!(found.len(), 1, "{text}: {diagnostics:?}");
            assert_eq!(at(text, found[0]), shown);
            let kept = format!("{block:?}");
            assert!(!kept.contains("alert") && !kept.contains("color"), "{kept}");
        }
    }

    #[test]
    fn products_repeat_once() {
        let (block, diagnostics) =
            read("<ul data-each=\"products\"><li><a href=\"{{ item.url }}\">{{ item.title }}</a></li></ul>");
        assert_eq!(diagnostics, []);
        assert!(block.has_products());
        let (_, diagnostics) = read("<ul data-each=products><li data-each=products></li></ul>");
        assert_eq!(diagnostics[0].code, code::unknown_binding);
    }

    #[test]
    fn tags_must_close() {
        let text = "<div><p>a</div></b>";
        let (_, diagnostics) = read(text);
        assert_eq!(at(text, &diagnostics[0]), "<p>");
        assert_eq!(at(text, &diagnostics[1]), "</b>");
    }
}
