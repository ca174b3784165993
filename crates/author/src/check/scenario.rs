//! # A scenario that cannot be run
//!
//! A scenario names an event, a product, a campaign or a fact that does not exist, or gives a fact a value that it never has.
//!
//! ```yaml
//! given: [ { at: "-8d", veiw_item: "85123A" } ]
//! ```
//!
//! ## What to do
//!
//! Take the name that is offered. Events have their GA4 names, or `visit`; `at` is a duration before
//! the decision. A product that is not in the catalogue is a warning: one that was sold off stops no build.

use std::collections::{BTreeMap, HashSet};

use crate::catalogue::Product;
use crate::cel::{Definition, Environment as _, ShopEnvironment, Type};
use crate::check::{code, unknown_slot};
use crate::diagnostic::{Diagnostic, Severity, Spanned, nearest};
use crate::pack::kinds::ConsentMode;
use crate::plan::shown;
use crate::project::{Project, Scenario, kebab};
use crate::schedule::zone;
use crate::engine::traits::read;
use crate::trial::facts;

/// Campaign id that means the merchant's own markup.
pub const NONE: &str = "none";

/// Looks at the slots, campaigns and variations that scenarios expect.
pub fn check(project: &Project, diagnostics: &mut Vec<Diagnostic>) {
    for scenario in &project.scenarios {
        if scenario.expect.is_empty() && scenario.inside.is_empty() && scenario.outside.is_empty() {
            let message = format!("the scenario `{}` expects nothing", scenario.name);
            let diagnostic = Diagnostic::warning(code::scenario, message);
            diagnostics.push(diagnostic.label(scenario.span, "add `expect:`, `in:` or `not_in:`"));
        }
        check_facts(scenario, diagnostics);
        check_custom(project, scenario, diagnostics);
        for name in scenario.inside.iter().chain(&scenario.outside) {
            let known = project.audiences.iter().map(|audience| audience.id.value.as_str());
            if !known.clone().any(|known| known == name.value) {
                unknown("audience", name, known, diagnostics);
            }
        }
    }
    for expectation in project.scenarios.iter().flat_map(|scenario| &scenario.expect) {
        unknown_slot::resolve(project, &expectation.slot, diagnostics);
        let Some(id) = expectation.campaign.as_ref().filter(|id| id.value != NONE) else { continue };
        let Some(campaign) = project.campaigns.iter().find(|campaign| campaign.id.value == id.value) else {
            let known = project.campaigns.iter().map(|campaign| campaign.id.value.as_str());
            unknown("campaign", id, known, diagnostics);
            continue;
        };
        let variations = shown(campaign);
        let Some(wanted) = &expectation.variation else { continue };
        if !variations.iter().any(|variation| variation.id.value == wanted.value) {
            let known = variations.iter().map(|variation| variation.id.value.as_str());
            unknown("variation", wanted, known, diagnostics);
        }
    }
}

/// Looks at the products that scenarios name.
pub fn check_products(
    project: &Project,
    products: &[Product],
    ids: &HashSet<&str>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    /// Unknown products for which a name is offered: a search through the catalogue each.
    const OFFERED_MAX: usize = 8;
    let about_text = ["visit", "page_view", "search", "exposure", "view_item_list", "signal"];
    let mut offered: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    let known = || products.iter().map(|product| product.item.as_str());
    for happening in project.scenarios.iter().flat_map(|scenario| &scenario.given) {
        let item = &happening.subject;
        if about_text.contains(&happening.event.value.as_str()) || item.value.is_empty() {
            continue;
        }
        if !ids.contains(item.value.as_str()) {
            let asked = offered.len() < OFFERED_MAX;
            let search = || if asked { nearest(&item.value, known()) } else { None };
            let near = *offered.entry(&item.value).or_insert_with(search);
            let severity = Severity::Warning;
            diagnostics.push(Diagnostic { severity, ..strange("product", item, known(), near) });
        }
    }
}

