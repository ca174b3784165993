//! What the query counted: its result as CSV or Parquet, one file or a folder of them.

use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field as Value, Row};

use super::{COLUMNS, fingerprint};
use crate::customer::intent::{Visit, Visits};
use crate::error::Error;
use crate::groups::Interner;
use crate::log::{self, Tally};
use crate::pairs::{Pair, Room};
use crate::progress::Progress;
use crate::shares::Shares;
use crate::spill::Sorter;
use crate::weights::Weights;

/// Rows between two progress reports.
const ROWS_PER_REPORT: u64 = 4_096;

/// Counts of clicks, by product.
#[derive(Debug)]
pub struct Counts {
    /// Events that were counted, and products that the catalogue does not have.
    pub lines: Tally,
    /// Product ids by number, ascending bytewise.
    pub items: Vec<Box<str>>,
    /// Views of sessions, by product number.
    pub views: Vec<u32>,
    /// Views counted together.
    pub viewed: Counted,
    /// Purchases after views; twice the product number, plus one if it was bought.
    pub bought: Counted,
    /// Visits up to their first purchase.
    pub visits: Visits,
}

/// Pairs of one table.
#[derive(Debug)]
pub struct Counted {
    /// The pairs, by the numbers that were given as they were read.
    pairs: Sorter<Pair>,
    /// The numbers that those became.
    numbers: Vec<u32>,
    /// Groups that hold each.
    pub supports: Vec<u32>,
}

impl Counted {
    /// Whether no group was counted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.supports.iter().all(|support| *support == 0)
    }

    /// Gives everything other numbers, of `count`.
    pub fn renumber(&mut self, count: usize, number: impl Fn(u32) -> u32) {
        let mut supports = vec![0; count];
        for (old, support) in (0..).zip(&self.supports) {
            supports[number(old) as usize] = *support;
        }
        self.supports = supports;
        self.numbers.iter_mut().for_each(|to| *to = number(*to));
    }

    /// Takes the pairs out, row by row, and the supports.
    ///
    /// # Errors
    /// What lay on disk cannot be read.
    pub fn take_pairs(
        &mut self,
        room: &Room,
    ) -> Result<(impl Iterator<Item = Result<Pair, Error>> + use<>, Vec<u32>), Error> {
        let pairs = std::mem::replace(&mut self.pairs, Sorter::new(&room.folder, 0));
        let [numbers, supports] = [&mut self.numbers, &mut self.supports].map(std::mem::take);
        let numbered = move |pair: Pair| {
            let [row, other] = [pair.row, pair.other].map(|number| numbers[number as usize]);
            Pair { row, other, ..pair }
        };
        Ok((pairs.sorted()?.map(move |pair| pair.map(&numbered)), supports))
    }
}

impl Counts {
    /// Reads the result of [`super::Query`]. `product` maps an id to the shop's, as in [`crate::sessions`]; ids that are
    /// spelt otherwise there are left out.
    ///
    /// # Errors
    /// A file cannot be read, is no such result, or was counted with other weights.
    pub fn read(
        path: &Path,
        [views, conversions]: [&Weights; 2],
        product: &dyn Fn(&str) -> Option<String>,
        room: &Room,
        progress: &mut dyn Progress,
    ) -> Result<Self, Error> {
        let mut reading = Reading {
            product,
            weights: [views, conversions].map(|weights| fingerprint(&Shares::new(weights))),
            matched: false,
            lines: Tally::default(),
            items: Interner::default(),
            unknown: Interner::default(),
            views: Vec::new(),
            supports: [Vec::new(), Vec::new()],
            pairs: [(); 2].map(|()| Sorter::new(&room.folder, room.bytes_max / 2)),
            visits: Visits::new(),
        };
        for file in files(path)? {
            progress.stage(&format!("reading {}", file.display()), 0, "rows");
            let mut rows = 0;
            read_file(&file, &mut |row| {
                rows += 1;
                if rows % ROWS_PER_REPORT == 0 {
                    progress.advance(ROWS_PER_REPORT);
                }
                reading.row(row)
            })?;
        }
        if !reading.matched {
            return Err(wrong(path, "it has no row of kind `weights`; give the whole result of the query"));
        }
        Ok(reading.finish())
    }
}

/// One row of the result.
#[derive(Clone, Copy, Debug)]
struct Line<'a> {
    path: &'a Path,
    kind: &'a str,
    item: &'a str,
    other: &'a str,
    /// Weight, shared, witness.
    numbers: [i64; 3],
}

