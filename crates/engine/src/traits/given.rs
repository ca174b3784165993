//! Values that are handed in as text: facts of the page and the shop's own traits, each of a declared type.

use super::Context;
use super::session::cut;
use super::table::FACTS;
use super::values::Traits;
use crate::eval::{Value, double, integer, truth};
use crate::memory::Memory;
use crate::pack::core::Core;
use crate::pack::kinds::CustomKind;

/// The value of a text; nothing when it is none of that type. Lists have commas between their texts.
#[must_use]
pub fn read(kind: CustomKind, text: &str) -> Option<Value<'static>> {
    Some(match kind {
        CustomKind::String => Value::made(text),
        CustomKind::Strings => Value::list(listed(text).into_iter().map(Value::made).collect()),
        CustomKind::Bool => Value::Bool(truth(text)?),
        CustomKind::Int => Value::Int(integer(text)?.try_into().ok()?),
        CustomKind::Double => Value::Double(double(text).filter(|number| number.is_finite())?),
    })
}

/// The texts between commas, without the spaces around them; empty ones are none.
#[inline(never)]
pub(super) fn listed(text: &str) -> Vec<&str> {
    let (mut texts, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        let (part, after) = cut(rest, b',');
        let part = part.trim_ascii();
        if !part.is_empty() {
            texts.push(part);
        }
        rest = after;
    }
    texts
}

/// Sets every trait that the page side hands in by code, those that it did not as false, 0 or empty.
pub(super) fn set(traits: &mut Traits, context: &Context) {
    for (code, kind) in FACTS {
        let code = u16::from(code);
        let none = if matches!(kind, CustomKind::Bool | CustomKind::Int) { "0" } else { "" };
        if let Some(value) = read(kind, context.fact(code)).or_else(|| read(kind, none)) {
            traits.set(code, value);
        }
    }
}

/// The shop's own traits that the pack declares: as the page says them, else as the shopper once answered.
pub(super) fn custom(memory: &Memory, context: &Context, core: &Core) -> Vec<(String, Value<'static>)> {
    let mut values = Vec::new();
    for declared in core.custom.iter() {
        let name = core.text(declared.name);
        let said = context.custom.iter().rev().find(|said| said.0 == name).map(|said| said.1.as_str());
        if let Some(text) = said.or_else(|| memory.state().answer(name))
            && let Some(kind) = CustomKind::from_code(declared.kind)
            && let Some(value) = read(kind, text)
        {
            values.push((name.to_owned(), value));
        }
    }
    values
}