/// Looks at the facts that a scenario gives.
pub fn check_facts(scenario: &Scenario, diagnostics: &mut Vec<Diagnostic>) {
    for (fact, value) in &scenario.context {
        if !facts().any(|known| known == fact.value) && !fact.value.starts_with("custom.") {
            unknown("fact", fact, facts(), diagnostics);
        } else if fact.value == "place.timezone"
            && let Err(reason) = zone(&value.value)
        {
            diagnostics.push(Diagnostic::error(code::scenario, reason).label(value.span, "no such zone"));
        } else {
            diagnostics.extend(check_value(&fact.value, value));
        }
    }
}

/// Looks whether a fact can have a value: what cannot be read would be taken for none.
fn check_value(fact: &str, value: &Spanned<String>) -> Option<Diagnostic> {
    let names: Vec<String>;
    let (ty, known, range) = match ShopEnvironment::default().lookup(fact) {
        _ if fact == "consent" => {
            names = ConsentMode::ALL.iter().map(kebab).collect();
            (Type::Str, &names, None)
        }
        Some(Definition::Trait(found)) => {
            names = found.names;
            (found.ty, &names, found.range)
        }
        _ => return None,
    };
    let text = value.value.as_str();
    let inside = |number: f64| range.is_none_or(|(low, high)| (low..=high).contains(&number));
    let (fits, is) = match ty {
        Type::Bool => (text.parse::<bool>().is_ok(), "true or false".to_owned()),
        Type::Int => (text.parse::<i64>().is_ok_and(|number| inside(number as f64)), numbers("whole", range)),
        Type::Double => (text.parse::<f64>().is_ok_and(inside), numbers("decimal", range)),
        _ => (known.is_empty() || known.iter().any(|name| name == text), "one of some names".to_owned()),
    };
    if fits {
        return None;
    }
    let diagnostic = Diagnostic::error(code::scenario, format!("`{fact}` is never `{text}`"));
    let diagnostic = diagnostic.label(value.span, format!("it is {is}"));
    if known.is_empty() {
        return Some(diagnostic);
    }
    let diagnostic = diagnostic.help(format!("it is one of: {}", known.join(", ")));
    Some(diagnostic.nearest(value.span, text, known.iter().map(String::as_str)))
}

/// `a whole number from 0 to 100`
fn numbers(kind: &str, range: Option<(f64, f64)>) -> String {
    match range {
        Some((low, high)) if high.is_finite() => format!("a {kind} number from {low} to {high}"),
        Some((low, _)) if low.is_finite() => format!("a {kind} number from {low}"),
        _ => format!("a {kind} number"),
    }
}

/// Looks at the shop's own traits that a scenario gives: declared, and of the declared type.
fn check_custom(project: &Project, scenario: &Scenario, diagnostics: &mut Vec<Diagnostic>) {
    let declared = &project.shop.custom;
    for (fact, value) in &scenario.context {
        let Some(name) = fact.value.strip_prefix("custom.") else { continue };
        let Some((_, ty)) = declared.iter().find(|(known, _)| known.value == name) else {
            let known: Vec<String> =
                declared.iter().map(|(known, _)| format!("custom.{}", known.value)).collect();
            unknown("declared fact", fact, known.iter().map(String::as_str), diagnostics);
            continue;
        };
        if read(*ty, &value.value).is_none() {
            let message = format!("`custom.{name}` is a {}, and this is none", kebab(*ty));
            diagnostics.push(Diagnostic::error(code::scenario, message).label(value.span, "of another type"));
        }
    }
}

fn unknown<'a>(
    what: &str,
    id: &Spanned<String>,
    known: impl Iterator<Item = &'a str> + Clone,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let near = nearest(&id.value, known.clone());
    diagnostics.push(strange(what, id, known, near));
}

/// An unknown name, with the nearest known one or else some of the known ones.
fn strange<'a>(
    what: &str,
    id: &Spanned<String>,
    mut known: impl Iterator<Item = &'a str>,
    near: Option<&str>,
) -> Diagnostic {
    const SHOWN_MAX: usize = 30;
    let shown: Vec<&str> = known.by_ref().take(SHOWN_MAX).collect();
    let more = if known.next().is_some() { ", ..." } else { "" };
    let message = format!("there is no {what} `{}`", id.value);
    let diagnostic = Diagnostic::error(code::scenario, message).label(id.span, "no such name");
    diagnostic.help(format!("known: {}{more}", shown.join(", "))).nearest(id.span, &id.value, near)
}
