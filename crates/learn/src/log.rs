//! Reading order and session logs: CSV, gzip or plain, columns mapped by name, bad rows counted.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::Error;
use crate::progress::Progress;

/// Bad rows that are kept to be shown.
pub const REJECTED_SHOWN_MAX: usize = 5;
/// Rows between two progress reports.
pub(crate) const ROWS_PER_REPORT: u64 = 4_096;

/// What a column means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Order id.
    Order,
    /// Session id.
    Session,
    /// Customer id; may be empty.
    Customer,
    /// Time: Unix seconds, Unix milliseconds or ISO 8601 (UTC).
    Time,
    /// Product id.
    Item,
    /// Pieces; negative = returned.
    Quantity,
    /// Price of one piece, in the currency's major unit.
    Price,
    /// Event name (GA4), or a short form of it (`view`, `purchase`).
    Event,
    /// `train`, `valid` or `test`.
    Split,
    /// Place of a click in its session, a whole number: decides between clicks of one second.
    Position,
}

/// Number of fields.
pub(crate) const FIELDS: usize = Field::ALL.len();

impl Field {
    /// Every field, in the order of the discriminants.
    pub const ALL: [Self; 10] = [
        Self::Order,
        Self::Session,
        Self::Customer,
        Self::Time,
        Self::Item,
        Self::Quantity,
        Self::Price,
        Self::Event,
        Self::Split,
        Self::Position,
    ];

    /// Its name in options and messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Session => "session",
            Self::Customer => "customer",
            Self::Time => "time",
            Self::Item => "item",
            Self::Quantity => "quantity",
            Self::Price => "price",
            Self::Event => "event",
            Self::Split => "split",
            Self::Position => "position",
        }
    }

    /// The field of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }

    /// Header names that are understood without being told; compared without case, space, `_` or `-`.
    fn accepted(self) -> &'static [&'static str] {
        match self {
            Self::Order => &["order_id", "order", "invoice", "invoice_no", "transaction_id"],
            Self::Session => &["session_id", "session", "ga_session_id", "visit_id"],
            Self::Customer => &["customer_id", "customer", "user_id", "visitor_id"],
            Self::Time => {
                &["ts", "time", "timestamp", "created_at", "invoice_date", "event_timestamp", "date"]
            }
            Self::Item => &["item_id", "item", "product_id", "sku", "stock_code"],
            Self::Quantity => &["qty", "quantity"],
            Self::Price => &["price", "unit_price"],
            Self::Event => &["event", "event_name"],
            Self::Split => &["split"],
            Self::Position => &["pos", "click_number", "hit_number"],
        }
    }
}

/// A log file, and what its columns are called where that is not obvious.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// CSV, plain or gzip (told apart by their first bytes).
    pub path: PathBuf,
    /// Column names by meaning; what is not listed is found by its usual names.
    pub columns: Vec<(Field, String)>,
}

impl Source {
    /// A file with the usual column names.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), columns: Vec::new() }
    }
}

/// Why a visitor does not take a row.
#[derive(Debug)]
pub enum Refusal {
    /// This row is bad; the next may be good.
    Row(String),
    /// Reading must end.
    Stop(Error),
}

impl From<String> for Refusal {
    fn from(reason: String) -> Self {
        Self::Row(reason)
    }
}

/// Rows read and refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Data rows in the file.
    pub rows: u64,
    /// Rows that could not be used.
    pub rejected: u64,
    /// The first few refusals: line and reason.
    pub first: Vec<String>,
}

impl Tally {
    pub(crate) fn reject(&mut self, line: u64, reason: &str) {
        self.rejected += 1;
        if self.first.len() < REJECTED_SHOWN_MAX {
            self.first.push(format!("line {line}: {reason}"));
        }
    }

    /// The tally of a file with at least one usable row.
    pub(crate) fn usable(self, path: &Path) -> Result<Self, Error> {
        let path = path.to_owned();
        match (self.rows, self.rejected) {
            (0, _) => Err(Error::Empty { path }),
            (rows, rejected) if rows == rejected => Err(Error::OnlyBadRows { path, rows, first: self.first }),
            _ => Ok(self),
        }
    }
}

/// A row: fields by meaning, as text.
#[derive(Debug)]
pub struct Row<'a> {
    record: &'a csv::StringRecord,
    columns: &'a [Option<usize>; FIELDS],
}

