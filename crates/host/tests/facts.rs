//! Facts of the page, answers, signals and what events say of their products, from the page side to traits.

mod device;

use device::Device;
use shelfwise_host::driver::Driver;
use shelfwise_host::engine::eval::Value;
use shelfwise_host::engine::memory::{Event, EventKind};
use shelfwise_host::engine::pack::core::{
    Block, Campaign, CoreBuilder, CustomTrait, Meta, Node, Part, Slot, Variation,
};
use shelfwise_host::engine::pack::items::{Card, card_flags};
use shelfwise_host::engine::pack::kinds::{
    CampaignKind, ConsentMode, ContentKind, CustomKind, NodeKind, PartKind,
};
use shelfwise_host::engine::pack::record::{Range, Ref};
use shelfwise_host::engine::traits::{code, find};

type TestDriver = Driver<Device, Device, Device>;

/// A pack with one reduced, red product and two traits of the shop's own, one of which the homepage says.
fn pack() -> Vec<u8> {
    let mut core = CoreBuilder::default();
    let (shop, currency) = (core.strings.add("shop"), core.strings.add("GBP"));
    core.meta.push(Meta {
        shop,
        currency,
        currency_exponent: 2,
        expires_s: 1_800_000_000,
        item_count: 1,
        shard_items: 1,
        index_files: 1,
        affinity_half_life_days: 30,
        ..Meta::default()
    });
    for (name, kind) in [("points", CustomKind::Int), ("size", CustomKind::String)] {
        let name = core.strings.add(name);
        core.custom.push(CustomTrait { name, kind: kind.code() });
    }
    core.tags.push(core.strings.add("red"));
    let item = core.strings.add("P1");
    core.head_cards.push(Card {
        item,
        title: item,
        category: Ref::NONE,
        price_minor: 200,
        compare_at_minor: 300,
        tags: Range { start: 0, len: 1 },
        flags: card_flags::IN_STOCK,
        ..Card::default()
    });
    core.head_ids.push(0);
    let (name, page) = (core.strings.add("home.hero"), core.strings.add("home"));
    core.slots.push(Slot { name, page });
    let (size, none) = (core.strings.add("size"), core.strings.add("nobody's"));
    core.parts.push(Part { kind: PartKind::Trait.code(), text: none, reference: code::CUSTOM, key: size });
    let one = Range { start: 0, len: 1 };
    core.nodes.push(Node { kind: NodeKind::Text.code(), text: one, ..Node::default() });
    core.blocks.push(Block { nodes: one, ..Block::default() });
    let (content, target) = (ContentKind::Block.code(), Ref::to(0));
    core.variations.push(Variation {
        id: name,
        weight_ppm: 1_000_000,
        content,
        target,
        ..Variation::default()
    });
    core.campaigns.push(Campaign {
        id: name,
        slot: Ref::to(0),
        kind: CampaignKind::Content.code(),
        from_s: i64::MIN,
        until_s: i64::MAX,
        experiment: Ref::NONE,
        group: Ref::NONE,
        trigger: Ref::NONE,
        variations: one,
        ..Campaign::default()
    });
    core.finish()
}

fn loaded(device: &Device, mode: ConsentMode) -> TestDriver {
    let mut driver = Driver::new("shop", device.clone(), device.clone(), device.clone());
    assert_eq!(driver.core(pack()), 0);
    driver.consent(mode);
    driver
}

/// A device, and a page that is loaded on it.
fn opened(mode: ConsentMode) -> (Device, TestDriver) {
    let device = Device::new();
    let page = loaded(&device, mode);
    (device, page)
}

/// The value of a trait as text: `custom` and keyed ones with their key.
fn value(driver: &mut TestDriver, path: &str, key: &str) -> String {
    let code = find(path).expect("trait").code;
    driver.with_traits(|traits| match traits.value(code, key) {
        None => "none".into(),
        Some(Value::Str(text)) => text.to_string(),
        Some(Value::Int(number)) => number.to_string(),
        Some(Value::Double(number)) => number.to_string(),
        Some(Value::Bool(truth)) => truth.to_string(),
        Some(other) => format!("{other:?}"),
    })
}

#[test]
fn facts_by_code_hold_until_they_are_others_or_the_page_is() {
    let (device, mut page) = opened(ConsentMode::Contextual);
    let (brand, idle, connection) = (code::PAGE_BRAND, code::PAGE_IDLE, code::DEVICE_CONNECTION);
    page.page(&format!("type\tproduct\n{brand}\t1664\n{connection}\t3g\n"));
    page.note(&format!("{idle}\t5\n"));
    page.note(&format!("{idle}\t10\nscroll_percent\t40\n"));
    device.wait_s(7);
    for (path, wanted) in
        [("page.brand", "1664"), ("page.idle", "10"), ("page.scroll", "40"), ("page.time", "7")]
    {
        assert_eq!(value(&mut page, path, ""), wanted, "{path}");
    }
    page.page(&format!("type\thome\n{connection}\t3g\n"));
    for (path, wanted) in [("page.brand", ""), ("page.idle", "0"), ("page.time", "0"), ("page.clicks", "0")] {
        assert_eq!(value(&mut page, path, ""), wanted, "{path}");
    }
    assert_eq!(value(&mut page, "device.connection", ""), "3g");
    assert_eq!(device.accesses.get(), 0);
}

