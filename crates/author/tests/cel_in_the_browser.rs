//! Patterns and zones over values that only the browser knows: what the evaluator answers from the tables that the build
//! wrote, beside the `regex` crate and beside `jiff`.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use shelfwise_author::cel::{self, Predicates, Problem, ProblemKind, ShopEnvironment};
use shelfwise_author::engine::eval::{self, EvalError, HistoryQuery, Instant, TraitSource, Value};
use shelfwise_author::engine::memory::Memory;
use shelfwise_author::engine::traits::{self, Context, Traits};
use shelfwise_author::pack::core::{Core, CoreBuilder, Meta};
use shelfwise_author::pack::limits::STRING_BYTES_MAX;

/// 2026-06-15 00:00 UTC.
const NOW_S: i64 = 1_781_481_600;

/// A shopper on a page, who last bought at some time.
struct Shopper<'t> {
    path: &'t str,
    bought_s: i64,
}

impl TraitSource for Shopper<'_> {
    fn value(&self, code: u16, _: &str) -> Option<Value<'_>> {
        (Some(code) == traits::find("page.path").map(|found| found.code)).then(|| Value::text(self.path))
    }

    fn history(&self, _: &HistoryQuery<'_>) -> Option<Value<'_>> {
        Some(Value::Timestamp(Instant { s: self.bought_s, ns: 0 }))
    }
}

fn shop() -> ShopEnvironment {
    ShopEnvironment { now_s: NOW_S, ..ShopEnvironment::default() }
}

/// A condition of any type in a core file of its own.
fn core(text: &str) -> Result<Vec<u8>, Vec<Problem>> {
    let mut builder = CoreBuilder { meta: vec![Meta::default()], ..CoreBuilder::default() };
    let condition = cel::compile_value(text, &shop())?;
    Predicates::default().filter(&mut builder, &condition).map_err(|problem| vec![problem])?;
    Ok(builder.finish())
}

fn problem(text: &str) -> Problem {
    core(text).expect_err(text).remove(0)
}

fn answer(core: &[u8], shopper: &Shopper<'_>) -> Result<String, EvalError> {
    let core = Core::open(core).expect("a core file");
    let predicate = core.predicates.get(0).expect("one predicate");
    eval::compute(&core, &predicate, shopper).map(|value| format!("{value:?}"))
}

fn quoted(text: &str) -> String {
    let escaped: String = text.chars().map(|letter| format!("\\U{:08x}", letter as u32)).collect();
    format!("'{escaped}'")
}

/// Compares with the `regex` crate, to which the same pattern is written as `reference`.
fn compare(pattern: &str, reference: &str, texts: &[&str]) {
    let engine = regex::bytes::Regex::new(reference).unwrap_or_else(|error| panic!("{reference}: {error}"));
    let core = match core(&format!("page.path.matches({})", quoted(pattern))) {
        Ok(core) => core,
        Err(problems) => panic!("{pattern}: {problems:?}"),
    };
    for text in texts {
        let found = answer(&core, &Shopper { path: text, bought_s: 0 });
        let expected = format!("Bool({})", engine.is_match(text.as_bytes()));
        assert_eq!(found, Ok(expected), "{pattern:?} on {text:?}");
        // A constant text is answered when the condition is compiled, alike.
        let constant = cel::compile(&format!("{}.matches({})", quoted(text), quoted(pattern)), &shop());
        assert_eq!(
            constant.expect(pattern).constant(),
            Some(engine.is_match(text.as_bytes())),
            "{pattern:?}"
        );
    }
}

const TEXTS: &[&str] = &[
    "",
    "/",
    "/c/",
    "/c/garden/",
    "/c/garden/?page=2",
    "/cc/",
    "/c/?page=",
    "/sale",
    "/en/sale/",
    "sale",
    "on sale!",
    "colour",
    "/color/",
    "/colouur",
    "grey-gray",
    "GRAY",
    "page=/c/",
    "é",
    "éé",
    "É",
    "abab",
    "aba",
    "a\nb",
    "x1",
    "日本",
    "2026-06-15",
    "\u{212a}elvin",
];

