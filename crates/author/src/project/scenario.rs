//! Reads one scenario document: what a shopper did, and what must be decided then.

use super::fields::Fields;
use super::model::{Expectation, Happening, Scenario};
use crate::check::code;
use crate::check::scenario::check_facts;
use crate::diagnostic::{Diagnostic, FileId, Sources, Spanned, has_errors};
use crate::schedule::moment_s;
use crate::yaml::{self, Node, Value};

/// Events that a scenario can give: GA4 names, and `visit` for a page view after a pause.
pub const EVENTS: &[&str] = &[
    "visit",
    "page_view",
    "view_item",
    "select_item",
    "add_to_cart",
    "remove_from_cart",
    "add_to_wishlist",
    "remove_from_wishlist",
    "view_cart",
    "begin_checkout",
    "purchase",
    "refund",
    "search",
    "view_item_list",
    "exposure",
    "share",
    "select_promotion",
    "view_promotion",
    "signal",
];

/// Keys of a scenario.
pub const SCENARIO_KEYS: &[&str] = &["name", "now", "context", "given", "expect", "in", "not_in"];

/// Reads a scenario; none when the document is no mapping.
pub fn read_scenario(file: FileId, name: String, node: &Node, fields: &mut Fields) -> Option<Scenario> {
    let map = fields.map(node, "a scenario", SCENARIO_KEYS)?;
    let name = map.get("name").and_then(|node| fields.text(node)).map_or(name, |name| name.value);
    let mut scenario = Scenario { file, span: node.span, name, ..Scenario::default() };
    if let Some(text) = map.get("now").and_then(|node| fields.text(node)) {
        match moment_s(&text.value, "UTC") {
            Ok(now_s) => scenario.now_s = Some(now_s),
            Err(reason) => fields.refuse(code::scenario, text.span, reason, "no such moment"),
        }
    }
    if let Some(map) = map.get("context").and_then(|node| fields.open_map(node, "context")) {
        for entry in map.entries() {
            if let Some(value) = fields.text(&entry.node) {
                scenario.context.push((Spanned::new(entry.key.clone(), entry.key_span), value));
            }
        }
    }
    if let Some(node) = map.get("given") {
        scenario.given = fields.list(node).iter().filter_map(|node| read_event(node, fields)).collect();
        scenario.given.sort_by_key(|event| event.at_s);
    }
    if let Some(map) = map.get("expect").and_then(|node| fields.open_map(node, "expect")) {
        for entry in map.entries() {
            let slot = Spanned::new(entry.key.clone(), entry.key_span);
            scenario.expect.extend(read_expectation(slot, &entry.node, fields));
        }
    }
    for (key, audiences) in [("in", &mut scenario.inside), ("not_in", &mut scenario.outside)] {
        let nodes = map.get(key).map_or(&[][..], |node| fields.list(node));
        audiences.extend(nodes.iter().filter_map(|node| fields.text(node)));
    }
    Some(scenario)
}

/// A scenario from its two parts as YAML texts, expecting nothing.
///
/// # Errors
/// What is wrong, and the texts it is about.
pub fn scenario_of(given: &str, context: &str) -> Result<Scenario, (Vec<Diagnostic>, Sources)> {
    let mut sources = Sources::default();
    let mut fields = Fields::default();
    let mut scenario = Scenario { name: "command line".into(), ..Scenario::default() };
    for (key, text) in [("given", given), ("context", context)] {
        let written = format!("{key}: {text}\n");
        let file = sources.add(key, written.clone());
        match yaml::read(file, &written) {
            Ok(nodes) => {
                let read = nodes.first().and_then(|node| read_scenario(file, key.into(), node, &mut fields));
                if let Some(read) = read {
                    scenario.given.extend(read.given);
                    scenario.context.extend(read.context);
                }
            }
            Err(diagnostic) => fields.report(*diagnostic),
        }
    }
    check_facts(&scenario, &mut fields.diagnostics);
    if has_errors(&fields.diagnostics) { Err((fields.diagnostics, sources)) } else { Ok(scenario) }
}

/// `{ campaign, variation }`, or the campaign's id alone.
fn read_expectation(slot: Spanned<String>, node: &Node, fields: &mut Fields) -> Option<Expectation> {
    if !matches!(node.value, Value::Map(_)) {
        let campaign = fields.text(node)?;
        return Some(Expectation { slot, campaign: Some(campaign), variation: None });
    }
    let map = fields.map(node, "an expectation", &["campaign", "variation"])?;
    let campaign = map.get("campaign").and_then(|node| fields.text(node));
    let variation = map.get("variation").and_then(|node| fields.text(node));
    Some(Expectation { slot, campaign, variation })
}

/// `{ at: "-8d", view_item: "85123A", engaged: 40s }`.
fn read_event(node: &Node, fields: &mut Fields) -> Option<Happening> {
    const FACTS: &[&str] = &["at", "engaged", "quantity", "value"];
    let map = fields.open_map(node, "an event")?;
    let mut happening = Happening { span: node.span, quantity: 1, ..Happening::default() };
    for entry in map.entries() {
        let key = entry.key.as_str();
        if EVENTS.contains(&key) {
            happening.event = Spanned::new(entry.key.clone(), entry.key_span);
            if !matches!(entry.node.value, Value::Null) {
                happening.subject = fields.text(&entry.node)?;
            }
        } else if !FACTS.contains(&key) {
            let known = FACTS.iter().chain(EVENTS).copied();
            let diagnostic = Diagnostic::error(code::scenario, format!("there is no event `{key}`"))
                .label(entry.key_span, "neither an event nor a fact about one")
                .help(format!("events: {}", EVENTS.join(", ")));
            fields.report(diagnostic.nearest(entry.key_span, key, known));
            return None;
        }
    }
    if happening.event.value.is_empty() {
        fields.refuse(code::scenario, node.span, "this says no event", "such as `view_item: \"85123A\"`");
        return None;
    }
    if let Some(node) = map.get("at") {
        happening.at_s = fields.duration_s(node, true)?;
        if happening.at_s > 0 {
            fields.refuse(code::scenario, node.span, "an event cannot lie ahead", "write `-8d`");
        }
    }
    if let Some(node) = map.get("engaged") {
        let engaged_s = fields.duration_s(node, false)?;
        happening.engaged_ms = u32::try_from(engaged_s * 1_000).unwrap_or(u32::MAX);
    }
    happening.quantity = map.get("quantity").and_then(|node| fields.integer(node, 1, 10_000)).unwrap_or(1);
    happening.value = map.get("value").and_then(|node| fields.number(node)).map(|value| value.value);
    Some(happening)
}
