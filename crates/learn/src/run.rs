//! The whole run: read, count, rank, number, write.

use std::fmt;
use std::path::PathBuf;

use shelfwise_pack::kinds::NeighbourKind;
use shelfwise_pack::scoring::{BLEND, PARAMETERS, Scoring};

use crate::blend::{self, Blend, FindAlike, of_views};
use crate::bundles;
use crate::clicks::Clicks;
use crate::cluster;
use crate::customer::Ledger;
use crate::customer::predict::{self, Forecast};
use crate::error::Error;
use crate::goods::{CatalogueFile, Goods};
use crate::groups::{Groups, united};
use crate::intervals;
use crate::kept::Kept;
use crate::knowledge::{self, Learnt};
use crate::log::{Source, Tally};
use crate::neighbours::{Rows, Scale, Table};
use crate::orders::Orders;
use crate::pairs::Room;
use crate::progress::Progress;
use crate::sales;
use crate::spill::Folder;
use crate::tune::{self, Candidate, Tuned};
use crate::weights::Weights;

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
    /// What [`crate::sql::Query`] counted of clicks, instead of them: CSV or Parquet, a file or a folder of them.
    pub counts: Option<PathBuf>,
    /// Catalogue: categories, prices and stock; ids that it does not hold are no products.
    pub catalogue: Option<CatalogueFile>,
    /// Knowledge file to write.
    pub out: PathBuf,
    /// How bought-together is counted.
    pub baskets: Weights,
    /// How viewed-together is counted.
    pub views: Weights,
    /// How viewed-then-bought is counted.
    pub conversions: Weights,
    /// How the products of a session add up.
    pub scoring: Scoring,
    /// What each table weighs, by code of its kind from 1, if that is known already.
    pub blend: Option<[f64; 4]>,
    /// What finds products alike in the words of the catalogue: where tuning is asked for, their weight is fitted too.
    pub alike: Option<FindAlike>,
    /// Seed, if the command is to choose the parameters itself, on the last period of each log.
    pub tune: Option<u64>,
    /// Whether to measure the forecast of who buys again.
    pub evaluate: bool,
    /// Most bytes that what grows with a log may take; sorting a log and counting it go to disk beyond.
    pub memory_bytes_max: u64,
}

impl Options {
    /// Counts with the parameters of an earlier run.
    pub fn keep(&mut self, kept: &Kept) {
        (self.baskets, self.views, self.conversions) = (kept.baskets, kept.views, kept.conversions);
        (self.scoring, self.blend) = (kept.scoring, kept.blend);
    }

