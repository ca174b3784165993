//! Runs the language-neutral cases of `tests/conformance` through the engine, and writes their core files to
//! `target/conformance`, with which `tests/conformance/cases.test.ts` runs the same cases in wasm.

mod described;

use described::{context, core_file, int, list, memory, text, trigger_kind};
use serde_json::Value as Json;
use shelfwise_engine::decide::{Decision, Scratch, State, campaign_index, decide, fire};
use shelfwise_engine::eval::{HistoryQuery, Instant, TraitSource, Value};
use shelfwise_engine::explain::explain;
use shelfwise_engine::pack::core::Core;
use shelfwise_engine::pack::kinds::{ConsentMode, ContentKind};
use shelfwise_engine::pack::program::HistoryFunction;
use shelfwise_engine::reason::Reason;
use shelfwise_engine::traits::{Traits, find};

/// One case, set up.
struct Scene<'c, 'p> {
    core: &'c Core<'p>,
    case: &'c Json,
    traits: Traits,
    state: State,
    now_s: i64,
}

fn files() -> Vec<(String, Json)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/conformance");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect(folder).map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let json = files.into_iter().filter(|path| path.extension().is_some_and(|ext| ext == "json"));
    json.map(|path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let parsed = serde_json::from_slice(&std::fs::read(&path).unwrap());
        (name.clone(), parsed.unwrap_or_else(|error| panic!("{name}: {error}")))
    })
    .collect()
}

fn scene<'c, 'p>(core: &'c Core<'p>, case: &'c Json) -> Scene<'c, 'p> {
    let now_s = int(case, "now_s", 0);
    let memory = memory(list(case, "events"));
    let context = context(&case["context"]);
    let consent = context.consent.unwrap_or(ConsentMode::Contextual);
    let mut state = State::derive(core, &memory, consent, now_s);
    state.holdout_ppm = (case["holdout"].as_f64().unwrap_or(0.0) * 1e6).round() as u32;
    state.utc_offset_min = context.utc_offset_min;
    state.shown =
        list(case, "shown").iter().map(|id| campaign_index(core, id.as_str().unwrap()).unwrap()).collect();
    state.withdraw(core, list(case, "withdrawn").iter().filter_map(Json::as_str));
    for forced in list(case, "forced") {
        let (campaign, variation) = forced.as_str().unwrap().split_once('/').expect("campaign/variation");
        assert!(state.force(core, campaign, variation), "{forced}");
    }
    Scene { core, case, traits: Traits::derive(&memory, &context, core, now_s), state, now_s }
}

impl Scene<'_, '_> {
    fn slots(&self) -> Vec<u32> {
        let name_of = |slot: u32| self.core.text(self.core.slots.get(slot).unwrap().name);
        let all = 0..self.core.slots.len() as u32;
        match self.case["slots"].as_array() {
            None => all.collect(),
            Some(wanted) => all.filter(|slot| wanted.iter().any(|name| name == name_of(*slot))).collect(),
        }
    }

    fn run(&self, scratch: &mut Scratch) -> Vec<Decision> {
        let unit = text(self.case, "unit");
        let Scene { core, traits, state, now_s, .. } = self;
        match self.case["fire"].as_array() {
            None => decide(core, traits, state, &self.slots(), *now_s, unit, scratch),
            Some(fired) => {
                let trigger = (trigger_kind(fired[0].as_str().unwrap()), fired[1].as_u64().unwrap() as u32);
                fire(core, traits, state, trigger, *now_s, unit, scratch)
            }
        }
    }

    /// `campaign/variation`, followed by ` (control)` where the merchant's markup stays, or null.
    fn told(&self, decision: &Decision) -> Json {
        let Some(campaign) = decision.campaign else { return Json::Null };
        let campaign = self.core.text(self.core.campaigns.get(campaign).unwrap().id);
        let variation = self.core.variations.get(decision.variation.unwrap()).unwrap();
        let control = if decision.content == ContentKind::Control { " (control)" } else { "" };
        Json::String(format!("{campaign}/{}{control}", self.core.text(variation.id)))
    }

    fn trait_json(&self, path: &str) -> Json {
        let (path, key) = path.strip_suffix(']').and_then(|it| it.split_once('[')).unwrap_or((path, ""));
        let code = find(path).unwrap_or_else(|| panic!("unknown trait {path}")).code;
        match self.traits.value(code, key) {
            None => Json::Null,
            Some(value) => json_of(&value),
        }
    }
}

/// The answer to `[function, subject or steps, window_s or null, filter]`.
fn history_json(traits: &Traits, question: &Json) -> Json {
    let function = match question[0].as_str().unwrap() {
        "count" => HistoryFunction::Count,
        "sum" => HistoryFunction::Sum,
        "first" => HistoryFunction::First,
        "last" => HistoryFunction::Last,
        "distinct" => HistoryFunction::Distinct,
        "views" => HistoryFunction::Views,
        "bought" => HistoryFunction::Bought,
        "funnel" => HistoryFunction::Funnel,
        other => panic!("unknown function {other}"),
    };
    let texts = |json: &Json| -> Vec<Value<'static>> {
        json.as_array().into_iter().flatten().map(|text| Value::made(text.as_str().unwrap())).collect()
    };
    let wanted = |value: &Json| match value {
        Json::String(text) => Value::made(text),
        Json::Number(s) => Value::Duration(Instant { s: s.as_i64().unwrap(), ns: 0 }),
        list => Value::list(texts(list)),
    };
    let filter = question[3].as_object().into_iter().flatten();
    let filter: Vec<_> = filter.flat_map(|(field, value)| [Value::made(field), wanted(value)]).collect();
    let query = HistoryQuery {
        function,
        subject: question[1].as_str().unwrap_or(""),
        steps: &texts(&question[1]),
        window_s: question[2].as_i64().unwrap_or(i64::MAX),
        filter: &filter,
    };
    traits.history(&query).map_or(Json::Null, |value| json_of(&value))
}

