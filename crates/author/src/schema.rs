//! JSON Schemas of the YAML files, for completion and squiggles in editors.
//!
//! Keys and names come from the tables that the readers use; a test keeps keys and properties in step. What
//! needs more than one value (does the slot exist, is the condition right) stays with the checks.

use serde_json::{Map, Value, json};

use crate::cel::{Definition, Environment as _, ShopEnvironment, Type};
use crate::check::unknown_page::pages;
use crate::engine::traits::{TRAITS, find};
use crate::pack::kinds::{
    CampaignKind, ConsentMode, CustomKind, DiversityBy, MessageKind, Strategy, TriggerKind,
};
use crate::project::{
    CATALOGUE_FIELDS, EVENTS, EXCLUSIONS, Scope, Score, best_seller_windows, kebab, strategy_keys,
    trend_windows,
};
use crate::trial::facts;

/// The schema's file name and text, for each kind of file.
#[must_use]
pub fn all() -> [(&'static str, String); 4] {
    [
        ("shop.schema.json", finish("shop.yaml", shop())),
        ("campaign.schema.json", finish("A campaign", campaign())),
        ("audiences.schema.json", finish("Named conditions", audiences())),
        ("scenario.schema.json", finish("A scenario", scenario())),
    ]
}

fn finish(title: &str, mut schema: Value) -> String {
    schema["$schema"] = "http://json-schema.org/draft-07/schema#".into();
    schema["title"] = title.into();
    format!("{schema:#}\n")
}

/// A mapping with these keys and no others.
fn object(required: &[&str], properties: Vec<(&str, Value)>) -> Value {
    let properties: Map<String, Value> =
        properties.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    json!({ "type": "object", "additionalProperties": false, "required": required, "properties": properties })
}

fn text(meaning: &str) -> Value {
    json!({ "type": ["string", "number", "boolean"], "description": meaning })
}

fn number(least: f64, most: f64, meaning: &str) -> Value {
    json!({ "type": "number", "minimum": least, "maximum": most, "description": meaning })
}

fn whole(least: i64, most: i64, meaning: &str) -> Value {
    json!({ "type": "integer", "minimum": least, "maximum": most, "description": meaning })
}

fn duration(meaning: &str) -> Value {
    json!({ "type": "string", "pattern": "^-?[0-9]+ *[smhdw]$", "description": meaning, "examples": ["40s", "15m", "7d"] })
}

fn names(all: Vec<String>, meaning: &str) -> Value {
    json!({ "enum": all, "description": meaning })
}

fn kinds<T: Copy + std::fmt::Debug>(all: &[T], meaning: &str) -> Value {
    names(all.iter().map(|kind| kebab(*kind)).collect(), meaning)
}

/// One value, or a list of them.
fn list(item: &Value) -> Value {
    json!({ "anyOf": [item, { "type": "array", "items": item }] })
}

/// A condition; editors offer the traits.
fn condition(meaning: &str) -> Value {
    let traits: Vec<&str> = TRAITS.iter().map(|found| found.path).collect();
    json!({ "type": ["string", "boolean"], "description": meaning, "examples": traits })
}

fn shop() -> Value {
    let columns = CATALOGUE_FIELDS.iter().map(|field| (*field, text("Column of the file."))).collect();
    let slot = object(
        &["name"],
        vec![
            ("name", text("Name, as in data-shelf-slot.")),
            ("page", names(pages().map(str::to_owned).collect(), "Kind of page; any when left out.")),
        ],
    );
    let file = text("Path of the CSV file.");
    let catalogue = object(&["file"], vec![("file", file.clone()), ("columns", object(&[], columns))]);
    let limit =
        |kind: &CampaignKind| (kebab(*kind), whole(0, 255, "Most campaigns of this kind on one page."));
    let limits: Map<String, Value> = CampaignKind::ALL.iter().map(limit).collect();
    object(
        &["shop", "currency"],
        vec![
            ("shop", text("Shop id, as in the script tag.")),
            ("channel", text("Release channel; `live` when left out.")),
            (
                "currency",
                json!({ "type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 4217 code." }),
            ),
            ("locale", text("BCP 47 tag; `en` when left out.")),
            ("timezone", text("IANA time zone; UTC when left out.")),
            ("free_shipping", number(0.0, 1e9, "Order value from which shipping is free.")),
            ("catalogue", json!({ "anyOf": [file, catalogue], "description": "The products." })),
            ("knowledge", text("File that `shelfwise learn` wrote.")),
            ("slots", list(&json!({ "anyOf": [text("Name."), slot] }))),
            ("links", list(&text("Host that blocks may link to."))),
            ("lists", json!({ "type": "object", "additionalProperties": list(&text("Product id.")) })),
            ("affinity_half_life", duration("Half-life of an interest; 30d when left out.")),
            ("low_stock", whole(1, 1_000_000, "Most pieces left of what is low in stock; 5 when left out.")),
            (
                "shard_items",
                whole(
                    1,
                    2_048,
                    "Cards, and products whose neighbours lie together, in one file; beyond 2,000 products 4 and 8 when left out. More of them tell the pack's host less and cost more bytes.",
                ),
            ),
            (
                "custom",
                json!({ "type": "object", "additionalProperties": kinds(CustomKind::ALL, "Type of custom.*.") }),
            ),
            ("page_limits", json!({ "type": "object", "additionalProperties": false, "properties": limits })),
        ],
    )
}

fn campaign() -> Value {
    let share = |meaning: &str| number(0.0, 1.0, meaning);
    let namespace = object(
        &["name"],
        vec![("name", text("Namespace.")), ("from", share("Its part.")), ("until", share("Its part."))],
    );
    let mut properties = vec![
        ("id", text("Stable id: caps, reports and withdrawals go by it.")),
        ("slot", text("A slot of shop.yaml.")),
        ("kind", kinds(CampaignKind::ALL, "Kind; follows from the content when left out.")),
        ("audience", condition("Whom it is for, CEL; may name audiences. Everyone when left out.")),
        ("schedule", schedule()),
        (
            "cap",
            object(
                &["exposures"],
                vec![
                    ("exposures", whole(1, 1_000_000, "Most exposures in the window.")),
                    ("per", duration("The window; all time when left out.")),
                    ("total", whole(1, 1_000_000, "Most exposures ever.")),
                ],
            ),
        ),
        ("priority", whole(-1_000, 1_000, "Higher wins; 0 when left out.")),
        ("group", text("Group of which one campaign a page may show.")),
        ("consent", kinds(ConsentMode::ALL, "What the shopper must have allowed.")),
        ("trigger", trigger()),
        ("message", kinds(MessageKind::ALL, "How a message is shown.")),
        (
            "experiment",
            object(
                &[],
                vec![
                    ("key", text("Key in exposures; the id when left out.")),
                    ("seed", text("Hash seed; the key when left out.")),
                    ("coverage", share("Share of shoppers under test.")),
                    ("namespace", namespace),
                    ("hash_version", whole(1, 2, "GrowthBook's hash; 2 when left out.")),
                ],
            ),
        ),
    ];
    let weight = ("weight", number(0.0, 1e6, "Share; all weights add up to 100 or 1."));
    let mut variation = vec![("id", text("Id; `control` leaves the shop's markup.")), weight];
    variation.extend(content());
    properties.push(("variations", list(&object(&["id"], variation))));
    properties.extend(content());
    object(&["id"], properties)
}

fn content() -> Vec<(&'static str, Value)> {
    let exclusions = EXCLUSIONS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let kin = [DiversityBy::Category, DiversityBy::Brand];
    let times = |meaning: &str| json!({ "type": "number", "description": meaning });
    let share =
        |meaning: &str| json!({ "type": "number", "minimum": 0, "maximum": 1, "description": meaning });
    let price = object(
        &[],
        vec![
            ("from", times("Lowest price, times that of the product it goes with.")),
            ("until", times("Highest price, times that of the product it goes with.")),
        ],
    );
    let dated = || {
        vec![
            ("when", text("Product id that the page must be about or the cart must hold.")),
            ("from", text("First day or moment: 2026-03-01, 2026-03-01T09:00.")),
            ("until", text("First moment at which it no longer holds.")),
        ]
    };
    let weight = |meaning: &str| {
        let mut keys = vec![("where", text("Which products, CEL over item.*.")), ("by", times(meaning))];
        keys.extend(dated());
        object(&["where"], keys)
    };
    let mut pin = vec![("item", text("Product id.")), ("at", whole(1, 48, "Its place; 1 when left out."))];
    pin.extend(dated());
    let pin = object(&["item"], pin);
    let strategy = strategy();
    let products = object(
        &["strategy"],
        vec![
            ("strategy", list(&strategy)),
            ("limit", whole(1, 48, "Most products; 8 when left out.")),
            (
                "minimum",
                whole(
                    1,
                    48,
                    "Fewest products, else the shop's markup stays; half of limit, rounded up, when left out, and 1 for rows that are short by nature.",
                ),
            ),
            ("where", condition("Which products, CEL over item.*.")),
            (
                "diversity",
                object(
                    &[],
                    vec![
                        ("by", kinds(DiversityBy::ALL, "What is counted by.")),
                        ("max", whole(1, 48, "Most products of one; 3 when left out.")),
                        (
                            "spread",
                            share("What a product loses that is like one before it: 0 nothing, 1 all."),
                        ),
                    ],
                ),
            ),
            ("exclude", list(&names(exclusions, "Products to leave out."))),
            (
                "reminders",
                json!({ "type": "boolean", "description": "Whether for-you may show again what was viewed lately." }),
            ),
            ("confidence", share("Weakest neighbours that count: 0 all, 1 the strongest alone.")),
            (
                "taste",
                share(
                    "Of kind rerank: how much is the shopper's taste, the rest the shop's own order; 0.5 when left out.",
                ),
            ),
            ("price", price),
            ("same", list(&kinds(&kin, "Only products that share this with the one it goes with."))),
            ("other", list(&kinds(&kin, "Only products that do not share this with the one it goes with."))),
            ("boost", list(&weight("Times the score, 1 to 100; 2 when left out."))),
            ("bury", list(&weight("The score is divided by it, 1 to 100; 2 when left out."))),
            ("pins", list(&pin)),
        ],
    );
    vec![
        ("block", text("Path of a block: blocks/hero.html.")),
        ("template", text("Id of a <template> in the page.")),
        ("order", list(&text("Names of blocks, first to last."))),
        ("products", products),
        ("event", text("DOM event to dispatch.")),
        ("data", json!({ "type": "object", "additionalProperties": text("Value of a binding.") })),
    ]
}

/// A step of a chain: a name, a list of the shop's own, or a name with which list it shows.
fn strategy() -> Value {
    let named = Strategy::ALL.iter().filter(|strategy| **strategy != Strategy::Manual);
    let strategies: Vec<String> = named.map(|name| kebab(*name)).collect();
    let window = |days: &mut dyn Iterator<Item = u16>| {
        let name = |days: u16| if days == 0 { "all".to_owned() } else { format!("{days}d") };
        names(
            days.map(name).collect(),
            "Over which sales are counted, up to the last order; 30d when left out.",
        )
    };
    let listing = |strategy: &Strategy| {
        let key = |key: &&'static str| match *key {
            "window" if *strategy == Strategy::Trending => (*key, window(&mut trend_windows())),
            "window" => (*key, window(&mut best_seller_windows())),
            "by" => (*key, kinds(Score::ALL, "What is ranked by; orders when left out.")),
            _ => {
                (*key, kinds(Scope::ALL, "Whose list; the page's, filled up with the shop's, when left out."))
            }
        };
        let keys: Vec<_> = strategy_keys(*strategy).iter().map(key).collect();
        (!keys.is_empty()).then(|| (kebab(*strategy), object(&[], keys)))
    };
    let lists: Map<String, Value> = Strategy::ALL.iter().filter_map(listing).collect();
    let list = json!({ "type": "object", "additionalProperties": false, "properties": lists, "minProperties": 1, "maxProperties": 1 });
    json!({ "anyOf": [{ "enum": strategies }, { "type": "string", "pattern": "^manual:" }, list] })
}

