//! Blocks become trees: bindings, allow-lists, links, prices, JSON.

mod shelves;

use shelfwise_engine::content::{Money, Node, Product, Scene, is_safe, order};
use shelfwise_engine::memory::{Event, EventKind};
use shelfwise_engine::pack::blocks::TAGS;
use shelfwise_engine::pack::core::{Attr, Block, CoreBuilder, Datum, Node as Record, Order, Part};
use shelfwise_engine::pack::kinds::{ItemField, NodeKind, PartKind};
use shelfwise_engine::pack::record::{Range, Str};
use shelfwise_engine::traits::{Context, Traits, code};
use shelves::{core, event, full, memory, open};

const NOW_S: i64 = 1_800_000_000;

fn part(core: &mut CoreBuilder, kind: PartKind, text: &str, reference: u16) -> Range {
    let text = core.strings.add(text);
    core.parts.push(Part { kind: kind.code(), text, reference, key: Str(0) });
    Range { start: core.parts.len() as u32 - 1, len: 1 }
}

fn literal(core: &mut CoreBuilder, text: &str) -> Range {
    part(core, PartKind::Literal, text, 0)
}

fn element(core: &mut CoreBuilder, tag: &str, attrs: &[(&str, Range)], descendants: u32) {
    let start = core.attrs.len() as u32;
    for (name, value) in attrs {
        let name = core.strings.add(name);
        core.attrs.push(Attr { name, value: *value });
    }
    let tag = TAGS.iter().position(|known| *known == tag).expect("tag") as u8;
    let attrs = Range { start, len: attrs.len() as u32 };
    core.nodes.push(Record { kind: NodeKind::Element.code(), tag, attrs, descendants, ..Record::default() });
}

fn words(core: &mut CoreBuilder, text: Range) {
    core.nodes.push(Record { kind: NodeKind::Text.code(), text, ..Record::default() });
}

fn finish(core: &mut CoreBuilder) {
    let nodes = Range { start: 0, len: core.nodes.len() as u32 };
    core.blocks.push(Block { nodes, ..Block::default() });
}

fn ann() -> Vec<Event> {
    let name = Event::new(EventKind::SetName, NOW_S).saying("Ann \"<b>\\");
    vec![name, event(EventKind::AddToCart, NOW_S, 3)]
}

fn json(core: &CoreBuilder, events: &[Event], data: Range, dense: &[u32]) -> String {
    let opened = open(core);
    let shelf = full(&opened);
    let core = opened.view();
    let cards = dense.iter().map(|dense| shelf.card(&core, *dense).expect("card"));
    let products: Vec<_> =
        cards.map(|card| Product { card, reason: "bought-together", because: "Red Mug" }).collect();
    let traits = Traits::derive(&memory(events), &Context::default(), &core, NOW_S);
    let money = Money { prefix: "£".into(), group: ",".into(), ..Money::plain(&core) };
    let scene = Scene { core: &core, traits: &traits, data, products: &products, money: &money };
    let mut out = String::new();
    scene.block(0).expect("block").write_json(&mut out);
    out
}

