//! `shelfwise replay`.

use std::path::Path;

use shelfwise_author::build::Checked;
use shelfwise_author::trial::{Count, Lot, Order, OrderLine, Stage, Turnout};
use shelfwise_learn::Progress;
use shelfwise_learn::orders::Orders;
use shelfwise_learn::run::MEMORY_BYTES_MAX;

use crate::arguments::{Format, Replay};
use crate::command::learn::{Bar, source};
use crate::command::test::world;
use crate::failure::Failure;
use crate::output::{checked, now_s, say};

/// Shoppers between two progress reports.
const SHOPPERS_PER_REPORT: usize = 64;

/// Replays every shopper's orders and counts who gets what.
///
/// # Errors
/// A project has errors, or the log cannot be read.
pub fn run(replay: &Replay) -> Result<(), Failure> {
    let project = checked(&replay.project, replay.format, now_s())?;
    let against = replay.against.as_deref();
    let against = against.map(|folder| checked(folder, replay.format, now_s())).transpose()?;
    let mut bar = Bar::new(replay.quiet);
    let orders = read(replay, &project, &mut bar)?;
    let last_s = orders.span_s().1;
    let now_s = replay.time.unwrap_or(last_s);
    let stage = stage(&project, now_s)?;
    let other = against.as_ref().map(|against| self::stage(against, now_s)).transpose()?;
    let shoppers = shoppers(&orders, now_s);
    bar.stage("deciding", shoppers.len() as u64, "shoppers");
    let mut turnout = Turnout::new(&project.project);
    for some in shoppers.chunks(SHOPPERS_PER_REPORT) {
        for (unit, history) in some {
            let lot = stage.visit(unit, history, now_s);
            let before: Option<Lot> = other.as_ref().map(|other| other.visit(unit, history, now_s));
            turnout.add(&lot, before.as_ref());
        }
        bar.advance(some.len() as u64);
    }
    bar.finish();
    match replay.format {
        Format::Json => say(format!("{:#}", json(&turnout, &orders, other.is_some()))),
        Format::Text => print(&turnout, &orders, replay.against.as_deref()),
    }
}

/// The orders of products of the shop; ids that differ in case only are the same product.
fn read(replay: &Replay, project: &Checked, bar: &mut Bar) -> Result<Orders, Failure> {
    let source = source(&Some(replay.orders.clone()), &replay.columns)?;
    let source = source.ok_or_else(|| Failure::Usage("name a log of orders".into()))?;
    let mut known: Vec<(String, &str)> =
        project.products.iter().map(|product| (product.item.to_uppercase(), product.item.as_str())).collect();
    known.sort_unstable();
    let product = |item: &str| {
        let wanted = item.to_uppercase();
        let at = known.binary_search_by(|(id, _)| id.as_str().cmp(&wanted)).ok()?;
        Some(known[at].1.to_owned())
    };
    let read = Orders::read(&source, &product, MEMORY_BYTES_MAX, bar);
    read.map_err(|error| Failure::Machine(error.to_string()))
}

fn stage(project: &Checked, now_s: i64) -> Result<Stage, Failure> {
    Ok(Stage::new(&project.project, world(project, now_s)?))
}

/// Every shopper and their orders up to `now_s`, oldest first. An order without a customer is a shopper's own.
fn shoppers(orders: &Orders, now_s: i64) -> Vec<(String, Vec<Order<'_>>)> {
    let mut known: Vec<(String, Vec<Order<'_>>)> =
        (0..orders.customers.len()).map(|number| (format!("customer-{number}"), Vec::new())).collect();
    let mut strangers = Vec::new();
    for sales in orders.sales.chunk_by(|left, right| left.order == right.order) {
        let (number, at_s) = (sales[0].order, sales[0].at_s);
        if at_s > now_s {
            continue;
        }
        let line = |sale: &shelfwise_learn::orders::Sale| OrderLine {
            item: &orders.items[sale.item as usize],
            quantity: sale.quantity,
            price_minor: sale.price_minor,
        };
        let order = Order { at_s, lines: sales.iter().map(line).collect() };
        match orders.buyers.get(number as usize).and_then(|buyer| buyer.checked_sub(1)) {
            Some(customer) => known[customer as usize].1.push(order),
            None => strangers.push((format!("order-{number}"), vec![order])),
        }
    }
    known.retain(|(_, orders)| !orders.is_empty());
    known.extend(strangers);
    known
}

fn print(turnout: &Turnout, orders: &Orders, against: Option<&Path>) -> Result<(), Failure> {
    let lines = &orders.lines;
    say(format!(
        "{} order lines, {} of them refused, {} no sales; {} shoppers",
        lines.rows, lines.rejected, orders.lines_no_sale, turnout.shoppers
    ))?;
    for (title, counts) in [("audience", &turnout.audiences), ("campaign", &turnout.campaigns)] {
        let change = if against.is_some() { "   gained     lost" } else { "" };
        say(format!("\n{title:<36} {:>9} {:>7}{change}", "shoppers", "share"))?;
        for (name, Count { now, gained, lost }) in counts {
            let share = f64::from(*now) * 100.0 / f64::from(turnout.shoppers.max(1));
            let change = if against.is_some() { format!(" {gained:>8} {lost:>8}") } else { String::new() };
            say(format!("{name:<36} {now:>9} {share:>6.1}%{change}"))?;
        }
    }
    match against {
        None => Ok(()),
        Some(folder) => say(format!(
            "\nagainst {}, this edit changes {} of {} shoppers",
            folder.display(),
            turnout.changed,
            turnout.shoppers
        )),
    }
}

fn json(turnout: &Turnout, orders: &Orders, compared: bool) -> serde_json::Value {
    let counts = |counts: &std::collections::BTreeMap<String, Count>| {
        let entry = |(name, count): (&String, &Count)| {
            let mut value = serde_json::json!({ "shoppers": count.now });
            if compared {
                value["gained"] = count.gained.into();
                value["lost"] = count.lost.into();
            }
            (name.clone(), value)
        };
        counts.iter().map(entry).collect::<serde_json::Map<_, _>>()
    };
    serde_json::json!({
        "lines": orders.lines.rows,
        "rejected": orders.lines.rejected,
        "no_sale": orders.lines_no_sale,
        "shoppers": turnout.shoppers,
        "changed": compared.then_some(turnout.changed),
        "audiences": counts(&turnout.audiences),
        "campaigns": counts(&turnout.campaigns),
    })
}