#[test]
fn patterns_answer_as_the_regex_crate_does() {
    for pattern in [
        "",
        "sale",
        "^sale$",
        "sale$|^/c/",
        "^$",
        ".",
        ".*",
        "^.*$",
        "^/c/.*",
        "^/c/.+",
        "a.*b",
        "a.?b$",
        "(?s)a.b",
        "(?m)^b$",
        "^/c/[^/]+/$",
        "colou?r",
        "gr[ae]y",
        "(?i)gr[ae]y",
        "(?i)K",
        "^/c{1,3}/",
        "a+",
        "^aa.*a",
        "x{2}|é{2}",
        r"[\p{Greek}à-ÿ]{2}$",
        "[à-ÿ]",
        "^(?:ab)+$",
        r"^\x{65e5}",
        "(?:sale|garden)/$",
        "^(/en)?/sale",
        "[[:alpha:]]{5}",
        r"\.",
        ".{3,9}e",
        "a|b|c|d|e",
    ] {
        compare(pattern, pattern, TEXTS);
    }
}

#[test]
fn a_long_text_and_a_long_table_stay_within_the_steps_of_a_condition() {
    let pattern = "x".repeat(600) + "+$";
    let text = "x".repeat(100_000);
    compare(&pattern, &pattern, &[&text[..599], &text[..600]]);
    let core = core(&format!("page.path.matches('{pattern}')")).expect("a table");
    assert_eq!(answer(&core, &Shopper { path: &text, bought_s: 0 }), Ok("Bool(true)".into()));
}

#[test]
fn sets_of_letters_are_of_ascii_as_in_re2() {
    for (pattern, reference) in [
        (r"\d{4}", "[0-9]{4}"),
        (r"^\w+$", "^[0-9A-Za-z_]+$"),
        (r"\W", "[^0-9A-Za-z_]"),
        (r"^[\w/]+$", "^[0-9A-Za-z_/]+$"),
        (r"^[^\W\d]", "^[A-Za-z_]"),
        (r"\bsale\b", r"(?-u:\b)sale(?-u:\b)"),
        (r"\Ba", r"(?-u:\B)a"),
        (r"(?i)^\w", "^[0-9A-Za-z_]"),
        (r"\s", r"[\t\n\f\r ]"),
        (r"(?x) [\s] # comment", r"[\t\n\f\r ]"),
    ] {
        compare(pattern, reference, TEXTS);
    }
    compare(r"\w", "[0-9A-Za-z_]", &["é", "日本", "\u{b}"]);
    compare(r"\s", r"[\t\n\f\r ]", &["\u{b}", "\u{a0}", "\u{2003}", "\t"]);
}

#[test]
fn few_plain_texts_need_no_table() {
    let length = |pattern: &str| core(&format!("page.path.matches('{pattern}')")).expect(pattern).len();
    let (plain, table) = (length("^/c/|/sale$|new"), length("^/c/[0-9]"));
    assert!(plain + 200 < table, "a table has a class for each byte: {plain} and {table} bytes");
    assert_eq!(length("^/c/$"), core("page.path == '/c/'").unwrap().len());
}

#[test]
fn patterns_that_no_table_holds_are_refused_in_words() {
    let refused = |pattern: &str| problem(&format!("page.path.matches({})", quoted(pattern)));
    for (pattern, part) in [
        ("a(?=b)", "look-around"),
        (r"(a)\1", "backreferences"),
        ("(", "unclosed group"),
        ("a{2,1}", "repetition"),
        (r"\p{Nope}", "Unicode property"),
    ] {
        let found = refused(pattern);
        assert_eq!(found.kind, ProblemKind::Type, "{pattern}");
        assert!(found.message.contains(part) && !found.message.contains('\n'), "{}", found.message);
        assert!(found.help.is_some_and(|help| help.contains("RE2")), "{pattern}");
    }
    let deep = format!("{}a{}", "(".repeat(5_000), ")".repeat(5_000));
    assert_eq!(refused(&deep).kind, ProblemKind::Type);
    for pattern in [r"^\pL{40}$", "x{2400}", "x{4000}", "(?:a|b)*a(?:a|b){12}$", "((a{90}){90}){90}"] {
        let found = refused(pattern);
        assert_eq!(found.kind, ProblemKind::Unsupported, "{pattern}");
        assert!(found.message.contains("8 kB") && found.help.is_some(), "{pattern}");
    }
    let computed = problem("page.path.matches('a' + page.query)");
    assert_eq!((computed.kind, computed.message.contains("written out")), (ProblemKind::Unsupported, true));
    // Hundreds of states, and a dot is one of them.
    for pattern in ["x{600}".to_owned(), "^.{1,600}$".to_owned()] {
        let length = core(&format!("page.path.matches('{pattern}')")).expect(&pattern).len();
        assert!(length < STRING_BYTES_MAX, "{pattern}: {length}");
    }
}

