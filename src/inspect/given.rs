//! Moments that are given, not lived: a core file, a memory and a context from outside, decided by the
//! engine of this module. `tests/conformance` runs its cases through it; its README has the format.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};
use shelfwise_host::engine::decide::{Decision, Scratch, State, campaign_index, decide, fire};
use shelfwise_host::engine::eval::{HistoryQuery, Instant, TraitSource, Value, compute};
use shelfwise_host::engine::memory::Memory;
use shelfwise_host::engine::pack::core::Core;
use shelfwise_host::engine::pack::kinds::{ConsentMode, ContentKind, TriggerKind};
use shelfwise_host::engine::pack::program::HistoryFunction;
use shelfwise_host::engine::pack::{Opened, OpenedCore};
use shelfwise_host::engine::recommend::{Recommender, Situation};
use shelfwise_host::engine::shelf::Shelf;
use shelfwise_host::engine::traits::{Context, Traits, find};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

use super::{EventView, event};

/// A core file, and one moment after the other.
#[wasm_bindgen]
pub struct Given {
    pub(super) core: OpenedCore,
    pub(super) shelf: Shelf,
    pub(super) recommender: Recommender,
    scratch: Scratch,
    pub(super) moment: Option<Moment>,
}

pub(super) struct Moment {
    now_s: i64,
    unit: String,
    pub(super) traits: Traits,
    pub(super) situation: Situation,
    state: State,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct MomentView {
    now_s: i64,
    unit: String,
    events: Vec<EventView>,
    context: ContextView,
    withdrawn: Vec<String>,
    forced: Vec<String>,
    /// Campaigns that this page showed before.
    shown: Vec<String>,
    holdout: f64,
}

/// [`Context`], as cases write it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct ContextView {
    page: String,
    path: String,
    query: String,
    category: String,
    item: String,
    search: String,
    referrer: String,
    landing_query: String,
    language: String,
    timezone: String,
    utc_offset_min: i32,
    country: String,
    viewport_width: u32,
    touch: bool,
    os: String,
    browser: String,
    engaged_ms: u32,
    scroll_percent: u8,
    consent: u8,
    shown_s: i64,
    clicks: u32,
    /// By path.
    facts: BTreeMap<String, GivenView>,
    custom: BTreeMap<String, GivenView>,
}

/// A value, which the page side hands in as text.
#[derive(Deserialize)]
#[serde(untagged)]
enum GivenView {
    Bool(bool),
    Int(i64),
    Double(f64),
    Str(String),
}

/// A question to the history: function, event name, product id or steps, window in seconds, filter.
#[derive(Deserialize)]
struct QuestionView(String, SubjectView, Option<i64>, #[serde(default)] BTreeMap<String, WantedView>);

#[derive(Deserialize)]
#[serde(untagged)]
enum SubjectView {
    One(String),
    Steps(Vec<String>),
}

/// A value of a filter; a number is a duration in seconds.
#[derive(Deserialize)]
#[serde(untagged)]
enum WantedView {
    Text(String),
    Duration(i64),
    Texts(Vec<String>),
}

/// A value bound to a variable of a condition.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum BoundView {
    Null,
    Bool(bool),
    /// Decimal, as 64 bits do not fit into a number of JavaScript.
    Int(String),
    Uint(String),
    /// The decimal digits of the bits.
    Double(String),
    Str(String),
    Timestamp(String, u32),
    Duration(String, u32),
    List(Vec<BoundView>),
    Map(Vec<(BoundView, BoundView)>),
}

#[wasm_bindgen]
impl Given {
    /// Opens a core file; throws the error's code and offset.
    #[wasm_bindgen(constructor)]
    pub fn new(core: Vec<u8>) -> Result<Given, JsError> {
        let core: OpenedCore = Opened::open(core).map_err(|error| JsError::new(&format!("{error:?}")))?;
        let (scratch, shelf) = (Scratch::new(&core.view()), Shelf::new(&core.view()));
        Ok(Self { core, shelf, recommender: Recommender::default(), scratch, moment: None })
    }

