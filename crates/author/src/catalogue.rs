//! The product catalogue: CSV rows to products.

use std::collections::{BTreeMap, HashSet};

use shelfwise_pack::limits::{ITEMS_MAX, STRING_BYTES_MAX, TAGS_MAX};

use crate::block::url_refusal;
use crate::check::code;
use crate::diagnostic::{Diagnostic, Severity, Sources, Span};
use crate::project::CATALOGUE_FIELDS;

/// Bad rows that are shown one by one; the others are counted.
pub const BAD_ROWS_SHOWN: usize = 5;

/// A product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Product {
    /// Id, as the shop's pages say it.
    pub item: String,
    /// Title.
    pub title: String,
    /// Path or https link of its page.
    pub url: String,
    /// Path or https link of its picture.
    pub image: String,
    /// Brand, or empty.
    pub brand: String,
    /// Category, or empty.
    pub category: String,
    /// Price, minor units.
    pub price_minor: u32,
    /// Price before reduction, minor units; 0 = none.
    pub compare_at_minor: u32,
    /// Day it joined the catalogue, days since 1970; 0 = unknown.
    pub created_day: u16,
    /// Whether it can be bought now.
    pub in_stock: bool,
    /// Pieces left; nothing where the catalogue does not say.
    pub stock: Option<u32>,
    /// Tags, separated by `|` in the file.
    pub tags: Vec<String>,
}

/// Reads a catalogue. Bad rows are left out: the first few are warnings with their line, the rest one
/// count; a file without a good row, or without an `id` or `title` column, is an error.
///
/// `columns` maps our field names to the file's column names. Cost: linear.
pub fn read_catalogue(
    name: &str,
    bytes: &[u8],
    columns: &BTreeMap<String, String>,
    exponent: u8,
    sources: &mut Sources,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Product> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let headers = reader.headers().cloned().unwrap_or_default();
    let head = headers.iter().collect::<Vec<_>>().join(",");
    let places = match find_columns(&headers, columns) {
        Ok(places) => places,
        Err(missing) => {
            let file = sources.add(name, head.clone());
            let message = format!("the catalogue has no column `{missing}`");
            let help = "name the file's own column under `catalogue: { columns: { … } }` in shop.yaml";
            let span = Span::new(file, 0..head.len());
            diagnostics.push(
                Diagnostic::error(code::catalogue_row, message).label(span, "these columns").help(help),
            );
            return Vec::new();
        }
    };
    let mut rows = Rows { name, places, exponent, seen: HashSet::new(), bad: Vec::new(), bad_count: 0 };
    let products: Vec<Product> = reader.records().filter_map(|record| rows.product(record)).collect();
    rows.report(sources, diagnostics, products.is_empty());
    products
}

/// Column number by field, in [`CATALOGUE_FIELDS`] order.
fn find_columns(
    headers: &csv::StringRecord,
    columns: &BTreeMap<String, String>,
) -> Result<Vec<Option<usize>>, String> {
    let mut places = Vec::new();
    for field in CATALOGUE_FIELDS {
        let wanted = columns.get(*field).map_or(*field, String::as_str);
        let place = headers.iter().position(|header| header.trim_matches('\u{feff}').trim() == wanted);
        if place.is_none() && (["id", "title"].contains(field) || columns.contains_key(*field)) {
            return Err(wanted.to_owned());
        }
        places.push(place);
    }
    Ok(places)
}

struct Rows<'a> {
    name: &'a str,
    places: Vec<Option<usize>>,
    exponent: u8,
    seen: HashSet<String>,
    /// Line, the row and the reason of the first bad rows.
    bad: Vec<(u64, String, String)>,
    bad_count: usize,
}

