//! Conditions: what is said about wrong ones, what right ones become, and that folding changes nothing.

use proptest::prelude::*;
use shelfwise_author::cel::{self, Predicates, Problem, ProblemKind, ShopEnvironment, Type};
use shelfwise_author::engine::eval::{self, EvalError, TraitSource, Value};
use shelfwise_author::engine::traits;
use shelfwise_author::pack::core::{Core, CoreBuilder, Meta};

/// 2026-06-15 00:00 UTC.
const NOW_S: i64 = 1_781_481_600;

fn shop() -> ShopEnvironment {
    let custom = [("club".to_owned(), Type::Bool), ("a".into(), Type::Int), ("b".into(), Type::Int)];
    let audiences =
        [("loyal".to_owned(), "visitor.orders > 2".to_owned()), ("circle".into(), "circle".into())];
    ShopEnvironment { custom: custom.into(), audiences: audiences.into(), now_s: NOW_S }
}

fn problem(text: &str) -> Problem {
    let mut problems = cel::compile(text, &shop()).expect_err(text);
    problems.remove(0)
}

fn core() -> CoreBuilder {
    CoreBuilder { meta: vec![Meta::default()], ..CoreBuilder::default() }
}

/// The conjuncts of a condition, printed.
fn printed(text: &str) -> Vec<String> {
    let mut builder = core();
    let condition = cel::compile(text, &shop()).expect(text);
    let run = Predicates::default().audience(&mut builder, &condition).expect(text);
    let bytes = builder.finish();
    let core = Core::open(&bytes).expect("a core file");
    let predicates = core.conjuncts.range(run).filter_map(|index| core.predicates.get(index));
    predicates.map(|predicate| cel::print(&core, &predicate)).collect()
}

#[test]
fn an_unknown_trait_gets_the_nearest_name_and_its_place() {
    let problem = problem("true && visitor.vists > 1");
    assert_eq!((problem.kind, problem.span), (ProblemKind::UnknownName, 8..21));
    assert_eq!(problem.suggestion.as_deref(), Some("visitor.visits"));
}

#[test]
fn places_are_bytes_after_letters_of_several_bytes() {
    assert_eq!(problem("page.type == 'é' && visitor.vists > 1").span, 21..34);
}

#[test]
fn types_that_do_not_fit_are_refused() {
    assert_eq!(problem("visitor.visits > '1'").message, "`>` is not defined for int and string");
    assert_eq!(problem("visitor.visits").kind, ProblemKind::Type);
    assert_eq!(problem("visitor.visits && true").kind, ProblemKind::Type);
    assert_eq!(problem("affinity.category > 0.1").kind, ProblemKind::Type);
    assert_eq!(problem("cart.value * 2 > 1.0").kind, ProblemKind::Type);
    assert_eq!(problem("visitor.visits > ").kind, ProblemKind::Syntax);
    assert_eq!(problem("circle").kind, ProblemKind::Type);
    assert_eq!(problem("sise(cart.items) > 1").help.as_deref(), Some("did you mean `size`?"));
    assert_eq!(problem("history.count(1) > 1").kind, ProblemKind::Type);
}

#[test]
fn events_and_their_fields_are_known_by_name() {
    let help = |text: &str| {
        let found = problem(text);
        assert_eq!(found.kind, ProblemKind::UnknownName, "{text}");
        found.help.unwrap_or_default()
    };
    assert_eq!(help("history.count('view_itme', days(7)) > 2"), "did you mean `view_item`?");
    assert_eq!(help("history.funnel(['view_item', 'purchas'], days(7))"), "did you mean `purchase`?");
    assert!(
        help("history.count('search', days(7), {'colour': 'red'}) > 2").starts_with("one of: item, category")
    );
    assert!(help("history.count('search', days(7), {'within': days(1)}) > 2").starts_with("one of: item"));
    assert_eq!(problem("history.funnel([], days(7))").message, "a funnel has 1 to 8 steps");
    for right in [
        "history.views('any product', days(7)) >= 3 && history.bought(item.id, weeks(2)) == 0",
        "history.count('view_item', days(7), {'category': 'Garden', 'brand': ['Oak', 'Tin']}) > 2",
        "history.funnel(['view_item', 'add_to_cart'], days(7), {'within': minutes(30), 'item': item.id})",
        "history.sum('purchase', null, {'category': page.category}) > 5000",
    ] {
        cel::compile(right, &shop()).unwrap_or_else(|problems| panic!("{right}: {problems:?}"));
    }
}

#[test]
fn what_a_browser_cannot_do_is_refused_when_built() {
    assert_eq!(problem("page.path == b'a'").kind, ProblemKind::Unsupported);
    assert_eq!(problem("page.path.matches(page.query)").kind, ProblemKind::Unsupported);
    let hour = "timestamp(visitor.visits).getHours(place.timezone) > 1";
    assert_eq!(problem(hour).kind, ProblemKind::Unsupported);
}

