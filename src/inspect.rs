//! The inspector's exports: why, not only what. Never part of the shopper's module.

mod given;
mod rows;
mod stored;

use serde::{Deserialize, Serialize};
use shelfwise_host::engine::eval::Value;
use shelfwise_host::engine::memory::{Event, EventKind};
use shelfwise_host::engine::pack::core::{Core, Predicate};
use shelfwise_host::engine::pack::program::{CompareOp, ConstantKind, Instruction, Op};
use shelfwise_host::engine::pack::record::Str;
use shelfwise_host::engine::traits::{TRAITS, by_code};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::Module;

/// A predicate of an audience; `truth` is null where it cannot be said.
#[derive(Serialize)]
struct ConditionView {
    text: String,
    truth: Option<bool>,
}

#[derive(Serialize)]
struct StoryView {
    id: String,
    slot: String,
    reason: u8,
    exposures: u32,
    audience: Vec<ConditionView>,
}

#[derive(Serialize)]
struct ExplanationView {
    campaigns: Vec<StoryView>,
}

#[derive(Serialize)]
struct TraitView {
    path: &'static str,
    value: String,
    unit: &'static str,
    doc: &'static str,
}

/// An event as the export writes it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct EventView {
    at: f64,
    event: String,
    item: String,
    category: String,
    brand: String,
    text: String,
    price_minor: u32,
    quantity: u16,
    value_minor: f64,
    engaged_ms: u32,
    compare_at_minor: u32,
    tags: String,
}

/// The export, of which only the events are replayed.
#[derive(Default, Deserialize)]
#[serde(default)]
struct ExportView {
    events: Vec<EventView>,
}

#[wasm_bindgen]
impl Module {
    /// Every campaign's story, for the named slots (one a line):
    /// `{campaigns: [{id, slot, reason, exposures, audience: [{text, truth}]}]}`; null without a pack.
    pub fn explain(&mut self, slots: &str) -> JsValue {
        let explanation = self.driver.explain(slots);
        let Some((explanation, pack)) = explanation.zip(self.driver.pack()) else { return JsValue::NULL };
        let core = pack.view();
        let condition = |predicate: u32, truth: Option<bool>| {
            let text = core.predicates.get(predicate).map(|predicate| condition_text(&core, &predicate));
            ConditionView { text: text.unwrap_or_default(), truth }
        };
        let campaigns = explanation.campaigns.into_iter().map(|story| StoryView {
            id: story.id,
            slot: story.slot,
            reason: story.reason.code(),
            exposures: story.exposures,
            audience: story.audience.iter().map(|it| condition(it.predicate, it.truth.ok())).collect(),
        });
        to_js(&ExplanationView { campaigns: campaigns.collect() })
    }

    /// Every trait that has a value: `[{path, value, unit, doc}]`.
    pub fn traits(&mut self) -> JsValue {
        let views = self.driver.with_traits(|source| {
            let keyed = |kind: shelfwise_host::engine::traits::TraitType| kind.keyed();
            let plain = TRAITS.iter().filter(|entry| !keyed(entry.kind));
            let views = plain.filter_map(|entry| {
                let value = value_text(&source.value(entry.code, "")?);
                Some(TraitView { path: entry.path, value, unit: entry.unit, doc: entry.doc })
            });
            views.collect::<Vec<_>>()
        });
        to_js(&views)
    }

    /// Everything remembered, as the export has it.
    pub fn memory(&self) -> JsValue {
        js_sys::JSON::parse(&self.driver.export()).unwrap_or(JsValue::NULL)
    }

    /// How many products there are by a strategy, given by its code; for figures of time.
    pub fn rank(&mut self, strategy: u8, limit: u32) -> u32 {
        self.driver.rank(strategy, limit)
    }

    /// Acts as a shopper who did the events of an export (JSON text); never touches the store. Whether
    /// the text could be read.
    pub fn replay(&mut self, export: &str) -> bool {
        let parsed = js_sys::JSON::parse(export).ok();
        let Some(view) = parsed.and_then(|it| serde_wasm_bindgen::from_value::<ExportView>(it).ok()) else {
            return false;
        };
        self.driver.rehearse(view.events.iter().filter_map(event).collect());
        true
    }
}

fn to_js(value: &impl Serialize) -> JsValue {
    serde_wasm_bindgen::to_value(value).unwrap_or(JsValue::NULL)
}

/// The event; nothing for a name that this version does not know.
fn event(view: &EventView) -> Option<Event> {
    Some(Event {
        at_s: view.at as i64,
        kind: EventKind::from_name(&view.event)?,
        item: view.item.clone(),
        category: view.category.clone(),
        brand: view.brand.clone(),
        text: view.text.clone(),
        price_minor: view.price_minor,
        quantity: view.quantity,
        value_minor: view.value_minor as i64,
        engaged_ms: view.engaged_ms,
        compare_at_minor: view.compare_at_minor,
        tags: view.tags.clone(),
    })
}

/// A predicate for people: a comparison as CEL writes it, a program by the traits it reads.
fn condition_text(core: &Core<'_>, predicate: &Predicate) -> String {
    let Some(op) = CompareOp::from_code(predicate.op) else {
        let (start, end) = (predicate.code.start as usize, predicate.code.end() as usize);
        let code = core.code.bytes().get(start..end).unwrap_or(&[]);
        return format!("computed from {}", trait_paths(core, code).join(", "));
    };
    let op = match op {
        CompareOp::Equal => "==",
        CompareOp::NotEqual => "!=",
        CompareOp::Less => "<",
        CompareOp::LessOrEqual => "<=",
        CompareOp::Greater => ">",
        CompareOp::GreaterOrEqual => ">=",
    };
    let constant = match ConstantKind::from_code(predicate.constant) {
        Some(ConstantKind::Bool) => (predicate.value != 0).to_string(),
        Some(ConstantKind::Int) => (predicate.value as i64).to_string(),
        Some(ConstantKind::Double) => f64::from_bits(predicate.value).to_string(),
        Some(ConstantKind::Str) => format!("{:?}", core.text(Str(predicate.value as u32))),
        None => String::new(),
    };
    format!("{} {op} {constant}", trait_text(predicate.trait_code, core.text(predicate.key)))
}

/// Every trait that a program reads, each once, in its order.
fn trait_paths(core: &Core<'_>, code: &[u8]) -> Vec<String> {
    let mut paths = Vec::new();
    let mut at = 0;
    while let Some((instruction, next)) = Instruction::decode(code, at) {
        at = next;
        let path = match instruction.op {
            Op::Trait | Op::TraitAt | Op::HasTrait => trait_text(instruction.a as u16, ""),
            Op::TraitKey | Op::HasTraitKey => trait_text(instruction.a as u16, core.text(Str(instruction.b))),
            Op::History => "history".to_owned(),
            _ => continue,
        };
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    paths
}

fn trait_text(code: u16, key: &str) -> String {
    let path = by_code(code).map_or("?", |entry| entry.path);
    if key.is_empty() { path.to_owned() } else { format!("{path}[{key:?}]") }
}

fn value_text(value: &Value<'_>) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Uint(value) => value.to_string(),
        Value::Double(value) => value.to_string(),
        Value::Str(text) => text.to_string(),
        Value::List(values) => values.iter().map(value_text).collect::<Vec<_>>().join(", "),
        other => format!("{other:?}"),
    }
}
