//! Fills the rows of `tests/conformance/rows.json`, and leaves its product files in `target/conformance`, with which
//! `tests/conformance/cases.test.ts` fills the same rows in wasm.

mod described;

use described::catalogue::product_files;
use described::{context, core_file, int, list, memory, text};
use serde_json::{Value as Json, json};
use shelfwise_engine::pack::core::{Core, exclude};
use shelfwise_engine::pack::opened::{Opened, OpenedCore};
use shelfwise_engine::recommend::{Pick, Recommender, Request, Situation};
use shelfwise_engine::shelf::Shelf;
use shelfwise_engine::traits::Traits;

fn file() -> Json {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/conformance/rows.json");
    serde_json::from_slice(&std::fs::read(path).expect(path)).expect("JSON")
}

/// The named rows of one page in turn: product ids, and why each is there.
fn filled(
    core: &Core<'_>,
    shelf: &Shelf,
    case: &Json,
    rows: &Json,
    recommender: &mut Recommender,
) -> (Json, Json) {
    let now_s = int(case, "now_s", 0);
    let (memory, context) = (memory(list(case, "events")), context(&case["context"]));
    let situation = Situation::derive(core, shelf, &memory, &context, now_s);
    let traits = Traits::derive(&memory, &context, core, now_s);
    recommender.new_page();
    let id = |dense| shelf.card(core, dense).expect("shown products have cards").item();
    let why = |pick: &Pick| {
        let because = pick.because.map_or(String::new(), |dense| format!(" {}", id(dense)));
        format!("{}{because}", pick.reason())
    };
    let asked = list(case, "rows").iter().map(|name| {
        let at = rows.as_array().unwrap().iter().position(|row| row["name"] == *name).expect("row");
        let mut request = Request::of_row(core, &core.rows.get(at as u32).unwrap());
        if case["reminder"] == true {
            request.exclude |= exclude::REMINDERS;
        }
        let picks = recommender.recommend(core, shelf, &situation, &traits, &request);
        let ids: Vec<&str> = picks.iter().map(|pick| id(pick.dense)).collect();
        (json!(ids), json!(picks.iter().map(why).collect::<Vec<_>>()))
    });
    let (ids, why): (Vec<Json>, Vec<Json>) = asked.unzip();
    (Json::Array(ids), Json::Array(why))
}

#[test]
fn every_row_is_filled_as_written() {
    let json = file();
    let core: OpenedCore = Opened::open(core_file(&json["pack"])).expect("core");
    let view = core.view();
    let mut shelf = Shelf::new(&view);
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/conformance");
    std::fs::create_dir_all(&folder).expect("target/conformance");
    for (number, bytes) in (0..).zip(product_files(&json["pack"])) {
        std::fs::write(folder.join(format!("rows.items-{number}.bin")), &bytes).expect("can be written");
        shelf.add_items(number, Opened::open(bytes).expect("items"));
    }
    let mut failures = Vec::new();
    // One for all cases: what a page leaves behind must not matter.
    let mut reused = Recommender::default();
    for case in list(&json, "cases") {
        for recommender in [&mut reused, &mut Recommender::default()] {
            let (rows, why) = filled(&view, &shelf, case, &json["pack"]["rows"], recommender);
            let expect = &case["expect"];
            for (what, got) in [("rows", &rows), ("why", &why)] {
                if expect.get(what).is_some_and(|wanted| wanted != got) {
                    failures.push(format!(
                        "{}: {what}: expected {}, got {got}",
                        text(case, "name"),
                        expect[what]
                    ));
                }
            }
        }
    }
    failures.dedup();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let rows = json["pack"]["rows"].as_array().unwrap();
    for strategy in shelfwise_engine::recommend::STRATEGIES {
        let asks = |row: &&Json| list(row, "strategies").iter().any(|name| name == strategy.0);
        let named: Vec<&Json> = rows.iter().filter(asks).map(|row| &row["name"]).collect();
        let shown = list(&json, "cases").iter().any(|case| {
            let filled = |(name, ids): (&Json, &Json)| named.contains(&name) && ids != &json!([]);
            list(case, "rows").iter().zip(list(&case["expect"], "rows")).any(filled)
        });
        assert!(shown, "no case fills a row of {}", strategy.0);
    }
}