#[test]
fn traits_have_defaults_and_texts_stay_texts() {
    let mut core = core();
    element(&mut core, "p", &[], 1);
    let mut text = literal(&mut core, "Hello ");
    part(&mut core, PartKind::Trait, "there", code::VISITOR_FIRST_NAME);
    text.len = 2;
    words(&mut core, text);
    finish(&mut core);
    assert_eq!(json(&core, &[], Range::default(), &[]), r#"["p",0,"Hello there"]"#);
    assert_eq!(json(&core, &ann(), Range::default(), &[]), r#"["p",0,"Hello Ann \"<b>\\"]"#);
}

#[test]
fn numbers_and_money_of_traits_are_written_out() {
    let mut core = core();
    element(&mut core, "p", &[], 1);
    let mut text = part(&mut core, PartKind::Trait, "", code::CART_VALUE);
    part(&mut core, PartKind::Literal, " for ", 0);
    part(&mut core, PartKind::Trait, "", code::CART_COUNT);
    part(&mut core, PartKind::Trait, "|none", code::CART_ITEMS);
    text.len = 4;
    words(&mut core, text);
    finish(&mut core);
    assert_eq!(json(&core, &ann(), Range::default(), &[]), r#"["p",0,"£4.00 for 1|none"]"#);
}

#[test]
fn data_fills_bindings_and_may_hold_traits() {
    let mut core = core();
    element(&mut core, "h2", &[], 1);
    let text = part(&mut core, PartKind::Data, "headline", 0);
    words(&mut core, text);
    finish(&mut core);
    let mut value = literal(&mut core, "For ");
    part(&mut core, PartKind::Trait, "you", code::VISITOR_FIRST_NAME);
    value.len = 2;
    let name = core.strings.add("headline");
    core.data.push(Datum { name, value });
    assert_eq!(json(&core, &[], Range { start: 0, len: 1 }, &[]), r#"["h2",0,"For you"]"#);
    assert_eq!(json(&core, &[], Range::default(), &[]), r#"["h2",0,""]"#, "no such datum: no text");
}

#[test]
fn each_product_gets_its_own_copy() {
    let mut core = core();
    element(&mut core, "ul", &[], 4);
    core.nodes.push(Record { kind: NodeKind::Each.code(), descendants: 3, ..Record::default() });
    let item =
        |core: &mut CoreBuilder, field: ItemField| part(core, PartKind::Item, "", u16::from(field.code()));
    let url = item(&mut core, ItemField::Url);
    let price = item(&mut core, ItemField::Price);
    element(&mut core, "li", &[], 2);
    element(&mut core, "a", &[("href", url), ("data-shelf-price", price)], 1);
    let mut text = item(&mut core, ItemField::Title);
    for field in [ItemField::Price, ItemField::CompareAt, ItemField::Category, ItemField::Brand] {
        literal(&mut core, " ");
        item(&mut core, field);
    }
    literal(&mut core, " ");
    item(&mut core, ItemField::Reason);
    item(&mut core, ItemField::Id);
    item(&mut core, ItemField::Image);
    text.len = core.parts.len() as u32 - text.start;
    words(&mut core, text);
    finish(&mut core);
    assert_eq!(json(&core, &[], Range::default(), &[]), r#"["ul",0]"#);
    let one = |dense: u32, price: &str, text: &str| {
        format!(
            r#"["li",0,["a",{{"href":"/p/P{dense}/","data-shelf-price":"{price}"}},"Product {dense} {text} Red MugP{dense}/img/P{dense}.svg"]]"#
        )
    };
    let expected = format!(
        r#"["ul",0,{},{}]"#,
        one(1, "2.00", "£2.00 £4.00 Kitchen B1"),
        one(2, "3.00", "£3.00  Toys B0")
    );
    assert_eq!(json(&core, &[], Range::default(), &[1, 2]), expected);
    let value = literal(&mut core, "Bought with");
    let name = core.strings.add("bought-together");
    core.data.push(Datum { name, value });
    let told = json(&core, &[], Range { start: 0, len: 1 }, &[1]);
    assert!(told.contains("B1 Bought with Red MugP1"), "the variation's words for the strategy: {told}");
}

#[test]
fn several_nodes_at_the_top_come_in_a_div() {
    let mut core = core();
    for _ in 0..2 {
        element(&mut core, "hr", &[], 0);
    }
    finish(&mut core);
    assert_eq!(json(&core, &[], Range::default(), &[]), r#"["div",0,["hr",0],["hr",0]]"#);
}

#[test]
fn bad_links_are_left_out_and_good_ones_kept() {
    for (attribute, link, kept) in [
        ("href", "/sale", true),
        ("href", "https://example.com/", true),
        ("href", "javascript:alert(1)", false),
        ("src", "//evil.example/x.png", false),
        ("srcset", "/a.png 1x, https://cdn.example/a.png 2x", true),
        ("srcset", "/a.png 1x, //evil.example/a.png 2x", false),
        ("srcset", "/a.png 1x,\\\\evil.example 2x", false),
        ("title", "javascript:alert(1)", true),
    ] {
        let mut core = core();
        let value = literal(&mut core, link);
        element(&mut core, "img", &[(attribute, value)], 0);
        finish(&mut core);
        let made = json(&core, &[], Range::default(), &[]);
        assert_eq!(made.contains(attribute), kept, "{link}: {made}");
    }
}

#[test]
fn no_trait_gets_into_a_link_even_through_data() {
    let mut core = core();
    let direct = part(&mut core, PartKind::Trait, "", code::VISITOR_FIRST_NAME);
    let through = part(&mut core, PartKind::Data, "link", 0);
    element(&mut core, "a", &[("href", direct), ("cite", through), ("title", direct)], 0);
    finish(&mut core);
    let name = core.strings.add("link");
    core.data.push(Datum { name, value: direct });
    let made = json(&core, &ann(), Range { start: 0, len: 1 }, &[]);
    assert_eq!(made, r#"["a",{"title":"Ann \"<b>\\"}]"#);
}

#[test]
fn values_are_the_data_by_name() {
    let mut core = core();
    let value = literal(&mut core, "Back?");
    let name = core.strings.add("headline");
    core.data.push(Datum { name, value });
    let opened = open(&core);
    let core = opened.view();
    let traits = Traits::derive(&memory(&[]), &Context::default(), &core, NOW_S);
    let money = Money::plain(&core);
    let data = Range { start: 0, len: 1 };
    let scene = Scene { core: &core, traits: &traits, data, products: &[], money: &money };
    assert_eq!(scene.values(), [("headline".to_owned(), "Back?".to_owned())]);
    assert_eq!(scene.block(0), None);
}

#[test]
fn orders_are_names_in_order() {
    let mut core = core();
    for name in ["b", "a", "c"] {
        let name = core.strings.add(name);
        core.order_names.push(name);
    }
    core.orders.push(Order { names: Range { start: 0, len: 2 } });
    let opened = open(&core);
    assert_eq!(order(&opened.view(), 0).collect::<Vec<_>>(), ["b", "a"]);
    assert_eq!(order(&opened.view(), 1).count(), 0);
}

#[test]
fn links_are_judged_as_browsers_read_them() {
    for link in
        ["/", "/a:b", "#top", "?q=a:b", "c/garden/", "./a", "https://a.example", "HTTPS://a.example", "a?b:c"]
    {
        assert!(is_safe(link), "{link}");
    }
    for link in [
        "",
        " /a",
        "/a ",
        "//a.example",
        "/\\a.example",
        "\\\\a",
        "/\t/a.example",
        "\n/a",
        "java\nscript:x",
        "https://",
        "http://a.example",
        "data:text/html,x",
        "JAVASCRIPT:x",
        "mailto:a@b",
        "blob:x",
        "vbscript:x",
        "\u{1}javascript:x",
    ] {
        assert!(!is_safe(link), "{link:?}");
    }
}

#[test]
fn money_is_grouped_and_padded() {
    let opened = open(&core());
    let plain = Money::plain(&opened.view());
    assert_eq!(
        (plain.format(5), plain.format(0), plain.format(123_456)),
        ("GBP 0.05".into(), "GBP 0.00".into(), "GBP 1234.56".into())
    );
    let german = Money {
        prefix: String::new(),
        suffix: " €".into(),
        decimal: ",".into(),
        group: ".".into(),
        exponent: 2,
    };
    assert_eq!(german.format(123_456_789), "1.234.567,89 €");
    assert_eq!(german.format(-12_345), "-123,45 €");
    let yen = Money { prefix: "¥".into(), suffix: String::new(), exponent: 0, ..german };
    assert_eq!((yen.format(999), yen.format(1_000)), ("¥999".into(), "¥1.000".into()));
}

#[test]
fn json_strings_are_escaped() {
    let json = |text: &str| {
        let mut out = String::new();
        Node::Text(text.into()).write_json(&mut out);
        assert_eq!(serde_json::from_str::<String>(&out).expect("JSON"), text);
        out
    };
    assert_eq!(json("a\"\\\n\u{1}\u{1f}é\u{10}"), "\"a\\\"\\\\\\n\\u0001\\u001fé\\u0010\"");
    let inside = Node::Element {
        tag: "b",
        attributes: vec![],
        children: vec![Node::Text("x".into()), Node::Text("y".into())],
    };
    assert_eq!(inside.text(), "xy");
}
