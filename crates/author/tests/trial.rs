//! Scenarios are decided by the engine, and what fails is told.

mod shop;

use shelfwise_author::build::{Checked, check};
use shelfwise_author::engine::reason::Reason;
use shelfwise_author::project::Folder;
use shelfwise_author::project::scenario_of;
use shelfwise_author::trial::{World, outcome_json, outcome_text, untested};

use shop::{NOW_S, files};

fn world(checked: &Checked) -> World {
    World::new(checked, NOW_S).unwrap()
}

#[test]
fn the_fixture_scenarios_pass() {
    let checked = check(&files(), NOW_S);
    let world = world(&checked);
    assert_eq!(checked.project.scenarios.len(), 3);
    for scenario in &checked.project.scenarios {
        let outcome = world.play(scenario, NOW_S);
        let text = outcome_text(&world.core(), &outcome, None, false);
        assert!(outcome.mismatches.is_empty(), "{}: {:?}\n{text}", scenario.name, outcome.mismatches);
    }
}

#[test]
fn a_row_is_filled_by_its_rules() {
    let checked = check(&files(), NOW_S);
    let outcome = world(&checked).play(&checked.project.scenarios[0], NOW_S);
    let row = outcome.slots.iter().find(|slot| slot.slot == "home.row-1").unwrap();
    assert!((2..=4).contains(&row.items.len()), "{:?}", row.items);
    let products = || row.items.iter().map(|id| checked.products.iter().find(|p| p.item == *id).unwrap());
    assert!(products().all(|product| product.in_stock && product.price_minor < 2_000));
    for category in ["Garden", "Kitchen", "Craft"] {
        assert!(products().filter(|product| product.category == category).count() <= 2);
    }
}

#[test]
fn what_fails_is_told_with_every_condition() {
    let mut files = files();
    let scenario = b"expect: { home.hero: garden-return, home.row-1: none }\n".to_vec();
    files.insert("scenarios/wrong.yaml".into(), scenario);
    let checked = check(&files, NOW_S);
    let world = world(&checked);
    let outcome = world.play(checked.project.scenarios.last().unwrap(), NOW_S);
    let slots: Vec<&str> = outcome.mismatches.iter().map(|(slot, _)| slot.as_str()).collect();
    assert_eq!(slots, ["home.hero", "home.row-1"]);
    let text = outcome_text(&world.core(), &outcome, Some("home.hero"), false);
    for part in ["garden-return: its audience does not hold", "false  visitor.visits > 1", "welcome-back"] {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
    assert!(!text.contains("home-picks"));
    let json = outcome_json(&world.core(), &outcome);
    assert_eq!(json["passed"], false);
    assert_eq!(json["campaigns"][0]["reason"], "Audience");
}

#[test]
fn consent_caps_and_page_facts_count() {
    let checked = check(&files(), NOW_S);
    let world = world(&checked);
    let hero = |given: &str, context: &str| {
        let outcome = world.play(&scenario_of(given, context).unwrap(), NOW_S);
        let slot = outcome.slots.into_iter().find(|slot| slot.slot == "home.hero").unwrap();
        (slot.campaign, slot.reason)
    };
    let back = "[{ at: -3d, visit: home }, { at: -1d, visit: home }]";
    let home = "{ page.type: home }";
    assert_eq!(hero("[]", home), (None, Reason::NoCampaign));
    assert_eq!(hero(back, home).0.as_deref(), Some("welcome-back"));
    let garden = |seen: usize| {
        let look = "{ at: -8d, view_item: 1003, engaged: 40s }, { at: -1d, visit: home }";
        format!("[{look}{}]", ", { at: -1d, exposure: garden-return/spring }".repeat(seen))
    };
    assert_eq!(hero(&garden(4), home).0.as_deref(), Some("garden-return"));
    assert_eq!(hero(&garden(5), home).0.as_deref(), Some("welcome-back"));
}

#[test]
fn wrong_givens_are_diagnostics() {
    for (given, context) in [
        ("[{ veiw_item: 1 }]", "{}"),
        ("[", "{}"),
        ("[]", "{ page.typ: home }"),
        ("[{ at: 1d, visit: home }]", "{}"),
    ] {
        let (diagnostics, _) = scenario_of(given, context).unwrap_err();
        assert!(!diagnostics.is_empty(), "{given} {context}");
    }
}

#[test]
fn audiences_that_no_scenario_names_are_told() {
    let mut files = files();
    files.insert(
        "scenarios/who.yaml".into(),
        b"given: [ { at: -1d, visit: home } ]\nin: returning\n".to_vec(),
    );
    let checked = check(&files, NOW_S);
    assert_eq!(untested(&checked.project), (vec!["likes_garden"], vec!["likes_garden", "returning"]));
}

#[test]
fn every_audience_of_the_demo_shop_has_shoppers_who_are_in_it_and_who_are_not() {
    let shop = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www/store/shop");
    // Without the knowledge that is learnt first; who is in which audience is asked by `shelfwise test`.
    let checked = check(&Folder::new(&shop), NOW_S);
    assert!(checked.project.audiences.len() >= 40);
    let none: Vec<&str> = Vec::new();
    assert_eq!(untested(&checked.project), (none.clone(), none));
}
