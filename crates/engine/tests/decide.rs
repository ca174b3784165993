//! What cases in JSON cannot say of a pass: programs, slots that are not there, and what a scratch keeps.

#![allow(missing_docs)]

mod described;

use serde_json::{Value as Json, json};
use shelfwise_engine::bucket;
use shelfwise_engine::decide::{Decision, Scratch, State, decide};
use shelfwise_engine::memory::Memory;
use shelfwise_engine::pack::core::{Core, CoreBuilder, Predicate};
use shelfwise_engine::pack::kinds::ConsentMode;
use shelfwise_engine::pack::program::{Instruction, Op};
use shelfwise_engine::pack::record::Range;
use shelfwise_engine::pack::{Opened, OpenedCore};
use shelfwise_engine::reason::Reason;
use shelfwise_engine::traits::{Context, Traits};

fn opened(core: CoreBuilder) -> OpenedCore {
    Opened::open(core.finish()).expect("a core file")
}

fn pass(
    core: &Core,
    state: &State,
    slots: &[u32],
    now_s: i64,
    unit: &str,
    scratch: &mut Scratch,
) -> Vec<Decision> {
    let traits = Traits::derive(&Memory::default(), &Context::default(), core, now_s);
    decide(core, &traits, state, slots, now_s, unit, scratch)
}

fn one_campaign(more: &Json) -> Json {
    let mut campaign = json!({ "id": "a", "slot": "hero", "variations": [{ "id": "one" }] });
    campaign.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({ "slots": ["hero"], "campaigns": [campaign] })
}

#[test]
fn a_slot_that_the_pack_does_not_have_is_left_out() {
    let opened = opened(described::builder(&one_campaign(&json!({}))));
    let core = opened.view();
    let decisions = pass(&core, &State::default(), &[0, 1, 7], 0, "", &mut Scratch::new(&core));
    assert_eq!(decisions.iter().map(|it| (it.slot, it.campaign)).collect::<Vec<_>>(), [(Some(0), Some(0))]);
}

#[test]
fn a_program_decides_as_a_comparison_does() {
    for (op, reason) in
        [(Op::True, Reason::Won), (Op::False, Reason::Audience), (Op::Null, Reason::ConditionError)]
    {
        let mut core = described::builder(&one_campaign(&json!({})));
        Instruction { op, a: 0, b: 0 }.encode(&mut core.code);
        let len = core.code.len() as u32;
        core.predicates.push(Predicate { code: Range { start: 0, len }, ..Predicate::default() });
        core.conjuncts.push(0);
        core.campaigns[0].audience = Range { start: 0, len: 1 };
        let opened = opened(core);
        let core = opened.view();
        let mut scratch = Scratch::new(&core);
        pass(&core, &State::default(), &[0], 0, "", &mut scratch);
        assert_eq!(scratch.reasons(), [reason], "{op:?}");
    }
}

#[test]
fn a_scratch_keeps_no_schedule_beyond_its_borders() {
    let opened = opened(described::builder(&one_campaign(&json!({ "from_s": 100, "until_s": 200 }))));
    let core = opened.view();
    let mut scratch = Scratch::new(&core);
    let times = [99, 100, 199, 200, 150, 99, 250, 100];
    let reasons = times.map(|now_s| {
        pass(&core, &State::default(), &[0], now_s, "", &mut scratch);
        scratch.reasons()[0]
    });
    use Reason::{Ended, NotStarted, Won};
    assert_eq!(reasons, [NotStarted, Won, Won, Ended, Won, NotStarted, Ended, Won]);
}

#[test]
fn the_holdout_is_a_half_open_share_of_shoppers() {
    let opened = opened(described::builder(&one_campaign(&json!({}))));
    let core = opened.view();
    let mut scratch = Scratch::new(&core);
    let place = bucket::hash("holdout", "somebody", 2).unwrap();
    let share_ppm = (place * 1e6).round() as u32;
    assert!((0..=1_000_000).contains(&share_ppm) && f64::from(share_ppm) / 1e6 == place, "{place}");
    let mut reason = |share_ppm, unit| {
        let state = State { holdout_ppm: share_ppm, ..State::default() };
        pass(&core, &state, &[0], 0, unit, &mut scratch);
        scratch.reasons()[0]
    };
    let shares = [0, share_ppm, share_ppm + 1, 1_000_000];
    let told = shares.map(|share_ppm| reason(share_ppm, "somebody"));
    assert_eq!(told, [Reason::Won, Reason::Won, Reason::Holdout, Reason::Holdout]);
    assert_eq!(reason(1_000_000, ""), Reason::Won, "nobody in particular is never held out");
}

#[test]
fn only_what_was_seen_inside_its_window_counts_as_exposure() {
    let json = json!({ "slots": ["hero"], "campaigns": [
        { "id": "a", "slot": "hero", "cap": { "exposures": 3, "window_s": 60 }, "variations": [{ "id": "one" }] },
        { "id": "b", "slot": "hero", "cap": { "exposures": 3, "window_s": 60 }, "variations": [{ "id": "one" }] },
        { "id": "c", "slot": "hero", "variations": [{ "id": "one" }] },
    ] });
    let opened = opened(described::builder(&json));
    let seen = |text: &str, at_s: i64| json!({ "kind": "experiment_viewed", "text": text, "at_s": at_s });
    let memory = described::memory(&[seen("a/one", 1_000), seen("b/one", 940), seen("c/one", 1_000)]);
    let state = State::derive(&opened.view(), &memory, ConsentMode::Personalise, 1_000);
    assert_eq!(state.exposures, [(0, 1)]);
}
