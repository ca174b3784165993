//! GA4 events as JSON, one a line: rows of a BigQuery export, or what a page pushes onto its data layer.

use serde_json::{Map, Value};
use shelfwise_engine::memory::EventKind;

use super::logbook::{Facts, Logbook, Record, kind_of};

/// Objects that hold an event's parameters, beside the event itself.
const INSIDE: [&str; 3] = ["ecommerce", "params", "event_params"];

/// Writes one event, a line of JSON, into a book. `exponent` is the number of decimals of the shop's currency.
/// Whether it was an event that the memory has a use for.
///
/// The shopper is `user_id` or `user_pseudo_id` (`client_id`, `customer_id`), else the visit; the visit
/// `ga_session_id` (`session_id`); the time `event_timestamp` (`timestamp`, `ts`, `time`), in seconds, milli- or
/// microseconds or as `2026-03-01T09:00:00Z`.
///
/// # Errors
/// Why the line is refused, in words.
pub fn read_event(line: &str, exponent: u8, book: &mut Logbook) -> Result<bool, String> {
    let parsed: Value = serde_json::from_str(line).map_err(|error| format!("not JSON: {error}"))?;
    let fields = parsed.as_object().ok_or("no JSON object")?;
    let event = GaEvent { fields, exponent };
    let name = event.text(&["event_name", "event", "name"]).ok_or("no event_name")?;
    let Some(kind) = kind_of(&name)? else { return Ok(false) };
    let at_s = match event.text(&["event_timestamp", "timestamp", "ts", "time"]) {
        Some(text) => Some(time_s(&text).ok_or_else(|| format!("{text:?} is no time"))?),
        None => None,
    };
    let visit = event.text(&["ga_session_id", "session_id"]);
    let shopper = event.text(&["user_id", "customer_id", "user_pseudo_id", "client_id"]);
    let shopper = shopper.or_else(|| visit.clone()).ok_or("neither a user nor a session is named")?;
    let visit = visit.unwrap_or_default();
    event.facts(&shopper, book);
    let text = event.saying(kind);
    let record = Record {
        text: &text,
        value_minor: event.minor("value").or_else(|| event.minor("purchase_revenue")).unwrap_or(0),
        engaged_ms: event.number("engagement_time_msec").map_or(0, |ms| ms.clamp(0.0, 86_400_000.0) as u32),
        ..Record::new(&shopper, &visit, at_s, kind)
    };
    event.write(record, book);
    Ok(true)
}

struct GaEvent<'a> {
    fields: &'a Map<String, Value>,
    exponent: u8,
}

