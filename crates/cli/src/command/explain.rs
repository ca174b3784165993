//! `shelfwise explain`.

use shelfwise_author::build::Checked;
use shelfwise_author::project::{Scenario, scenario_of};
use shelfwise_author::render;
use shelfwise_author::trial::{outcome_json, outcome_text};

use crate::arguments::{Explain, Format};
use crate::command::test::world;
use crate::failure::Failure;
use crate::output::{checked, now_s, say};

/// Tells what every slot gets, and of every campaign why or why not.
///
/// # Errors
/// The project has errors, or there is no such scenario or slot.
pub fn run(explain: &Explain) -> Result<(), Failure> {
    let now_s = explain.time.unwrap_or_else(now_s);
    let project = checked(&explain.project, explain.format, now_s)?;
    let slots = || project.project.shop.slots.iter().map(|slot| slot.name.value.as_str());
    if let Some(slot) = explain.slot.as_deref().filter(|slot| !slots().any(|known| known == *slot)) {
        let names: Vec<&str> = slots().collect();
        return Err(Failure::Usage(format!("there is no slot `{slot}`; there are: {}", names.join(", "))));
    }
    let scenario = scenario(explain, &project)?;
    let world = world(&project, now_s)?;
    let outcome = world.play(&scenario, now_s);
    let core = world.core();
    match explain.format {
        Format::Json => say(format!("{:#}", outcome_json(&core, &outcome))),
        Format::Text => {
            let text = outcome_text(&core, &outcome, explain.slot.as_deref(), explain.program);
            say(text.trim_end())
        }
    }
}

fn scenario(explain: &Explain, project: &Checked) -> Result<Scenario, Failure> {
    let Some(name) = &explain.scenario else {
        let given = explain.given.as_deref().unwrap_or("[]");
        let context = explain.context.as_deref().unwrap_or("{}");
        return scenario_of(given, context).map_err(|(diagnostics, sources)| {
            let text = render::text(&diagnostics, &sources, render::Style::default());
            Failure::Usage(format!("--given or --context cannot be read\n{text}"))
        });
    };
    let scenarios = &project.project.scenarios;
    let found = scenarios.iter().find(|scenario| scenario.name == *name);
    found.cloned().ok_or_else(|| {
        let names: Vec<&str> = scenarios.iter().map(|scenario| scenario.name.as_str()).collect();
        Failure::Usage(format!("there is no scenario `{name}`; there are: {}", names.join("; ")))
    })
}