/// A pattern, and the same for the `regex` crate.
type Pair = (String, String);

fn patterns() -> impl Strategy<Value = Pair> {
    let same = |text: &str| (text.to_owned(), text.to_owned());
    let leaf = prop::sample::select(vec![
        same("a"),
        same("b"),
        same("é"),
        same("日"),
        same("/"),
        same(r"\n"),
        same("."),
        same("(?s:.)"),
        same("[ab]"),
        same("[^a]"),
        same("[^é]"),
        same("[a-z]"),
        same("[à-ÿ]"),
        same("[à-ÿα-ω]"),
        same("^"),
        same("$"),
        same("(?m:^)"),
        same("(?m:$)"),
        same(""),
        (r"\d".to_owned(), "[0-9]".to_owned()),
        (r"\W".to_owned(), "(?-i:[^0-9A-Za-z_])".to_owned()),
        (r"[\w-]".to_owned(), "[0-9A-Za-z_-]".to_owned()),
        (r"\b".to_owned(), r"(?-u:\b)".to_owned()),
        (r"\B".to_owned(), r"(?-u:\B)".to_owned()),
    ]);
    leaf.prop_recursive(4, 16, 3, |inner| {
        let times = prop::sample::select(vec!["*", "+", "?", "*?", "+?", "??", "{2}", "{1,3}", "{0,2}?", "{2,}"]);
        let around = |open: &'static str, close: &'static str| {
            move |(ours, theirs): Pair| (format!("{open}{ours}{close}"), format!("{open}{theirs}{close}"))
        };
        prop_oneof![
            3 => (inner.clone(), inner.clone()).prop_map(|(l, r)| (l.0 + &r.0, l.1 + &r.1)),
            2 => (inner.clone(), inner.clone()).prop_map(|(l, r)| (format!("(?:{}|{})", l.0, r.0), format!("(?:{}|{})", l.1, r.1))),
            2 => (inner.clone(), times).prop_map(|(it, times)| (format!("(?:{}){times}", it.0), format!("(?:{}){times}", it.1))),
            1 => inner.clone().prop_map(around("(", ")")),
            1 => inner.prop_map(around("(?i:", ")")),
        ]
    })
}

fn text() -> impl Strategy<Value = String> {
    let letters =
        vec!['a', 'b', 'A', 'é', 'É', 'ö', '日', '😀', '/', '\n', '1', '_', '-', ' ', 'k', '\u{212a}'];
    prop::collection::vec(prop::sample::select(letters), 0..9)
        .prop_map(|letters| letters.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn any_pattern_answers_as_the_regex_crate_does((ours, theirs) in patterns(), texts in prop::collection::vec(text(), 8)) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        compare(&ours, &theirs, &texts);
    }
}

const ZONES: &[&str] = &[
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Tokyo",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "Pacific/Chatham",
    "america/st_johns",
    "Etc/UTC",
    "Europe/Dublin",
];