#[test]
fn the_shops_own_values_have_the_declared_type() {
    let (_, mut page) = opened(ConsentMode::Contextual);
    page.page("custom.points\t12\ncustom.size\t38\ncustom.other\t1\n");
    assert_eq!(value(&mut page, "custom", "points"), "12");
    assert_eq!(value(&mut page, "custom", "size"), "38", "a text, though digits");
    assert_eq!(value(&mut page, "custom", "other"), "none", "not declared");
    page.note("custom.points\tmany\n");
    assert_eq!(value(&mut page, "custom", "points"), "none", "of another type");
}

#[test]
fn the_next_homepage_hears_of_the_shops_own_values() {
    let (_, mut page) = opened(ConsentMode::Personalise);
    page.page("path\t/p/1\n");
    assert!(page.prepare().contains("nobody's"));
    page.note("custom.size\tM\n");
    assert!(page.prepare().contains("\"M\""), "{}", page.prepare());
    page.page("path\t/p/2\n");
    assert!(page.prepare().contains("nobody's"), "the page went");
}

#[test]
fn an_answer_is_remembered_exported_and_forgotten() {
    let (device, mut page) = opened(ConsentMode::Personalise);
    page.page("path\t/quiz\n");
    page.profile("answer.size\tM\n");
    let mut next = loaded(&device, ConsentMode::Personalise);
    next.page("path\t/\n");
    assert_eq!(value(&mut next, "custom", "size"), "M");
    assert!(next.export().contains("\"answers\":{\"size\":\"M\"}"), "{}", next.export());
    next.profile("answer.size\tL\n");
    assert_eq!(value(&mut next, "custom", "size"), "L");
    let newest = |event: &Event| event.kind == EventKind::SetAnswer;
    let at = next.remembered().events().iter().rposition(newest).expect("the answer");
    next.forget_event(at);
    assert_eq!(value(&mut next, "custom", "size"), "M", "as if the later answer had never been");
    next.profile("answer.size\t\n");
    assert_eq!(value(&mut next, "custom", "size"), "none");
    next.profile("answer.size\tS\n");
    next.forget();
    assert_eq!(value(&mut next, "custom", "size"), "none");
}

#[test]
fn without_a_yes_an_answer_lasts_as_long_as_its_page() {
    let (device, mut page) = opened(ConsentMode::Contextual);
    page.profile("answer.size\tM\n");
    assert_eq!(value(&mut page, "custom", "size"), "M");
    assert_eq!(device.accesses.get(), 0);
}

#[test]
fn clicks_come_with_attention() {
    let (device, mut page) = opened(ConsentMode::Personalise);
    page.page("path\t/\n");
    page.engaged("", 1_000, 2);
    page.engaged("", 1_000, 1);
    assert_eq!(value(&mut page, "page.clicks", ""), "3");
    page.leave();
    let mut next = loaded(&device, ConsentMode::Personalise);
    next.page("path\t/next\n");
    next.engaged("", 9_000, 4);
    assert_eq!(value(&mut next, "page.clicks", ""), "4");
    assert_eq!(value(&mut next, "session.clicks", ""), "7");
}

#[test]
fn what_the_card_says_is_kept_with_the_event_and_goes_with_it() {
    let (_, mut page) = opened(ConsentMode::Personalise);
    page.page("path\t/p/1\n");
    page.track(EventKind::ViewItem.code(), "", 0, "P1\t\t\tGarden\t200\t1\n");
    page.track(EventKind::ViewItem.code(), "", 0, "P2\t\t\tGarden\t200\t1\t250\toak,tin\n");
    let said: Vec<_> = page.memory().events().iter().filter(|event| event.describes()).collect();
    let told: Vec<_> =
        said.iter().map(|event| (event.item.as_str(), event.compare_at_minor, event.tags.as_str())).collect();
    assert_eq!(told, [("P1", 300, "red,"), ("P2", 250, "oak,tin")]);
    assert_eq!(value(&mut page, "affinity.tag", "red"), "0.166666");
    assert_eq!(value(&mut page, "visitor.discount_affinity", ""), "0.4");
    let at = page.memory().events().iter().position(|event| event.item == "P1").expect("the view");
    page.forget_event(at);
    assert_eq!(value(&mut page, "affinity.tag", "red"), "0");
    assert_eq!(value(&mut page, "visitor.discount_affinity", ""), "0.25");
}

#[test]
fn the_next_homepage_has_nothing_of_this_page() {
    let (_, mut page) = opened(ConsentMode::Personalise);
    page.page(&format!("type\tproduct\npath\t/p/1\n{}\tAcme\n", code::PAGE_BRAND));
    let before = page.prepare();
    page.note(&format!("{}\tOther\n", code::PAGE_BRAND));
    assert_eq!(page.prepare(), before);
    assert_eq!(value(&mut page, "page.brand", ""), "Other");
}
