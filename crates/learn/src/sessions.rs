//! Click logs, read once into sessions.

use crate::error::Error;
use crate::groups::{Groups, Interner};
use crate::log::{self, Field, Refusal, Row, Source, Tally};
use crate::orders::ID_BYTES;
use crate::progress::Progress;

/// Most bytes a click takes at any time: the click (a growing list may be held twice) and its places in the groups.
pub const CLICK_BYTES: u64 = 80;

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

/// What was done to a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Deed {
    Viewed,
    Bought,
}

/// Clicks of all sessions. Memory: at most [`CLICK_BYTES`] a click and [`ID_BYTES`] a session or product.
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

    /// All views, oldest split first.
    #[must_use]
    pub fn all(&self) -> Groups {
        let mut out = Groups::new();
        for (at_s, items) in self.viewed.iter().flat_map(Groups::iter) {
            out.push(at_s, items.iter().copied());
        }
        out
    }

    /// Reads a log. Rows of a session count in the order of their times, equal times in the order of the file.
    /// Sessions without a time are taken to be in the order of the file.
    ///
    /// # Errors
    /// The file cannot be read, a column is missing, no row is usable, or it takes more than `bytes_max`.
    pub fn read(
        source: &Source,
        product: &dyn Fn(&str) -> Option<String>,
        bytes_max: u64,
        progress: &mut dyn Progress,
    ) -> Result<Self, Error> {
        let mut sessions = Interner::default();
        let mut items = Interner::default();
        let mut clicks: Vec<Click> = Vec::new();
        let mut heads: Vec<(Split, i64)> = Vec::new();
        let lines = log::read(source, &[Field::Session, Field::Item], progress, &mut |row| {
            let Some(deed) = deed(row)? else { return Ok(()) };
            let split = split(row)?;
            let at_s = if row.text(Field::Time).is_empty() { 0 } else { row.time_s()? };
            let Some(item) = product(row.needed(Field::Item)?) else { return Ok(()) };
            let session = sessions.number(&format!("{} {}", split as u8, row.needed(Field::Session)?));
            match heads.get_mut(session as usize) {
                None => heads.push((split, at_s)),
                Some(head) => head.1 = head.1.min(at_s),
            }
            clicks.push(Click { session, at_s, item: items.number(&item), deed });
            let ids = (sessions.ids.len() + items.ids.len()) as u64;
            if clicks.len() as u64 * CLICK_BYTES + ids * ID_BYTES > bytes_max {
                let row = clicks.len() as u64;
                return Err(Refusal::Stop(Error::Memory { path: source.path.clone(), row, bytes_max }));
            }
            Ok(())
        })?;
        let (ids, renumbered) = items.sorted();
        let mut order: Vec<u32> = (0..heads.len() as u32).collect();
        order.sort_by_key(|session| heads[*session as usize]);
        let mut rank = vec![0; order.len()];
        for (new, old) in order.iter().enumerate() {
            rank[*old as usize] = new as u32;
        }
        for click in &mut clicks {
            click.item = renumbered[click.item as usize];
            click.session = rank[click.session as usize];
        }
        clicks.sort_by_key(|click| (click.session, click.at_s));
        let mut out = Self { lines, items: ids, ..Self::none() };
        for session in clicks.chunk_by(|left, right| left.session == right.session) {
            let (split, at_s) = heads[order[session[0].session as usize] as usize];
            out.add(split, at_s, session);
        }
        Ok(out)
    }

    fn add(&mut self, split: Split, at_s: i64, session: &[Click]) {
        let mut viewed: Vec<u32> =
            session.iter().filter(|click| click.deed == Deed::Viewed).map(|click| click.item).collect();
        viewed.dedup();
        if viewed.len() > 1 {
            self.viewed[split as usize].push(at_s, viewed);
        }
        if session.iter().any(|click| click.deed == Deed::Bought) {
            self.bought.push(
                at_s,
                session.iter().map(|click| click.item * 2 + u32::from(click.deed == Deed::Bought)),
            );
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Click {
    session: u32,
    at_s: i64,
    item: u32,
    deed: Deed,
}

fn deed(row: &Row<'_>) -> Result<Option<Deed>, String> {
    if !row.has(Field::Event) {
        return Ok(Some(Deed::Viewed));
    }
    match row.needed(Field::Event)? {
        "view" | "view_item" | "select_item" | "click" | "clicks" => Ok(Some(Deed::Viewed)),
        "purchase" | "transaction" | "order" | "orders" | "buy" => Ok(Some(Deed::Bought)),
        // What is put aside is neither seen nor bought here; every other GA4 name is no deed to a product.
        name if name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_') =>
        {
            Ok(None)
        }
        name => Err(format!("{name:?} is no event name; write GA4 names such as view_item")),
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
