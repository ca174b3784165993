//! Writes a core file of N campaigns for measuring `decide`.
//!
//! `cargo run -p shelfwise-pack --features encode --example synthetic_core -- N core.bin [history]`
//!
//! Each campaign is a conjunction of four comparisons drawn from a shared vocabulary of 200, so that a pass
//! evaluates at most 200 predicates and not 4 N. For a shopper who opens a home page in Europe/London on a
//! 1,280 pixel screen with an empty memory, 94 of the 200 hold, so that 0.47^4 = 5 % of the campaigns match.
//! The draw is a fixed xorshift sequence: the same N gives the same bytes.
//!
//! With `history` a tenth of the vocabulary asks the shopper's history instead, as programs: how many of one
//! category's products were viewed in the last one to twenty days. A shopper who viewed more than 20 and fewer
//! than 1,000 products of it makes as many of them hold as without.

use shelfwise_pack::core::{Block, Campaign, CoreBuilder, Meta, Node, Part, Predicate, Slot, Variation};
use shelfwise_pack::kinds::{CampaignKind, ContentKind, NodeKind, PartKind};
use shelfwise_pack::program::{CompareOp, ConstantKind, HistoryFunction, Instruction, Op};
use shelfwise_pack::record::{Range, Ref, Str};

const VOCABULARY: u32 = 200;
const TRUE_PERCENT: u32 = 47;
const SLOTS: u32 = 40;
const CONJUNCTS: u32 = 4;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let count = arguments.next().and_then(|count| count.parse().ok());
    let (Some(count), Some(path)) = (count, arguments.next()) else {
        eprintln!("usage: synthetic_core <campaigns> <file to write> [history]");
        std::process::exit(2);
    };
    let history = arguments.next().as_deref() == Some("history");
    if let Err(error) = std::fs::write(&path, synthetic(count, history)) {
        eprintln!("cannot write {path}: {error}");
        std::process::exit(1);
    }
}

/// The core file of `count` campaigns.
fn synthetic(count: u32, history: bool) -> Vec<u8> {
    let mut core = CoreBuilder::default();
    let mut text = |text: &str| core.strings.add(text);
    let meta = Meta {
        shop: text("demo"),
        channel: text("live"),
        currency: text("GBP"),
        locale: text("en-GB"),
        timezone: text("Europe/London"),
        currency_exponent: 2,
        version: 1,
        issued_s: 1_700_000_000,
        expires_s: 4_000_000_000,
        affinity_half_life_days: 30,
        ..Meta::default()
    };
    core.meta.push(meta);
    for slot in 0..SLOTS {
        let name = core.strings.add(&format!("slot.{slot}"));
        core.slots.push(Slot { name, page: Str(0) });
    }
    block(&mut core);
    for index in 0..VOCABULARY {
        let asks = history && index % 10 == 3;
        let predicate = if asks { question(&mut core, index) } else { vocabulary(&mut core, index) };
        core.predicates.push(predicate);
    }
    let mut random = Xorshift(0x9E37_79B9);
    for index in 0..count {
        campaign(&mut core, index, &mut random);
    }
    core.finish()
}

/// The one block that every campaign shows: `<p>` with a text.
fn block(core: &mut CoreBuilder) {
    let words = core.strings.add("Back for the garden?");
    let name = core.strings.add("blocks/synthetic.html");
    core.parts.push(Part { kind: PartKind::Literal.code(), text: words, ..Part::default() });
    let tag = shelfwise_pack::blocks::TAGS.iter().position(|tag| *tag == "p").expect("p is a tag") as u8;
    core.nodes.push(Node { kind: NodeKind::Element.code(), tag, descendants: 1, ..Node::default() });
    let text = Range { start: 0, len: 1 };
    core.nodes.push(Node { kind: NodeKind::Text.code(), text, ..Node::default() });
    core.blocks.push(Block { name, template: Str(0), nodes: Range { start: 0, len: 2 } });
}

fn campaign(core: &mut CoreBuilder, index: u32, random: &mut Xorshift) {
    let id = core.strings.add(&format!("campaign-{index:05}"));
    let variation = core.strings.add("a");
    let mut drawn = Vec::new();
    while drawn.len() < CONJUNCTS as usize {
        let predicate = random.next() % VOCABULARY;
        if !drawn.contains(&predicate) {
            drawn.push(predicate);
        }
    }
    let audience = Range { start: core.conjuncts.len() as u32, len: CONJUNCTS };
    core.conjuncts.extend(drawn);
    core.campaigns.push(Campaign {
        id,
        slot: Ref::to(index % SLOTS),
        kind: CampaignKind::Content.code(),
        priority: (random.next() % 100) as i16,
        audience,
        from_s: i64::MIN,
        until_s: i64::MAX,
        variations: Range { start: index, len: 1 },
        ..Campaign::default()
    });
    core.variations.push(Variation {
        id: variation,
        weight_ppm: 1_000_000,
        content: ContentKind::Block.code(),
        target: Ref::to(0),
        ..Variation::default()
    });
}