fn json_of(value: &Value<'_>) -> Json {
    match value {
        Value::Bool(truth) => (*truth).into(),
        Value::Int(number) => (*number).into(),
        Value::Double(number) => (*number).into(),
        Value::Str(text) => Json::String(text.to_string()),
        Value::Timestamp(at) => at.s.into(),
        Value::List(items) => items.iter().map(json_of).collect(),
        other => panic!("no JSON for {other:?}"),
    }
}

fn check(scene: &Scene<'_, '_>, scratch: &mut Scratch) -> Result<(), String> {
    let expect = &scene.case["expect"];
    let decisions = scene.run(scratch);
    let differ = |what: &str, got: &Json, want: &Json| match got == want {
        true => Ok(()),
        false => Err(format!("{what}: expected {want}, got {got}")),
    };
    if let Some(fired) = expect.get("fired") {
        differ("fired", &decisions.iter().map(|decision| scene.told(decision)).collect(), fired)?;
    }
    for (slot, want) in expect["slots"].as_object().into_iter().flatten() {
        let named = |decision: &&Decision| {
            scene.core.text(scene.core.slots.get(decision.slot.unwrap()).unwrap().name) == slot
        };
        let decision = decisions.iter().find(named).ok_or(format!("slot {slot} was not decided"))?;
        differ(slot, &scene.told(decision), want)?;
    }
    for (id, want) in expect["reasons"].as_object().into_iter().flatten() {
        let at = scene.core.campaigns.iter().position(|campaign| scene.core.text(campaign.id) == id);
        let reason = scratch.reasons()[at.ok_or(format!("no campaign {id}"))?];
        differ(id, &Json::String(reason.name().into()), want)?;
    }
    for (path, want) in expect["traits"].as_object().into_iter().flatten() {
        differ(path, &scene.trait_json(path), want)?;
    }
    for asked in list(expect, "history") {
        let (question, want) = (&asked[0], &asked[1]);
        differ(&question.to_string(), &history_json(&scene.traits, question), want)?;
    }
    Ok(())
}

/// The core file of a case file, kept for the same cases in wasm beside the case file that it was built from.
fn kept_core(file: &str, json: &Json) -> Vec<u8> {
    let bytes = core_file(&json["pack"]);
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/conformance");
    std::fs::create_dir_all(&folder).expect("target/conformance");
    let core = folder.join(file).with_extension("bin");
    std::fs::write(core, &bytes).expect("the core file can be written");
    std::fs::write(folder.join(file), json.to_string()).expect("the case file can be written");
    bytes
}

#[test]
fn every_case_decides_as_written() {
    let mut failures = Vec::new();
    let mut count = 0;
    for (file, json) in files() {
        let bytes = kept_core(&file, &json);
        let core = Core::open(&bytes).unwrap_or_else(|error| panic!("{file}: {error:?}"));
        // One scratch for all cases of a file: what a pass leaves in it must not matter.
        let mut reused = Scratch::new(&core);
        for case in list(&json, "cases") {
            count += 1;
            let scene = scene(&core, case);
            for scratch in [&mut reused, &mut Scratch::new(&core)] {
                if let Err(error) = check(&scene, scratch) {
                    failures.push(format!("{file}: {}: {error}", text(case, "name")));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(count >= 30, "only {count} cases were found");
}

#[test]
fn an_explanation_agrees_with_the_decision_and_its_reasons() {
    for (_, json) in files() {
        let bytes = core_file(&json["pack"]);
        let core = Core::open(&bytes).unwrap();
        for case in list(&json, "cases").iter().filter(|case| case["fire"].is_null()) {
            let scene = scene(&core, case);
            let (mut plain, mut telling) = (Scratch::new(&core), Scratch::new(&core));
            let decisions = scene.run(&mut plain);
            let unit = text(case, "unit");
            let told =
                explain(&core, &scene.traits, &scene.state, &scene.slots(), scene.now_s, unit, &mut telling);
            assert_eq!(told.decisions, decisions);
            for (story, reason) in told.campaigns.iter().zip(plain.reasons()) {
                assert_eq!(story.reason, *reason);
                let holds = story.audience.iter().all(|condition| condition.truth == Ok(true));
                match reason {
                    Reason::Audience => assert!(!holds, "{}", story.id),
                    Reason::Won | Reason::Outranked | Reason::Capped | Reason::Group => {
                        assert!(holds, "{}", story.id);
                    }
                    _ => {}
                }
            }
        }
    }
}
