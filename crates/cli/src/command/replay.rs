//! `shelfwise replay`.

use std::num::NonZero;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use shelfwise_author::build::Checked;
use shelfwise_author::catalogue::currency_exponent;
use shelfwise_author::engine::memory::EventKind;
use shelfwise_author::project::kebab;
use shelfwise_author::trial::{
    Count, Journeys, Logbook, Lot, Record, Stage, Turnout, UNTOLD, kind_of, read_event, untold,
};
use shelfwise_learn::catalogue::is_sale;
use shelfwise_learn::lines::{Shape, read_lines, shape};
use shelfwise_learn::log::{Field, Refusal, Row, Source, Tally, read};
use shelfwise_learn::run::MEMORY_BYTES_MAX;
use shelfwise_learn::{Error, Progress};

use crate::arguments::{Format, Replay};
use crate::command::learn::{Bar, source};
use crate::command::test::world;
use crate::failure::Failure;
use crate::output::{checked, now_s, say};

/// Shoppers that a thread takes at once.
const SHOPPERS_PER_TURN: usize = 64;

/// Replays every shopper's orders and visits and counts who gets what.
///
/// # Errors
/// A project has errors, or a log cannot be read.
pub fn run(replay: &Replay) -> Result<(), Failure> {
    let project = checked(&replay.project, replay.format, now_s())?;
    let against = replay.against.as_deref();
    let against = against.map(|folder| checked(folder, replay.format, now_s())).transpose()?;
    let mut bar = Bar::new(replay.quiet);
    let (journeys, lines) = journeys(replay, &project, &mut bar)?;
    let stage = stage(&project, journeys.until_s)?;
    let other = against.as_ref().map(|against| self::stage(against, journeys.until_s)).transpose()?;
    bar.stage("deciding", journeys.len() as u64, "shoppers");
    let mut turnout = Turnout::new(&project.project);
    turnout.merge(&follow(&stage, other.as_ref(), &journeys, &mut bar));
    bar.finish();
    match replay.format {
        Format::Json => {
            let mut value = json(&turnout, &lines, other.is_some());
            let untold = untold(&project.project)
                .map(|(campaign, trigger)| (campaign.to_owned(), kebab(trigger).into()));
            value["untold"] = serde_json::Value::Object(untold.collect());
            say(format!("{value:#}"))
        }
        Format::Text => {
            print(&turnout, &lines, replay.against.as_deref())?;
            say_untold(&project)
        }
    }
}

/// Lines of all logs.
#[derive(Debug, Default)]
struct Lines {
    rows: u64,
    rejected: u64,
    /// Order lines that are no sale: cancelled, returned or without a price.
    no_sale: u64,
    /// Events that the memory has no use for.
    other: u64,
    /// Products that the catalogue does not hold.
    strange: u64,
    first: Vec<String>,
}

fn journeys(replay: &Replay, project: &Checked, bar: &mut Bar) -> Result<(Journeys, Lines), Failure> {
    let mut book = Logbook::new(&project.products);
    let mut lines = Lines::default();
    let exponent = currency_exponent(&project.project.shop.currency.value);
    for path in &replay.logs {
        let Some(source) = source(&Some(path.clone()), &replay.columns)? else { continue };
        let tally = one(&source, exponent, &mut book, &mut lines, bar);
        let tally = tally.map_err(|error| Failure::Machine(error.to_string()))?;
        lines.rows += tally.rows;
        lines.rejected += tally.rejected;
        lines.first.extend(tally.first.iter().map(|first| format!("{}: {first}", path.display())));
    }
    lines.strange = book.strange();
    let journeys = book.finish(replay.time, now_s());
    if journeys.is_empty() {
        return Err(Failure::Machine(format!(
            "the logs hold nothing to replay: of {} lines {} are about products that the catalogue does not hold; \
             name the column of product ids with `--column item=NAME`",
            lines.rows, lines.strange
        )));
    }
    Ok((journeys, lines))
}