    /// The moment that all the other calls are about: `{now_s, unit, events, context, withdrawn, forced, shown, holdout}`.
    pub fn moment(&mut self, view: JsValue) -> Result<(), JsError> {
        let view: MomentView = serde_wasm_bindgen::from_value(view)?;
        let core = self.core.view();
        let mut memory = Memory::default();
        for view in &view.events {
            memory.fold(&event(view).ok_or_else(|| JsError::new(&format!("no event {:?}", view.event)))?);
        }
        let context = view.context.context();
        let consent = context.consent.unwrap_or(ConsentMode::Contextual);
        let mut state = State::derive(&core, &memory, consent, view.now_s);
        state.utc_offset_min = context.utc_offset_min;
        state.holdout_ppm = (view.holdout * 1e6).round() as u32;
        state.withdraw(&core, view.withdrawn.iter().map(String::as_str));
        for forced in &view.forced {
            let forced = forced.split_once('/').map(|(campaign, it)| state.force(&core, campaign, it));
            forced.filter(|found| *found).ok_or_else(|| JsError::new("no such variation to force"))?;
        }
        state.shown = view.shown.iter().filter_map(|id| campaign_index(&core, id)).collect();
        let traits = Traits::derive(&memory, &context, &core, view.now_s);
        let situation = Situation::derive(&core, &self.shelf, &memory, &context, view.now_s);
        self.moment = Some(Moment { now_s: view.now_s, unit: view.unit, traits, situation, state });
        Ok(())
    }

    /// Decides the slots of those names, or all: `[[slot, campaign/variation or null]]`.
    pub fn decide(&mut self, slots: Option<Vec<String>>) -> JsValue {
        let Self { core, scratch, moment: Some(Moment { now_s, unit, traits, state, .. }), .. } = self else {
            return JsValue::NULL;
        };
        let core = core.view();
        let wanted = |name: &str| slots.as_ref().is_none_or(|slots| slots.iter().any(|slot| slot == name));
        let asked = (0..).zip(core.slots.iter()).filter(|(_, slot)| wanted(core.text(slot.name)));
        let asked: Vec<u32> = asked.map(|(at, _)| at).collect();
        let decisions = decide(&core, traits, state, &asked, *now_s, unit, scratch);
        let name = |decision: &Decision| {
            core.text(decision.slot.and_then(|slot| core.slots.get(slot)).unwrap_or_default().name)
        };
        json(&decisions.iter().map(|it| (name(it), told(&core, it))).collect::<Vec<_>>())
    }

    /// What a trigger of a code sets off: `[campaign/variation or null]`.
    pub fn fire(&mut self, trigger: u8, value: u32) -> JsValue {
        let Self { core, scratch, moment: Some(Moment { now_s, unit, traits, state, .. }), .. } = self else {
            return JsValue::NULL;
        };
        let Some(trigger) = TriggerKind::from_code(trigger) else { return JsValue::NULL };
        let core = core.view();
        let decisions = fire(&core, traits, state, (trigger, value), *now_s, unit, scratch);
        json(&decisions.iter().map(|decision| told(&core, decision)).collect::<Vec<_>>())
    }

    /// Why each campaign did or did not show in the last pass: `[[id, reason]]`.
    pub fn reasons(&self) -> JsValue {
        let core = self.core.view();
        let ids = core.campaigns.iter().map(|campaign| core.text(campaign.id));
        json(&ids.zip(self.scratch.reasons().iter().map(|it| it.name())).collect::<Vec<_>>())
    }

    /// The trait of a path, `path[key]` where it has a key; null when it is absent.
    pub fn value(&self, path: &str) -> Result<JsValue, JsError> {
        let (path, key) = path.strip_suffix(']').and_then(|it| it.split_once('[')).unwrap_or((path, ""));
        let code = find(path).ok_or_else(|| JsError::new(&format!("no trait {path}")))?.code;
        let value = self.moment.as_ref().and_then(|moment| moment.traits.value(code, key));
        Ok(json(&value.as_ref().map(Told)))
    }

    /// The answer to `[function, subject or steps, window_s or null, filter]`; null when there is none.
    pub fn history(&self, question: JsValue) -> Result<JsValue, JsError> {
        let QuestionView(function, subject, window_s, filter) = serde_wasm_bindgen::from_value(question)?;
        let (subject, steps) = match subject {
            SubjectView::One(subject) => (subject, Vec::new()),
            SubjectView::Steps(steps) => (String::new(), steps),
        };
        let steps: Vec<Value<'_>> = steps.iter().map(|step| Value::made(step)).collect();
        let filter: Vec<_> = filter.iter().flat_map(|(field, it)| [Value::made(field), it.value()]).collect();
        let query = HistoryQuery {
            function: named(&function)?,
            subject: &subject,
            steps: &steps,
            window_s: window_s.unwrap_or(i64::MAX),
            filter: &filter,
        };
        let answer = self.moment.as_ref().and_then(|moment| moment.traits.history(&query));
        Ok(json(&answer.as_ref().map(Told)))
    }
}

/// Evaluates the first predicate of a core file over variables, whose codes are their positions (null =
/// absent). The engine's own debug text of the value or error, which tells apart what CEL's `==` does not.
#[wasm_bindgen]
pub fn evaluate(core: &[u8], variables: JsValue) -> Result<String, JsError> {
    let core = Core::open(core).map_err(|error| JsError::new(&format!("{error:?}")))?;
    let views: Vec<Option<BoundView>> = serde_wasm_bindgen::from_value(variables)?;
    let bound = views.iter().map(|view| view.as_ref().map(BoundView::value).transpose());
    let bound = Bound(bound.collect::<Result<_, _>>()?);
    let predicate = core.predicates.get(0).ok_or_else(|| JsError::new("no predicate"))?;
    Ok(format!("{:?}", compute(&core, &predicate, &bound)))
}