/// Hour, minute, day of the week, of the month and of the year, month and year in a zone, by `jiff`.
fn civil(zone: &str, s: i64) -> [(&'static str, i64); 7] {
    let at = Timestamp::from_second(s).unwrap().to_zoned(TimeZone::get(zone).unwrap());
    [
        ("getHours", at.hour().into()),
        ("getMinutes", at.minute().into()),
        ("getDayOfWeek", at.weekday().to_sunday_zero_offset().into()),
        ("getDate", at.day().into()),
        ("getDayOfYear", i64::from(at.day_of_year()) - 1),
        ("getMonth", i64::from(at.month()) - 1),
        ("getFullYear", at.year().into()),
    ]
}

#[test]
fn zones_have_the_offsets_of_three_years_back_and_two_ahead() {
    const DAY_S: i64 = 86_400;
    for zone in ZONES {
        let instants = (NOW_S - 3 * 365 * DAY_S..NOW_S + 2 * 365 * DAY_S).step_by(17 * 3_600 + 1_799);
        let getters = civil(zone, NOW_S).map(|(getter, _)| {
            (getter, core(&format!("history.last('purchase').{getter}('{zone}')")).expect(zone))
        });
        // Every instant in the hour, others in turn.
        for (turn, bought_s) in instants.enumerate() {
            for (at, (getter, expected)) in civil(zone, bought_s).into_iter().enumerate() {
                if at == 0 || at == turn % 7 {
                    let found = answer(&getters[at].1, &Shopper { path: "", bought_s });
                    assert_eq!(found, Ok(format!("Int({expected})")), "{zone} {getter} at {bought_s}");
                }
            }
        }
    }
}

#[test]
fn this_moment_has_a_clock_in_every_zone() {
    let bytes = core("time.now.getHours('Europe/London') * 100 + time.now.getHours('Asia/Tokyo')").unwrap();
    let core = Core::open(&bytes).expect("a core file");
    let predicate = core.predicates.get(0).expect("one predicate");
    let hours = |now_s: i64| {
        let traits = Traits::derive(&Memory::default(), &Context::default(), &core, now_s);
        format!("{:?}", eval::compute(&core, &predicate, &traits))
    };
    // 00:30 UTC in June, then in January.
    assert_eq!(hours(NOW_S + 1_800), "Ok(Int(109))");
    assert_eq!(hours(NOW_S + 1_800 - 150 * 86_400), "Ok(Int(9))");
    for far_off_s in [i64::MAX, i64::MIN] {
        assert!(hours(far_off_s).starts_with("Ok(Int("), "{far_off_s}");
    }
}

#[test]
fn a_clock_changes_at_its_second() {
    let hour = core("history.last('purchase').getHours('Europe/London')").unwrap();
    let at = |bought_s| answer(&hour, &Shopper { path: "", bought_s });
    // 2026-03-29 01:00 UTC.
    assert_eq!(at(1_774_745_999), Ok("Int(0)".into()));
    assert_eq!(at(1_774_746_000), Ok("Int(2)".into()));
    // Long ago and far ahead the first and the last offset hold: winter's.
    assert_eq!(at(0), Ok("Int(0)".into()));
    assert_eq!(at(4_102_444_800), Ok("Int(0)".into()));
}

#[test]
fn a_zone_without_changes_costs_as_much_as_an_offset() {
    let length =
        |zone: &str| core(&format!("history.last('purchase').getHours('{zone}')")).expect(zone).len();
    assert_eq!(length("Asia/Tokyo"), length("+09:00"));
    assert!(length("Europe/London") < length("+00:00") + 400);
}

#[test]
fn builds_of_one_year_give_the_same_bytes() {
    let built = |now_s: i64| {
        let environment = ShopEnvironment { now_s, ..ShopEnvironment::default() };
        let text = "history.last('purchase').getHours('Europe/London')";
        format!("{:?}", cel::compile_value(text, &environment).expect(text).node)
    };
    assert_eq!(built(NOW_S), built(NOW_S + 90 * 86_400));
    assert_ne!(built(NOW_S), built(NOW_S + 366 * 86_400));
}

#[test]
fn zones_that_are_none_get_the_nearest_name() {
    let found = problem("history.last('purchase').getHours('Europe/Londn') > 1");
    assert_eq!(found.message, "there is no time zone `Europe/Londn`");
    assert_eq!(found.help.as_deref(), Some("did you mean `Europe/London`?"));
    assert_eq!(found.suggestion.as_deref(), Some("\"Europe/London\""));
    for zone in ["+2:00", "+24:00", "01:60", "+0100", "Nowhere"] {
        let found = problem(&format!("history.last('purchase').getHours('{zone}') > 1"));
        assert_eq!(found.kind, ProblemKind::Type, "{zone}");
        assert!(found.help.is_some(), "{zone}");
    }
    let computed = problem("history.last('purchase').getHours(place.timezone) > 1");
    assert_eq!(computed.kind, ProblemKind::Unsupported);
    assert!(computed.help.is_some_and(|help| help.contains("time.hour")));
}

#[test]
fn fixed_offsets_stay() {
    for (zone, hour) in [("+02:00", 2), ("-03:30", 20), ("05:45", 5), ("UTC", 0), ("", 0)] {
        let core = core(&format!("history.last('purchase').getHours('{zone}')")).expect(zone);
        assert_eq!(
            answer(&core, &Shopper { path: "", bought_s: NOW_S }),
            Ok(format!("Int({hour})")),
            "{zone}"
        );
    }
    let none = core("history.last('purchase').getHours()").unwrap();
    assert_eq!(answer(&none, &Shopper { path: "", bought_s: NOW_S + 3_600 }), Ok("Int(1)".into()));
}