struct Reading<'a> {
    product: &'a dyn Fn(&str) -> Option<String>,
    /// Fingerprints of the weights of views and of conversions.
    weights: [String; 2],
    matched: bool,
    lines: Tally,
    items: Interner,
    /// Ids that the catalogue does not have.
    unknown: Interner,
    views: Vec<u32>,
    supports: [Vec<u32>; 2],
    pairs: [Sorter<Pair>; 2],
    visits: Visits,
}

impl Reading<'_> {
    fn row(&mut self, line: Line<'_>) -> Result<(), Error> {
        let [weight, shared, witness] = line.numbers;
        let narrow = |value: i64| {
            u32::try_from(value)
                .map_err(|_| wrong(line.path, &format!("{value} is beyond what can be counted")))
        };
        let shared = narrow(shared)?;
        match line.kind {
            "weights" => {
                if [line.item, line.other] != [&self.weights[0], &self.weights[1]] {
                    return Err(wrong(
                        line.path,
                        "it was counted with other weights; print the query again and run it",
                    ));
                }
                self.matched = true;
                self.lines.rows = weight.unsigned_abs();
            }
            "item" => {
                if let Some(item) = self.number(line.item) {
                    put(&mut self.views, item, narrow(weight)?);
                    put(&mut self.supports[0], item, shared);
                }
            }
            "viewed" | "bought" => {
                let (Some(row), Some(other)) = (self.number(line.item), self.number(line.other)) else {
                    return Ok(());
                };
                let bought = usize::from(line.kind == "bought");
                let [row, other] = [row << bought, (other << bought) + bought as u32];
                let (first, weight) = (narrow(witness)?, weight.unsigned_abs());
                self.pairs[bought].push(Pair { row, other, first, last: first, shared, weight })?;
            }
            "buyer-viewed" | "buyer-bought" => {
                if let Some(item) = self.number(line.item) {
                    let bought = u32::from(line.kind == "buyer-bought");
                    put(&mut self.supports[1], item * 2 + bought, shared);
                }
            }
            "visit" => {
                let visit = visit(line.item);
                let visit = visit.ok_or_else(|| wrong(line.path, &format!("{:?} is no visit", line.item)))?;
                *self.visits.entry(visit).or_default() += u64::from(shared);
            }
            kind => return Err(wrong(line.path, &format!("the query gives no rows of kind {kind:?}"))),
        }
        Ok(())
    }

    /// The number of a product of the catalogue.
    fn number(&mut self, item: &str) -> Option<u32> {
        if let Some(number) = self.items.find(item) {
            return Some(number);
        }
        if self.unknown.find(item).is_some() {
            return None;
        }
        if (self.product)(item).is_some_and(|known| known == item) {
            return Some(self.items.number(item));
        }
        self.unknown.number(item);
        self.lines.rejected += 1;
        if self.lines.first.len() < log::REJECTED_SHOWN_MAX {
            let told =
                format!("{item}: not in the catalogue; name its table in the query with `--catalogue-table`");
            self.lines.first.push(told);
        }
        None
    }

    fn finish(self) -> Counts {
        let (items, renumbered) = self.items.sorted();
        let count = items.len();
        let mut views = vec![0; count];
        for (old, seen) in self.views.iter().enumerate() {
            views[renumbered[old] as usize] = *seen;
        }
        let [viewed, bought] = self.pairs;
        let [mut supports, mut buyers] = self.supports;
        supports.resize(count, 0);
        buyers.resize(count * 2, 0);
        let mut viewed = Counted { pairs: viewed, numbers: (0..count as u32).collect(), supports };
        let mut bought =
            Counted { pairs: bought, numbers: (0..count as u32 * 2).collect(), supports: buyers };
        viewed.renumber(count, |number| renumbered[number as usize]);
        bought.renumber(count * 2, |number| renumbered[number as usize / 2] * 2 + number % 2);
        Counts { lines: self.lines, items, views, viewed, bought, visits: self.visits }
    }
}

fn put(values: &mut Vec<u32>, at: u32, value: u32) {
    let at = at as usize;
    values.resize(values.len().max(at + 1), 0);
    values[at] = value;
}

