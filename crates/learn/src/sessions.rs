//! Click logs, read once into sessions.
//!
//! Clicks are sorted by session, then sessions by time, both on disk where memory does not hold them. Of a session's id
//! only a hash of 128 bits is kept.

use std::sync::Arc;

use crate::customer::intent::{Act, Deed, Visit, Visits};
use crate::error::Error;
use crate::groups::{Groups, Interner, hash};
use crate::log::{self, Field, Row, Source, Tally};
use crate::progress::Progress;
use crate::spill::{Folder, Sorter, spilled};

/// Bytes that a click and a session take in the groups.
const ENTRY_BYTES: u64 = 4;
const SESSION_BYTES: u64 = 12;
/// The catalogue does not have it.
const UNKNOWN: u32 = u32::MAX;

/// Which part of a log a session belongs to, for evaluation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Split {
    /// To learn from; all sessions of a log without such a column.
    #[default]
    Train,
    /// To tune on.
    Valid,
    /// To measure on.
    Test,
}

/// Clicks of all sessions. Memory: 4 bytes a click, 12 a session, and some 200 a product.
#[derive(Debug, Default)]
pub struct Sessions {
    /// Rows read and refused.
    pub lines: Tally,
    /// Product ids by number, ascending bytewise.
    pub items: Vec<Box<str>>,
    /// Viewed products, immediate repeats collapsed, sessions of at least two; by [`Split`], oldest first.
    pub viewed: [Groups; 3],
    /// Views and purchases of sessions that hold a purchase: twice the product number, plus one if it was bought.
    pub bought: Groups,
    /// Every session up to its first purchase, and whether there was one; none for a log without event names or
    /// purchases.
    pub visits: Visits,
    /// Runs that sorting left on disk for a while.
    pub runs: u64,
}

impl Sessions {
    /// No session at all.
    #[must_use]
    pub fn none() -> Self {
        let empty = Groups::new;
        Self { viewed: [empty(), empty(), empty()], bought: empty(), ..Self::default() }
    }

    /// Gives the products other numbers.
    pub fn renumber(&mut self, number: &dyn Fn(u32) -> u32) {
        for groups in &mut self.viewed {
            groups.renumber(number);
        }
        self.bought.renumber(|entry| number(entry / 2) * 2 + entry % 2);
    }

    /// Takes all views out, oldest split first.
    #[must_use]
    pub fn take_views(&mut self) -> Groups {
        let [mut out, valid, test] =
            std::mem::replace(&mut self.viewed, [Groups::new(), Groups::new(), Groups::new()]);
        for (at_s, items) in [valid, test].iter().flat_map(Groups::iter) {
            out.push(at_s, items.iter().copied());
        }
        out
    }

    /// Reads a log. Rows of a session count in the order of their times, equal times in that of their positions, else of
    /// the file.
    /// Sessions without a time are taken to be in the order of the file.
    ///
    /// Holds at most some `bytes_max` and 200 bytes a product; what else sorting needs lies in the system's folder for
    /// temporary files.
    ///
    /// # Errors
    /// The file cannot be read, a column is missing, no row is usable, or the sessions do not fit into half of
    /// `bytes_max`.
    pub fn read(
        source: &Source,
        product: &dyn Fn(&str) -> Option<String>,
        bytes_max: u64,
        progress: &mut dyn Progress,
    ) -> Result<Self, Error> {
        let folder = Folder::temporary();
        let mut reading = Reading::new(&folder, bytes_max / 2);
        let lines = log::read(source, &[Field::Session, Field::Item], progress, &mut |row| {
            reading.row(row, product)
        })?;
        progress.stage("sorting the clicks by session", lines.rows, "clicks");
        let too_much = || Error::Memory { path: source.path.clone(), row: lines.rows, bytes_max };
        let mut out = Self { items: reading.number_products(), ..Self::none() };
        let visits = reading.purchased.then_some(&mut out.visits);
        let (placed, bytes) = by_time(reading, &folder, bytes_max, visits, progress)?;
        if bytes > bytes_max / 2 {
            return Err(too_much());
        }
        progress.stage("sorting the sessions by time", 0, "");
        let mut session: Vec<Placed> = Vec::new();
        for click in placed.sorted()? {
            let click = click?;
            if session.last().is_some_and(|last| last.session() != click.session()) {
                out.add(&session);
                session.clear();
            }
            session.push(click);
        }
        out.add(&session);
        (out.lines, out.runs) = (lines, folder.runs());
        Ok(out)
    }

    fn add(&mut self, session: &[Placed]) {
        let Some(Placed { split, from_s, .. }) = session.first() else { return };
        let mut viewed: Vec<u32> =
            session.iter().filter(|click| click.bought == 0).map(|click| click.item).collect();
        viewed.dedup();
        if viewed.len() > 1 {
            self.viewed[usize::from(*split)].push(*from_s, viewed);
        }
        if session.iter().any(|click| click.bought == 1) {
            self.bought.push(*from_s, session.iter().map(|click| click.item * 2 + u32::from(click.bought)));
        }
    }
}

/// Clicks as they come from the log.
struct Reading {
    clicks: Sorter<Click>,
    /// Product ids as the log writes them.
    written: Interner,
    /// Number of the shop's product by that of the log's, or [`UNKNOWN`].
    known: Vec<u32>,
    products: Interner,
    rows: u64,
    purchased: bool,
}