/// Reads one log into the book.
fn one(
    source: &Source,
    exponent: u8,
    book: &mut Logbook,
    lines: &mut Lines,
    bar: &mut Bar,
) -> Result<Tally, Error> {
    let room = |book: &Logbook, row: u64| {
        let (path, bytes_max) = (source.path.clone(), MEMORY_BYTES_MAX);
        let full = || Refusal::Stop(Error::Memory { path, row, bytes_max });
        if book.bytes() > MEMORY_BYTES_MAX { Err(full()) } else { Ok(()) }
    };
    let mut row_number = 0;
    match shape(source)? {
        Shape::Json => read_lines(&source.path, bar, &mut |line| {
            lines.other += u64::from(!read_event(line, exponent, book)?);
            row_number += 1;
            room(book, row_number)
        }),
        Shape::Orders => read(source, &[Field::Order, Field::Time, Field::Item], bar, &mut |row| {
            lines.no_sale += u64::from(!order_line(row, book)?);
            row_number += 1;
            room(book, row_number)
        }),
        Shape::Sessions => read(source, &[Field::Session, Field::Item], bar, &mut |row| {
            lines.other += u64::from(!click(row, book)?);
            row_number += 1;
            room(book, row_number)
        }),
    }
}

/// Writes an order line down; whether it is a sale. An order without a customer is a shopper's own.
fn order_line(row: &Row<'_>, book: &mut Logbook) -> Result<bool, String> {
    let order = row.needed(Field::Order)?;
    let item = row.needed(Field::Item)?;
    let (quantity, at_s) = (row.quantity()?, row.time_s()?);
    let price_minor = if row.has(Field::Price) { row.price_minor()? } else { 0 };
    if !is_sale(quantity, if row.has(Field::Price) { price_minor } else { 1 }) {
        return Ok(false);
    }
    let own = format!("order {order}");
    let shopper = Some(row.text(Field::Customer)).filter(|customer| !customer.is_empty()).unwrap_or(&own);
    book.record(&Record {
        item,
        text: order,
        price_minor: u32::try_from(price_minor).unwrap_or(u32::MAX),
        quantity: u16::try_from(quantity).unwrap_or(u16::MAX),
        ..Record::new(shopper, order, Some(at_s), EventKind::Purchase)
    });
    Ok(true)
}

/// Writes a session's click down; whether the memory has a use for it. A session without a customer is a shopper's own.
fn click(row: &Row<'_>, book: &mut Logbook) -> Result<bool, String> {
    let kind = match row.has(Field::Event) {
        true => kind_of(row.needed(Field::Event)?)?,
        false => Some(EventKind::ViewItem),
    };
    let Some(kind) = kind else { return Ok(false) };
    let session = row.needed(Field::Session)?;
    let at_s = if row.text(Field::Time).is_empty() { None } else { Some(row.time_s()?) };
    // A log may number its sessions anew in every split.
    let own = format!("session {}{session}", row.text(Field::Split));
    let shopper = Some(row.text(Field::Customer)).filter(|customer| !customer.is_empty()).unwrap_or(&own);
    book.record(&Record {
        item: row.needed(Field::Item)?,
        text: if kind == EventKind::Purchase { session } else { "" },
        price_minor: u32::try_from(row.price_minor()?).unwrap_or(0),
        quantity: u16::try_from(row.quantity()?).unwrap_or(1),
        ..Record::new(shopper, session, at_s, kind)
    });
    Ok(true)
}

fn stage(project: &Checked, now_s: i64) -> Result<Stage, Failure> {
    Ok(Stage::new(&project.project, world(project, now_s)?))
}

