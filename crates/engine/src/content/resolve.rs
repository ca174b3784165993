//! Fills a block with data, traits and products.

use super::money::Money;
use super::tree::Node;
use super::url;
use crate::card::CardView;
use crate::digits;
use crate::eval::{TraitSource, Value};
use crate::pack::blocks::{ATTRIBUTES, TAGS, attribute_is_url};
use crate::pack::core::{Attr, Core, Node as Record, Part};
use crate::pack::kinds::{ItemField, NodeKind, PartKind};
use crate::pack::record::Range;
use crate::traits::{is_money, unit_of};

/// Where a text goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Shown to people.
    Text,
    /// A link: no trait may get in.
    Url,
    /// Read by the module: a plain decimal number.
    Number,
}

/// A product of a row, and the one it goes with.
#[derive(Clone, Copy, Debug)]
pub struct Product<'p> {
    /// Its card.
    pub card: CardView<'p>,
    /// Name of the strategy that brought it.
    pub reason: &'p str,
    /// Title of the product that brought it, or empty.
    pub because: &'p str,
}

/// Everything a block may show.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'s, 'p, S> {
    /// The pack.
    pub core: &'s Core<'p>,
    /// The shopper's traits.
    pub traits: &'s S,
    /// The variation's run of data.
    pub data: Range,
    /// The row's products.
    pub products: &'s [Product<'s>],
    /// How prices are written.
    pub money: &'s Money,
}

/// Names of the blocks of a layout slot in the order of a variation; blocks not named stay behind these.
pub fn order<'p>(core: &Core<'p>, order: u32) -> impl Iterator<Item = &'p str> + use<'p> {
    let core = *core;
    let names = core.orders.get(order).unwrap_or_default().names;
    core.order_names.range(names).map(move |name| core.text(name))
}

impl<S: TraitSource> Scene<'_, '_, S> {
    /// The tree of a block; several nodes at its top come in a `div`. None for a block that the pack does
    /// not have or that is empty.
    #[must_use]
    pub fn block(&self, block: u32) -> Option<Node> {
        let nodes = self.core.blocks.get(block)?.nodes;
        let mut children = self.children(nodes.start, nodes.end(), None);
        match children.len() {
            0 => None,
            1 => children.pop(),
            _ => Some(Node::Element { tag: "div", attributes: Vec::new(), children }),
        }
    }

    /// The variation's data by name, for a `<template>` of the merchant's own page.
    #[must_use]
    pub fn values(&self) -> Vec<(String, String)> {
        let data = self.core.data.range(self.data);
        let value = |parts| self.text(parts, None, Place::Text).unwrap_or_default();
        data.map(|datum| (self.core.text(datum.name).to_owned(), value(datum.value))).collect()
    }

    fn children(&self, start: u32, end: u32, product: Option<&Product<'_>>) -> Vec<Node> {
        let mut children = Vec::new();
        let mut at = start;
        while at < end {
            let Some(record) = self.core.nodes.get(at) else { break };
            let inside = at + 1..(at + 1).saturating_add(record.descendants).min(end);
            at = inside.end;
            match NodeKind::from_code(record.kind) {
                Some(NodeKind::Text) => {
                    children.extend(self.text(record.text, product, Place::Text).map(Node::Text));
                }
                Some(NodeKind::Each) if product.is_none() => {
                    for product in self.products {
                        children.extend(self.children(inside.start, inside.end, Some(product)));
                    }
                }
                Some(NodeKind::Element) => children.extend(self.element(&record, inside, product)),
                Some(NodeKind::Each) | None => {}
            }
        }
        children
    }

    fn element(
        &self,
        record: &Record,
        inside: std::ops::Range<u32>,
        product: Option<&Product<'_>>,
    ) -> Option<Node> {
        let tag = TAGS.get(usize::from(record.tag))?;
        let attributes = self.core.attrs.range(record.attrs);
        let attributes = attributes.filter_map(|attribute| self.attribute(&attribute, product)).collect();
        Some(Node::Element { tag, attributes, children: self.children(inside.start, inside.end, product) })
    }