#[test]
fn constant_lists_and_maps_are_made_when_built() {
    let lists =
        ["page.type in ['home'] + ['cart']", "page.type in ['home', 'cart', 'x'].filter(p, p != 'x')"];
    for text in lists {
        assert_eq!(printed(text), printed("page.type in ['home', 'cart']"), "{text}");
    }
    let maps = ["page.type == {'a': ['home']}['a'][0]", "page.type == {'a': 'home'}.a"];
    for text in maps {
        assert_eq!(printed(text), printed("page.type == 'home'"), "{text}");
    }
}

#[test]
fn a_comparison_outside_the_range_is_a_warning() {
    let warnings = |text: &str| cel::compile(text, &shop()).expect(text).warnings;
    assert_eq!(warnings("visitor.visits < 0")[0].kind, ProblemKind::Constant);
    assert!(warnings("visitor.visits < 3").is_empty());
    assert!(warnings("0 > visitor.visits")[0].message.starts_with("this never holds"));
    assert_eq!(warnings("page.type == 'hom'")[0].suggestion.as_deref(), Some("\"home\""));
}

#[test]
fn comparisons_take_the_fast_form_and_the_cheapest_comes_first() {
    let text =
        "size(cart.items) > 2 && affinity.category['Garden'] > 0.3 && 1 < visitor.visits && !visitor.is_new";
    let lines = printed(text);
    assert_eq!(lines[0], "visitor.visits > 1");
    assert_eq!(lines[1], "visitor.is_new == false");
    assert_eq!(lines[2], "affinity.category[\"Garden\"] > 0.3");
    assert!(lines[3].contains("Call         Size"), "{}", lines[3]);
    assert_eq!(printed("loyal && custom.club"), ["visitor.orders > 2", "custom[\"club\"] == true"]);
    assert!(printed("1 < 2").is_empty(), "always holds");
    assert_eq!(printed("page.type in ['home', 'cart']")[0].lines().count(), 4);
}

#[test]
fn equal_predicates_are_stored_once() {
    let (mut builder, mut predicates) = (core(), Predicates::default());
    let mut add = |text: &str| {
        let condition = cel::compile(text, &shop()).expect(text);
        predicates.audience(&mut builder, &condition).expect(text)
    };
    let first = add("visitor.visits > 1 && size(cart.items) > 2");
    let same = add("size(cart.items) > 2 && 1 < visitor.visits && visitor.visits > 1");
    let more = add("visitor.visits > 1 && visitor.orders > 0");
    assert_eq!((first, first == more), (same, false));
    assert_eq!((builder.predicates.len(), builder.conjuncts.len()), (3, 4));
}

#[test]
fn an_expression_too_deep_is_a_problem_and_no_panic() {
    let deep = format!("visitor.visits + {}1{} > 0", "(1 + ".repeat(60), ")".repeat(60))
        .replace("(1", "(visitor.visits");
    let mut builder = core();
    let refused = cel::compile(&deep, &shop()).map(|condition| {
        Predicates::default().audience(&mut builder, &condition).map_err(|problem| problem.kind)
    });
    assert!(!matches!(refused, Ok(Ok(_))));
}

/// `custom.a` and `custom.b`.
struct Pair(i64, i64);

impl TraitSource for Pair {
    fn value(&self, code: u16, key: &str) -> Option<Value<'_>> {
        (code == traits::code::CUSTOM).then(|| Value::Int(if key == "a" { self.0 } else { self.1 }))
    }
}

fn evaluated(text: &str, source: &Pair) -> Result<String, EvalError> {
    let mut builder = core();
    let condition =
        cel::compile_value(text, &shop()).unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
    Predicates::default().filter(&mut builder, &condition).expect(text);
    let bytes = builder.finish();
    let core = Core::open(&bytes).expect("a core file");
    let predicate = core.predicates.get(0).expect("one predicate");
    eval::compute(&core, &predicate, source).map(|value| format!("{value:?}"))
}

fn number() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("custom.a".to_owned()),
        Just("custom.b".to_owned()),
        (0_i64..5).prop_map(|n| n.to_string())
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let operator = prop::sample::select(vec!["+", "-", "*", "/", "%"]);
        prop_oneof![
            (inner.clone(), operator, inner.clone()).prop_map(|(l, o, r)| format!("({l} {o} {r})")),
            (inner.clone(), inner.clone(), inner).prop_map(|(c, y, n)| format!("({c} < {y} ? {y} : {n})")),
        ]
    })
}

proptest! {
    #[test]
    fn folding_equals_evaluation(text in number(), a in -4_i64..5, b in -4_i64..5) {
        let folded = text.replace("custom.a", &format!("({a})")).replace("custom.b", &format!("({b})"));
        let pair = Pair(a, b);
        for (left, right) in [(text.clone(), folded.clone()), (format!("{text} > 1 || {text} < 1"), format!("{folded} > 1 || {folded} < 1"))] {
            prop_assert_eq!(evaluated(&left, &pair), evaluated(&right, &pair), "{} and {}", left, right);
        }
    }

    #[test]
    fn any_text_compiles_or_is_explained(text in "[a-z0-9.()\\[\\]'\"<>=&|!?:+*, ]{0,40}") {
        if let Err(problems) = cel::compile(&text, &shop()) {
            prop_assert!(!problems.is_empty());
            for problem in problems {
                prop_assert!(problem.span.end <= text.len() && problem.span.start <= problem.span.end);
            }
        }
    }
}
