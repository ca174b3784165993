//! Files of any content give diagnostics, never a panic, and spans that lie inside them.
//!
//! Each property runs [`CASES`] cases, seconds in all; `PROPTEST_CASES=20000 cargo test -p shelfwise-author --test hostile` runs as
//! many as it says. The fuzz target `author` feeds the same body by coverage.

#[path = "../shop/mod.rs"]
mod shop;
mod survive;

use std::collections::BTreeMap;

use proptest::prelude::*;

use shop::files;
use survive::{anything, condition, harmless, project};

/// Cases of each property, unless the environment says otherwise.
const CASES: u32 = 192;

fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES)
}

fn with(path: &str, bytes: Vec<u8>) -> BTreeMap<String, Vec<u8>> {
    let mut files = files();
    files.insert(path.into(), bytes);
    files
}

/// Pieces that campaign files are made of.
fn yaml() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("id: extra\n"),
        Just("slot: home.hero\n"),
        Just("  - "),
        Just("variations:\n"),
        Just("{ id: a, weight: 50 }\n"),
        Just("weight: -1e400\n"),
        Just("data: { headline: \"{{ a | \" }\n"),
        Just("products: { strategy: [for-you, manual:x], limit: 999 }\n"),
        Just("audience: a && (b || visitor.visits > \n"),
        Just("audience: é.ü[\"ß\"] == '日本'\n"),
        Just("schedule: { from: 9999-99-99, until: -9999-01-01, timezone: Mars/Olympus }\n"),
        Just(
            "schedule: { days: [mon-fri, '', é, sun-mon], hours: ['22:00-02:00', 9-9, '-'], timezone: shopper }\n"
        ),
        Just("custom: { tier: string, é: bool, x: float }\n"),
        Just("page_limits: { message: 1, bar: -1 }\n"),
        Just("in: [returning, [x]]\n"),
        Just("not_in: { a: b }\n"),
        Just("context: { custom.tier: 3, page.type: [] }\n"),
        Just("audience: custom.tier == 'x' || visitor.visits > 9 && !(visitor.visits > 9)\n"),
        Just("cap: { exposures: 1e99, per: 99999999999w }\n"),
        Just("order: [garden, [garden], {}]\n"),
        Just("block: blocks/hero.html\n"),
        Just("&a *a : <<: *a\n"),
        Just("---\n"),
        Just("\t"),
        Just("!!binary x\n"),
        Just("? [a]: b\n"),
        Just("| \n  x\n"),
        Just("\u{feff}"),
    ];
    prop::collection::vec(prop_oneof![4 => piece.prop_map(str::to_owned), 1 => ".{0,8}"], 0..12)
        .prop_map(|pieces| pieces.concat())
}

/// Scenarios whose numbers and times are the most and least that can be written.
fn scenario() -> impl Strategy<Value = String> {
    let now = prop::sample::select(vec![
        "2026-06-15",
        "9999-12-30",
        "-9999-01-03",
        "1970-01-01",
        "0001-01-01T00:00:00Z",
        "2026-03-29T01:30",
    ]);
    let at = prop::sample::select(vec!["0s", "-1s", "-31m", "-8d", "-399d", "-20000w", "-146400d"]);
    let event = prop::sample::select(vec![
        "view_item: 1003",
        "view_item: 1003, engaged: 146400d",
        "add_to_cart: 1006, quantity: 10000, value: 1e308",
        "remove_from_cart: 1006, quantity: 10000",
        "purchase: 1001, quantity: 10000, value: -1e308",
        "purchase: '', value: -0.0",
        "refund: 1001, value: 1.7976931348623157e308",
        "add_to_wishlist: 1004",
        "search: 'é\u{0} ß'",
        "exposure: garden-return/spring",
        "exposure: /",
        "signal: ''",
        "view_item_list: Garden",
        "visit: home",
    ]);
    let fact = prop::sample::select(vec![
        "page.type: product, item.id: 1003",
        "page.type: product, item.id: ''",
        "page.engaged: 9223372036854775807",
        "page.time: 4294967295",
        "page.scroll: 100",
        "page.clicks: 4294967296",
        "device.width: 0",
        "place.timezone: Pacific/Apia",
        "place.country: ''",
        "session.referrer: 'https://[::1'",
        "session.utm.source: '&=%%\u{1}'",
        "consent: contextual",
        "unit: ''",
        "visitor.first_name: 'Ａ'",
    ]);
    let given = prop::collection::vec((at, event), 0..8);
    (now, given, fact).prop_map(|(now, given, fact)| {
        let given: Vec<String> = given.iter().map(|(at, event)| format!("{{ at: {at}, {event} }}")).collect();
        format!(
            "name: s\nnow: {now}\ngiven: [{}]\ncontext: {{ {fact} }}\nexpect: {{ home.hero: none }}\n",
            given.join(", ")
        )
    })
}

/// Pieces that blocks are made of.
fn html() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("<section class=\"hero\">"),
        Just("</section>"),
        Just("<ul data-each=products>"),
        Just("</ul>"),
        Just("<script>alert('</b>')</script>"),
        Just("<style>"),
        Just("<img src='{{ item.image }}' srcset=\"a 1x, javascript:x 2x\""),
        Just("<a href=\"java&#x73;cript:alert(1)\">"),
        Just("<a href=https:evil>"),
        Just("&notin; &#0; &amp"),
        Just("<!-- {{ headline }} --><!doctype x><![CDATA[x]]>"),
        Just("{{ headline }}"),
        Just("{{ visitor.first_name | é }}"),
        Just("{{ {{ }} | }}"),
        Just("<svg><math></svg>"),
        Just("<p <p a=1 a=2 /></>"),
        Just("<日本 ü='ß'>"),
        Just("\0\r\n\u{c}"),
    ];
    prop::collection::vec(prop_oneof![4 => piece.prop_map(str::to_owned), 1 => ".{0,8}"], 0..16)
        .prop_map(|pieces| pieces.concat())
}

