//! Files of any content give diagnostics, never a panic, and spans that lie inside them.

mod shop;

use std::collections::BTreeMap;

use proptest::prelude::*;
use shelfwise_author::block::{BlockNode, Part, url_refusal};
use shelfwise_author::build::{Checked, check};
use shelfwise_author::compile::Release;
use shelfwise_author::pack::blocks::{attribute_allowed, attribute_is_url};
use shelfwise_author::render;

use shop::{NOW_S, files};

/// Checks, renders and, when there are no errors, compiles.
fn survive(files: &BTreeMap<String, Vec<u8>>) -> Checked {
    let checked = check(files, NOW_S);
    for label in checked.diagnostics.iter().flat_map(|found| &found.labels) {
        let source = checked.sources().get(label.span.file).expect("a label's file");
        let range = label.span.range();
        assert!(range.start <= range.end && range.end <= source.text.len(), "{label:?}");
        assert!(source.text.get(range).is_some(), "{label:?} cuts a character");
    }
    let text = render::text(&checked.diagnostics, checked.sources(), render::Style::default());
    let json = render::json(&checked.diagnostics, checked.sources());
    assert_eq!(text.is_empty(), json["diagnostics"].as_array().is_some_and(Vec::is_empty));
    if !checked.has_errors() {
        let release = Release { version: 1, issued_s: NOW_S, expires_s: NOW_S + 1 };
        checked.compile(release).expect("a project without errors compiles");
    }
    checked
}

/// What a pack would carry is on the allow-lists.
fn assert_harmless(nodes: &[BlockNode]) {
    for node in nodes {
        match node {
            BlockNode::Element { attrs, children, .. } => {
                for (attr, parts) in attrs {
                    assert!(attribute_allowed(attr), "{attr}");
                    if let (true, Some(Part::Literal(head))) = (attribute_is_url(attr), parts.first()) {
                        assert!(attr == "srcset" || url_refusal(head, false, &[]).is_none(), "{head}");
                        assert!(!head.to_ascii_lowercase().contains("javascript:"), "{head}");
                    }
                }
                assert_harmless(children);
            }
            BlockNode::Each(children) => assert_harmless(children),
            BlockNode::Text(_) => {}
        }
    }
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn campaign_files(text in yaml()) {
        survive(&with("campaigns/extra.yaml", text.into_bytes()));
    }

    #[test]
    fn shop_audience_and_scenario_files(text in yaml(), path in prop_oneof![
        Just("shop.yaml"), Just("audiences/extra.yaml"), Just("scenarios/extra.yaml")
    ]) {
        survive(&with(path, text.into_bytes()));
    }

    #[test]
    fn blocks(text in html()) {
        let checked = survive(&with("blocks/hero.html", text.into_bytes()));
        assert_harmless(&checked.plan.blocks["blocks/hero.html"].nodes);
    }

    #[test]
    fn any_bytes_anywhere(
        bytes in prop::collection::vec(any::<u8>(), 0..64),
        path in prop::sample::select(files().into_keys().collect::<Vec<_>>()),
    ) {
        survive(&with(&path, bytes));
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
            survive(&files);
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
        let checked = survive(&with(path, text.into_bytes()));
        assert!(checked.has_errors(), "{path}");
    }
}

#[test]
fn an_audience_that_names_itself_is_an_error() {
    let checked =
        survive(&with("audiences/extra.yaml", b"one: two || visitor.visits > 1\ntwo: one\n".to_vec()));
    assert!(checked.has_errors());
}
