//! Logs are put together into journeys, and journeys replayed day by day.

mod shop;

use proptest::prelude::*;
use shelfwise_author::build::{Checked, check};
use shelfwise_author::engine::memory::EventKind;
use shelfwise_author::trial::{Journeys, Logbook, Lot, Record, Stage, Turnout, World, kind_of, read_event};

use shop::{NOW_S, files};

const DAY_S: i64 = 86_400;

fn stage(edit: &[(&str, &str)]) -> (Checked, Stage) {
    let mut files = files();
    files.extend(edit.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())));
    let checked = check(&files, NOW_S);
    assert!(!checked.has_errors(), "{:?}", checked.diagnostics);
    let world = World::new(&checked, NOW_S).unwrap();
    let stage = Stage::new(&checked.project, world);
    (checked, stage)
}

fn bought<'a>(shopper: &'a str, order: &'a str, at_s: i64, item: &'a str) -> Record<'a> {
    Record { item, text: order, quantity: 2, ..Record::new(shopper, order, Some(at_s), EventKind::Purchase) }
}

fn is_in(lot: &Lot, audience: &str) -> bool {
    lot.audiences.contains(audience)
}

fn wins(lot: &Lot, campaign: &str) -> bool {
    lot.wins.iter().any(|win| win.1 == campaign)
}

#[test]
fn each_order_day_is_decided_before_its_orders_and_then_the_end() {
    let buyers = "audiences/buyers.yaml";
    let (checked, stage) = stage(&[(buyers, "buyer: visitor.orders > 0\nrich: visitor.spend >= 14.0\n")]);
    let mut book = Logbook::new(&checked.products);
    // Two orders on one day, one a week later; 7.00 each, of products in any case of letters.
    let orders = [("one", NOW_S), ("two", NOW_S + 3_600), ("three", NOW_S + 7 * DAY_S)];
    for (order, at_s) in orders {
        assert!(book.record(&bought("ann", order, at_s, "1003")));
    }
    assert!(!book.record(&bought("ann", "one", NOW_S, "POSTAGE")));
    assert_eq!(book.strange(), 1);
    let journeys = book.finish(Some(NOW_S + 30 * DAY_S), 0);
    assert_eq!((journeys.len(), journeys.until_s), (1, NOW_S + 30 * DAY_S));
    let lots = stage.follow(&journeys, 0);
    assert_eq!(lots.len(), 3, "two days and the end");
    assert_eq!(lots.iter().map(|lot| is_in(lot, "buyer")).collect::<Vec<_>>(), [false, true, true]);
    assert_eq!(lots.iter().map(|lot| is_in(lot, "returning")).collect::<Vec<_>>(), [false, true, true]);
    assert_eq!(lots.iter().map(|lot| is_in(lot, "rich")).collect::<Vec<_>>(), [false, true, true]);
    assert!(!wins(&lots[0], "welcome-back") && wins(&lots[1], "garden-return"));
    assert_eq!(stage.follow(&journeys, 0), lots, "the same again");
}

#[test]
fn what_was_shown_counts_against_caps() {
    let campaign = "id: once\nslot: home.hero\npriority: 90\ncap: { exposures: 1 }\nblock: blocks/hero.html\n\
                    data: { headline: Only once }\n";
    let (checked, stage) = stage(&[("campaigns/once.yaml", campaign)]);
    let mut book = Logbook::new(&checked.products);
    for day in 0..3 {
        book.record(&bought("ann", &format!("order {day}"), NOW_S + day * DAY_S, "1003"));
    }
    let lots = stage.follow(&book.finish(None, 0), 0);
    assert_eq!(lots.iter().map(|lot| wins(lot, "once")).collect::<Vec<_>>(), [true, false, false, false]);
}