/// Pieces that conditions are made of.
fn cel() -> impl Strategy<Value = String> {
    let pieces = vec![
        "visitor.visits",
        "page.path",
        "custom.tier",
        "custom.points",
        "loyal",
        "own",
        "cart.items",
        "affinity.category",
        "time.now",
        "history.count('view_item', days(7))",
        "history.last('purchase')",
        "history.funnel(['view_item', 'purchase'], days(1))",
        "['Garden']",
        "[1]",
        "{'a': 1}",
        ".a",
        ".matches('^/c/[a-zé]+$')",
        ".matches('(a|b)*a(a|b){9}$')",
        ".matches(r'\\bx|[^\\w]')",
        ".matches('')",
        ".getHours('Europe/London')",
        ".getDayOfWeek('+02:00')",
        ".getDate('Mars/Olympus')",
        ".exists(x, x",
        ".all(y, y",
        ".map(z, z + 1",
        ".filter(w, true",
        "size(",
        "string(",
        "int(",
        "duration('1h')",
        "timestamp('2026-01-01T00:00:00Z')",
        "(",
        ")",
        ")",
        " > ",
        " == ",
        " < ",
        " in ",
        " + ",
        " - ",
        " * ",
        " / ",
        " % ",
        " && ",
        " || ",
        " ? ",
        " : ",
        "!",
        "-",
        "1",
        "2u",
        "0.5",
        "'é'",
        "9223372036854775807",
        "true",
        "null",
        "b'x'",
        "has(page.path)",
        "x",
        "?",
        "'",
        "\"",
    ];
    let piece = prop_oneof![8 => prop::sample::select(pieces).prop_map(str::to_owned), 1 => ".{0,3}"];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn campaign_files(text in yaml()) {
        project(&with("campaigns/extra.yaml", text.into_bytes()));
    }

    #[test]
    fn shop_audience_and_scenario_files(text in yaml(), path in prop_oneof![
        Just("shop.yaml"), Just("audiences/extra.yaml"), Just("scenarios/extra.yaml")
    ]) {
        project(&with(path, text.into_bytes()));
    }

    #[test]
    fn scenarios_of_extremes(text in scenario()) {
        project(&with("scenarios/extra.yaml", text.into_bytes()));
    }

    #[test]
    fn blocks(text in html()) {
        let checked = project(&with("blocks/hero.html", text.into_bytes()));
        harmless(&checked.plan.blocks["blocks/hero.html"].nodes);
    }

    #[test]
    fn conditions(text in cel()) {
        condition(&text);
    }

    #[test]
    fn pieces_of_input_as_the_fuzz_target_takes_them(
        pieces in prop::collection::vec((any::<u8>(), prop_oneof![yaml(), html(), cel()]), 0..4),
        noise in prop::collection::vec(any::<u8>(), 0..8),
    ) {
        let joined = pieces.into_iter().flat_map(|(kind, text)| [&[kind], text.as_bytes(), &[0]].concat());
        anything(&joined.chain(noise).collect::<Vec<_>>());
    }

    #[test]
    fn any_bytes_anywhere(
        bytes in prop::collection::vec(any::<u8>(), 0..64),
        path in prop::sample::select(files().into_keys().collect::<Vec<_>>()),
    ) {
        project(&with(&path, bytes));
    }

    #[test]
    fn a_changed_character_of_a_good_file(
        path in prop::sample::select(files().into_keys().collect::<Vec<_>>()),
        at in any::<prop::sample::Index>(),
        with_text in prop_oneof![Just(""), Just("\""), Just("{"), Just("\n"), Just("<"), Just(":"), Just("é")],
    ) {
        let mut files = files();
        let text = String::from_utf8(files[&path].clone()).unwrap();
        let at = at.index(text.len());
        if text.is_char_boundary(at) && text.is_char_boundary(at + 1) {
            let changed = format!("{}{with_text}{}", &text[..at], &text[at + 1..]);
            files.insert(path, changed.into_bytes());
            project(&files);
        }
    }
}

#[test]
fn deep_nesting_is_refused_and_does_not_overflow() {
    for (path, text) in [
        ("campaigns/extra.yaml", "[".repeat(100_000)),
        (
            "campaigns/extra.yaml",
            format!("id: a\nslot: home.hero\naudience: {}true{}\n", "(".repeat(5_000), ")".repeat(5_000)),
        ),
        ("campaigns/extra.yaml", format!("id: a\nslot: home.hero\naudience: '{}true'\n", "!".repeat(5_000))),
        ("blocks/hero.html", "<div>".repeat(20_000)),
        ("blocks/hero.html", format!("<p {}>", "a=1 ".repeat(5_000))),
    ] {
        let checked = project(&with(path, text.into_bytes()));
        assert!(checked.has_errors(), "{path}");
    }
}

#[test]
fn an_audience_that_names_itself_is_an_error() {
    let checked =
        project(&with("audiences/extra.yaml", b"one: two || visitor.visits > 1\ntwo: one\n".to_vec()));
    assert!(checked.has_errors());
}