fn schedule() -> Value {
    object(
        &[],
        vec![
            ("from", text("First day or moment: 2026-03-01, 2026-03-01T09:00.")),
            ("until", text("First moment at which it no longer shows.")),
            ("timezone", text("`shop`, `shopper`, or an IANA time zone.")),
            ("days", list(&json!({ "type": "string", "examples": ["mon-fri", "weekend", "sat"] }))),
            ("hours", list(&json!({ "type": "string", "examples": ["09:00-17:30", "22:00-02:00"] }))),
        ],
    )
}

fn trigger() -> Value {
    let kind = kinds(TriggerKind::ALL, "What fires it.");
    let long = object(
        &["on"],
        vec![
            ("on", kind.clone()),
            ("after", duration("How long, for idle, dwell and cart-abandoned.")),
            ("percent", whole(1, 100, "How far, for scroll; by how much at least, for price-drop.")),
        ],
    );
    json!({ "anyOf": [kind, long] })
}

fn audiences() -> Value {
    let named =
        object(&["id", "when"], vec![("id", text("Name.")), ("when", condition("Who is in it, CEL."))]);
    let by_name = json!({ "type": "object", "additionalProperties": condition("Who is in it, CEL.") });
    json!({ "anyOf": [by_name, named.clone(), { "type": "array", "items": named }] })
}

