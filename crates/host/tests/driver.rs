//! A page view from consent to decisions.

mod described;
mod device;

use described::{core, described, items};
use device::Device;
use shelfwise_host::driver::{Driver, EXPIRED, NO_CORE, Tracked, UNKNOWN_FILE_KIND, WRONG_SHOP};
use shelfwise_host::engine::memory::EventKind;
use shelfwise_host::engine::pack::core::{CoreBuilder, PageLimit, Trigger};
use shelfwise_host::engine::pack::directory::{DirectoryBuilder, DirectoryEntry};
use shelfwise_host::engine::pack::items::card_flags;
use shelfwise_host::engine::pack::kinds::{CampaignKind, ConsentMode, TriggerKind};
use shelfwise_host::engine::pack::record::Range;
use shelfwise_host::engine::traits::code;
use shelfwise_host::surroundings::{Store, StoreError};

type TestDriver = Driver<Device, Device, Device>;

fn driver(device: &Device) -> TestDriver {
    Driver::new("shop", device.clone(), device.clone(), device.clone())
}

fn loaded(device: &Device) -> TestDriver {
    let mut driver = driver(device);
    assert_eq!(driver.core(core("shop", 1_800_000_000)), 0);
    driver
}

/// A store that must not be touched.
struct Untouchable;

impl Store for Untouchable {
    fn keys(&self) -> Result<Vec<String>, StoreError> {
        panic!("keys were read")
    }
    fn get(&self, key: &str) -> Result<Option<String>, StoreError> {
        panic!("{key} was read")
    }
    fn set(&mut self, key: &str, _: &str) -> Result<(), StoreError> {
        panic!("{key} was written")
    }
    fn remove(&mut self, key: &str) -> Result<(), StoreError> {
        panic!("{key} was removed")
    }
}

#[test]
fn without_consent_the_store_is_not_touched_by_anything() {
    let device = Device::new();
    let mut driver = Driver::new("shop", device.clone(), device.clone(), Untouchable);
    driver.core(core("shop", 1_800_000_000));
    driver.consent(ConsentMode::Contextual);
    driver.page("type\thome\npath\t/\n");
    driver.track(EventKind::ViewItem.code(), "", 0, "P1\t\t\tGarden\t250\t1\n");
    driver.engaged("P1", 60_000, 0);
    driver.leave();
    driver.exposed("c0", "v");
    driver.profile("first_name\tAda\n");
    driver.decide("home.hero\nhome.row");
    driver.fire(TriggerKind::Idle.code(), 30);
    driver.recommend("best-sellers", 4, "");
    driver.load("items", 1, items());
    driver.wants();
    driver.prepare();
    driver.tick();
    let events = driver.memory().events().len();
    driver.forget_event(events - 1);
    assert_eq!(driver.memory().events().len(), events - 1);
    assert!(driver.export().contains("P1"));
    driver.forget();
    driver.track(EventKind::ViewItem.code(), "", 0, "P2\n");
    assert_eq!(driver.memory().state().items[0].item, "P2");
}

#[test]
fn consent_saves_what_happened_on_this_page_and_withdrawal_erases_it() {
    let device = Device::new();
    let mut first = driver(&device);
    first.page("path\t/\n");
    first.track(EventKind::AddToCart.code(), "", 0, "P1\tName\tBrand\tGarden\t250\t2\n");
    assert!(device.content.borrow().is_empty());
    first.consent(ConsentMode::Personalise);
    let mut second = driver(&device);
    second.consent(ConsentMode::Personalise);
    assert_eq!(second.memory().state(), first.memory().state());
    let line = &second.memory().state().cart[0];
    assert_eq!((line.item.as_str(), line.price_minor, line.quantity), ("P1", 250, 2));
    assert!(!second.memory().state().profile.unit.is_empty());
    second.consent(ConsentMode::Contextual);
    assert_eq!(device.keys_of(""), ["epoch"]);
    first.page("path\t/again\n");
    assert_eq!(first.memory().state().profile.visits, 1);
    assert!(first.memory().state().cart.is_empty(), "the other tab forgets too");
}

