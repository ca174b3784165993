//! A clean catalogue from an order log that has none; `data/README.md` says how the bundled one is made.
//!
//! Dropped: cancelled orders, returns, lines without a price, and everything whose id or name is no
//! product (postage, carriage, bank charges, samples, vouchers, adjustments, bad debt). Ids that
//! differ only in case are one product. What is left gets a title ([`crate::title`]), a category and
//! tags ([`crate::category`]), and prices from what customers really paid.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::category::{NOT_A_PRODUCT, Rules};
use crate::error::Error;
use crate::log::{self, Field, Row, Source, Tally, date_of_day};
use crate::progress::Progress;
use crate::title::{is_well_formed, title};

/// Days at the end of the log whose prices are the current ones.
pub const CURRENT_DAYS: i64 = 60;
/// Days without a sale after which a product counts as out of stock.
pub const OUT_OF_STOCK_DAYS: i64 = 120;
/// Fewest sales on either side before a reduction is believed.
pub const REDUCTION_SALES_MIN: usize = 8;
/// Smallest reduction that is shown, percent of the earlier price.
pub const REDUCTION_PERCENT_MIN: i64 = 10;
/// Category of products that no rule knows.
pub const GENERAL: &str = "Gifts & Curiosities";

/// What the catalogue is made from and where it goes.
#[derive(Clone, Debug)]
pub struct Options {
    /// Order lines.
    pub orders: Source,
    /// CSV with columns `item_id` and `name`: one row for every name a product went by, commonest first.
    pub names: PathBuf,
    /// Category rules.
    pub categories: PathBuf,
    /// Tag rules.
    pub tags: PathBuf,
    /// The CSV to write.
    pub out: PathBuf,
}

/// What was kept and what was dropped.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Order lines read and refused.
    pub lines: Tally,
    /// Lines of cancelled orders, returns and lines without a price.
    pub lines_no_sale: u64,
    /// Products written.
    pub products: usize,
    /// Ids that sold but are no product, or have no usable name.
    pub dropped: Vec<String>,
    /// Products by category, most first.
    pub categories: Vec<(String, usize)>,
    /// Products that no rule knew.
    pub general: usize,
    /// Products with a real reduction.
    pub reduced: usize,
    /// Products that still sell.
    pub in_stock: usize,
}

/// One sale of a product: when, and at what price.
type Sale = (i64, i64);

/// Writes the catalogue. Memory: 16 bytes a line and the names.
///
/// # Errors
/// A file cannot be read or written, a column is missing, or no row is usable.
pub fn run(options: &Options, progress: &mut dyn Progress) -> Result<Report, Error> {
    let categories = Rules::read(&options.categories)?;
    let tags = Rules::read(&options.tags)?;
    let names = read_names(options, progress)?;
    let mut report = Report::default();
    let mut sales: BTreeMap<String, Vec<Sale>> = BTreeMap::new();
    let mut no_sale = 0;
    let needed = [Field::Time, Field::Item, Field::Quantity, Field::Price];
    report.lines = log::read(&options.orders, &needed, progress, &mut |row| {
        match sale(row)? {
            Some((item, sold)) => sales.entry(item).or_default().push(sold),
            None => no_sale += 1,
        }
        Ok(())
    })?;
    report.lines_no_sale = no_sale;
    let end_s = sales.values().flatten().map(|sale| sale.0).max().unwrap_or(0);
    let mut out = csv::Writer::from_writer(Vec::new());
    write_row(
        &mut out,
        &[
            "id",
            "title",
            "url",
            "image",
            "brand",
            "category",
            "price",
            "compare_at",
            "created",
            "in_stock",
            "tags",
        ],
    );
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (item, sales) in &sales {
        let name = names.get(item).filter(|_| is_product_id(item));
        let Some(name) = name.filter(|name| categories.first(name) != Some(NOT_A_PRODUCT)) else {
            report.dropped.push(item.clone());
            continue;
        };
        let category = categories.first(name).unwrap_or(GENERAL);
        let product = Product::new(sales, end_s);
        report.general += usize::from(category == GENERAL);
        report.reduced += usize::from(product.compare_at_minor > 0);
        report.in_stock += usize::from(product.in_stock);
        report.products += 1;
        *counts.entry(category.to_owned()).or_default() += 1;
        write_row(
            &mut out,
            &[
                item,
                &title(name),
                &format!("/p/{item}/"),
                &format!("/img/{item}.svg"),
                "",
                category,
                &decimal(product.price_minor),
                &if product.compare_at_minor > 0 { decimal(product.compare_at_minor) } else { String::new() },
                &date_of_day(product.created_day),
                if product.in_stock { "true" } else { "false" },
                &tags.all(name).join(";"),
            ],
        );
    }
    report.categories = counts.into_iter().collect();
    report.categories.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
    let bytes = out.into_inner().expect("writing to memory does not fail");
    std::fs::write(&options.out, bytes).map_err(|source| Error::io(&options.out, source))?;
    Ok(report)
}

