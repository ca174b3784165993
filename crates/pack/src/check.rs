//! What validations share beyond the rules of single fields ([`crate::rules`]).

use crate::error::{Error, ErrorCode};
use crate::record::{Record, Table};

/// Refuses with the code, at its place, the first record that does not hold.
pub(crate) fn each<R: Record>(
    table: &Table<'_, R>,
    code: ErrorCode,
    mut holds: impl FnMut(R) -> bool,
) -> Result<(), Error> {
    match table.iter().position(|record| !holds(record)) {
        Some(index) => Err(Error::at(code, table.offset(index))),
        None => Ok(()),
    }
}

/// Each record and the next are in the order that `sorted` demands.
pub(crate) fn sorted<R: Record>(table: &Table<'_, R>, sorted: impl Fn(R, R) -> bool) -> Result<(), Error> {
    let mut before = None;
    each(table, ErrorCode::Order, |record| {
        let holds = before.is_none_or(|before| sorted(before, record));
        before = Some(record);
        holds
    })
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