/// Follows all shoppers on all cores. The counts do not depend on who takes whom.
fn follow(stage: &Stage, other: Option<&Stage>, journeys: &Journeys, bar: &mut Bar) -> Turnout {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let next = AtomicUsize::new(0);
    let (done, reports) = mpsc::channel();
    let work = |done: &mpsc::Sender<u64>| {
        let mut turnout = Turnout::default();
        loop {
            let from = next.fetch_add(SHOPPERS_PER_TURN, Ordering::Relaxed);
            let until = journeys.len().min(from.saturating_add(SHOPPERS_PER_TURN));
            if from >= until {
                return turnout;
            }
            for shopper in from..until {
                let lots = stage.follow(journeys, shopper);
                let before: Option<Vec<Lot>> = other.map(|other| other.follow(journeys, shopper));
                turnout.add(&lots, before.as_deref());
            }
            // Only the bar listens; without it the work is the same.
            let _ = done.send((until - from) as u64);
        }
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..cores)
            .map(|_| {
                let (work, done) = (&work, done.clone());
                scope.spawn(move || work(&done))
            })
            .collect();
        drop(done);
        reports.iter().for_each(|shoppers| bar.advance(shoppers));
        let mut turnout = Turnout::default();
        for worker in workers {
            match worker.join() {
                Ok(some) => turnout.merge(&some),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        turnout
    })
}

fn print(turnout: &Turnout, lines: &Lines, against: Option<&Path>) -> Result<(), Failure> {
    say(format!(
        "{} lines: {} refused, {} no sale, {} of no use, {} about products that the catalogue does not hold",
        lines.rows, lines.rejected, lines.no_sale, lines.other, lines.strange
    ))?;
    lines.first.iter().try_for_each(|first| say(format!("  {first}")))?;
    say(format!(
        "{} shoppers, decided {} times: on their days and at the end",
        turnout.shoppers, turnout.days
    ))?;
    for (title, counts) in [("audience", &turnout.audiences), ("campaign", &turnout.campaigns)] {
        let change = if against.is_some() { "   gained     lost" } else { "" };
        say(format!("\n{title:<32} {:>9} {:>7} {:>9} {:>9}{change}", "shoppers", "share", "days", "at end"))?;
        for (name, Count { now, days, at_end, gained, lost }) in counts {
            let share = f64::from(*now) * 100.0 / f64::from(turnout.shoppers.max(1));
            let change = if against.is_some() { format!(" {gained:>8} {lost:>8}") } else { String::new() };
            say(format!("{name:<32} {now:>9} {share:>6.1}% {days:>9} {at_end:>9}{change}"))?;
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

/// Which campaigns the counts say nothing of, because no log tells when their moment came.
fn say_untold(project: &Checked) -> Result<(), Failure> {
    let waiting: Vec<&str> = untold(&project.project).map(|(campaign, _)| campaign).collect();
    if waiting.is_empty() {
        return Ok(());
    }
    let kinds: Vec<String> = UNTOLD.iter().map(kebab).collect();
    say(format!("\nno log tells of {}: not replayed are {}", kinds.join(", "), waiting.join(", ")))
}

fn json(turnout: &Turnout, lines: &Lines, compared: bool) -> serde_json::Value {
    let counts = |counts: &std::collections::BTreeMap<String, Count>| {
        let entry = |(name, count): (&String, &Count)| {
            let mut value =
                serde_json::json!({ "shoppers": count.now, "days": count.days, "at_end": count.at_end });
            if compared {
                value["gained"] = count.gained.into();
                value["lost"] = count.lost.into();
            }
            (name.clone(), value)
        };
        counts.iter().map(entry).collect::<serde_json::Map<_, _>>()
    };
    serde_json::json!({
        "lines": lines.rows,
        "rejected": lines.rejected,
        "no_sale": lines.no_sale,
        "no_use": lines.other,
        "unknown_products": lines.strange,
        "shoppers": turnout.shoppers,
        "days": turnout.days,
        "changed": compared.then_some(turnout.changed),
        "audiences": counts(&turnout.audiences),
        "campaigns": counts(&turnout.campaigns),
    })
}