#[test]
fn an_edit_is_counted_by_who_gains_and_loses() {
    let (before, old) = stage(&[]);
    let (after, new) = stage(&[(
        "audiences/taste.yaml",
        "likes_garden: visitor.visits > 99\nreturning: visitor.visits > 2\n",
    )]);
    let mut book = Logbook::new(&before.products);
    for (shopper, visits) in [("one", 1), ("two", 2), ("three", 3)] {
        for visit in 0..visits {
            let id = format!("{shopper} {visit}");
            book.record(&bought(shopper, &id, NOW_S + visit * DAY_S, "1001"));
        }
    }
    let journeys = book.finish(Some(NOW_S + 2 * DAY_S + 60), 0);
    let count = |shoppers: &[usize]| {
        let mut turnout = Turnout::new(&after.project);
        for shopper in shoppers {
            let before = old.follow(&journeys, *shopper);
            turnout.add(&new.follow(&journeys, *shopper), Some(&before));
        }
        turnout
    };
    let all = count(&[0, 1, 2]);
    // `one` comes back once: welcome until the edit. `two` is welcomed later than before, and so is `three`.
    assert_eq!((all.shoppers, all.changed), (3, 3));
    let returning = all.audiences["returning"];
    assert_eq!((returning.now, returning.gained, returning.lost), (2, 0, 1));
    assert_eq!((returning.days, returning.at_end), (3, 2));
    assert_eq!(all.campaigns["welcome-back"].lost, 1);
    let mut parts = count(&[2]);
    parts.merge(&count(&[0, 1]));
    assert_eq!(parts, all, "whoever counts whom");
}

#[test]
fn visits_without_times_stay_in_their_order() {
    let (checked, stage) = stage(&[]);
    let mut book = Logbook::new(&checked.products);
    for visit in ["a", "b"] {
        for item in ["1003", "1005"] {
            book.record(&Record { item, ..Record::new(visit, visit, None, EventKind::ViewItem) });
        }
    }
    let journeys = book.finish(None, NOW_S);
    assert_eq!((journeys.len(), journeys.until_s), (2, NOW_S));
    assert!(stage.follow(&journeys, 1).iter().any(|lot| wins(lot, "home-picks")));
    assert!(Logbook::new(&checked.products).finish(None, NOW_S).is_empty());
}

/// A BigQuery export's row.
fn exported(name: &str, at_s: i64, session: u64, params: &str, rest: &str) -> String {
    format!(
        r#"{{"event_name":"{name}","event_timestamp":"{at_s}000000","user_pseudo_id":"1.2",
        "event_params":[{{"key":"ga_session_id","value":{{"string_value":null,"int_value":"{session}"}}}}{params}]{rest}}}"#
    )
    .replace('\n', " ")
}

