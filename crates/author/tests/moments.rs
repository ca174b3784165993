//! Messages and triggers are replayed as far as a log tells of the moments that they wait for.

mod shop;

use shelfwise_author::build::{Checked, check};
use shelfwise_author::engine::memory::EventKind;
use shelfwise_author::trial::{Logbook, Lot, Record, Stage, World, untold};

use shop::{NOW_S, files};

const DAY_S: i64 = 86_400;
const HOUR_S: i64 = 3_600;

/// A message for each trigger.
fn messages() -> String {
    let triggers = [
        ("shown", "page"),
        ("looks-long", "{ on: dwell, after: 30s }"),
        ("cart-waits", "{ on: cart-abandoned, after: 2h }"),
        ("cheaper", "{ on: price-drop, percent: 10 }"),
        ("leaving", "exit-intent"),
        ("idle", "{ on: idle, after: 5s }"),
        ("scrolled", "{ on: scroll, percent: 50 }"),
        ("back", "back-in-stock"),
    ];
    let one = |(id, trigger): (&str, &str)| {
        format!(
            "id: {id}\nkind: message\nmessage: toast\ntrigger: {trigger}\nblock: blocks/hero.html\n\
             data: {{ headline: Hello }}\n"
        )
    };
    triggers.map(one).join("---\n")
}

fn stage() -> (Checked, Stage) {
    let mut files = files();
    files.insert("campaigns/moments.yaml".into(), messages().into_bytes());
    let checked = check(&files, NOW_S);
    assert!(!checked.has_errors(), "{:?}", checked.diagnostics);
    let world = World::new(&checked, NOW_S).unwrap();
    let stage = Stage::new(&checked.project, world);
    (checked, stage)
}

/// The messages of each day and of the end.
fn shown(records: &[Record<'_>]) -> Vec<Vec<String>> {
    let (checked, stage) = stage();
    let mut book = Logbook::new(&checked.products);
    records.iter().for_each(|record| assert!(book.record(record), "{record:?}"));
    let journeys = book.finish(Some(NOW_S), NOW_S);
    let lots = stage.follow(&journeys, 0);
    assert_eq!(stage.follow(&journeys, 0), lots, "the same again");
    let messages = |lot: &Lot| {
        let placeless = lot.wins.iter().filter(|(slot, ..)| slot.is_empty());
        placeless.map(|(_, campaign, _)| campaign.clone()).collect()
    };
    lots.iter().map(messages).collect()
}

fn act(at_s: i64, kind: EventKind) -> Record<'static> {
    let item = if kind == EventKind::PageView { "" } else { "1003" };
    Record {
        item,
        text: if item.is_empty() { "/" } else { "" },
        ..Record::new("ann", "visit", Some(at_s), kind)
    }
}

#[test]
fn a_page_that_is_looked_at_for_long() {
    let at_s = NOW_S - 5 * DAY_S;
    let long = [act(at_s, EventKind::ViewItem), act(at_s + 31, EventKind::PageView)];
    assert_eq!(shown(&long), [vec!["looks-long", "shown"], vec!["shown"]]);
    let short = [act(at_s, EventKind::ViewItem), act(at_s + 29, EventKind::PageView)];
    assert_eq!(shown(&short), [["shown"], ["shown"]]);
    let mut attention = [act(at_s, EventKind::ViewItem), act(at_s + 29, EventKind::UserEngagement)];
    attention[1].engaged_ms = 35_000;
    assert_eq!(shown(&attention), [vec!["looks-long", "shown"], vec!["shown"]]);
}

#[test]
fn a_cart_that_a_visit_and_the_end_find() {
    let at_s = NOW_S - 5 * DAY_S;
    let same_day = [act(at_s, EventKind::AddToCart), act(at_s + 3 * HOUR_S, EventKind::PageView)];
    assert_eq!(shown(&same_day), [vec!["cart-waits", "shown"], vec!["cart-waits", "shown"]]);
    let soon = [act(NOW_S - 2 * HOUR_S + 60, EventKind::AddToCart), act(NOW_S - HOUR_S, EventKind::PageView)];
    assert!(shown(&soon).iter().all(|day| day == &["shown"]), "{:?}", shown(&soon));
    let mut ordered = [act(at_s, EventKind::AddToCart), act(at_s + 60, EventKind::Purchase)];
    ordered[1].text = "one";
    assert_eq!(shown(&ordered), [["shown"], ["shown"]]);
}

#[test]
fn a_price_that_fell_is_known_at_the_end() {
    let mut dear = [act(NOW_S - 5 * DAY_S, EventKind::ViewItem)];
    dear[0].price_minor = 99_999;
    assert_eq!(shown(&dear), [vec!["shown"], vec!["cheaper", "shown"]]);
    dear[0].price_minor = 1;
    assert_eq!(shown(&dear), [["shown"], ["shown"]]);
}

#[test]
fn what_no_log_tells_is_named() {
    let (checked, _) = stage();
    let mut named: Vec<&str> = untold(&checked.project).map(|(campaign, _)| campaign).collect();
    named.retain(|campaign| ["leaving", "idle", "scrolled", "back", "shown", "cheaper"].contains(campaign));
    assert_eq!(named, ["leaving", "idle", "scrolled", "back"]);
}
