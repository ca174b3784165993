//! The whole run: read, count, rank, number, write.

use std::fmt;
use std::path::PathBuf;

use shelfwise_pack::kinds::NeighbourKind;

use crate::error::Error;
use crate::goods::Goods;
use crate::groups::Occurrences;
use crate::knowledge::{self, Learnt};
use crate::log::{Source, Tally};
use crate::neighbours::{self, Scale, Weights};
use crate::orders::Orders;
use crate::progress::Progress;
use crate::sales;

/// What to learn from, and where the knowledge goes.
#[derive(Clone, Debug)]
pub struct Options {
    /// Order lines.
    pub orders: Source,
    /// Catalogue CSV: categories, prices and stock; ids that it does not hold are no products.
    pub catalogue: Option<PathBuf>,
    /// Knowledge file to write.
    pub out: PathBuf,
    /// How bought-together is counted.
    pub baskets: Weights,
}

impl Options {
    /// The measured defaults.
    #[must_use]
    pub fn new(orders: Source, out: impl Into<PathBuf>) -> Self {
        Self { orders, catalogue: None, out: out.into(), baskets: Weights::BASKET }
    }
}

/// What was read and what was learnt.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Order lines read and refused.
    pub lines: Tally,
    /// Lines that are no sale of a product.
    pub lines_no_sale: u64,
    /// Distinct orders.
    pub orders: usize,
    /// Distinct customers.
    pub customers: usize,
    /// Products that sold.
    pub items: usize,
    /// Neighbours in the bought-together table.
    pub bought_together: usize,
    /// Lists.
    pub lists: usize,
    /// Bytes of the knowledge file.
    pub bytes: usize,
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            out,
            "{} order lines: {} refused, {} no sale; {} orders of {} customers, {} products",
            self.lines.rows, self.lines.rejected, self.lines_no_sale, self.orders, self.customers, self.items
        )?;
        for refusal in &self.lines.first {
            writeln!(out, "  refused {refusal}")?;
        }
        write!(
            out,
            "{} bought-together neighbours, {} lists, {} bytes",
            self.bought_together, self.lists, self.bytes
        )
    }
}

/// Learns and writes the knowledge file. The same input gives the same bytes.
///
/// # Errors
/// A file cannot be read or written, a column is missing, or no row is usable.
pub fn run(options: &Options, progress: &mut dyn Progress) -> Result<Report, Error> {
    let goods = options.catalogue.as_deref().map(Goods::read).transpose()?.unwrap_or_default();
    let known = |item: &str| if goods.is_empty() { Some(item.to_owned()) } else { goods.id(item) };
    let orders = Orders::read(&options.orders, &known, progress)?;
    progress.stage("counting what is bought together", 0, "products");
    let occurrences = Occurrences::new(&orders.baskets, orders.items.len());
    let bought = neighbours::count(&orders.baskets, &occurrences, &options.baskets, Scale::Logarithmic);
    progress.stage("ranking", 0, "lists");
    let totals = sales::totals(&orders);
    let learnt = Learnt {
        lists: sales::lists(&orders, &totals, &goods),
        cuts: sales::cuts(&orders, &goods),
        tables: vec![(NeighbourKind::BoughtTogether, bought)],
        parameters: Vec::new(),
        totals,
    };
    let dense: Vec<u32> = (0..orders.items.len() as u32).collect();
    let bytes = knowledge::encode(&orders, &goods, &learnt, &dense);
    std::fs::write(&options.out, &bytes).map_err(|source| Error::io(&options.out, source))?;
    Ok(Report {
        lines_no_sale: orders.lines_no_sale,
        orders: orders.baskets.len(),
        customers: orders.customers.len(),
        items: orders.items.len(),
        bought_together: learnt.tables.iter().map(|(_, table)| table.len()).sum(),
        lists: learnt.lists.len(),
        bytes: bytes.len(),
        lines: orders.lines,
    })
}