fn param(key: &str, text: &str) -> String {
    format!(r#",{{"key":"{key}","value":{{"string_value":"{text}"}}}}"#)
}

fn read(book: &mut Logbook, lines: &[String]) -> Vec<Result<bool, String>> {
    lines.iter().map(|line| read_event(line, 2, book)).collect()
}

const AUDIENCES: &str = "mailed: session.source == \"email\"\nphone: device.type == \"phone\"\n\
    looked: history.views(\"1003\", days(1)) > 0\nfull: cart.value >= 7.0\nsearched: history.count(\"search\", days(1)) > 0\n\
    paid: visitor.spend > 6.9 && visitor.spend < 7.1\nswiss: place.country == \"CH\"\nattentive: session.engaged >= 12\n";

fn story(journeys: &Journeys) -> Vec<Lot> {
    stage(&[("audiences/more.yaml", AUDIENCES)]).1.follow(journeys, 0)
}

#[test]
fn an_analytics_export_becomes_a_journey() {
    let (checked, _) = stage(&[]);
    let mut book = Logbook::new(&checked.products);
    let address = param("page_location", "https://shop.example/?utm_source=news&utm_medium=email");
    let items =
        r#","items":[{"item_id":"1003","item_name":"Bell","price":3.5,"quantity":2},{"item_id":"gone"}]"#;
    let device = r#","device":{"category":"mobile","language":"de-ch"},"geo":{"country":"Switzerland"}"#;
    let lines = [
        exported("page_view", NOW_S, 7, &address, device),
        exported("session_start", NOW_S, 7, &address, ""),
        exported("view_item", NOW_S + 10, 7, "", r#","items":[{"item_id":"1003"}]"#),
        exported("view_search_results", NOW_S + 20, 7, &param("search_term", "bell"), ""),
        exported(
            "user_engagement",
            NOW_S + 25,
            7,
            r#",{"key":"engagement_time_msec","value":{"int_value":"12000"}}"#,
            "",
        ),
        exported("add_to_cart", NOW_S + 30, 7, "", items),
        exported("scroll", NOW_S + 31, 7, "", ""),
        exported("purchase", NOW_S + 40, 7, &param("transaction_id", "T1"), items),
    ];
    let seen: Vec<bool> = read(&mut book, &lines).into_iter().map(Result::unwrap).collect();
    assert_eq!(seen, [true, true, true, true, true, true, false, true]);
    let lots = story(&book.finish(None, 0));
    assert_eq!(lots.len(), 2);
    for audience in ["mailed", "phone", "looked", "full", "searched", "attentive"] {
        assert!(is_in(&lots[0], audience), "{audience}: {:?}", lots[0].audiences);
    }
    assert!(!is_in(&lots[0], "paid") && !is_in(&lots[0], "swiss"));
    assert!(is_in(&lots[1], "paid") && !is_in(&lots[1], "full"), "{:?}", lots[1].audiences);
}

#[test]
fn a_data_layer_becomes_the_same_journey() {
    let (checked, _) = stage(&[]);
    let mut book = Logbook::new(&checked.products);
    let line = |text: &str, second: u32| {
        format!(r#"{{"event":{text},"client_id":"x","time":"2026-06-15T00:00:{second:02}Z","country":"ch"}}"#)
    };
    let lines = [
        line(r#""page_view","page_location":"https://shop.example/a?b=c""#, 0),
        line(r#""view_item","ecommerce":{"items":[{"item_id":"1003","price":"3.50"}]}"#, 1),
        line(r#""add_to_cart","ecommerce":{"items":[{"item_id":"1003","price":"3.50","quantity":"2"}]}"#, 2),
        line(
            r#""purchase","ecommerce":{"value":7.0,"transaction_id":9,"items":[{"item_id":1003,"quantity":2}]}"#,
            3,
        ),
    ];
    assert!(read(&mut book, &lines).iter().all(|seen| *seen == Ok(true)));
    let lots = story(&book.finish(None, 0));
    for audience in ["looked", "full", "swiss"] {
        assert!(is_in(&lots[0], audience), "{audience}: {:?}", lots[0].audiences);
    }
    assert!(is_in(&lots[1], "paid"), "{:?}", lots[1].audiences);
}

#[test]
fn lines_that_are_no_events_are_refused_in_words() {
    let mut book = Logbook::new(&[]);
    let mut refused = |line: &str| read_event(line, 2, &mut book).unwrap_err();
    assert!(refused("{").contains("not JSON"));
    assert_eq!(refused("[]"), "no JSON object");
    assert_eq!(refused("{}"), "no event_name");
    assert!(refused(r#"{"event":"page view"}"#).contains("is no event name"));
    assert!(refused(r#"{"event":"page_view","user_id":"a","time":"noon"}"#).contains("is no time"));
    assert!(refused(r#"{"event":"page_view"}"#).contains("neither a user nor a session"));
    assert_eq!(kind_of("transaction"), Ok(Some(EventKind::Purchase)));
    assert_eq!(kind_of("ADDTOCART"), Ok(Some(EventKind::AddToCart)));
    for none in ["first_visit", "shelfwise_forget", "experiment_viewed"] {
        assert_eq!(kind_of(none), Ok(None), "{none}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_line_is_an_event_or_refused(
        name in prop_oneof![Just("purchase"), Just("view_item"), Just("session_start"), Just("search")],
        time in prop_oneof![any::<i64>().prop_map(|time| time.to_string()), ".{0,12}"],
        text in ".{0,12}",
        price in prop_oneof![any::<f64>().prop_map(|price| price.to_string()), Just("[]".into()), Just("1e400".into())],
        until in any::<Option<i64>>(),
    ) {
        let event = serde_json::json!({
            "event_name": name, "user_id": text, "time": time, "page_location": text, "search_term": text,
            "engagement_time_msec": price, "value": price, "device": { "category": text },
            "items": [{ "item_id": "1003", "price": price, "quantity": price }, text, null],
        });
        let (checked, stage) = stage(&[]);
        let mut book = Logbook::new(&checked.products);
        for line in [event.to_string(), text.clone(), event.to_string().replace('"', "")] {
            let _ = read_event(&line, 2, &mut book);
        }
        let journeys = book.finish(until, NOW_S);
        for shopper in 0..journeys.len() {
            prop_assert!(!stage.follow(&journeys, shopper).is_empty());
        }
    }
}