/// Values by position.
struct Bound(Vec<Option<Value<'static>>>);

impl TraitSource for Bound {
    fn value(&self, code: u16, _key: &str) -> Option<Value<'_>> {
        self.0.get(usize::from(code))?.clone()
    }
}

impl BoundView {
    fn value(&self) -> Result<Value<'static>, JsError> {
        Ok(match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Int(digits) => Value::Int(digits.parse()?),
            Self::Uint(digits) => Value::Uint(digits.parse()?),
            Self::Double(bits) => Value::Double(f64::from_bits(bits.parse()?)),
            Self::Str(text) => Value::made(text),
            Self::Timestamp(s, ns) => Value::Timestamp(Instant { s: s.parse()?, ns: *ns }),
            Self::Duration(s, ns) => Value::Duration(Instant { s: s.parse()?, ns: *ns }),
            Self::List(items) => Value::list(items.iter().map(Self::value).collect::<Result<_, _>>()?),
            Self::Map(entries) => {
                let parts = entries.iter().flat_map(|(key, value)| [key.value(), value.value()]);
                Value::Map(parts.collect::<Result<Vec<_>, JsError>>()?.into())
            }
        })
    }
}

impl ContextView {
    fn context(self) -> Context {
        let facts = self.facts.into_iter();
        let facts = facts.filter_map(|(path, value)| Some((find(&path)?.code, value.text()))).collect();
        let custom = self.custom.into_iter().map(|(name, value)| (name, value.text())).collect();
        Context {
            page: self.page,
            path: self.path,
            query: self.query,
            category: self.category,
            item: self.item,
            search: self.search,
            referrer: self.referrer,
            landing_query: self.landing_query,
            language: self.language,
            timezone: self.timezone,
            utc_offset_min: self.utc_offset_min,
            country: self.country,
            viewport_width: self.viewport_width,
            touch: self.touch,
            os: self.os,
            browser: self.browser,
            engaged_ms: self.engaged_ms,
            scroll_percent: self.scroll_percent,
            consent: ConsentMode::from_code(self.consent),
            shown_s: self.shown_s,
            clicks: self.clicks,
            facts,
            custom,
        }
    }
}

impl GivenView {
    fn text(self) -> String {
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Double(value) => value.to_string(),
            Self::Str(text) => text,
        }
    }
}

impl WantedView {
    fn value(&self) -> Value<'static> {
        match self {
            Self::Text(text) => Value::made(text),
            Self::Duration(s) => Value::Duration(Instant { s: *s, ns: 0 }),
            Self::Texts(texts) => Value::list(texts.iter().map(|text| Value::made(text)).collect()),
        }
    }
}

fn named(function: &str) -> Result<HistoryFunction, JsError> {
    Ok(match function {
        "count" => HistoryFunction::Count,
        "sum" => HistoryFunction::Sum,
        "first" => HistoryFunction::First,
        "last" => HistoryFunction::Last,
        "distinct" => HistoryFunction::Distinct,
        "views" => HistoryFunction::Views,
        "bought" => HistoryFunction::Bought,
        "funnel" => HistoryFunction::Funnel,
        other => return Err(JsError::new(&format!("no history function {other}"))),
    })
}

/// `campaign/variation`, with ` (control)` where the merchant's markup stays; none without a campaign.
fn told(core: &Core<'_>, decision: &Decision) -> Option<String> {
    let campaign = core.text(core.campaigns.get(decision.campaign?)?.id);
    let variation = core.text(core.variations.get(decision.variation?)?.id);
    let control = if decision.content == ContentKind::Control { " (control)" } else { "" };
    Some(format!("{campaign}/{variation}{control}"))
}

/// As `JSON.parse` would give it: what is absent is null.
pub(super) fn json(value: &impl Serialize) -> JsValue {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).unwrap_or(JsValue::UNDEFINED)
}

/// A value as JavaScript's; times are Unix seconds.
struct Told<'v>(&'v Value<'v>);

impl Serialize for Told<'_> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Bool(value) => out.serialize_bool(*value),
            Value::Int(value) => out.serialize_i64(*value),
            Value::Double(value) => out.serialize_f64(*value),
            Value::Str(text) => out.serialize_str(text),
            Value::Timestamp(at) => out.serialize_i64(at.s),
            Value::List(items) => out.collect_seq(items.iter().map(Told)),
            other => out.serialize_str(&format!("{other:?}")),
        }
    }
}