#[test]
fn what_is_remembered_changes_nothing_before_the_shopper_allows_it() {
    let device = Device::new();
    let mut earlier = driver(&device);
    earlier.consent(ConsentMode::Remember);
    earlier.profile("first_name\tAda\n");
    let mut page = loaded(&device);
    page.consent(ConsentMode::Remember);
    assert!(page.decide("home.hero").contains("Hello there"));
    page.consent(ConsentMode::Personalise);
    assert!(page.decide("home.hero").contains("Hello Ada"));
    page.prepare();
    assert!(device.content.borrow()["boot"].contains("Hello Ada"));
    page.consent(ConsentMode::Remember);
    assert!(!device.content.borrow().contains_key("boot"));
}

#[test]
fn decisions_say_what_to_show() {
    let device = Device::new();
    let mut page = loaded(&device);
    assert_eq!(
        page.decide("home.hero\nunknown\nhome.blocks"),
        r#"[{"slot":"home.hero","kind":1,"reason":1,"campaign":"c0","variation":"v","tree":"Hello there"},"#
            .to_owned()
            + r#"{"slot":"home.blocks","kind":1,"reason":4}]"#
    );
    page.consent(ConsentMode::Personalise);
    let blocks = page.decide("home.blocks");
    assert!(
        blocks.ends_with(r#""campaign":"c1","variation":"v","order":["garden","kitchen"]}]"#),
        "{blocks}"
    );
    assert_eq!(page.pass("home.hero\nhome.blocks\nproduct.note"), 3);
    assert_eq!(page.fire(TriggerKind::Idle.code(), 9), "[]");
    let fired = page.fire(TriggerKind::Idle.code(), 10);
    assert!(fired.contains(r#""message":3,"event":"chat","tree":"Hello there""#), "{fired}");
    page.withdrawn("c0\n");
    assert!(page.decide("home.hero").contains(r#""reason":4"#));
    assert_eq!(page.fire(99, 0), "[]");
}

#[test]
fn a_row_wants_its_files_and_is_left_to_the_shop_until_they_are_there() {
    let device = Device::new();
    let mut page = loaded(&device);
    assert!(page.decide("home.row").contains(r#""reason":4"#));
    assert_eq!(page.wants(), "directory-items\t0\t\t0\n");
    assert_eq!(page.load("items", 1, items()), 0);
    assert_eq!(page.wants(), "");
    assert!(page.decide("home.row").contains(r#""campaign":"c2""#));
    let cards = page.recommend("best-sellers", 3, "");
    assert_eq!(cards.matches(r#""id":"#).count(), 3, "{cards}");
    assert!(cards.contains(r#""price_minor":1250"#));
    assert_eq!(page.recommend("no-such-strategy", 3, ""), "", "which is a slip, and no empty row");
    assert_eq!(page.recommend("no-such-strategy\ntrending", 3, ""), "[]", "unknown ones are passed over");
}

#[test]
fn a_page_of_a_directory_is_wanted_by_way_of_the_page_that_lists_it() {
    let device = Device::new();
    let mut core = described("shop", 1_800_000_000);
    // 5,000 files of one card: 79 pages, listed by two of which the second has the file's.
    core.meta[0].item_count = 5_000;
    core.meta[0].shard_items = 1;
    core.list_items = vec![4_100];
    core.lists[0].items = Range { start: 0, len: 1 };
    let mut page = driver(&device);
    assert_eq!(page.core(core.finish()), 0);
    page.page("type\thome\npath\t/\n");
    page.decide("home.row");
    assert_eq!(page.wants(), "directory-items\t80\t\t0\n");
    let directory = |of: u8, files: u32| {
        let mut directory = DirectoryBuilder::default();
        let hash = |at: u32| u128::from_le_bytes([of; 16]) + (u128::from(at) << 120);
        directory.entries.extend((0..files).map(|at| DirectoryEntry { hash: hash(at), length: 500 + at }));
        directory.finish()
    };
    assert_eq!(page.load("directory-items", 80, directory(0xa0, 15)), 0);
    let name = |of: &str| format!("{}a0", of.repeat(15));
    assert_eq!(page.wants(), format!("directory-items\t64\tdirectory-items-64-{}.bin\t500\n", name("a0")));
    assert_eq!(page.load("directory-items", 64, directory(0x0b, 64)), 0);
    assert_eq!(page.wants(), format!("items\t4100\titems-4100-{}0f.bin\t504\n", "0b".repeat(15)));
}

#[test]
fn refused_files_are_told_apart_and_change_nothing() {
    let device = Device::new();
    let mut page = driver(&device);
    assert_eq!(page.load("items", 1, items()), NO_CORE);
    assert_eq!(page.core(core("another", 1_800_000_000)), WRONG_SHOP);
    assert_eq!(page.core(core("shop", 1_700_000_000)), EXPIRED);
    assert_eq!(page.decide("home.hero"), "[]");
    assert_eq!(page.recommend("best-sellers", 3, ""), "[]");
    assert_eq!(page.prepare(), "");
    let mut page = loaded(&device);
    assert_eq!(page.core(b"SHLF".to_vec()), 1 | 4 << 8);
    assert_eq!(page.load("cards", 0, items()), UNKNOWN_FILE_KIND);
    assert_ne!(page.load("items", 0, items()), 0);
    assert!(page.decide("home.hero").contains("c0"));
}

#[test]
fn the_boot_payload_holds_the_next_homepage_only() {
    let device = Device::new();
    let mut page = loaded(&device);
    page.consent(ConsentMode::Personalise);
    page.page("type\tproduct\npath\t/p/1\nitem\tP1\n");
    let payload = page.prepare();
    let until_ms = device.now_ms.get() + 7 * 86_400_000;
    let expected =
        format!(r#"{{"v":1,"until":{until_ms},"slots":{{"home.hero":{{"id":"c0/v","tree":"Hello there"}},"#)
            + r#""home.blocks":{"id":"c1/v","order":["garden","kitchen"]}}}"#;
    assert_eq!(payload, expected);
    assert_eq!(device.content.borrow()["boot"], payload);
}

#[test]
fn an_order_counts_once_and_is_worth_its_lines_when_no_value_is_given() {
    let device = Device::new();
    let mut page = driver(&device);
    page.consent(ConsentMode::Personalise);
    let lines = "P1\t\t\t\t250\t2\nP2\t\t\t\t100\t1\n";
    assert_eq!(page.track(EventKind::Purchase.code(), "order-1", 0, lines), Tracked::Stored);
    assert_eq!(page.track(EventKind::Purchase.code(), "order-1", 0, lines), Tracked::Known);
    assert_eq!(page.track(EventKind::Purchase.code(), "order-2", 999, "P3\n"), Tracked::Stored);
    assert_eq!(page.track(250, "", 0, ""), Tracked::UnknownKind);
    let state = page.memory().state();
    assert_eq!((state.profile.orders, state.profile.spend_minor), (2, 600 + 999));
    let bought: Vec<_> = state.items.iter().map(|item| (item.item.as_str(), item.bought)).collect();
    assert_eq!(bought, [("P1", 2), ("P2", 1), ("P3", 1)]);
}

#[test]
fn attention_is_checkpointed_and_costs_few_records() {
    let device = Device::new();
    let mut page = driver(&device);
    page.consent(ConsentMode::Personalise);
    page.page("path\t/p/1\n");
    for _ in 0..600 {
        page.engaged("P1", 1_000, 0);
    }
    let written = page.memory().state().items[0].engaged_ms;
    assert!((300_000..=600_000).contains(&written), "{written}");
    page.leave();
    assert_eq!(page.memory().state().items[0].engaged_ms, 600_000);
    let records = page.memory().events().iter().filter(|event| event.kind == EventKind::UserEngagement);
    assert!(records.count() <= 9);
    page.engaged("P2", 1_000, 0);
    page.engaged("P1", 1_000, 0);
    page.leave();
    assert_eq!(page.memory().state().visit.engaged_ms, 602_000);
}

#[test]
fn a_visit_remembers_where_it_came_from() {
    let device = Device::new();
    let mut page = driver(&device);
    page.consent(ConsentMode::Personalise);
    page.page("path\t/sale\nurl_query\tutm_source=mail\nreferrer\thttps://mail.example/\n");
    device.wait_s(600);
    let mut next = driver(&device);
    next.consent(ConsentMode::Personalise);
    next.page("path\t/cart\nreferrer\thttps://shop.example/sale\n");
    let visit = next.memory().state().visit.clone();
    assert_eq!(
        (visit.referrer.as_str(), visit.landing.as_str()),
        ("https://mail.example/", "/sale?utm_source=mail")
    );
    device.wait_s(1_801);
    next.page("path\t/later\nreferrer\t\n");
    assert_eq!(next.memory().state().profile.visits, 2);
    assert_eq!(next.memory().state().visit.landing, "/later");
}

#[test]
fn acting_as_another_shopper_leaves_the_store_alone() {
    let device = Device::new();
    let mut driver = Driver::new("shop", device.clone(), device.clone(), Untouchable);
    driver.core(core("shop", 1_800_000_000));
    let mut name = shelfwise_host::engine::memory::Event::new(EventKind::SetName, 1_699_000_000);
    name.text = "Bob".to_owned();
    driver.rehearse(vec![name]);
    driver.page("type\thome\n");
    driver.consent(ConsentMode::Personalise);
    assert!(driver.decide("home.hero").contains("Hello Bob"));
    driver.prepare();
    driver.tick();
    let story = driver.explain("home.hero").expect("a pack is loaded");
    assert_eq!(story.campaigns.len(), 5);
    assert!(driver.with_traits(|traits| traits.value(code::VISITOR_FIRST_NAME, "").is_some()));
}

#[test]
fn the_export_names_everything() {
    let device = Device::new();
    let mut page = driver(&device);
    page.consent(ConsentMode::Personalise);
    page.page("path\t/\n");
    page.track(EventKind::AddToWishlist.code(), "", 0, "P1\t\tAcme\tGarden\t250\t1\n");
    page.exposed("c0", "v");
    page.profile("mute_brand\tAcme\nunknown\tx\n");
    let export = page.export();
    for part in [
        r#""shop":"shop","consent":2"#,
        r#""muted_brands":["Acme"]"#,
        r#""wishlist":[{"item":"P1","price_minor":250,"at":1700000000}]"#,
        r#""exposures":[{"campaign":"c0","variation":"v","total":1}]"#,
        r#"{"at":1700000000,"event":"add_to_wishlist","item":"P1","category":"Garden","brand":"Acme","price_minor":250,"quantity":1}"#,
        r#""counts":{"page_view":1,"add_to_wishlist":1,"experiment_viewed":1,"session_start":1}"#,
    ] {
        assert!(export.contains(part), "{part} is missing in {export}");
    }
    let count = page.memory().events().len();
    let at = page.memory().events().iter().position(|event| event.item == "P1").expect("the wish");
    page.forget_event(at);
    assert_eq!(page.memory().events().len(), count - 1);
    assert!(page.memory().state().wishlist.is_empty());
}

#[test]
fn what_a_page_has_shown_counts_for_its_limits_until_the_next_page() {
    let device = Device::new();
    let mut driver = driver(&device);
    let mut core = described("shop", 1_800_000_000);
    core.page_limits.push(PageLimit { kind: CampaignKind::Content.code(), most: 1 });
    assert_eq!(driver.core(core.finish()), 0);
    let shows = |driver: &mut TestDriver| {
        let decided = driver.decide("home.hero\nproduct.note");
        ["c0", "c3"].map(|campaign| decided.contains(&format!("\"campaign\":\"{campaign}\"")))
    };
    driver.page("type\thome\npath\t/\n");
    assert_eq!(shows(&mut driver), [true, false]);
    driver.exposed("c3", "v");
    assert_eq!(shows(&mut driver), [false, true]);
    driver.page("type\thome\npath\t/other\n");
    assert_eq!(shows(&mut driver), [true, false]);
}

#[test]
fn a_preview_is_of_this_page_alone() {
    let device = Device::new();
    let mut driver = loaded(&device);
    driver.consent(ConsentMode::Personalise);
    driver.page("type\thome\npath\t/\n");
    let reason = |json: &str| json.contains("\"reason\":2,");
    assert!(!reason(&driver.decide("home.hero")));
    driver.force("c0\tv");
    assert!(reason(&driver.decide("home.hero")));
    let (before, after) = (driver.prepare(), {
        driver.force("");
        driver.prepare()
    });
    assert_eq!(before, after);
}

/// A core whose toast waits for another trigger.
fn waiting(trigger: TriggerKind, threshold: u32, edit: impl FnOnce(&mut CoreBuilder)) -> Vec<u8> {
    let mut core = described("shop", 1_800_000_000);
    core.triggers[0] = Trigger { kind: trigger.code(), threshold, ..core.triggers[0] };
    core.meta[0].issued_s = 1_700_086_400;
    edit(&mut core);
    core.finish()
}

#[test]
fn a_cart_left_long_enough_fires_once_it_is_not_empty() {
    let device = Device::new();
    let mut page = driver(&device);
    page.core(waiting(TriggerKind::CartAbandoned, 60, |_| ()));
    let left = TriggerKind::CartAbandoned.code();
    assert_eq!(page.fire(left, 1_000), "[]");
    page.track(EventKind::AddToCart.code(), "", 0, "P1\t\t\tGarden\t1250\t1\n");
    device.wait_s(60 * 60 - 1);
    assert_eq!(page.fire(left, 0), "[]");
    device.wait_s(1);
    assert!(page.fire(left, 0).contains(r#""campaign":"c4""#));
    assert_eq!(page.fire(TriggerKind::PriceDrop.code(), 0), "[]", "no campaign waits for it");
}

#[test]
fn a_fallen_price_fires_by_its_percentage_in_a_later_catalogue_alone() {
    let device = Device::new();
    let drop = TriggerKind::PriceDrop.code();
    let fired = |kind: EventKind, price_minor: u32, threshold: u32, days: i64| {
        device.now_ms.set((1_700_000_000 + days * 86_400) * 1000);
        let mut page = driver(&device);
        page.core(waiting(TriggerKind::PriceDrop, threshold, |_| ()));
        page.track(kind.code(), "", 0, &format!("P1\t\t\tGarden\t{price_minor}\t1\n"));
        page.fire(drop, 0) != "[]"
    };
    // The card says 12.50.
    assert!(fired(EventKind::AddToWishlist, 2_500, 50, 0));
    assert!(!fired(EventKind::AddToWishlist, 2_500, 51, 0));
    assert!(fired(EventKind::ViewItem, 1_251, 0, 0));
    assert!(!fired(EventKind::ViewItem, 1_250, 0, 0));
    assert!(!fired(EventKind::ViewItem, 0, 0, 0), "no price was seen");
    assert!(!fired(EventKind::Purchase, 2_500, 0, 0), "it was bought");
    assert!(!fired(EventKind::ViewItem, 2_500, 0, 2), "the catalogue is older than the look");
}

#[test]
fn a_product_that_was_sold_out_fires_when_it_is_back_until_it_is_looked_at() {
    let device = Device::new();
    let back = TriggerKind::BackInStock.code();
    let visit = |in_stock: bool, looks: bool| {
        device.wait_s(86_400);
        let mut page = driver(&device);
        page.consent(ConsentMode::Personalise);
        page.core(waiting(TriggerKind::BackInStock, 0, |core| {
            core.head_cards[1].flags = if in_stock { card_flags::IN_STOCK } else { 0 };
        }));
        if looks {
            page.track(EventKind::ViewItem.code(), "", 0, "P1\t\t\tGarden\t1250\t1\n");
        }
        page.fire(back, 0) != "[]"
    };
    assert!(!visit(true, true), "it was never away");
    assert!(!visit(false, false));
    assert!(!visit(false, false));
    assert!(visit(true, false));
    assert!(visit(true, false));
    assert!(!visit(true, true), "that is no news any more");
    assert!(!visit(true, false));
}

#[test]
fn products_beyond_the_files_at_hand_are_wanted_for_such_moments() {
    let device = Device::new();
    let mut page = driver(&device);
    page.core(waiting(TriggerKind::PriceDrop, 0, |_| ()));
    page.track(EventKind::AddToWishlist.code(), "", 0, "P9\t\t\tGarden\t2500\t1\n");
    assert_eq!(page.fire(TriggerKind::PriceDrop.code(), 0), "[]");
    assert!(page.wants().contains("directory-index\t0"), "{}", page.wants());
}
