//! `shelfwise test`.

use std::time::Instant;

use shelfwise_author::build::Checked;
use shelfwise_author::trial::{Outcome, World, outcome_json, outcome_text, untested};

use crate::arguments::{Format, Test};
use crate::failure::Failure;
use crate::output::{checked, now_s, say};

/// Runs the scenarios.
///
/// # Errors
/// The project has errors, a scenario fails, or none has the name that was asked for.
pub fn run(test: &Test) -> Result<(), Failure> {
    let now_s = test.time.unwrap_or_else(now_s);
    let project = checked(&test.project, test.format, now_s)?;
    let wanted = |name: &str| test.only.as_ref().is_none_or(|only| name.contains(only.as_str()));
    let mut scenarios = project.project.scenarios.iter().filter(|scenario| wanted(&scenario.name)).peekable();
    if let (Some(only), None) = (&test.only, scenarios.peek()) {
        return Err(Failure::Usage(format!("no scenario's name contains `{only}`")));
    }
    let world = world(&project, now_s)?;
    let began = Instant::now();
    let outcomes: Vec<Outcome> = scenarios.map(|scenario| world.play(scenario, now_s)).collect();
    let took_ms = began.elapsed().as_millis();
    let failed = outcomes.iter().filter(|outcome| !outcome.mismatches.is_empty()).count();
    let (within, without) = untested(&project.project);
    match test.format {
        Format::Json => {
            let core = world.core();
            let results: Vec<_> = outcomes.iter().map(|outcome| outcome_json(&core, outcome)).collect();
            say(format!(
                "{:#}",
                serde_json::json!({
                    "passed": outcomes.len() - failed,
                    "failed": failed,
                    "untested": { "in": within, "not_in": without },
                    "scenarios": results,
                })
            ))?;
        }
        Format::Text => {
            for outcome in &outcomes {
                print(&world, outcome)?;
            }
            for (names, word) in [(&within, "in"), (&without, "not_in")] {
                if test.only.is_none() && !names.is_empty() {
                    say(format!("no scenario has `{word}:` of {}", names.join(", ")))?;
                }
            }
            say(format!("{} passed, {failed} failed, {took_ms} ms", outcomes.len() - failed))?;
        }
    }
    if failed > 0 { Err(Failure::Project) } else { Ok(()) }
}

/// The world of a checked project.
///
/// # Errors
/// The project cannot be compiled.
pub fn world(project: &Checked, now_s: i64) -> Result<World, Failure> {
    World::new(project, now_s).map_err(Failure::Machine)
}

fn print(world: &World, outcome: &Outcome) -> Result<(), Failure> {
    if outcome.mismatches.is_empty() {
        return say(format!("ok    {}", outcome.name));
    }
    say(format!("FAIL  {}", outcome.name))?;
    for (slot, words) in &outcome.mismatches {
        say(format!("      {slot}: {words}"))?;
        for line in outcome_text(&world.core(), outcome, Some(slot), false).lines() {
            say(format!("        {line}"))?;
        }
    }
    Ok(())
}