impl<'a> Row<'a> {
    /// The text of a field, trimmed; empty when the file has no such column.
    #[must_use]
    pub fn text(&self, field: Field) -> &'a str {
        self.columns[field as usize].and_then(|column| self.record.get(column)).unwrap_or("").trim()
    }

    /// Whether the file has a column for it.
    #[must_use]
    pub fn has(&self, field: Field) -> bool {
        self.columns[field as usize].is_some()
    }

    /// The text, which must not be empty.
    ///
    /// # Errors
    /// A reason to refuse the row.
    pub fn needed(&self, field: Field) -> Result<&'a str, String> {
        let text = self.text(field);
        if text.is_empty() { Err(format!("the {} is empty", field.name())) } else { Ok(text) }
    }

    /// The time in Unix seconds.
    ///
    /// # Errors
    /// A reason to refuse the row.
    pub fn time_s(&self) -> Result<i64, String> {
        let text = self.needed(Field::Time)?;
        parse_time_s(text)
            .ok_or_else(|| format!("{text:?} is no time; write Unix seconds or 2011-12-09 12:50:00"))
    }

    /// A whole number of pieces; 1 when the file has no such column.
    ///
    /// # Errors
    /// A reason to refuse the row.
    pub fn quantity(&self) -> Result<i64, String> {
        if !self.has(Field::Quantity) {
            return Ok(1);
        }
        let text = self.needed(Field::Quantity)?;
        text.parse().map_err(|_| format!("{text:?} is no whole quantity"))
    }

    /// The price in minor units (two digits), rounded half up; 0 when the file has no such column.
    ///
    /// # Errors
    /// A reason to refuse the row.
    pub fn price_minor(&self) -> Result<i64, String> {
        if !self.has(Field::Price) {
            return Ok(0);
        }
        let text = self.needed(Field::Price)?;
        parse_minor(text).ok_or_else(|| format!("{text:?} is no price; write 12.50"))
    }
}

/// Minor units (two digits) of a decimal number, rounded half away from zero.
#[must_use]
pub fn parse_minor(text: &str) -> Option<i64> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if (whole.is_empty() && fraction.is_empty())
        || whole.len() > 12
        || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit())
    {
        return None;
    }
    let digit = |at: usize| i64::from(fraction.as_bytes().get(at).map_or(0, |byte| byte - b'0'));
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let minor = whole * 100 + digit(0) * 10 + digit(1) + i64::from(digit(2) >= 5);
    Some(if negative { -minor } else { minor })
}

/// Unix seconds of Unix seconds, Unix milli- or microseconds, or ISO 8601 in UTC.
#[must_use]
pub fn parse_time_s(text: &str) -> Option<i64> {
    if let Ok(number) = text.parse::<i64>() {
        return match number.unsigned_abs() {
            0..100_000_000_000 => Some(number),
            100_000_000_000..100_000_000_000_000 => Some(number.div_euclid(1_000)),
            _ => Some(number.div_euclid(1_000_000)),
        };
    }
    let number = |from: usize, to: usize| -> Option<i64> {
        let part = text.get(from..to)?;
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok())?
    };
    let mark = |at: usize, marks: &[u8]| text.as_bytes().get(at).is_some_and(|byte| marks.contains(byte));
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    if !mark(4, b"-") || !mark(7, b"-") || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let mut time_s = days_from_civil(year, month, day) * 86_400;
    if text.len() > 10 {
        let (hour, minute) = (number(11, 13)?, number(14, 16)?);
        let second = if mark(16, b":") { number(17, 19)? } else { 0 };
        if !mark(10, b" T") || !mark(13, b":") || hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        time_s += hour * 3_600 + minute * 60 + second;
    }
    Some(time_s)
}

/// Days since 1970-01-01 of a proleptic Gregorian date (Howard Hinnant's algorithm).
#[must_use]
pub fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The date `YYYY-MM-DD` of a day since 1970-01-01.
#[must_use]
pub fn date_of_day(day: i64) -> String {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096).div_euclid(365);
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_part = (5 * day_of_year + 2) / 153;
    let month = if month_part < 10 { month_part + 3 } else { month_part - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{:02}", day_of_year - (153 * month_part + 2) / 5 + 1)
}

