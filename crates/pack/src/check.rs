//! What every validation shares: one record under check, and the questions asked of its fields.

use std::cell::Cell;

use crate::error::{Error, ErrorCode};
use crate::file::Strings;
use crate::limits;
use crate::record::{Range, Record, Ref, Str, Table};

/// A record under check. It keeps the first refusal and goes on: every check of a record is one call and
/// no branch, which a hundred of them feel in the size of the module.
pub(crate) struct Spot<'a> {
    strings: Strings<'a>,
    offset: usize,
    refusal: Cell<Option<ErrorCode>>,
}

impl<'a> Spot<'a> {
    /// The record of that index.
    pub(crate) fn of<R: Record>(strings: Strings<'a>, table: &Table<'_, R>, index: usize) -> Self {
        Self { strings, offset: table.offset(index), refusal: Cell::new(None) }
    }

    /// What the checks so far say, with the record's offset.
    pub(crate) fn verdict(&self) -> Result<(), Error> {
        self.refusal.get().map_or(Ok(()), |code| Err(Error::at(code, self.offset)))
    }

    /// Refuses unless the condition holds.
    #[inline(never)]
    pub(crate) fn require(&self, holds: bool, code: ErrorCode) {
        if !holds && self.refusal.get().is_none() {
            self.refusal.set(Some(code));
        }
    }

    /// Every string exists.
    #[inline(never)]
    pub(crate) fn texts(&self, texts: &[Str]) {
        let count = self.strings.len();
        self.require(texts.iter().all(|text| (text.0 as usize) < count), ErrorCode::Reference);
    }

    /// The record referred to is one of `count`, or nothing is referred to.
    #[inline(never)]
    pub(crate) fn refer(&self, to: Ref, count: usize) {
        let inside = to.index().is_none_or(|index| (index as usize) < count);
        self.require(inside, ErrorCode::Reference);
    }

    /// The run lies inside a table of `count` records and has at most `max`.
    #[inline(never)]
    pub(crate) fn run(&self, run: Range, count: usize, max: usize) {
        self.require(run.len as usize <= max, ErrorCode::Limit);
        let end = u64::from(run.start) + u64::from(run.len);
        self.require(end <= count as u64, ErrorCode::Reference);
    }

    /// The value of a kind's code.
    pub(crate) fn kind<K>(&self, value: Option<K>) -> Option<K> {
        self.require(value.is_some(), ErrorCode::Kind);
        value
    }
}

/// Checks every record of a table.
pub(crate) fn each<'a, R: Record>(
    strings: Strings<'a>,
    table: &Table<'_, R>,
    check: impl Fn(&Spot<'a>, R),
) -> Result<(), Error> {
    for (index, record) in table.iter().enumerate() {
        let spot = Spot::of(strings, table, index);
        check(&spot, record);
        spot.verdict()?;
    }
    Ok(())
}

/// Each record and the next are in the order that `sorted` demands.
pub(crate) fn sorted<R: Record>(table: &Table<'_, R>, sorted: impl Fn(R, R) -> bool) -> Result<(), Error> {
    let mut before = None;
    for (index, record) in table.iter().enumerate() {
        if before.is_some_and(|before| !sorted(before, record)) {
            return Err(Error::at(ErrorCode::Order, table.offset(index)));
        }
        before = Some(record);
    }
    Ok(())
}

/// The only record of a table.
pub(crate) fn only<R: Record>(table: &Table<'_, R>) -> Result<R, Error> {
    match (table.len(), table.get(0)) {
        (1, Some(record)) => Ok(record),
        _ => Err(Error::at(ErrorCode::Count, table.offset(1))),
    }
}

/// A table has at most `max` records.
pub(crate) fn at_most<R: Record>(table: &Table<'_, R>, max: usize) -> Result<(), Error> {
    if table.len() > max { Err(Error::at(ErrorCode::Limit, table.offset(max))) } else { Ok(()) }
}

/// Every dense id is below the number of products.
pub(crate) fn dense(table: &Table<'_, u32>, item_count: u32) -> Result<(), Error> {
    match table.iter().position(|dense| dense >= item_count) {
        Some(index) => Err(Error::at(ErrorCode::Reference, table.offset(index))),
        None => Ok(()),
    }
}

/// The number of products is one that a catalogue can have.
pub(crate) fn item_count(spot: &Spot<'_>, count: u32) {
    spot.require(count as usize <= limits::ITEMS_MAX, ErrorCode::Limit);
}
