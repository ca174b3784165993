//! The editor schemas stand in docs/schema, with exactly the keys that the readers know.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use shelfwise_author::project::{CAMPAIGN_KEYS, CONTENT_KEYS, SCENARIO_KEYS, SHOP_KEYS};
use shelfwise_author::schema;
use shelfwise_author::trial::facts;

fn schema_of(name: &str) -> Value {
    let found = schema::all().into_iter().find(|(file, _)| *file == name).unwrap();
    serde_json::from_str(&found.1).unwrap()
}

fn keys(schema: &Value) -> BTreeSet<&str> {
    schema["properties"].as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn the_schemas_are_in_step_with_their_files() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema");
    for (name, text) in schema::all() {
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(name), &text).unwrap();
        }
        let found = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert_eq!(found, text, "docs/schema/{name}: UPDATE=1 cargo test -p shelfwise-author --test schema");
    }
}

#[test]
fn the_schemas_know_every_key_and_no_other() {
    let set = |keys: &[&'static str]| keys.iter().copied().collect::<BTreeSet<_>>();
    assert_eq!(keys(&schema_of("shop.schema.json")), set(SHOP_KEYS));
    assert_eq!(keys(&schema_of("scenario.schema.json")), set(SCENARIO_KEYS));
    let campaign = schema_of("campaign.schema.json");
    assert_eq!(keys(&campaign), set(CAMPAIGN_KEYS));
    let variation = &campaign["properties"]["variations"]["anyOf"][0];
    let mut expected = set(CONTENT_KEYS);
    expected.extend(["id", "weight"]);
    assert_eq!(keys(variation), expected);
    let traits = campaign["properties"]["audience"]["examples"].as_array().unwrap();
    assert!(traits.contains(&"visitor.visits".into()));
}

#[test]
fn facts_of_a_scenario_have_the_values_that_they_can_have() {
    let scenario = schema_of("scenario.schema.json");
    let known = &scenario["properties"]["context"]["properties"];
    for fact in facts() {
        assert!(!known[fact]["enum"].to_string().contains(".."), "{fact}: a range is no name");
    }
    let of = |fact: &str, key: &str| known[fact][key].clone();
    assert_eq!([of("page.scroll", "type"), of("page.scroll", "minimum")], [json!("integer"), json!(0)]);
    assert_eq!(of("page.scroll", "maximum"), 100);
    assert_eq!([of("page.engaged", "minimum"), of("page.engaged", "maximum")], [json!(0), Value::Null]);
    assert_eq!(of("device.touch", "type"), "boolean");
    assert!(of("device.type", "enum").as_array().unwrap().contains(&"phone".into()));
    assert!(of("consent", "enum").as_array().unwrap().contains(&"hand-over".into()));
    assert_eq!(of("page.path", "type"), json!(["string", "number", "boolean"]));
    assert_ne!(of("page.scroll", "description"), "");
}