/// Counts the bytes that were taken from a file, so that a bar can move.
struct Counted<R> {
    inner: R,
    bytes: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.bytes.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// A file that is being read.
pub(crate) struct Opened {
    pub(crate) reader: Box<dyn Read>,
    pub(crate) length: u64,
    /// Bytes taken from the file since last reported.
    pub(crate) taken: Arc<AtomicU64>,
}

/// Opens a file for reading, unpacking gzip.
pub(crate) fn open(path: &Path) -> Result<Opened, Error> {
    let fail = |source| Error::io(path, source);
    let mut first = [0; 2];
    let mut file = File::open(path).map_err(fail)?;
    let length = file.metadata().map_err(fail)?.len();
    let gzip = file.read_exact(&mut first).is_ok() && first == [0x1f, 0x8b];
    let bytes = Arc::new(AtomicU64::new(0));
    let file = File::open(path).map_err(fail)?;
    let counted = BufReader::with_capacity(1 << 16, Counted { inner: file, bytes: Arc::clone(&bytes) });
    let reader: Box<dyn Read> =
        if gzip { Box::new(flate2::bufread::MultiGzDecoder::new(counted)) } else { Box::new(counted) };
    Ok(Opened { reader, length, taken: bytes })
}

/// The whole text of a file, unpacking gzip.
///
/// # Errors
/// The file cannot be read or is no UTF-8.
pub fn read_text(path: &Path) -> Result<String, Error> {
    let mut text = String::new();
    open(path)?.reader.read_to_string(&mut text).map_err(|source| Error::io(path, source))?;
    Ok(text)
}

fn plain(name: &str) -> String {
    name.trim_start_matches('\u{feff}')
        .chars()
        .filter(|letter| !matches!(letter, ' ' | '_' | '-'))
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

pub(crate) fn map_columns(
    source: &Source,
    header: &csv::StringRecord,
    needed: &[Field],
) -> Result<[Option<usize>; FIELDS], Error> {
    let mut columns = [None; FIELDS];
    for field in Field::ALL {
        let named = source.columns.iter().find(|(of, _)| *of == field);
        let accepted: Vec<String> = named.map_or_else(
            || field.accepted().iter().map(ToString::to_string).collect(),
            |(_, name)| vec![name.clone()],
        );
        columns[field as usize] =
            accepted.iter().find_map(|name| header.iter().position(|column| plain(column) == plain(name)));
        if columns[field as usize].is_none() && (named.is_some() || needed.contains(&field)) {
            return Err(Error::MissingColumn {
                path: source.path.clone(),
                field: field.name(),
                accepted,
                found: header.iter().map(ToOwned::to_owned).collect(),
            });
        }
    }
    Ok(columns)
}

/// Reads a log row by row; the visitor may refuse a row or stop. Memory: one row.
///
/// # Errors
/// The file cannot be read, a needed column is missing, there is no row, or no row was usable.
pub fn read(
    source: &Source,
    needed: &[Field],
    progress: &mut dyn Progress,
    visit: &mut dyn FnMut(&Row<'_>) -> Result<(), Refusal>,
) -> Result<Tally, Error> {
    let path = &source.path;
    let Opened { reader, length, taken } = open(path)?;
    progress.stage(&format!("reading {}", path.display()), length, "bytes");
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(reader);
    let broken = |error: csv::Error| match error.into_kind() {
        csv::ErrorKind::Io(source) => Error::io(path, source),
        kind => Error::io(path, std::io::Error::other(format!("{kind:?}"))),
    };
    let header = reader.headers().map_err(broken)?.clone();
    let columns = map_columns(source, &header, needed)?;
    let mut tally = Tally::default();
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {
                tally.rows += 1;
                let line = record.position().map_or(0, csv::Position::line);
                let row = Row { record: &record, columns: &columns };
                let fields = (record.len(), header.len());
                let seen = if fields.0 == fields.1 {
                    visit(&row)
                } else {
                    Err(format!("{} fields where the header has {}", fields.0, fields.1).into())
                };
                match seen {
                    Ok(()) => {}
                    Err(Refusal::Row(reason)) => tally.reject(line, &reason),
                    Err(Refusal::Stop(error)) => return Err(error),
                }
            }
            Err(error) => {
                if error.is_io_error() {
                    return Err(broken(error));
                }
                tally.rows += 1;
                let line = error.position().map_or(0, csv::Position::line);
                tally.reject(line, "not UTF-8 text");
            }
        }
        if tally.rows % ROWS_PER_REPORT == 0 {
            progress.advance(taken.swap(0, Ordering::Relaxed));
        }
    }
    progress.advance(taken.swap(0, Ordering::Relaxed));
    tally.usable(path)
}