impl Reading {
    fn new(folder: &Arc<Folder>, bytes_max: u64) -> Self {
        Self {
            clicks: Sorter::new(folder, bytes_max),
            written: Interner::default(),
            known: Vec::new(),
            products: Interner::default(),
            rows: 0,
            purchased: false,
        }
    }

    fn row(&mut self, row: &Row<'_>, product: &dyn Fn(&str) -> Option<String>) -> Result<(), log::Refusal> {
        self.rows += 1;
        let deed =
            if row.has(Field::Event) { Deed::from_name(row.needed(Field::Event)?)? } else { Deed::View };
        let split = split(row)?;
        let at_s = if row.text(Field::Time).is_empty() { 0 } else { row.time_s()? };
        let session = hash(row.needed(Field::Session)?);
        let item = match deed {
            Deed::View | Deed::Purchase => self.number(row.needed(Field::Item)?, product),
            _ => UNKNOWN,
        };
        self.purchased |= deed == Deed::Purchase && row.has(Field::Event);
        let position = match row.text(Field::Position) {
            "" => 0,
            text => text.parse().map_err(|_| format!("{text:?} is no position; write 0, 1, 2 …"))?,
        };
        let (deed, split, row) = (deed as u8, split as u8, self.rows);
        let click = Click { session, at_s, position, row, item, deed, split };
        self.clicks.push(click).map_err(log::Refusal::Stop)
    }

    /// The log's number of a product.
    fn number(&mut self, item: &str, product: &dyn Fn(&str) -> Option<String>) -> u32 {
        let number = self.written.number(item);
        if number as usize == self.known.len() {
            self.known.push(product(item).map_or(UNKNOWN, |item| self.products.number(&item)));
        }
        number
    }

    /// Numbers the products in the order of their ids, which are given back.
    fn number_products(&mut self) -> Vec<Box<str>> {
        let (ids, renumbered) = std::mem::take(&mut self.products).sorted();
        for known in self.known.iter_mut().filter(|known| **known != UNKNOWN) {
            *known = renumbered[*known as usize];
        }
        self.written = Interner::default();
        ids
    }
}

/// Goes through the clicks session by session: counts visits, and sorts views and purchases by the sessions' times.
/// Also answers how many bytes they will take as groups.
fn by_time(
    reading: Reading,
    folder: &Arc<Folder>,
    bytes_max: u64,
    mut visits: Option<&mut Visits>,
    progress: &mut dyn Progress,
) -> Result<(Sorter<Placed>, u64), Error> {
    let Reading { clicks, known, .. } = reading;
    let mut placed = Sorter::new(folder, bytes_max / 4);
    let mut bytes = 0;
    let mut finish = |session: &[Click]| -> Result<(), Error> {
        progress.advance(session.len() as u64);
        if let Some(visits) = &mut visits {
            let act =
                |click: &Click| Act { at_s: click.at_s, item: click.item, deed: Deed::from_code(click.deed) };
            *visits.entry(Visit::of(&session.iter().map(act).collect::<Vec<_>>())).or_default() += 1;
        }
        let told = |click: &&Click| known.get(click.item as usize).is_some_and(|item| *item != UNKNOWN);
        let told = || session.iter().filter(told);
        let count = told().count();
        let bought = told().any(|click| click.deed == Deed::Purchase as u8);
        let (Some(from_s), Some(row)) =
            (told().map(|click| click.at_s).min(), told().map(|click| click.row).min())
        else {
            return Ok(());
        };
        if count < 2 && !bought {
            return Ok(());
        }
        bytes += count as u64 * ENTRY_BYTES + SESSION_BYTES;
        for (place, click) in (0..).zip(told()) {
            let (item, bought) = (known[click.item as usize], u8::from(click.deed == Deed::Purchase as u8));
            placed.push(Placed { split: click.split, from_s, row, place, item, bought })?;
        }
        Ok(())
    };
    let mut session: Vec<Click> = Vec::new();
    for click in clicks.sorted()? {
        let click = click?;
        if session.last().is_some_and(|last| (last.split, last.session) != (click.split, click.session)) {
            finish(&session)?;
            session.clear();
        }
        session.push(click);
    }
    if !session.is_empty() {
        finish(&session)?;
    }
    Ok((placed, bytes))
}

spilled! {
    /// A row of the log.
    struct Click {
        split: u8,
        /// Hash of the session's id.
        session: u128,
        at_s: i64,
        position: u32,
        row: u64,
        item: u32,
        deed: u8,
    }
}

spilled! {
    /// A view or a purchase, by the time of its session.
    struct Placed {
        split: u8,
        /// When the session began, Unix seconds.
        from_s: i64,
        /// First row of the session: tells sessions apart.
        row: u64,
        place: u32,
        item: u32,
        /// 1 = bought, 0 = viewed.
        bought: u8,
    }
}

impl Placed {
    fn session(&self) -> (u8, i64, u64) {
        (self.split, self.from_s, self.row)
    }
}

fn split(row: &Row<'_>) -> Result<Split, String> {
    match row.text(Field::Split) {
        "" | "train" => Ok(Split::Train),
        "valid" => Ok(Split::Valid),
        "test" => Ok(Split::Test),
        other => Err(format!("{other:?} is no split; write train, valid or test")),
    }
}