    /// The measured defaults.
    #[must_use]
    pub fn new(out: impl Into<PathBuf>) -> Self {
        Self {
            orders: None,
            sessions: None,
            counts: None,
            catalogue: None,
            out: out.into(),
            baskets: Weights::BASKET,
            views: Weights::SESSION,
            conversions: Weights::VIEWED_THEN_BOUGHT,
            scoring: Scoring::default(),
            blend: None,
            alike: None,
            tune: None,
            evaluate: false,
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
    /// Products of which it is known after how long they are bought again.
    pub intervals: usize,
    /// Bundles.
    pub bundles: usize,
    /// Mean number of 16-product shards that a basket (a session, without orders) touches: as numbered, and with
    /// products numbered by id; nothing where neither is at hand.
    pub shards: Option<[f64; 2]>,
    /// How the tables of orders, views and conversions were counted.
    pub tuned: Vec<Tuned>,
    /// How the tables are blended, if that was asked and there was something to choose.
    pub blend: Option<Blend>,
    /// Parameters of the customer models and their standard errors.
    pub models: Vec<(String, f64)>,
    /// How well the last 30 days are foreseen, if that was asked.
    pub forecast: Option<Forecast>,
    /// Sorted runs that did not fit into memory and lay on disk for a while.
    pub runs: u64,
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
        writeln!(out, "{} products", self.items)?;
        if lines.rows > 0 {
            writeln!(out, "{} products that are bought again, {} bundles", self.intervals, self.bundles)?;
        }
        for (kind, count) in &self.neighbours {
            writeln!(out, "{kind:?}: {count} neighbours")?;
        }
        for tuned in self.tuned.iter().filter(|tuned| tuned.valid.is_some()) {
            writeln!(out, "{tuned}")?;
        }
        if let Some(blend) = &self.blend {
            writeln!(out, "{blend}")?;
        }
        if self.tuned.iter().any(|tuned| tuned.valid.is_some()) {
            let page = "`shelfwise evaluate --tune --html` shows its own as tables";
            writeln!(out, "every value that was tried is in the knowledge (`….trial.…`); {page}")?;
        }
        if let Some([clustered, by_id]) = self.shards {
            writeln!(out, "shards of {SHARD_ITEMS} touched: {clustered:.1}, by id {by_id:.1}")?;
        }
        for (name, value) in self.models.iter().filter(|(name, _)| !name.ends_with(".error")) {
            let error = self.models.iter().find(|(other, _)| other.strip_suffix(".error") == Some(name));
            writeln!(out, "{name}: {value:.4} (standard error {:.4})", error.map_or(0.0, |error| error.1))?;
        }
        if let Some(forecast) = &self.forecast {
            writeln!(out, "{forecast}")?;
        }
        if self.runs > 0 {
            writeln!(out, "{} sorted runs lay on disk", self.runs)?;
        }
        write!(out, "{} bytes of knowledge", self.bytes)
    }
}

/// Learns and writes the knowledge file. The same input gives the same bytes.
///
/// # Errors
/// A file cannot be read or written, a column is missing, no row is usable, or a log does not fit into memory.
pub fn run(options: &Options, progress: &mut dyn Progress) -> Result<Report, Error> {
    let goods = options.catalogue.as_ref().map(Goods::read).transpose()?.unwrap_or_default();
    let known = |item: &str| if goods.is_empty() { Some(item.to_owned()) } else { goods.id(item) };
    let bytes_max = options.memory_bytes_max;
    if options.orders.is_none() && options.sessions.is_none() && options.counts.is_none() {
        let message = "nothing to learn from: give order lines, a click log, or both".to_owned();
        return Err(Error::Option { message });
    }
    let room = Room { folder: Folder::temporary(), bytes_max: bytes_max / 2 };
    let mut orders = match &options.orders {
        Some(source) => Orders::read(source, &known, bytes_max, progress)?,
        None => Orders::none(),
    };
    let mut clicks = Clicks::read(options, &known, &room, progress)?;
    unite(&mut orders, &mut clicks);
    let tuned = tune(options, &orders, clicks.views().unwrap_or(&Groups::new()), progress);
    let [baskets, viewed, conversions] = &tuned;
    let weights = [baskets, viewed, conversions].map(|tuned| tuned.best.weights);
    let blend = fit_blend(options, &orders, &clicks, &tuned, progress)?;
    let (mut tables, spare) = count_tables(weights, &orders, &mut clicks, &room, progress)?;
    progress.stage("ranking and numbering", 0, "");
    let totals = sales::totals(&orders, &clicks.seen())?;
    let ranks: Vec<u32> = totals.iter().map(|total| total.rank).collect();
    let counted: Vec<&Table> = tables.iter().map(|(_, table)| table).collect();
    let order = cluster::order(&counted, orders.items.len(), &ranks);
    let dense = cluster::inverse(&order);
    if let Some((rows, keep)) = spare {
        let table = rows.trimmed(&keep, viewed.best.weights.nearness, &dense).quantised(Scale::Tiers);
        let views = tables.iter_mut().filter(|(kind, _)| *kind == NeighbourKind::ViewedTogether);
        views.for_each(|entry| entry.1.clone_from(&table));
    }
    let groups = if orders.baskets.is_empty() { clicks.views() } else { Some(&orders.baskets) };
    let by_id: Vec<u32> = (0..order.len() as u32).collect();
    let shards = groups
        .map(|groups| [&dense, &by_id].map(|numbers| cluster::shards_touched(groups, numbers, SHARD_ITEMS)));
    let mut report = Report {
        lines: orders.lines.clone(),
        lines_no_sale: orders.lines_no_sale,
        clicks: clicks.lines().clone(),
        orders: orders.baskets.len(),
        customers: orders.customers.len(),
        items: orders.items.len(),
        neighbours: tables.iter().map(|(kind, table)| (*kind, table.len())).collect(),
        shards,
        runs: clicks.runs() + orders.room.folder.runs() + room.folder.runs(),
        ..Report::default()
    };
    progress.stage("fitting how customers come back", 0, "");
    let ledger = Ledger::of(&orders)?;
    let mut parameters = parameters(&tuned);
    let kept = BLEND.map(str::to_owned).into_iter().zip(options.blend.into_iter().flatten());
    parameters.extend(kept.chain(blend.iter().flat_map(Blend::parameters)));
    let models = predict::parameters(&ledger, clicks.visits());
    report.models.clone_from(&models);
    parameters.extend(models);
    if options.evaluate {
        report.forecast = Some(predict::evaluate(&ledger)?);
    }
    let bought_together = tables.iter().find(|(kind, _)| *kind == NeighbourKind::BoughtTogether);
    let bundles = bought_together.map_or(Vec::new(), |(_, table)| {
        bundles::bundles(&orders.baskets, table, baskets.best.weights.pair_support_min)
    });
    let learnt = Learnt {
        intervals: intervals::intervals(&orders, orders.baskets.len())?,
        bundles,
        sales: sales::periods(&orders)?,
        cuts: sales::cuts(&orders, &goods)?,
        tables,
        parameters,
        totals,
    };
    let bytes = knowledge::encode(&orders, &goods, &learnt, &order);
    std::fs::write(&options.out, &bytes).map_err(|source| Error::io(&options.out, source))?;
    (report.tuned, report.blend) = (tuned.into(), blend);
    (report.intervals, report.bundles) = (learnt.intervals.len(), learnt.bundles.len());
    report.bytes = bytes.len();
    Ok(report)
}

/// Numbers the products of both logs alike, ascending by id.
fn unite(orders: &mut Orders, clicks: &mut Clicks) {
    let (ids, [ordered, viewed]) = united([&orders.items, clicks.items()]);
    orders.renumber(&|item| ordered[item as usize]);
    clicks.renumber(&ids, &|item| viewed[item as usize]);
    orders.items = ids;
}

/// Tables by what they hold.
type Tables = Vec<(NeighbourKind, Table)>;
/// Rows that are still to be cut, and the neighbours that each product keeps.
type Spare = (Rows, Vec<usize>);

/// The tables, strongest neighbours only, and the rows that those of the views are cut from once products are numbered.
fn count_tables(
    [baskets, viewed, conversions]: [Weights; 3],
    orders: &Orders,
    clicks: &mut Clicks,
    room: &Room,
    progress: &mut dyn Progress,
) -> Result<(Tables, Option<Spare>), Error> {
    let items = orders.items.len();
    let (mut tables, mut spare) = (Vec::new(), None);
    if !orders.baskets.is_empty() {
        progress.stage("counting what is bought together", 0, "");
        let (rows, _) = room.rows(&orders.baskets, items, &baskets, &|row, other| row != other)?;
        tables.push((NeighbourKind::BoughtTogether, rows.quantised(Scale::Logarithmic)));
    }
    progress.stage("counting what is viewed together", 0, "");
    if let Some((rows, supports)) = clicks.viewed(&viewed.spare(), room)? {
        let keep = viewed.keep(&supports);
        let strongest = rows.trimmed(&keep, 0.0, &vec![0; items]).quantised(Scale::Tiers);
        tables.push((NeighbourKind::ViewedTogether, strongest));
        spare = Some((rows, keep));
    }
    progress.stage("counting what is viewed, then bought", 0, "");
    if let Some(rows) = clicks.bought(&conversions, room)? {
        tables.push((NeighbourKind::ViewedThenBought, of_views(&rows.quantised(Scale::Tiers))));
    }
    Ok((tables, spare))
}

/// Tunes what is to be tuned, each table on the last period of its log. Viewed-then-bought follows the views.
fn tune(options: &Options, orders: &Orders, views: &Groups, progress: &mut dyn Progress) -> [Tuned; 3] {
    let untouched = |weights: Weights| Tuned::untouched(Candidate { weights, scoring: options.scoring });
    let [mut baskets, mut sessions, mut conversions] =
        [options.baskets, options.views, options.conversions].map(untouched);
    let Some(seed) = options.tune else { return [baskets, sessions, conversions] };
    let items = orders.items.len();
    if !orders.baskets.is_empty() {
        baskets = tune::baskets(&orders.baskets, items, baskets.best, seed, progress);
    }
    let (train, valid) = tune::newest(views);
    if !train.is_empty() && !valid.is_empty() {
        let weights = sessions.best.weights.roomy(items);
        let start = Candidate { weights, ..sessions.best };
        sessions = tune::sessions(&train, &valid, items, start, seed, progress);
        conversions.best.weights = sessions.best.weights.conversions();
    }
    [baskets, sessions, conversions]
}

/// Fits the blend on the last period of the click log, where tuning is asked for.
fn fit_blend(
    options: &Options,
    orders: &Orders,
    clicks: &Clicks,
    [baskets, viewed, conversions]: &[Tuned; 3],
    progress: &mut dyn Progress,
) -> Result<Option<Blend>, Error> {
    let (Some(seed), None, Clicks::Read(sessions, views)) = (options.tune, options.blend, clicks) else {
        return Ok(None);
    };
    progress.stage("weighing the tables against each other", 0, "");
    let (bought, items) = (&sessions.bought, &orders.items);
    let logs = blend::Logs { views, bought, baskets: &orders.baskets, items };
    let weights = [baskets, viewed, conversions].map(|tuned| &tuned.best.weights);
    blend::fit(logs, weights, options.alike.zip(options.catalogue.as_ref()), viewed.best.scoring, seed)
}

/// The values that shaped the tables, how they were found, and those that the engine asks for, by name.
fn parameters([baskets, views, conversions]: &[Tuned; 3]) -> Vec<(String, f64)> {
    let mut out = baskets.parameters("bought-together.");
    out.extend(views.parameters("viewed-together."));
    out.extend(conversions.parameters("viewed-then-bought."));
    out.extend(PARAMETERS.map(str::to_owned).into_iter().zip(views.best.scoring.values()));
    out
}
