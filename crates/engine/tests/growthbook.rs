//! GrowthBook's published cases, where the corpora lie beside the project; and a few of our own.

use serde_json::Value as Json;
use shelfwise_engine::bucket::{choose, hash, in_namespace, ranges};

fn number(json: &Json) -> f64 {
    json.as_f64().expect("number")
}

fn pairs(json: &Json) -> Vec<(f64, f64)> {
    json.as_array().expect("ranges").iter().map(|pair| (number(&pair[0]), number(&pair[1]))).collect()
}

/// As their own tests do: six decimal places.
fn close(left: &[(f64, f64)], right: &[(f64, f64)]) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() < 5e-7;
    left.len() == right.len() && left.iter().zip(right).all(|(a, b)| near(a.0, b.0) && near(a.1, b.1))
}

#[test]
fn published_cases_hold() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpora/growthbook-cases.json");
    let Ok(bytes) = std::fs::read(path) else {
        eprintln!("skipped: {path} is not there; the cases below still run");
        return;
    };
    let cases: Json = serde_json::from_slice(&bytes).expect("JSON");
    let all = |name: &str| cases[name].as_array().expect("cases").clone();
    for case in all("hash") {
        let version = case[2].as_u64().expect("version") as u8;
        assert_eq!(
            hash(case[0].as_str().unwrap(), case[1].as_str().unwrap(), version),
            case[3].as_f64(),
            "{case}"
        );
    }
    for case in all("getBucketRange") {
        let weights: Vec<f64> = case[1][2].as_array().into_iter().flatten().map(number).collect();
        let got: Vec<_> = ranges(number(&case[1][0]) as usize, number(&case[1][1]), &weights).collect();
        assert!(close(&got, &pairs(&case[2])), "{case}: {got:?}");
    }
    for case in all("chooseVariation") {
        let got = choose(number(&case[1]), pairs(&case[2]).into_iter());
        assert_eq!(got.map_or(-1, |at| at as i64), case[3].as_i64().unwrap(), "{case}");
    }
    for case in all("inNamespace") {
        let namespace = &case[2];
        let name = namespace[0].as_str().unwrap();
        let got = in_namespace(case[1].as_str().unwrap(), name, number(&namespace[1]), number(&namespace[2]));
        assert_eq!(got, case[3].as_bool().unwrap(), "{case}");
    }
}

#[test]
fn hashes_are_growthbooks() {
    assert_eq!(hash("", "a", 1), Some(0.22));
    assert_eq!(hash("b", "a", 1), Some(0.946));
    assert_eq!(hash("seed", "b", 2), Some(0.2696));
    assert_eq!(hash("foo", "def", 2), Some(0.2019));
    assert_eq!(hash("abc", "def", 0), None);
    assert_eq!(hash("abc", "def", 3), None);
}

#[test]
fn ranges_shrink_from_their_start() {
    let of = |count, coverage, weights: &[f64]| ranges(count, coverage, weights).collect::<Vec<_>>();
    assert_eq!(of(2, 0.5, &[0.4, 0.6]), [(0.0, 0.2), (0.4, 0.7)]);
    assert_eq!(of(2, -1.0, &[]), [(0.0, 0.0), (0.5, 0.5)]);
    assert_eq!(of(2, 2.0, &[]), [(0.0, 0.5), (0.5, 1.0)]);
    assert_eq!(of(2, 1.0, &[0.7, 0.32]), [(0.0, 0.5), (0.5, 1.0)], "a sum above 1.01 is no sum of shares");
    assert_eq!(of(2, 1.0, &[0.5, 0.48]), [(0.0, 0.5), (0.5, 1.0)], "nor is one below 0.99");
    assert_eq!(of(2, 1.0, &[0.5, 0.5, 0.0]), [(0.0, 0.5), (0.5, 1.0)], "one weight a variation");
    assert_eq!(of(0, 1.0, &[]), []);
}

#[test]
fn a_range_holds_its_start_but_not_its_end() {
    let halves = [(0.0, 0.25), (0.5, 0.75)];
    let at = |place| choose(place, halves.into_iter());
    assert_eq!((at(0.0), at(0.25), at(0.4999), at(0.5), at(0.75)), (Some(0), None, None, Some(1), None));
}

#[test]
fn a_namespace_holds_its_start_but_not_its_end() {
    let place = hash("__space", "shopper", 1).expect("version 1");
    assert!(in_namespace("shopper", "space", place, 1.0));
    assert!(!in_namespace("shopper", "space", 0.0, place));
}
