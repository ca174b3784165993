//! The whole run: read, count, rank, number, write.

use std::fmt;
use std::path::PathBuf;

use shelfwise_pack::kinds::NeighbourKind;

use crate::cluster;
use crate::error::Error;
use crate::goods::Goods;
use crate::groups::{Groups, Occurrences};
use crate::knowledge::{self, Learnt};
use crate::log::{Source, Tally};
use crate::neighbours::{self, Neighbour, Scale, Table, Weights};
use crate::orders::Orders;
use crate::progress::Progress;
use crate::sales;
use crate::sessions::Sessions;

/// Memory that a log may take unless told otherwise, bytes.
pub const MEMORY_BYTES_MAX: u64 = 4 << 30;
/// Shard size for which [`Report::shards`] is measured.
pub const SHARD_ITEMS: u32 = 16;

/// What to learn from, and where the knowledge goes.
#[derive(Clone, Debug)]
pub struct Options {
    /// Order lines.
    pub orders: Option<Source>,
    /// Clicks by session.
    pub sessions: Option<Source>,
    /// Catalogue CSV: categories, prices and stock; ids that it does not hold are no products.
    pub catalogue: Option<PathBuf>,
    /// Knowledge file to write.
    pub out: PathBuf,
    /// How bought-together is counted.
    pub baskets: Weights,
    /// How viewed-together is counted.
    pub views: Weights,
    /// How viewed-then-bought is counted.
    pub conversions: Weights,
    /// Most bytes that either log may take.
    pub memory_bytes_max: u64,
}

impl Options {
    /// The measured defaults.
    #[must_use]
    pub fn new(out: impl Into<PathBuf>) -> Self {
        Self {
            orders: None,
            sessions: None,
            catalogue: None,
            out: out.into(),
            baskets: Weights::BASKET,
            views: Weights::SESSION,
            conversions: Weights::VIEWED_THEN_BOUGHT,
            memory_bytes_max: MEMORY_BYTES_MAX,
        }
    }
}

/// What was read and what was learnt.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Order lines read and refused.
    pub lines: Tally,
    /// Lines that are no sale of a product.
    pub lines_no_sale: u64,
    /// Clicks read and refused.
    pub clicks: Tally,
    /// Distinct orders.
    pub orders: usize,
    /// Distinct customers.
    pub customers: usize,
    /// Products that sold or were viewed.
    pub items: usize,
    /// Neighbours by table.
    pub neighbours: Vec<(NeighbourKind, usize)>,
    /// Lists.
    pub lists: usize,
    /// Mean number of 16-product shards that a basket (a session, without orders) touches: as numbered, and with
    /// products numbered by id.
    pub shards: (f64, f64),
    /// Bytes of the knowledge file.
    pub bytes: usize,
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (lines, clicks) = (&self.lines, &self.clicks);
        if lines.rows > 0 {
            writeln!(
                out,
                "{} order lines: {} refused, {} no sale of a product; {} orders, {} customers",
                lines.rows, lines.rejected, self.lines_no_sale, self.orders, self.customers
            )?;
        }
        if clicks.rows > 0 {
            writeln!(out, "{} clicks: {} refused", clicks.rows, clicks.rejected)?;
        }
        for refusal in lines.first.iter().chain(&clicks.first) {
            writeln!(out, "  refused {refusal}")?;
        }
        writeln!(out, "{} products, {} lists", self.items, self.lists)?;
        for (kind, count) in &self.neighbours {
            writeln!(out, "{kind:?}: {count} neighbours")?;
        }
        writeln!(out, "shards of {SHARD_ITEMS} touched: {:.1}, by id {:.1}", self.shards.0, self.shards.1)?;
        write!(out, "{} bytes of knowledge", self.bytes)
    }
}

