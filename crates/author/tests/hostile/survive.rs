//! What must hold of any input: diagnostics that lie inside their files, or a pack that opens; never a panic. The body of
//! the property tests beside it and of the fuzz target `author` (`fuzz/fuzz_targets/author.rs`).

use std::collections::BTreeMap;

use shelfwise_author::block::{BlockNode, Part, url_refusal};
use shelfwise_author::build::{Checked, check};
use shelfwise_author::cel::{self, Predicates, ShopEnvironment, Type};
use shelfwise_author::compile::Release;
use shelfwise_author::engine::eval::{self, TraitSource, Value};
use shelfwise_author::engine::pack::blocks::{attribute_allowed, attribute_is_url};
use shelfwise_author::engine::pack::core::{Core, CoreBuilder, Meta};
use shelfwise_author::render;
use shelfwise_author::trial::World;

/// 2026-06-15 00:00 UTC.
const NOW_S: i64 = 1_781_481_600;

/// The files of the fixture shop; the first byte of a piece of input picks the one that the rest replaces.
const SHOP: [(&str, &[u8]); 10] = [
    ("campaigns/extra.yaml", b""),
    ("audiences/extra.yaml", b""),
    ("shop.yaml", include_bytes!("../fixtures/shop/shop.yaml")),
    ("blocks/hero.html", include_bytes!("../fixtures/shop/blocks/hero.html")),
    ("scenarios/garden.yaml", include_bytes!("../fixtures/shop/scenarios/garden.yaml")),
    ("catalogue.csv", include_bytes!("../fixtures/shop/catalogue.csv")),
    ("campaigns/rows.yaml", include_bytes!("../fixtures/shop/campaigns/rows.yaml")),
    ("campaigns/garden.yaml", include_bytes!("../fixtures/shop/campaigns/garden.yaml")),
    ("blocks/row.html", include_bytes!("../fixtures/shop/blocks/row.html")),
    ("audiences/taste.yaml", include_bytes!("../fixtures/shop/audiences/taste.yaml")),
];

/// Any input: pieces between zero bytes. Of each, the first byte says what the others are: a condition, or a file of the
/// fixture shop.
pub fn anything(data: &[u8]) {
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for piece in data.split(|byte| *byte == 0) {
        let Some((kind, rest)) = piece.split_first() else { continue };
        match SHOP.get(usize::from(kind % 16)) {
            Some((path, _)) => {
                files.insert((*path).to_owned(), rest.to_vec());
            }
            None => condition(&String::from_utf8_lossy(rest)),
        }
    }
    if !files.is_empty() {
        for (path, bytes) in SHOP.into_iter().filter(|(_, bytes)| !bytes.is_empty()) {
            files.entry(path.to_owned()).or_insert_with(|| bytes.to_vec());
        }
        let checked = project(&files);
        checked.plan.blocks.values().for_each(|block| harmless(&block.nodes));
    }
}

/// Scenarios of one input that are played.
const SCENARIOS_PLAYED: usize = 8;

/// Checks a project, renders what is found and, when there are no errors, compiles and plays its scenarios.
pub fn project(files: &BTreeMap<String, Vec<u8>>) -> Checked {
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
        let world = World::new(&checked, NOW_S).expect("a project that compiles can be tried");
        for scenario in checked.project.scenarios.iter().take(SCENARIOS_PLAYED) {
            let outcome = world.play(scenario, NOW_S);
            assert_eq!(outcome.name, scenario.name);
            assert!(outcome.slots.iter().all(|slot| !slot.slot.is_empty()), "{}", scenario.name);
        }
    }
    checked
}

/// What a pack would carry is on the allow-lists.
pub fn harmless(nodes: &[BlockNode]) {
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
                harmless(children);
            }
            BlockNode::Each(children) => harmless(children),
            BlockNode::Text(_) => {}
        }
    }
}

/// A shopper of whom every number is 3 and every text `a-1`.
struct Someone;

impl TraitSource for Someone {
    fn value(&self, code: u16, _key: &str) -> Option<Value<'_>> {
        (!code.is_multiple_of(3))
            .then(|| if code.is_multiple_of(2) { Value::Int(3) } else { Value::text("a-1") })
    }
}

/// Compiles a condition: its problems lie inside of it, or its core file opens and says something.
pub fn condition(text: &str) {
    let environment = ShopEnvironment {
        custom: [("tier".to_owned(), Type::Str), ("points".to_owned(), Type::Int)].into(),
        audiences: [("loyal".to_owned(), "visitor.orders > 2".to_owned()), ("own".into(), "own".into())]
            .into(),
        now_s: NOW_S,
    };
    let compiled = match cel::compile(text, &environment) {
        Ok(compiled) => compiled,
        Err(problems) => {
            assert!(!problems.is_empty(), "{text}");
            for problem in problems {
                assert!(text.get(problem.span.clone()).is_some(), "{text}: {problem:?}");
            }
            return;
        }
    };
    let _ = (compiled.implies(&compiled), compiled.excludes(&compiled));
    let mut builder = CoreBuilder { meta: vec![Meta::default()], ..CoreBuilder::default() };
    let Ok(run) = Predicates::default().audience(&mut builder, &compiled) else { return };
    let bytes = builder.finish();
    let core = Core::open(&bytes).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    for predicate in core.conjuncts.range(run).filter_map(|index| core.predicates.get(index)) {
        assert_ne!(eval::evaluate(&core, &predicate, &Someone), Err(eval::EvalError::Program), "{text}");
        assert!(!cel::print(&core, &predicate).is_empty(), "{text}");
    }
}
