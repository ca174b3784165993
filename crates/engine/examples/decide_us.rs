//! Measures decisions natively: `cargo run --release -p shelfwise-engine --example decide_us`.
//!
//! Synthetic packs of 100, 1,000 and 10,000 campaigns in 20 slots, four predicates each out of a shared
//! vocabulary of 240, some 5 % matching. Prints microseconds a whole pass: the first after loading
//! (index included), and the median when warm.
//!
//! With `first` or `warm` it makes one such pass over 1,000 campaigns, in a function of that name with
//! `counted_` before it: `cargo xtask instructions` counts what that executes.

use std::hint::black_box;
use std::time::Instant;

use shelfwise_engine::decide::{Decision, Scratch, State, decide};
use shelfwise_engine::memory::Memory;
use shelfwise_engine::pack::core::{
    Campaign, Core, CoreBuilder, CustomTrait, Meta, Predicate, Slot, Variation,
};
use shelfwise_engine::pack::kinds::{CampaignKind, ContentKind, CustomKind};
use shelfwise_engine::pack::program::{CompareOp, ConstantKind};
use shelfwise_engine::pack::record::{Range, Ref};
use shelfwise_engine::traits::{Context, Traits, code};

const SLOTS: u32 = 20;
const VOCABULARY: u64 = 240;

/// A xorshift generator: the same packs every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

fn vocabulary(core: &mut CoreBuilder) {
    for at in 0..VOCABULARY {
        let (trait_code, key, constant, value) = match at % 6 {
            0 => (code::VISITOR_VISITS, "", ConstantKind::Int, at / 12),
            1 => (code::TIME_HOUR, "", ConstantKind::Int, at / 10),
            2 => (code::CART_VALUE, "", ConstantKind::Double, (at as f64 / 4.0).to_bits()),
            3 => (code::DEVICE_WIDTH, "", ConstantKind::Int, at * 6),
            4 => {
                (code::AFFINITY_CATEGORY, "Garden", ConstantKind::Double, (at as f64 / 300.0 - 0.4).to_bits())
            }
            _ => (code::CUSTOM, "points", ConstantKind::Int, at),
        };
        let key = core.strings.add(key);
        let op = if at % 2 == 0 { CompareOp::Greater } else { CompareOp::LessOrEqual }.code();
        core.predicates.push(Predicate {
            op,
            constant: constant.code(),
            trait_code,
            key,
            value,
            ..Predicate::default()
        });
    }
}

fn pack(campaigns: u32) -> Vec<u8> {
    let mut core = CoreBuilder::default();
    core.meta.push(Meta { affinity_half_life_days: 30, ..Meta::default() });
    for slot in 0..SLOTS {
        let name = core.strings.add(&format!("slot-{slot}"));
        core.slots.push(Slot { name, ..Slot::default() });
    }
    vocabulary(&mut core);
    let mut dice = Dice(88_172_645_463_325_252);
    for at in 0..campaigns {
        let start = core.conjuncts.len() as u32;
        core.conjuncts.extend((0..4).map(|_| dice.roll(VOCABULARY) as u32));
        let id = core.strings.add(&format!("campaign-{at}"));
        core.campaigns.push(Campaign {
            id,
            slot: Ref::to(dice.roll(u64::from(SLOTS)) as u32),
            kind: CampaignKind::Content.code(),
            priority: dice.roll(100) as i16,
            audience: Range { start, len: 4 },
            from_s: i64::MIN,
            until_s: i64::MAX,
            variations: Range { start: at, len: 1 },
            ..Campaign::default()
        });
        core.variations.push(Variation { id, content: ContentKind::Event.code(), ..Variation::default() });
    }
    let name = core.strings.add("points");
    core.custom.push(CustomTrait { name, kind: CustomKind::Int.code() });
    core.finish()
}

const NOW_S: i64 = 1_800_000_000;

/// What a pass is made over.
struct Scene<'c, 'p> {
    core: &'c Core<'p>,
    traits: Traits,
    state: State,
    slots: Vec<u32>,
}

impl<'c, 'p> Scene<'c, 'p> {
    fn new(core: &'c Core<'p>) -> Self {
        let context = Context {
            viewport_width: 720,
            custom: vec![("points".into(), "110".to_owned())],
            ..Context::default()
        };
        let traits = Traits::derive(&Memory::default(), &context, core, NOW_S);
        Self { core, traits, state: State::default(), slots: (0..SLOTS).collect() }
    }

    fn pass(&self, scratch: &mut Scratch) -> Vec<Decision> {
        decide(self.core, &self.traits, &self.state, &self.slots, NOW_S, "unit", scratch)
    }
}

/// The first pass after loading, index included.
#[inline(never)]
fn counted_first(scene: &Scene<'_, '_>) -> Vec<Decision> {
    scene.pass(&mut Scratch::new(scene.core))
}

#[inline(never)]
fn counted_warm(scene: &Scene<'_, '_>, scratch: &mut Scratch) -> Vec<Decision> {
    scene.pass(scratch)
}

fn microseconds<T>(call: impl FnOnce() -> T) -> f64 {
    let started = Instant::now();
    black_box(call());
    started.elapsed().as_nanos() as f64 / 1e3
}

fn time(campaigns: u32) {
    let bytes = pack(campaigns);
    let core = Core::open(&bytes).expect("a pack that opens");
    let scene = Scene::new(&core);
    let first_us = microseconds(|| counted_first(&scene));
    let mut scratch = Scratch::new(&core);
    scene.pass(&mut scratch);
    let mut passes: Vec<f64> =
        (0..2_000).map(|_| microseconds(|| counted_warm(&scene, &mut scratch))).collect();
    passes.sort_by(f64::total_cmp);
    let matching = scratch.reasons().iter().filter(|reason| reason.code() != 14).count();
    println!(
        "{campaigns} campaigns, {matching} matching: first {first_us:.1} us, warm {:.2} us",
        passes[1_000]
    );
}

fn main() {
    let Some(wanted) = std::env::args().nth(1) else {
        return [100, 1_000, 10_000].into_iter().for_each(time);
    };
    let bytes = pack(1_000);
    let core = Core::open(&bytes).expect("a pack that opens");
    let scene = Scene::new(&core);
    let mut scratch = Scratch::new(&core);
    match wanted.as_str() {
        "first" => drop(black_box(counted_first(&scene))),
        "warm" => {
            scene.pass(&mut scratch);
            drop(black_box(counted_warm(&scene, &mut scratch)));
        }
        other => panic!("{other} is neither `first` nor `warm`"),
    }
}