impl GaEvent<'_> {
    /// A field of the event, of its e-commerce object or of its parameters.
    fn field(&self, name: &str) -> Option<&Value> {
        let plain = |value: &&Value| !value.is_null() && !value.is_object() && !value.is_array();
        let inside = INSIDE.iter().filter_map(|of| match self.fields.get(*of)? {
            Value::Object(of) => of.get(name),
            Value::Array(pairs) => parameter(pairs, name),
            _ => None,
        });
        self.fields.get(name).into_iter().chain(inside).find(plain)
    }

    fn text(&self, names: &[&str]) -> Option<String> {
        names.iter().filter_map(|name| text_of(self.field(name)?)).find(|text| !text.is_empty())
    }

    fn number(&self, name: &str) -> Option<f64> {
        number_of(self.field(name)?)
    }

    fn minor(&self, name: &str) -> Option<i64> {
        Some(minor(self.number(name)?, self.exponent)).filter(|minor| *minor != 0)
    }

    /// What the event says, by its kind: as the page would have told it.
    fn saying(&self, kind: EventKind) -> String {
        let page = || path_of(&self.text(&["page_location", "page_path"]).unwrap_or_default());
        match kind {
            EventKind::PageView => {
                let path = page();
                path.split(['?', '#']).next().unwrap_or("/").to_owned()
            }
            EventKind::SessionStart => {
                format!("{}\n{}", self.text(&["page_referrer"]).unwrap_or_default(), page())
            }
            EventKind::Search => self.text(&["search_term", "query"]).unwrap_or_default(),
            EventKind::Purchase | EventKind::Refund => self.text(&["transaction_id"]).unwrap_or_default(),
            EventKind::ViewItemList => self.text(&["item_list_name", "item_list_id"]).unwrap_or_default(),
            _ => String::new(),
        }
    }

    fn facts(&self, shopper: &str, book: &mut Logbook) {
        let of = |object: &str, names: &[&str]| {
            let object = self.fields.get(object).and_then(Value::as_object);
            let found = names.iter().find_map(|name| text_of(object?.get(*name)?));
            found.or_else(|| self.text(names)).unwrap_or_default()
        };
        let (device, language) =
            (of("device", &["category", "device_category"]), of("device", &["language"]));
        let country = of("geo", &["country_code", "country"]);
        // GA4 exports the country's name, which is no code.
        let country = if country.len() == 2 { country.to_ascii_uppercase() } else { String::new() };
        book.know(shopper, Facts { device: &device, language: &language, country: &country });
    }

    /// One record of an event without products; else one each, the event's whole value on the first.
    fn write(&self, record: Record<'_>, book: &mut Logbook) {
        let held = |object: &Map<String, Value>| object.get("items").and_then(Value::as_array).cloned();
        let inside = || INSIDE.iter().find_map(|name| held(self.fields.get(*name)?.as_object()?));
        let items = held(self.fields).or_else(inside).unwrap_or_default();
        let of_one =
            !matches!(record.kind, EventKind::PageView | EventKind::SessionStart | EventKind::Search);
        let products = items.iter().filter_map(Value::as_object).filter(|_| of_one);
        let mut left = record;
        let mut written = false;
        for product in products {
            let text = |name: &str| product.get(name).and_then(text_of).unwrap_or_default();
            let number = |name: &str| product.get(name).and_then(number_of);
            let (item, category) = (text("item_id"), text("item_category"));
            let quantity = number("quantity").unwrap_or(1.0).clamp(0.0, f64::from(u16::MAX)) as u16;
            let price = number("price").map_or(0, |price| minor(price, self.exponent));
            let price_minor = u32::try_from(price).unwrap_or(0);
            written = true;
            if book.record(&Record { item: &item, category: &category, quantity, price_minor, ..left }) {
                left.value_minor = 0;
            }
            // A list of products is one event; its products were not looked at one by one.
            if record.kind == EventKind::ViewItemList {
                break;
            }
        }
        if !written {
            book.record(&record);
        }
    }
}

/// A parameter of an export's list of keys and values.
fn parameter<'a>(pairs: &'a [Value], name: &str) -> Option<&'a Value> {
    let pair = pairs.iter().find(|pair| pair.get("key").and_then(Value::as_str) == Some(name))?;
    let value = pair.get("value")?;
    let Some(kinds) = value.as_object() else { return Some(value) };
    kinds.values().find(|value| !value.is_null())
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn number_of(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn minor(major: f64, exponent: u8) -> i64 {
    (major * 10f64.powi(i32::from(exponent))).round() as i64
}

/// The path and query of an address.
fn path_of(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let at = if rest.len() == address.len() { Some(0) } else { rest.find('/') };
    match at.and_then(|at| rest.get(at..)) {
        Some(path) if path.starts_with('/') => path.to_owned(),
        _ => "/".to_owned(),
    }
}

/// Unix seconds of a number of seconds, milli- or microseconds, or of an instant.
fn time_s(text: &str) -> Option<i64> {
    match text.parse::<i64>() {
        Ok(number) => Some(match number.unsigned_abs() {
            0..100_000_000_000 => number,
            100_000_000_000..100_000_000_000_000 => number.div_euclid(1_000),
            _ => number.div_euclid(1_000_000),
        }),
        Err(_) => crate::schedule::moment_s(text, "UTC").ok(),
    }
}