fn write_row(out: &mut csv::Writer<Vec<u8>>, fields: &[&str]) {
    out.write_record(fields).expect("writing to memory does not fail");
}

fn decimal(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

/// Five digits and letters: the shop's stock codes. `POST`, `M`, `DOT`, `AMAZONFEE` … are none.
#[must_use]
pub fn is_product_id(item: &str) -> bool {
    let letters = item.trim_start_matches(|letter: char| letter.is_ascii_digit());
    item.len() - letters.len() == 5 && letters.bytes().all(|letter| letter.is_ascii_alphabetic())
}

/// Whether an order line is a sale: pieces and price above zero. Cancelled orders have negative pieces.
#[must_use]
pub fn is_sale(quantity: i64, price_minor: i64) -> bool {
    quantity > 0 && price_minor > 0
}

fn sale(row: &Row<'_>) -> Result<Option<(String, Sale)>, String> {
    let item = row.needed(Field::Item)?.to_ascii_uppercase();
    let price_minor = row.price_minor()?;
    let sold = is_sale(row.quantity()?, price_minor);
    let at_s = row.time_s()?;
    Ok(sold.then_some((item, (at_s, price_minor))))
}

/// The first well-formed name of every product.
fn read_names(options: &Options, progress: &mut dyn Progress) -> Result<BTreeMap<String, String>, Error> {
    let source = Source { path: options.names.clone(), columns: vec![(Field::Event, "name".to_owned())] };
    let mut names = BTreeMap::new();
    log::read(&source, &[Field::Item, Field::Event], progress, &mut |row| {
        let name = row.text(Field::Event);
        if is_well_formed(name) {
            names.entry(row.needed(Field::Item)?.to_ascii_uppercase()).or_insert_with(|| name.to_owned());
        }
        Ok(())
    })?;
    Ok(names)
}

/// What the sales of a product say.
#[derive(Debug, PartialEq, Eq)]
struct Product {
    price_minor: i64,
    compare_at_minor: i64,
    created_day: i64,
    in_stock: bool,
}

impl Product {
    /// Price = median of the last [`CURRENT_DAYS`] days that had sales, compare-at = median before them
    /// where that was clearly higher and both are well supported.
    fn new(sales: &[Sale], end_s: i64) -> Self {
        let last_s = sales.iter().map(|sale| sale.0).max().unwrap_or(0);
        let first_s = sales.iter().map(|sale| sale.0).min().unwrap_or(0);
        let (current, before): (Vec<Sale>, Vec<Sale>) =
            sales.iter().partition(|sale| sale.0 > last_s - CURRENT_DAYS * 86_400);
        let price_minor = median(&current);
        let compare_at_minor = median(&before);
        let believed = current.len().min(before.len()) >= REDUCTION_SALES_MIN
            && (compare_at_minor - price_minor) * 100 >= compare_at_minor * REDUCTION_PERCENT_MIN;
        Self {
            price_minor,
            compare_at_minor: if believed { compare_at_minor } else { 0 },
            created_day: first_s.div_euclid(86_400),
            in_stock: end_s - last_s <= OUT_OF_STOCK_DAYS * 86_400,
        }
    }
}

/// The lower median price; 0 without sales.
fn median(sales: &[Sale]) -> i64 {
    let mut prices: Vec<i64> = sales.iter().map(|sale| sale.1).collect();
    prices.sort_unstable();
    prices.get(prices.len().saturating_sub(1) / 2).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    #[test]
    fn a_reduction_needs_sales_on_both_sides() {
        let mut sales: Vec<Sale> = (0..10).map(|day| (day * DAY, 500)).collect();
        sales.extend((200..208).map(|day| (day * DAY, 400)));
        let product = Product::new(&sales, 210 * DAY);
        assert_eq!(
            product,
            Product { price_minor: 400, compare_at_minor: 500, created_day: 0, in_stock: true }
        );
        sales.pop();
        assert_eq!(Product::new(&sales, 210 * DAY).compare_at_minor, 0);
        assert!(!Product::new(&sales, 400 * DAY).in_stock);
    }

    #[test]
    fn stock_codes_are_told_from_services() {
        assert!(["85123A", "10002", "15056BL"].iter().all(|item| is_product_id(item)));
        assert!(
            !["POST", "M", "C2", "gift_0001_10", "1234", "123456"].iter().any(|item| is_product_id(item))
        );
    }
}