/// Predicate `index`: a comparison that does or does not hold for the shopper of the module's text.
///
/// Trait codes are `engine::traits`'; all of these can be read without consent.
fn vocabulary(core: &mut CoreBuilder, index: u32) -> Predicate {
    const AFFINITY_CATEGORY: u16 = 120;
    const CART_COUNT: u16 = 80;
    const CART_VALUE: u16 = 81;
    const DEVICE_WIDTH: u16 = 142;
    const PAGE_SCROLL: u16 = 45;
    const PAGE_TYPE: u16 = 40;
    const PLACE_TIMEZONE: u16 = 164;
    const TIME_YEAR: u16 = 185;
    const WISHLIST_COUNT: u16 = 100;
    const SESSION_UTM_CAMPAIGN: u16 = 28;

    let holds = holds(index);
    let variant = u64::from(index / 10);
    let least = |holds| if holds { CompareOp::GreaterOrEqual } else { CompareOp::Less };
    let most = |holds| if holds { CompareOp::Less } else { CompareOp::GreaterOrEqual };
    let other = |holds| if holds { CompareOp::NotEqual } else { CompareOp::Equal };
    let key = Str(0);
    let integer = |trait_code, op: CompareOp, value| Predicate {
        op: op.code(),
        constant: ConstantKind::Int.code(),
        trait_code,
        key,
        value,
        ..Predicate::default()
    };
    let mut named = |trait_code, prefix: &str| Predicate {
        op: other(holds).code(),
        constant: ConstantKind::Str.code(),
        trait_code,
        key,
        value: u64::from(core.strings.add(&format!("{prefix}{variant}")).0),
        ..Predicate::default()
    };
    match index % 10 {
        0 => integer(DEVICE_WIDTH, least(holds), 600 + variant),
        1 => integer(CART_COUNT, most(holds), 1 + variant),
        2 => integer(WISHLIST_COUNT, most(holds), 1 + variant),
        3 => integer(PAGE_SCROLL, most(holds), 10 + variant),
        4 => integer(TIME_YEAR, least(holds), 1990 + variant),
        5 => named(PAGE_TYPE, "landing-"),
        6 => named(PLACE_TIMEZONE, "Europe/Town-"),
        7 => named(SESSION_UTM_CAMPAIGN, "campaign-"),
        8 => Predicate {
            constant: ConstantKind::Double.code(),
            value: (10.5 + variant as f64).to_bits(),
            ..integer(CART_VALUE, most(holds), 0)
        },
        _ => Predicate {
            constant: ConstantKind::Double.code(),
            key: core.strings.add(&format!("Category {variant}")),
            value: 0.3f64.to_bits(),
            ..integer(AFFINITY_CATEGORY, most(holds), 0)
        },
    }
}

/// Whether predicate `index` holds for the shopper of the module's text.
fn holds(index: u32) -> bool {
    (index * TRUE_PERCENT) % 100 < TRUE_PERCENT
}

/// `history.count("view_item", days(n), {"category": "Garden"}) >= least`.
fn question(core: &mut CoreBuilder, index: u32) -> Predicate {
    let mut text = |text: &str| (Op::Text, u64::from(core.strings.add(text).0));
    let variant = u64::from(index / 10);
    let least = if holds(index) { variant } else { 1_000 + variant };
    let program = [
        text("view_item"),
        (Op::Duration, (1 + variant) * 86_400),
        text("category"),
        text("Garden"),
        (Op::Map, 1),
        (Op::History, u64::from(HistoryFunction::Count.code())),
        (Op::Int, least),
        (Op::GreaterOrEqual, 0),
    ];
    let start = core.code.len() as u32;
    for (op, a) in program {
        Instruction { op, a, b: 0 }.encode(&mut core.code);
    }
    Predicate { code: Range { start, len: core.code.len() as u32 - start }, ..Predicate::default() }
}

/// Marsaglia's 32-bit xorshift (2003).
struct Xorshift(u32);

impl Xorshift {
    fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }
}
