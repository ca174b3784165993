//! Blocks and bindings as records.

use shelfwise_pack::core::{self as record, CoreBuilder};
use shelfwise_pack::kinds::{NodeKind, PartKind};
use shelfwise_pack::record::Range;

use super::items::run;
use crate::block::{Block, BlockNode, Part};

/// Appends a block; answers its index.
pub(super) fn add_block(file: &mut CoreBuilder, name: &str, template: &str, block: &Block) -> u32 {
    let start = file.nodes.len();
    for node in &block.nodes {
        add_node(file, node);
    }
    let nodes = run(start, &file.nodes);
    let (name, template) = (file.strings.add(name), file.strings.add(template));
    file.blocks.push(record::Block { name, template, nodes });
    u32::try_from(file.blocks.len() - 1).unwrap_or(u32::MAX)
}

fn add_node(file: &mut CoreBuilder, node: &BlockNode) {
    let at = file.nodes.len();
    file.nodes.push(record::Node::default());
    let mut written = record::Node::default();
    let children: &[BlockNode] = match node {
        BlockNode::Element { tag, attrs, children, .. } => {
            written.kind = NodeKind::Element.code();
            written.tag = *tag;
            written.attrs = add_attrs(file, attrs);
            children
        }
        BlockNode::Text(parts) => {
            written.kind = NodeKind::Text.code();
            written.text = add_parts(file, parts);
            &[]
        }
        BlockNode::Each(children) => {
            written.kind = NodeKind::Each.code();
            children
        }
    };
    for child in children {
        add_node(file, child);
    }
    written.descendants = u32::try_from(file.nodes.len() - at - 1).unwrap_or(u32::MAX);
    file.nodes[at] = written;
}

fn add_attrs(file: &mut CoreBuilder, attrs: &[(String, Vec<Part>)]) -> Range {
    let values: Vec<Range> = attrs.iter().map(|(_, parts)| add_parts(file, parts)).collect();
    let start = file.attrs.len();
    for ((name, _), value) in attrs.iter().zip(values) {
        let name = file.strings.add(name);
        file.attrs.push(record::Attr { name, value });
    }
    run(start, &file.attrs)
}

/// Appends the parts of a text.
pub(super) fn add_parts(file: &mut CoreBuilder, parts: &[Part]) -> Range {
    let start = file.parts.len();
    for part in parts {
        let written = match part {
            Part::Literal(text) => record::Part {
                kind: PartKind::Literal.code(),
                text: file.strings.add(text),
                ..record::Part::default()
            },
            Part::Data { name, .. } => record::Part {
                kind: PartKind::Data.code(),
                text: file.strings.add(name),
                ..record::Part::default()
            },
            Part::Trait { code, key, default, .. } => record::Part {
                kind: PartKind::Trait.code(),
                text: file.strings.add(default),
                reference: *code,
                key: file.strings.add(key),
            },
            Part::Item { field, .. } => record::Part {
                kind: PartKind::Item.code(),
                reference: u16::from(field.code()),
                ..record::Part::default()
            },
        };
        file.parts.push(written);
    }
    run(start, &file.parts)
}