/// The visit of the query's `feature`: seven whole numbers.
fn visit(text: &str) -> Option<Visit> {
    let numbers: Vec<i64> = text.split(' ').map(str::parse).collect::<Result<_, _>>().ok()?;
    let [views, items, adds, checkout, searches, lasted_s, bought] = numbers.try_into().ok()?;
    let [views, items, adds, searches] =
        [views, items, adds, searches].map(|count| u32::try_from(count).unwrap_or(u32::MAX));
    Some(Visit { views, items, adds, checkout: checkout > 0, searches, lasted_s, bought: bought > 0 })
}

fn wrong(path: &Path, message: &str) -> Error {
    Error::Option { message: format!("{}: {message}", path.display()) }
}

/// The file, or the result files of a folder by name.
fn files(path: &Path) -> Result<Vec<PathBuf>, Error> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let fail = |source| Error::io(path, source);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(fail)? {
        let file = entry.map_err(fail)?.path();
        let named =
            file.file_name().and_then(OsStr::to_str).is_some_and(|name| !name.starts_with(['.', '_']));
        if named && [".csv", ".csv.gz", ".parquet"].iter().any(|end| file.to_string_lossy().ends_with(end)) {
            files.push(file);
        }
    }
    files.sort();
    match files.is_empty() {
        true => Err(wrong(path, "the folder holds no .csv, .csv.gz or .parquet file")),
        false => Ok(files),
    }
}

type Visitor<'a> = &'a mut dyn FnMut(Line<'_>) -> Result<(), Error>;

fn read_file(path: &Path, visit: Visitor<'_>) -> Result<(), Error> {
    match path.extension() {
        Some(extension) if extension == "parquet" => read_parquet(path, visit),
        _ => read_csv(path, visit),
    }
}

/// Where [`COLUMNS`] are among a file's own.
fn places(path: &Path, names: &[&str]) -> Result<[usize; 6], Error> {
    let mut places = [0; 6];
    for (place, column) in places.iter_mut().zip(COLUMNS) {
        let found = names.iter().position(|name| name.trim().eq_ignore_ascii_case(column));
        *place = found
            .ok_or_else(|| wrong(path, &format!("it has no column {column}; keep the query's header")))?;
    }
    Ok(places)
}

fn read_csv(path: &Path, visit: Visitor<'_>) -> Result<(), Error> {
    let mut reader = csv::Reader::from_reader(log::open(path)?.reader);
    let bad = |error: csv::Error| wrong(path, &error.to_string());
    let header = reader.headers().map_err(bad)?.clone();
    let places = places(path, &header.iter().collect::<Vec<_>>())?;
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(bad)? {
        let [kind, item, other, weight, shared, witness] =
            places.map(|place| record.get(place).unwrap_or(""));
        let number = |text: &str| {
            let told = || wrong(path, &format!("{text:?} is no whole number"));
            text.parse::<i64>().map_err(|_| told())
        };
        let numbers = [number(weight)?, number(shared)?, number(witness)?];
        visit(Line { path, kind, item, other, numbers })?;
    }
    Ok(())
}

fn read_parquet(path: &Path, visit: Visitor<'_>) -> Result<(), Error> {
    let bad = |error: parquet::errors::ParquetError| wrong(path, &error.to_string());
    let file = File::open(path).map_err(|source| Error::io(path, source))?;
    let reader = SerializedFileReader::new(file).map_err(bad)?;
    let schema = reader.metadata().file_metadata().schema();
    let names: Vec<&str> = schema.get_fields().iter().map(|field| field.name()).collect();
    let places = places(path, &names)?;
    for row in reader.get_row_iter(None).map_err(bad)? {
        let row = row.map_err(bad)?;
        let values: Vec<&Value> = columns(&row, places);
        let [kind, item, other] = [0, 1, 2].map(|at| match values[at] {
            Value::Str(text) => text.as_str(),
            _ => "",
        });
        let number = |at: usize| match values[at] {
            Value::Long(value) => Ok(*value),
            Value::Int(value) => Ok(i64::from(*value)),
            other => Err(wrong(path, &format!("{}: {other} is no whole number of 64 bits", COLUMNS[at]))),
        };
        let numbers = [number(3)?, number(4)?, number(5)?];
        visit(Line { path, kind, item, other, numbers })?;
    }
    Ok(())
}

fn columns(row: &Row, places: [usize; 6]) -> Vec<&Value> {
    let all: Vec<&Value> = row.get_column_iter().map(|(_, value)| value).collect();
    places.iter().map(|place| all[*place]).collect()
}
