//! Every check: its documentation page is its module comment, one fixture triggers it, another does not.

mod shop;

use std::collections::BTreeSet;
use std::path::PathBuf;

use shelfwise_author::build::check;
use shelfwise_author::check::ALL;
use shelfwise_author::diagnostic::{Diagnostic, Severity, has_errors};
use shelfwise_author::render;

use shop::{NOW_S, files, overlay};

fn here(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The page of a check: its module comment, with the code in the title.
fn page(code: &str, module: &str) -> String {
    let source = std::fs::read_to_string(here(&format!("src/check/{module}.rs"))).unwrap();
    let lines = source.lines().map_while(|line| line.strip_prefix("//!"));
    let lines = lines.map(|line| line.strip_prefix(' ').unwrap_or(line));
    let text = lines.collect::<Vec<_>>().join("\n");
    let text = text.strip_prefix("# ").unwrap_or_else(|| panic!("{module}: its comment has no title"));
    format!("# {code}: {text}\n")
}

#[test]
fn every_check_has_its_page() {
    let folder = here("../../docs/checks");
    let mut expected = BTreeSet::from(["README.md".to_owned()]);
    let mut index = String::from("# Checks\n\nWhat `shelfwise check` and `build` look at, by code.\n\n");
    for (code, module) in ALL {
        let (code, name) = (code.to_string(), format!("{code}.md"));
        let page = page(&code, module);
        assert!(page.contains("## What to do"), "{module}: its page does not say what to do");
        let title = page.lines().next().unwrap_or("").trim_start_matches("# ").to_owned();
        index.push_str(&format!("- [{title}]({name})\n"));
        in_step(&folder.join(&name), &page);
        expected.insert(name);
    }
    in_step(&folder.join("README.md"), &index);
    for entry in std::fs::read_dir(&folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(expected.contains(&name), "docs/checks/{name} belongs to no check");
    }
}

fn in_step(path: &std::path::Path, text: &str) {
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(
        found,
        text,
        "{} is not in step: UPDATE=1 cargo test -p shelfwise-author --test checks",
        path.display()
    );
}

#[test]
fn every_module_is_a_check_and_codes_ascend() {
    let mut modules: BTreeSet<&str> = ALL.iter().map(|(_, module)| *module).collect();
    assert_eq!(modules.len(), ALL.len());
    assert!(ALL.is_sorted_by(|before, after| before.0 < after.0));
    for entry in std::fs::read_dir(here("src/check")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let module = name.trim_end_matches(".rs");
        assert!(module == "mod" || modules.remove(module), "src/check/{name} has no code");
    }
    assert!(modules.is_empty(), "no file for {modules:?}");
}

#[test]
fn the_fixture_shop_is_clean() {
    let checked = check(&files(), NOW_S);
    let text = render::text(&checked.diagnostics, checked.sources(), render::Style::default());
    assert!(checked.diagnostics.is_empty(), "{text}");
}

#[test]
fn every_check_is_triggered_by_one_fixture_and_not_by_another() {
    for (code, module) in ALL {
        let found = |kind: &str| {
            let checked = check(&overlay(&format!("checks/{code}/{kind}")), NOW_S);
            let text = render::text(&checked.diagnostics, checked.sources(), render::Style::default());
            let of_code: Vec<Diagnostic> =
                checked.diagnostics.iter().filter(|found| found.code == *code).cloned().collect();
            (of_code, text, checked)
        };
        let (bad, text, checked) = found("bad");
        assert!(!bad.is_empty(), "{code} ({module}) is not triggered by its fixture:\n{text}");
        for diagnostic in &bad {
            let label = diagnostic.labels.first().unwrap_or_else(|| panic!("{code} points nowhere"));
            assert!(checked.sources().get(label.span.file).is_some(), "{code} points at no file");
            let sentence = diagnostic.message.trim_end_matches("..");
            assert!(!sentence.ends_with('.'), "{code}: {}", diagnostic.message);
        }
        let (good, text, checked) = found("good");
        assert!(good.is_empty(), "{code} ({module}) is triggered by its good fixture:\n{text}");
        assert!(!checked.has_errors(), "the good fixture of {code} has errors:\n{text}");
    }
}

#[test]
fn text_and_json_say_where_and_what_to_do() {
    let checked = check(&overlay("checks/SW010/bad"), NOW_S);
    let text = render::text(&checked.diagnostics, checked.sources(), render::Style::default());
    for part in [
        "SW010",
        "docs/checks/SW010.md",
        "campaigns/extra.yaml:2:7",
        "home.heroes",
        "did you mean `home.hero`?",
    ] {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
    let json = render::json(&checked.diagnostics, checked.sources());
    assert_eq!(json["errors"], 1);
    let found = &json["diagnostics"][0];
    assert_eq!((&found["code"], &found["severity"]), (&"SW010".into(), &"error".into()));
    assert_eq!(found["labels"][0]["file"], "campaigns/extra.yaml");
    assert_eq!(found["labels"][0]["start"]["line"], 2);
    assert_eq!(found["fix"]["replacement"], "home.hero");
}

#[test]
fn warnings_do_not_stop_a_build() {
    let checked = check(&overlay("checks/SW014/bad"), NOW_S);
    assert!(checked.diagnostics.iter().all(|found| found.severity == Severity::Warning));
    assert!(!checked.has_errors());
}

/// The diagnostics of a check's bad fixture: severity, message, help.
fn told(code: &str) -> Vec<(Severity, String, String)> {
    let checked = check(&overlay(&format!("checks/{code}/bad")), NOW_S);
    let of_code = checked.diagnostics.into_iter().filter(|found| found.code.to_string() == code);
    of_code.map(|found| (found.severity, found.message, found.help.unwrap_or_default())).collect()
}

#[test]
fn a_binding_of_an_undeclared_trait_gets_the_nearest_name() {
    let own = (Severity::Error, "the shop declares no trait `custom.teir`", "did you mean `custom.tier`?");
    assert!(told("SW021").contains(&(own.0, own.1.into(), own.2.into())), "{:?}", told("SW021"));
}

#[test]
fn pins_of_products_that_are_gone_are_warnings() {
    let told = told("SW017");
    let gone = |id: &str| (Severity::Warning, format!("the catalogue has no product `{id}`"), String::new());
    assert!(told.contains(&gone("100I")) && told.contains(&gone("gone")), "{told:?}");
    assert_eq!(told.len(), 3, "and the list: {told:?}");
}

#[test]
fn a_product_of_a_scenario_that_is_not_there_gets_the_nearest_id() {
    let mut files = files();
    let gone = (0..40).map(|at| format!("gone-{at}"));
    let ids: Vec<String> =
        std::iter::once("10O3".to_owned()).chain(gone).chain(["100I".to_owned()]).collect();
    let given: Vec<String> = ids.iter().map(|id| format!("{{ at: -1d, view_item: {id} }}")).collect();
    let scenario = format!("name: s\ngiven: [{}]\nexpect: {{ home.hero: none }}\n", given.join(", "));
    files.insert("scenarios/s.yaml".into(), scenario.into_bytes());
    let of = |files: &std::collections::BTreeMap<String, Vec<u8>>| {
        let found = check(files, NOW_S).diagnostics.into_iter();
        found.filter(|found| found.code.to_string() == "SW050").collect::<Vec<_>>()
    };
    assert!(!has_errors(&of(&files)), "a product that was sold off stops no build");
    let help: Vec<String> = of(&files).into_iter().filter_map(|found| found.help).collect();
    assert_eq!(help.len(), ids.len());
    assert_eq!(help[0], "did you mean `1003`?");
    assert!(help[1].starts_with("known: 1001, 1002, "), "{}", help[1]);
    assert_eq!(help[41], help[1], "behind so many unknown ones no name is looked for");
    // Without a product there is one mistake, and it is the catalogue's.
    files.insert("catalogue.csv".into(), b"id,title\n".to_vec());
    assert_eq!(of(&files), []);
}

#[test]
fn a_fact_of_a_scenario_has_a_value_that_it_can_have() {
    let messages = |context: &str| {
        let mut files = files();
        let scenario = format!("name: s\ncontext: {{ {context} }}\nexpect: {{ home.hero: none }}\n");
        files.insert("scenarios/s.yaml".into(), scenario.into_bytes());
        let found = check(&files, NOW_S).diagnostics.into_iter();
        found
            .map(|found| format!("{}; {}", found.message, found.help.unwrap_or_default()))
            .collect::<Vec<_>>()
    };
    let fine = "device.type: phone, device.touch: true, page.engaged: 40, consent: hand-over, page.type: thank-you, \
                place.country: DE, page.exit_intent: true, page.tags: \"sale, new\", unit: a, session.utm.source: x";
    assert_eq!(messages(fine), [""; 0]);
    assert_eq!(messages("page.engaged: 40s"), ["`page.engaged` is never `40s`; "]);
    assert_eq!(messages("page.scroll: 101"), ["`page.scroll` is never `101`; "]);
    assert_eq!(messages("page.scroll: -1"), ["`page.scroll` is never `-1`; "]);
    assert_eq!(messages("device.touch: finger"), ["`device.touch` is never `finger`; "]);
    assert_eq!(messages("device.type: phones"), ["`device.type` is never `phones`; did you mean `phone`?"]);
    let consent = messages("consent: full").concat();
    assert!(
        consent.starts_with("`consent` is never `full`; it is one of: contextual, remember"),
        "{consent}"
    );
}

#[test]
fn a_cap_beyond_the_memory_is_an_error_and_one_beyond_its_window_a_warning() {
    let told = told("SW019");
    let severities: Vec<_> =
        told.iter().map(|(severity, message, _)| (*severity, message.contains("often"))).collect();
    assert_eq!(severities, [(Severity::Error, true), (Severity::Warning, false)]);
    assert!(told[0].2.starts_with("allow at most 16"), "{told:?}");
}
