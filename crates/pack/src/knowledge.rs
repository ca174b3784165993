//! The knowledge file: what `learn` found in a shop's past orders, and `build` puts into the pack.
//!
//! It stays with the merchant, so its limits are wider than those of published files.

use crate::check::{each, only, sorted};
pub use crate::core::Parameter;
use crate::error::{Error, ErrorCode};
use crate::file::file;
use crate::kinds::{CutKind, NeighbourKind};
use crate::limits;
use crate::record::{Range, Str, record};
use crate::rules::{above, code, index, run};

/// Ends of the periods that sales are counted by, days before the last order; period 0 is the newest, and one more holds
/// all that is older. A window that ends at one of these can be summed exactly.
pub const PERIODS_DAYS: [u16; 23] =
    [1, 2, 3, 4, 5, 6, 7, 10, 14, 20, 21, 28, 30, 42, 45, 56, 60, 90, 120, 180, 360, 365, 730];

record! {
    /// What the knowledge was learnt from; exactly one.
    KnowledgeMeta {
        /// Lines of the input, rejected ones included.
        lines_read: u64,
        /// Lines that were counted as bad and left out.
        lines_rejected: u64,
        /// Distinct orders.
        orders: u64,
        /// Distinct customers.
        customers: u64,
        /// First order, Unix seconds.
        from_s: i64,
        /// Last order, Unix seconds.
        until_s: i64,
    }
}

record! {
    /// A product that was ordered. Its index is its dense id: products that meet lie together.
    KnownItem {
        /// Product id, as the shop's orders say it.
        item: Str,
        /// Category, or empty.
        category: Str,
        /// Orders it is in.
        orders: u32,
        /// Units sold.
        quantity: u32,
        /// First order, Unix seconds.
        first_s: i64,
        /// Last order, Unix seconds.
        last_s: i64,
        /// Rank by sales, 0 = most sold.
        popularity_rank: u32,
    }
}

record! {
    /// The neighbours of one product in one table.
    KnownNeighbourRow {
        /// [`NeighbourKind`].
        kind: u8 => &[code(NeighbourKind::CODES)],
        /// Dense id.
        item: u32 => &[index(section::items)],
        /// Run of `neighbours`, best first.
        neighbours: Range => &[run(section::neighbours, limits::NEIGHBOURS_MAX)],
    }
}

record! {
    /// A neighbour.
    KnownNeighbour {
        /// Dense id.
        item: u32 => &[index(section::items)],
        /// Strength 1..=15, comparable inside one table.
        score: u8,
    }
}

record! {
    /// What one product sold in one period; periods without a sale are left out.
    KnownSales {
        /// Dense id.
        item: u32 => &[index(section::items)],
        /// Which of [`PERIODS_DAYS`], or their number for all that is older.
        period: u8,
        /// Orders it is in.
        orders: u32,
        /// Pieces.
        quantity: u32,
        /// Money, minor units.
        revenue_minor: u64,
    }
}

record! {
    /// Four ascending values that cut a population into fifths.
    KnownCutPoints {
        /// [`CutKind`].
        kind: u8 => &[code(CutKind::CODES)],
        /// Category for prices, else empty.
        category: Str,
        /// 20th percentile.
        p20: i64,
        /// 40th percentile.
        p40: i64,
        /// 60th percentile.
        p60: i64,
        /// 80th percentile.
        p80: i64,
    }
}

record! {
    /// How long a product lasts those who buy it again; only of products that enough customers bought again.
    KnownInterval {
        /// Dense id.
        item: u32 => &[index(section::items), above(4)],
        /// Median days between two orders of it by one customer, 1 or more.
        days: u16,
        /// Customers who bought it again.
        customers: u32,
    }
}

record! {
    /// Products that are bought in one order more often than chance would have it.
    KnownBundle {
        /// Run of `bundle_items`: two products or more, ascending by dense id.
        items: Range => &[run(section::bundle_items, limits::BUNDLE_ITEMS_MAX)],
        /// Orders that hold all of them.
        orders: u32,
        /// Lift in thousandths: how many times more often than if each were bought regardless of the others.
        lift_permille: u32,
    }
}

file! {
    /// Knowledge file.
    Knowledge = Knowledge, builder KnowledgeBuilder {
        /// Exactly one record.
        meta: KnowledgeMeta = 1,
        /// Products, by dense id.
        items: KnownItem = 2,
        /// Neighbour rows, sorted by (kind, item).
        neighbour_rows: KnownNeighbourRow = 3,
        /// Neighbours.
        neighbours: KnownNeighbour = 4,
        /// Sales by period, sorted by (item, period).
        sales: KnownSales = 5,
        /// Cut points.
        cut_points: KnownCutPoints = 6,
        /// Parameters, sorted by name.
        parameters: Parameter = 7,
        /// After how long products are bought again, sorted by item.
        intervals: KnownInterval = 8,
        /// Bundles, those in the most orders first.
        bundles: KnownBundle = 9,
        /// Dense ids of bundles.
        bundle_items: u32 = 10 => &[index(section::items)],
    }
}

impl Knowledge<'_> {
    fn check(&self) -> Result<(), Error> {
        only(&self.meta)?;
        sorted(&self.neighbour_rows, |before, after| (before.kind, before.item) < (after.kind, after.item))?;
        each(&self.neighbours, ErrorCode::Value, |neighbour| {
            (1..=limits::SCORE_MAX).contains(&neighbour.score)
        })?;
        sorted(&self.sales, |before, after| (before.item, before.period) < (after.item, after.period))?;
        each(&self.sales, ErrorCode::Value, |sales| usize::from(sales.period) <= PERIODS_DAYS.len())?;
        each(&self.cut_points, ErrorCode::Order, |cut| {
            cut.p20 <= cut.p40 && cut.p40 <= cut.p60 && cut.p60 <= cut.p80
        })?;
        each(&self.intervals, ErrorCode::Value, |interval| interval.days > 0)?;
        each(&self.bundles, ErrorCode::Value, |bundle| bundle.items.len > 1)?;
        sorted(&self.bundles, |before, after| before.orders >= after.orders)
    }

    /// After how long a product is bought again, if enough customers did. Cost: a binary search.
    #[must_use]
    pub fn interval(&self, item: u32) -> Option<KnownInterval> {
        self.intervals.search(|interval| interval.item.cmp(&item))
    }

    /// The value of a parameter, if it was learnt. Cost: a binary search.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<f64> {
        self.parameters
            .search(|parameter| self.text(parameter.name).cmp(name))
            .map(|parameter| f64::from_bits(parameter.value))
    }
}