/// Learns and writes the knowledge file. The same input gives the same bytes.
///
/// # Errors
/// A file cannot be read or written, a column is missing, no row is usable, or a log does not fit into memory.
pub fn run(options: &Options, progress: &mut dyn Progress) -> Result<Report, Error> {
    let goods = options.catalogue.as_deref().map(Goods::read).transpose()?.unwrap_or_default();
    let known = |item: &str| if goods.is_empty() { Some(item.to_owned()) } else { goods.id(item) };
    let bytes_max = options.memory_bytes_max;
    if options.orders.is_none() && options.sessions.is_none() {
        let message = "nothing to learn from: give order lines, a click log, or both".to_owned();
        return Err(Error::Option { message });
    }
    let mut orders = match &options.orders {
        Some(source) => Orders::read(source, &known, bytes_max, progress)?,
        None => Orders::none(),
    };
    let mut sessions = match &options.sessions {
        Some(source) => Sessions::read(source, &known, bytes_max, progress)?,
        None => Sessions::none(),
    };
    unite(&mut orders, &mut sessions);
    let views = sessions.all();
    let tables = count_tables(options, &orders, &views, &sessions.bought, progress);
    progress.stage("ranking and numbering", 0, "");
    let groups = if orders.baskets.is_empty() { &views } else { &orders.baskets };
    let totals = sales::totals(&orders, &views);
    let ranks: Vec<u32> = totals.iter().map(|total| total.rank).collect();
    let counted: Vec<&Table> = tables.iter().map(|(_, table)| table).collect();
    let order = cluster::order(&counted, orders.items.len(), &ranks);
    let shards = |dense: &[u32]| cluster::shards_touched(groups, dense, SHARD_ITEMS);
    let by_id: Vec<u32> = (0..order.len() as u32).collect();
    let mut report = Report {
        lines: orders.lines.clone(),
        lines_no_sale: orders.lines_no_sale,
        clicks: sessions.lines.clone(),
        orders: orders.baskets.len(),
        customers: orders.customers.len(),
        items: orders.items.len(),
        neighbours: tables.iter().map(|(kind, table)| (*kind, table.len())).collect(),
        shards: (shards(&cluster::inverse(&order)), shards(&by_id)),
        ..Report::default()
    };
    let learnt = Learnt {
        lists: sales::lists(&orders, &totals, &goods),
        cuts: sales::cuts(&orders, &goods),
        tables,
        parameters: parameters(options),
        totals,
    };
    let bytes = knowledge::encode(&orders, &goods, &learnt, &order);
    std::fs::write(&options.out, &bytes).map_err(|source| Error::io(&options.out, source))?;
    report.lists = learnt.lists.len();
    report.bytes = bytes.len();
    Ok(report)
}

/// Numbers the products of both logs alike, ascending by id.
fn unite(orders: &mut Orders, sessions: &mut Sessions) {
    let mut ids: Vec<Box<str>> = orders.items.iter().chain(&sessions.items).cloned().collect();
    ids.sort_unstable();
    ids.dedup();
    let map = |own: &[Box<str>]| -> Vec<u32> {
        own.iter().map(|id| ids.binary_search(id).expect("every id is among all ids") as u32).collect()
    };
    let (ordered, viewed) = (map(&orders.items), map(&sessions.items));
    orders.renumber(&|item| ordered[item as usize]);
    sessions.renumber(&|item| viewed[item as usize]);
    orders.items.clone_from(&ids);
    sessions.items = ids;
}

fn count_tables(
    options: &Options,
    orders: &Orders,
    views: &Groups,
    bought: &Groups,
    progress: &mut dyn Progress,
) -> Vec<(NeighbourKind, Table)> {
    let items = orders.items.len();
    let mut tables = Vec::new();
    if !orders.baskets.is_empty() {
        progress.stage("counting what is bought together", 0, "");
        let places = Occurrences::new(&orders.baskets, items);
        let table = neighbours::count(&orders.baskets, &places, &options.baskets, Scale::Logarithmic);
        tables.push((NeighbourKind::BoughtTogether, table));
    }
    if !views.is_empty() {
        progress.stage("counting what is viewed together", 0, "");
        let places = Occurrences::new(views, items);
        let table = neighbours::count(views, &places, &options.views, Scale::Tiers);
        tables.push((NeighbourKind::ViewedTogether, table));
    }
    if !bought.is_empty() {
        progress.stage("counting what is viewed, then bought", 0, "");
        tables
            .push((NeighbourKind::ViewedThenBought, viewed_then_bought(bought, items, &options.conversions)));
    }
    tables
}

/// From a viewed product (even number) to what was bought after it (odd).
fn viewed_then_bought(bought: &Groups, items: usize, weights: &Weights) -> Table {
    let places = Occurrences::new(bought, items * 2);
    let wanted =
        |row: u32, other: u32| row.is_multiple_of(2) && !other.is_multiple_of(2) && row / 2 != other / 2;
    let table = neighbours::count_pairs(bought, &places, weights, Scale::Tiers, &wanted);
    let halved = |neighbour: &Neighbour| Neighbour { item: neighbour.item / 2, score: neighbour.score };
    Table { rows: table.rows.iter().step_by(2).map(|row| row.iter().map(halved).collect()).collect() }
}

/// The values that shaped the tables, by name.
fn parameters(options: &Options) -> Vec<(String, f64)> {
    let tables = [
        ("bought-together", options.baskets),
        ("viewed-together", options.views),
        ("viewed-then-bought", options.conversions),
    ];
    let mut out = Vec::new();
    for (table, weights) in tables {
        for (name, value) in [
            ("age_decay", weights.age_decay),
            ("backward", weights.backward),
            ("distance_power", weights.distance_power),
            ("neighbours", weights.neighbours as f64),
            ("pair_support_min", f64::from(weights.pair_support_min)),
            ("row_power", weights.row_power),
            ("shrinkage", weights.shrinkage),
            ("size_power", weights.size_power),
            ("support_power", weights.support_power),
        ] {
            out.push((format!("{table}.{name}"), value));
        }
    }
    out
}