    /// An attribute, unless it is not allowed, is a link that is not, or has no value to show.
    fn attribute(&self, record: &Attr, product: Option<&Product<'_>>) -> Option<(&'static str, String)> {
        let at = ATTRIBUTES.binary_search(&self.core.text(record.name)).ok()?;
        let name = ATTRIBUTES[at];
        let place = match name {
            "data-shelf-price" => Place::Number,
            _ if attribute_is_url(name) => Place::Url,
            _ => Place::Text,
        };
        let value = self.text(record.value, product, place)?;
        let safe = match name {
            "srcset" => url::is_safe_set(&value),
            _ => place != Place::Url || url::is_safe(&value),
        };
        safe.then_some((name, value))
    }

    /// The parts, joined. None when a trait would get into a URL.
    fn text(&self, parts: Range, product: Option<&Product<'_>>, place: Place) -> Option<String> {
        let mut out = String::new();
        for part in self.core.parts.range(parts) {
            match PartKind::from_code(part.kind) {
                Some(PartKind::Data) => self.datum(self.core.text(part.text), product, place, &mut out)?,
                Some(PartKind::Item) if part.reference == u16::from(ItemField::Reason.code()) => {
                    let Some(product) = product else { continue };
                    let before = out.len();
                    self.datum(product.reason, None, place, &mut out)?;
                    if out.len() > before && !product.because.is_empty() {
                        out.push(' ');
                    }
                    out.push_str(product.because);
                }
                _ => self.part(&part, product, place, &mut out)?,
            }
        }
        Some(out)
    }

    /// What the variation says under a name.
    fn datum(&self, name: &str, product: Option<&Product<'_>>, place: Place, out: &mut String) -> Option<()> {
        let mut data = self.core.data.range(self.data);
        let datum = data.find(|datum| self.core.text(datum.name) == name).unwrap_or_default();
        self.core.parts.range(datum.value).try_for_each(|part| self.part(&part, product, place, out))
    }

    fn part(&self, part: &Part, product: Option<&Product<'_>>, place: Place, out: &mut String) -> Option<()> {
        match PartKind::from_code(part.kind) {
            Some(PartKind::Literal) => out.push_str(self.core.text(part.text)),
            Some(PartKind::Trait) if place == Place::Url => return None,
            Some(PartKind::Trait) => {
                let shown = self.trait_text(part.reference, self.core.text(part.key));
                out.push_str(shown.as_deref().unwrap_or(self.core.text(part.text)));
            }
            Some(PartKind::Item) => {
                if let Some(product) = product {
                    self.item_text(part.reference, product, place, out);
                }
            }
            Some(PartKind::Data) | None => {}
        }
        Some(())
    }

    /// A trait as text; none when it is absent, empty, or a list.
    fn trait_text(&self, code: u16, key: &str) -> Option<String> {
        let mut shown = String::new();
        match self.traits.value(code, key)? {
            Value::Str(text) => shown.push_str(&text),
            Value::Int(number) => digits::push_signed(&mut shown, number),
            Value::Double(number) if is_money(code) => {
                shown = self.money.format((number * unit_of(self.core)).round() as i64);
            }
            Value::Double(number) => digits::push_signed(&mut shown, number.round() as i64),
            _ => return None,
        }
        (!shown.is_empty()).then_some(shown)
    }

    #[inline(never)]
    fn item_text(&self, field: u16, product: &Product<'_>, place: Place, out: &mut String) {
        let Some(field) = u8::try_from(field).ok().and_then(ItemField::from_code) else { return };
        let card = &product.card;
        let (price, compare_at) = (card.card.price_minor, card.card.compare_at_minor);
        match field {
            ItemField::Id => out.push_str(card.item()),
            ItemField::Title => out.push_str(card.title()),
            ItemField::Url => out.push_str(&card.url()),
            ItemField::Image => out.push_str(&card.image()),
            ItemField::Price if place == Place::Number => {
                out.push_str(
                    &Money { prefix: String::new(), ..Money::plain(self.core) }.format(i64::from(price)),
                );
            }
            ItemField::Price => out.push_str(&self.money.format(i64::from(price))),
            ItemField::CompareAt if compare_at > price => {
                out.push_str(&self.money.format(i64::from(compare_at)));
            }
            ItemField::CompareAt => {}
            ItemField::Category => out.push_str(card.category()),
            ItemField::Brand => out.push_str(card.brand()),
            // Its words are the variation's: see `text`.
            ItemField::Reason => {}
        }
    }
}
