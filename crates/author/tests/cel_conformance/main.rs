//! The public CEL conformance suite (npm `@bufbuild/cel-spec`) against our compiler and our evaluator.
//!
//! Every case passes, or stands in `tests/conformance/cel-exclusions.tsv` with its reason; a listed case that
//! passes fails the test too. `UPDATE=1` rewrites the list for the reasons that [`reason`] knows.
//! Without the npm package the test says so and ends, unless `SHELFWISE_REQUIRE_CEL_SPEC=1`.
//! `target/conformance/cel.json` and `.bin` hold what passed, for `tests/conformance/cel.test.ts`: the same in wasm.

mod suite;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};
use suite::{Case, Evaluation, Outcome};

/// Fewest cases that must pass.
const PASSED_MIN: usize = 700;
/// Cases that the suite holds.
const CASES: usize = 2_344;

/// What passed, for the evaluator in wasm.
#[derive(Default)]
struct Handed {
    /// All core files.
    cores: Vec<u8>,
    evaluations: Vec<Json>,
    /// Passed by being refused when built: nothing is left to evaluate.
    refused: usize,
}

impl Handed {
    fn take(&mut self, path: &str, evaluation: Option<Evaluation>) {
        let Some(Evaluation { core, variables, answer }) = evaluation else {
            self.refused += 1;
            return;
        };
        let place = [self.cores.len(), self.cores.len() + core.len()];
        self.cores.extend(core);
        let evaluation = json!({ "path": path, "core": place, "variables": variables, "answer": answer });
        self.evaluations.push(evaluation);
    }

    fn write(self, folder: &Path, exclusions: &str) {
        let Self { cores, evaluations, refused } = self;
        let json = json!({
            "cases": CASES, "refused": refused, "exclusions": exclusions, "evaluations": evaluations,
        });
        std::fs::create_dir_all(folder).expect("target/conformance");
        std::fs::write(folder.join("cel.bin"), cores).expect("cel.bin can be written");
        std::fs::write(folder.join("cel.json"), json.to_string()).expect("cel.json can be written");
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Why a case cannot be asked of us; none for those that must pass.
fn reason(case: &Case) -> Option<&'static str> {
    let expr = case.expr();
    let all = case.json.to_string();
    let has = |part: &str| expr.contains(part);
    let section = case.path.split('/').next().unwrap_or("");
    Some(match section {
        "proto2" | "proto2_ext" | "proto3" | "enums" | "wrappers" | "dynamic" => "protobuf messages",
        "string_ext" | "math_ext" | "encoders_ext" | "bindings_ext" | "block_ext" | "macros2"
        | "network_ext" => "extension library, not part of the language",
        "optionals" => "optional values, not part of the language",
        "type_deductions" => "asks for the deduced type, not for a value",
        _ if has("TestAllTypes") || has("google.protobuf") || has("NestedTestAllTypes") || has("proto2") => {
            "protobuf messages"
        }
        _ if all.contains("bytesValue") || has("bytes(") || has("b'") || has("b\"") || has("B'") => "bytes",
        _ if has("type(") || all.contains("typeValue") => "type()",
        _ => return None,
    })
}

#[test]
fn every_case_passes_or_is_excluded_with_a_reason() {
    let Some(cases) = suite::load(&root()) else {
        let required = std::env::var("SHELFWISE_REQUIRE_CEL_SPEC").is_ok_and(|value| value == "1");
        assert!(!required, "node_modules/@bufbuild/cel-spec is missing: run `npm ci`");
        eprintln!("skipped: node_modules/@bufbuild/cel-spec is missing, run `npm ci`");
        return;
    };
    assert_eq!(cases.len(), CASES, "cases of the suite");
    let list = root().join("tests/conformance/cel-exclusions.tsv");
    let update = std::env::var("UPDATE").is_ok_and(|value| value == "1");
    let text = std::fs::read_to_string(&list).unwrap_or_default();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let excluded: BTreeMap<&str, &str> = lines.filter_map(|line| line.split_once('\t')).collect();
    let (mut passed, mut written, mut wrong) = (0, String::new(), Vec::new());
    let mut handed = Handed::default();
    let mut sections: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for case in &cases {
        let counts = sections.entry(case.path.split('/').next().unwrap_or("")).or_default();
        let listed = excluded.get(case.path.as_str());
        match case.run() {
            Outcome::Passed(_) if listed.is_some() && !update => {
                wrong.push(format!("{} passes: take it off the list", case.path))
            }
            Outcome::Passed(evaluation) => {
                passed += 1;
                handed.take(&case.path, evaluation);
                counts.0 += 1;
            }
            Outcome::Failed(said) => {
                counts.1 += 1;
                match reason(case) {
                    Some(why) if update => written.push_str(&format!("{}\t{why}\n", case.path)),
                    _ if listed.is_some() => {}
                    _ => wrong.push(format!("{}: {} -> {said}", case.path, case.expr())),
                }
            }
        }
    }
    handed.write(&root().join("target/conformance"), &text);
    if update {
        let head = "# Cases of the CEL conformance suite that are not asked of us: path, tab, reason.\n";
        std::fs::write(&list, format!("{head}{written}")).expect("the list can be written");
    }
    println!(
        "CEL conformance: {passed} passed, {} excluded, {} wrong",
        cases.len() - passed - wrong.len(),
        wrong.len()
    );
    for (section, (passed, rest)) in sections {
        println!("  {section}: {passed} passed, {rest} not");
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
    assert!(passed >= PASSED_MIN, "{passed} cases passed, at least {PASSED_MIN} must");
}
