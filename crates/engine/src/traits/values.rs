//! The derived values of all traits, ready for conditions.

use super::affinity::Interest;
use super::history::{History, Reach};
use super::table::code;
use super::{Context, affinity, cart, given, moment, predict, session, visitor};
use crate::eval::{HistoryQuery, Text, TraitSource, Value};
use crate::memory::{EventKind, Memory};
use crate::pack::core::Core;
use crate::pack::program::HistoryFunction;

/// Codes are small: the table is dense.
const CODES: usize = 256;

/// All traits of one moment. Cheap to ask: one table look-up, one search for keyed traits.
#[derive(Clone, Debug)]
pub struct Traits {
    values: Vec<Option<Value<'static>>>,
    interests: [Interest; 4],
    custom: Vec<(String, Value<'static>)>,
    history: History,
    /// How far back this visit reaches, seconds; 0 = it has not begun.
    visit_s: i64,
}

impl Traits {
    /// Derives every trait. Cost: one pass over the memory; once per decision, not per condition.
    #[must_use]
    pub fn derive(memory: &Memory, context: &Context, core: &Core, now_s: i64) -> Self {
        let (interests, reduced_ppm) = if memory.is_about_products() {
            affinity::interests(memory, core, now_s)
        } else {
            Default::default()
        };
        let mut traits = Self {
            values: vec![None; CODES],
            interests,
            custom: given::custom(memory, context, core),
            history: History::of(memory, now_s),
            visit_s: visit_s(memory, now_s),
        };
        let unit = unit_of(core);
        traits.double(code::VISITOR_DISCOUNT_AFFINITY, f64::from(reduced_ppm) / 1_000_000.0);
        moment::set(&mut traits, context, core, now_s);
        predict::set(&mut traits, memory, core, now_s, unit);
        visitor::set(&mut traits, memory, core, now_s, unit);
        session::set(&mut traits, memory, context, now_s);
        cart::set(&mut traits, memory, now_s, unit);
        if !context.item.is_empty() {
            cart::set_page_item(&mut traits, memory, context, unit);
        }
        for (code, interest) in [(code::AFFINITY_TOP_CATEGORY, 0), (code::AFFINITY_TOP_BRAND, 1)] {
            let top = traits.interests[interest].top().to_owned();
            traits.text(code, &top);
        }
        traits
    }

    /// The traits of the same moment on another page, of traits that were derived for a page without a product. Cost: a
    /// copy, and the facts of the page.
    #[must_use]
    pub fn elsewhere(&self, memory: &Memory, context: &Context, core: &Core, now_s: i64) -> Self {
        let mut traits = self.clone();
        moment::set(&mut traits, context, core, now_s);
        if !context.item.is_empty() {
            cart::set_page_item(&mut traits, memory, context, unit_of(core));
        }
        traits
    }

    /// The interests under a code of `affinity.*`: (key, parts per million), sorted by key.
    #[must_use]
    pub fn interest(&self, code: u16) -> &[(String, u32)] {
        let at = usize::from(code.wrapping_sub(code::AFFINITY_CATEGORY));
        self.interests.get(at).map_or(&[], |interest| interest.shares())
    }

    /// The share of interest in a key under a code of `affinity.*`, parts per million; 0 for one without interest.
    #[must_use]
    pub fn share_ppm(&self, code: u16, key: &str) -> u32 {
        let interest = self.interests.get(usize::from(code.wrapping_sub(code::AFFINITY_CATEGORY)));
        interest.map_or(0, |interest| interest.share_ppm(key))
    }

    /// Whether an answer of the history came from raw events, from totals by day, or is a lower bound.
    #[must_use]
    pub fn reach(&self, query: &HistoryQuery<'_>) -> Reach {
        self.history.answer(query).1
    }

    /// Signals of a name in this visit.
    fn signals(&self, name: &str) -> f64 {
        let query = HistoryQuery {
            function: HistoryFunction::Count,
            subject: EventKind::Signal.name(),
            steps: &[],
            window_s: self.visit_s,
            filter: &[Value::text("text"), Value::text(name)],
        };
        match self.history.answer(&query).0 {
            Some(Value::Int(count)) => count as f64,
            _ => 0.0,
        }
    }

    /// The text of a trait that is one, for tokens in blocks.
    #[must_use]
    pub fn text_of(&self, code: u16, key: &str) -> Option<Text<'_>> {
        match self.value(code, key)? {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    /// Sets a trait. Never inlined, like its relatives below: a hundred traits would become a hundred copies.
    #[inline(never)]
    pub(super) fn set(&mut self, code: u16, value: Value<'static>) {
        if let Some(slot) = self.values.get_mut(usize::from(code)) {
            *slot = Some(value);
        }
    }

    #[inline(never)]
    pub(super) fn int(&mut self, code: u16, value: i64) {
        self.set(code, Value::Int(value));
    }

    #[inline(never)]
    pub(super) fn bool(&mut self, code: u16, value: bool) {
        self.set(code, Value::Bool(value));
    }

    #[inline(never)]
    pub(super) fn double(&mut self, code: u16, value: f64) {
        self.set(code, Value::Double(value));
    }

    #[inline(never)]
    pub(super) fn text(&mut self, code: u16, value: &str) {
        self.set(code, Value::made(value));
    }

    #[inline(never)]
    pub(super) fn texts(&mut self, code: u16, values: &[&str]) {
        self.set(code, Value::list(values.iter().map(|text| Value::made(text)).collect()));
    }
}

impl TraitSource for Traits {
    fn value(&self, code: u16, key: &str) -> Option<Value<'_>> {
        match code {
            code::AFFINITY_CATEGORY..=code::AFFINITY_PRICE_BAND => {
                Some(Value::Double(f64::from(self.share_ppm(code, key)) / 1_000_000.0))
            }
            code::SESSION_SIGNALS => Some(Value::Double(self.signals(key))),
            code::CUSTOM => {
                let (_, value) = self.custom.iter().find(|(name, _)| name == key)?;
                Some(borrowed(value))
            }
            _ => self.values.get(usize::from(code))?.as_ref().map(borrowed),
        }
    }

    fn history(&self, query: &HistoryQuery<'_>) -> Option<Value<'_>> {
        self.history.answer(query).0
    }
}

/// The value without touching reference counts of texts.
fn borrowed<'a>(value: &'a Value<'static>) -> Value<'a> {
    match value {
        Value::Str(text) => Value::text(text),
        other => other.clone(),
    }
}

/// Seconds since just before this visit began.
fn visit_s(memory: &Memory, now_s: i64) -> i64 {
    let started_s = memory.state().visit.started_s;
    if memory.visit_is_over(now_s) { 0 } else { now_s.saturating_sub(started_s).saturating_add(1) }
}

/// Minor units in one unit of the shop's currency.
pub(crate) fn unit_of(core: &Core) -> f64 {
    let exponent = core.meta.get(0).unwrap_or_default().currency_exponent;
    (0..exponent.min(6)).fold(1.0, |unit, _| unit * 10.0)
}