impl Rows<'_> {
    fn product(&mut self, record: csv::Result<csv::StringRecord>) -> Option<Product> {
        let (line, text, read) = match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                let text = record.iter().collect::<Vec<_>>().join(",");
                let read = self.read(&record);
                (line, text, read)
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                (line, String::new(), Err(error.to_string()))
            }
        };
        match read {
            Ok(product) => Some(product),
            Err(reason) => {
                self.bad_count += 1;
                if self.bad.len() < BAD_ROWS_SHOWN {
                    self.bad.push((line, text, reason));
                }
                None
            }
        }
    }

    fn read(&mut self, record: &csv::StringRecord) -> Result<Product, String> {
        let field = |name: &str| -> &str {
            let place = CATALOGUE_FIELDS.iter().position(|field| *field == name);
            let column = place.and_then(|place| self.places.get(place).copied().flatten());
            column.and_then(|column| record.get(column)).unwrap_or("").trim()
        };
        if record.iter().any(|value| value.len() > STRING_BYTES_MAX) {
            return Err(format!("a value is longer than {STRING_BYTES_MAX} bytes"));
        }
        let (item, title) = (field("id"), field("title"));
        if item.is_empty() || title.is_empty() {
            return Err(format!("no {}", if item.is_empty() { "id" } else { "title" }));
        }
        for name in ["url", "image"] {
            if let Some(reason) = url_refusal(field(name), false, &[]) {
                return Err(format!("its {name} {reason}"));
            }
        }
        let price = |name: &str| match field(name) {
            "" => Ok(0),
            text => minor(text, self.exponent).ok_or_else(|| format!("`{text}` is no {name}")),
        };
        let created_day = match field("created") {
            "" => 0,
            text => day(text).ok_or_else(|| format!("`{text}` is no date"))?,
        };
        let stock = stock(field("stock"))?;
        let in_stock = match field("in_stock").to_ascii_lowercase().as_str() {
            "" => stock != Some(0),
            "true" | "1" | "yes" | "in stock" | "in_stock" => true,
            "false" | "0" | "no" | "out of stock" | "out_of_stock" => false,
            text => return Err(format!("`{text}` says neither true nor false for in_stock")),
        };
        let tags = field("tags").split('|').map(str::trim).filter(|tag| !tag.is_empty());
        let product = Product {
            item: item.to_owned(),
            title: title.to_owned(),
            url: field("url").to_owned(),
            image: field("image").to_owned(),
            brand: field("brand").to_owned(),
            category: field("category").to_owned(),
            price_minor: price("price")?,
            compare_at_minor: price("compare_at")?,
            created_day,
            in_stock,
            stock,
            tags: tags.take(TAGS_MAX).map(str::to_owned).collect(),
        };
        if self.seen.len() >= ITEMS_MAX {
            return Err(format!("a catalogue holds at most {ITEMS_MAX} products"));
        }
        if !self.seen.insert(product.item.clone()) {
            return Err(format!("the id `{}` was on an earlier line", product.item));
        }
        Ok(product)
    }

    fn report(self, sources: &mut Sources, diagnostics: &mut Vec<Diagnostic>, none_good: bool) {
        if none_good {
            let file = sources.add(self.name, "");
            let reason = self.bad.first().map_or("it has no rows", |bad| bad.2.as_str());
            let message = "the catalogue has no row that can be used";
            diagnostics.push(
                Diagnostic::error(code::catalogue_row, message)
                    .label(Span::new(file, 0..0), reason.to_owned()),
            );
            return;
        }
        let shown = self.bad.len();
        for (line, text, reason) in self.bad {
            let file = sources.add(format!("{} line {line}", self.name), text.clone());
            let diagnostic = Diagnostic::warning(code::catalogue_row, "a catalogue row is left out");
            diagnostics.push(diagnostic.label(Span::new(file, 0..text.len()), reason));
        }
        if self.bad_count > shown {
            let file = sources.add(self.name, "");
            let message = format!("{} more catalogue rows are left out", self.bad_count - shown);
            let mut diagnostic = Diagnostic::warning(code::catalogue_row, message);
            diagnostic.severity = Severity::Warning;
            diagnostics.push(diagnostic.label(Span::new(file, 0..0), "for reasons such as those above"));
        }
    }
}

/// Minor units of a decimal amount (`12.5` with exponent 2 is 1250); none when it is negative, no
/// number, has more decimals than the currency, or is above `u32::MAX`. No floats.
#[must_use]
pub fn minor(text: &str, exponent: u8) -> Option<u32> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction = fraction.trim_end_matches('0');
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) || fraction.len() > usize::from(exponent) {
        return None;
    }
    let padded = format!("{whole}{fraction:0<width$}", width = usize::from(exponent));
    padded.parse().ok()
}

/// Pieces left; none when it is empty. Less than none, as some shops write what they owe, is none left.
fn stock(text: &str) -> Result<Option<u32>, String> {
    let pieces = match text {
        "" => return Ok(None),
        text => text.parse::<i64>().map_err(|_| format!("`{text}` is no number of pieces for stock"))?,
    };
    Ok(Some(u32::try_from(pieces.max(0)).unwrap_or(u32::MAX)))
}

/// Days since 1970 of `2011-02-27` (a time behind it is not looked at).
fn day(text: &str) -> Option<u16> {
    let date: jiff::civil::Date = text.get(..10)?.parse().ok()?;
    let days = date.since((jiff::Unit::Day, jiff::civil::date(1970, 1, 1))).ok()?.get_days();
    u16::try_from(days).ok()
}

/// Decimal digits of a currency's minor unit (ISO 4217; those that differ from 2).
#[must_use]
pub fn currency_exponent(currency: &str) -> u8 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "UYI"
        | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        "CLF" | "UYW" => 4,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<Product>, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let columns = BTreeMap::new();
        let products =
            read_catalogue("c.csv", text.as_bytes(), &columns, 2, &mut Sources::default(), &mut diagnostics);
        (products, diagnostics)
    }

    #[test]
    fn amounts_are_exact() {
        assert_eq!(minor("12.5", 2), Some(1250));
        assert_eq!(minor("0.850", 2), Some(85));
        assert_eq!(minor("42949672.95", 2), Some(u32::MAX));
        assert_eq!(minor("42949672.96", 2), None);
        assert_eq!(minor("3", 0), Some(3));
        for bad in ["", "-1", "1.234", "1,5", "a", ".5", "1e3"] {
            assert_eq!(minor(bad, 2), None, "{bad}");
        }
    }

    #[test]
    fn bad_rows_are_left_out_and_shown() {
        let (products, diagnostics) = read(
            "id,title,price,created,tags\na,Lamp,2.50,2011-02-27,red|glass\n,No id,1,,\nb,Bad price,x,,\na,Again,1,,\n",
        );
        assert_eq!(products.len(), 1);
        assert_eq!((products[0].price_minor, products[0].created_day), (250, 15_032));
        assert_eq!(products[0].tags, ["red", "glass"]);
        assert_eq!(diagnostics.len(), 3);
        assert!(diagnostics.iter().all(|found| found.severity == Severity::Warning));
    }

    #[test]
    fn a_file_without_a_good_row_is_an_error() {
        for text in ["", "id,title\n", "name\nx\n", "id,title\n,\n"] {
            let (products, diagnostics) = read(text);
            assert!(products.is_empty());
            assert_eq!(diagnostics[0].severity, Severity::Error, "{text}");
        }
    }
}
