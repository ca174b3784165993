//! `shelfwise evaluate`.

use shelfwise_learn::blend::FindAlike;
use shelfwise_learn::evaluate::{self, Options};
use shelfwise_learn::goods::Goods;
use shelfwise_learn::run::MEMORY_BYTES_MAX;

use super::learn::{Bar, alike, catalogue, kept, source};
use crate::arguments::{Evaluate, Format};
use crate::failure::Failure;
use crate::output::say;

/// Measures every strategy on the newest days of the logs.
///
/// # Errors
/// A log cannot be read or is too short.
pub fn run(arguments: &Evaluate) -> Result<(), Failure> {
    let machine = |error: shelfwise_learn::Error| Failure::Machine(error.to_string());
    let orders = source(&arguments.orders, &arguments.columns)?;
    let sessions = source(&arguments.sessions, &arguments.session_columns)?;
    if orders.is_none() && sessions.is_none() {
        return Err(Failure::Usage("nothing to measure on: give --orders, --sessions, or both".to_owned()));
    }
    let file = catalogue(&arguments.catalogue, &arguments.catalogue_columns)?;
    let goods = file.as_ref().map(Goods::read).transpose().map_err(machine)?.unwrap_or_default();
    let of_catalogue = |item: &str| if goods.is_empty() { Some(item.to_owned()) } else { goods.id(item) };
    let mut bar = Bar::new(arguments.quiet);
    let options = Options {
        product: &of_catalogue,
        goods: &goods,
        alike: file.as_ref().map(|file| (alike as FindAlike, file)),
        kept: kept(&arguments.parameters)?.publishing(arguments.pair_sessions, arguments.direct_pairs),
        tune: arguments.tune.then_some(arguments.seed),
        bytes_max: MEMORY_BYTES_MAX,
    };
    let mut reports = Vec::new();
    if let Some(orders) = &orders {
        reports.push(evaluate::orders(orders, &options, &mut bar).map_err(machine)?);
    }
    if let Some(sessions) = &sessions {
        reports.push(evaluate::clicks(sessions, orders.as_ref(), &options, &mut bar).map_err(machine)?);
    }
    bar.finish();
    if let Some(path) = &arguments.html {
        let failed = |error| Failure::Machine(format!("cannot write {}: {error}", path.display()));
        std::fs::write(path, evaluate::page(&reports)).map_err(failed)?;
    }
    match arguments.format {
        Format::Text => say(reports.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n")),
        Format::Json => {
            let reports: Vec<String> = reports.iter().map(evaluate::Report::json).collect();
            say(format!("[{}]", reports.join(",")))
        }
    }
}