/// A fact of a scenario's page: the values that [`crate::check::scenario`] takes.
fn fact(path: &str) -> Value {
    if path == "consent" {
        return kinds(ConsentMode::ALL, "What the shopper allows.");
    }
    let meaning = find(path).map_or("", |found| found.doc);
    let Some(Definition::Trait(found)) = ShopEnvironment::default().lookup(path) else {
        return text(meaning);
    };
    let ty = match found.ty {
        Type::Bool => "boolean",
        Type::Int => "integer",
        Type::Double => "number",
        _ if found.names.is_empty() => return text(meaning),
        _ => return names(found.names, meaning),
    };
    let mut schema = json!({ "type": ty, "description": meaning });
    for (key, bound) in found.range.into_iter().flat_map(|(low, high)| [("minimum", low), ("maximum", high)])
    {
        // Bounds of whole numbers are whole.
        match (ty, bound.is_finite()) {
            ("integer", true) => schema[key] = (bound as i64).into(),
            (_, true) => schema[key] = bound.into(),
            _ => {}
        }
    }
    schema
}

fn scenario() -> Value {
    let facts: Map<String, Value> = facts().map(|path| (path.to_owned(), fact(path))).collect();
    let mut event = vec![
        ("at", duration("When: -8d is eight days before the decision.")),
        ("engaged", duration("Attention to it.")),
        ("quantity", whole(1, 10_000, "Pieces; 1 when left out.")),
        ("value", number(-1e9, 1e9, "Value of the order.")),
    ];
    let subject =
        json!({ "type": ["string", "number", "boolean", "null"], "description": "What it is about." });
    event.extend(EVENTS.iter().map(|name| (*name, subject.clone())));
    let wanted =
        object(&[], vec![("campaign", text("Campaign, or `none`.")), ("variation", text("Variation."))]);
    let wanted = json!({ "anyOf": [text("Campaign, or `none`."), wanted] });
    object(
        &[],
        vec![
            ("name", text("What the shopper is like.")),
            ("now", text("Moment of the decision; now when left out.")),
            (
                "context",
                json!({ "type": "object", "properties": facts, "patternProperties": { "^custom\\.": text("The shop's own.") }, "additionalProperties": false }),
            ),
            ("given", list(&object(&[], event))),
            ("expect", json!({ "type": "object", "additionalProperties": wanted })),
            ("in", list(&text("Audience that the shopper must be in."))),
            ("not_in", list(&text("Audience that the shopper must not be in."))),
        ],
    )
}
