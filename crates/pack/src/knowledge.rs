//! The knowledge file: what `learn` found in a shop's past orders, and `build` puts into the pack.
//!
//! It stays with the merchant, so its limits are wider than those of published files.

use crate::check::{Spot, each, only, sorted};
pub use crate::core::Parameter;
use crate::error::{Error, ErrorCode};
use crate::file::file;
use crate::kinds::{CutKind, ListKind, NeighbourKind};
use crate::limits;
use crate::record::{Range, Str, record};

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
        kind: u8,
        /// Dense id.
        item: u32,
        /// Run of `neighbours`, best first.
        neighbours: Range,
    }
}

record! {
    /// A neighbour.
    KnownNeighbour {
        /// Dense id.
        item: u32,
        /// Strength 1..=15, comparable inside one table.
        score: u8,
    }
}

record! {
    /// A ranked list of products.
    KnownList {
        /// [`ListKind`].
        kind: u8,
        /// Category it is limited to, or empty.
        category: Str,
        /// Window in days; 0 = all time.
        window_days: u16,
        /// Run of `list_items`, best first.
        items: Range,
    }
}

record! {
    /// Four ascending values that cut a population into fifths.
    KnownCutPoints {
        /// [`CutKind`].
        kind: u8,
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
        item: u32,
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
        items: Range,
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
        /// Lists.
        lists: KnownList = 5,
        /// Dense ids of lists.
        list_items: u32 = 6,
        /// Cut points.
        cut_points: KnownCutPoints = 7,
        /// Parameters, sorted by name.
        parameters: Parameter = 8,
        /// After how long products are bought again, sorted by item.
        intervals: KnownInterval = 9,
        /// Bundles, those in the most orders first.
        bundles: KnownBundle = 10,
        /// Dense ids of bundles.
        bundle_items: u32 = 11,
    }
}

impl<'a> Knowledge<'a> {
    /// Opens and validates a knowledge file. Cost: two passes over the bytes; allocates nothing.
    ///
    /// # Errors
    /// The first thing that does not hold, with the offset of the record it was found in.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Error> {
        let file = Self::open_sections(bytes)?;
        only(&file.meta)?;
        each(file.strings, &file.items, |spot, item| spot.texts(&[item.item, item.category]))?;
        each(file.strings, &file.neighbour_rows, |spot, row| {
            spot.kind(NeighbourKind::from_code(row.kind));
            file.check_item(spot, row.item);
            spot.run(row.neighbours, file.neighbours.len(), limits::NEIGHBOURS_MAX);
        })?;
        sorted(&file.neighbour_rows, |before, after| (before.kind, before.item) < (after.kind, after.item))?;
        each(file.strings, &file.neighbours, |spot, neighbour| {
            file.check_item(spot, neighbour.item);
            spot.require((1..=limits::SCORE_MAX).contains(&neighbour.score), ErrorCode::Value);
        })?;
        each(file.strings, &file.lists, |spot, list| {
            spot.kind(ListKind::from_code(list.kind));
            spot.texts(&[list.category]);
            spot.run(list.items, file.list_items.len(), limits::ITEMS_MAX);
        })?;
        each(file.strings, &file.list_items, |spot, item| file.check_item(spot, item))?;
        each(file.strings, &file.cut_points, |spot, cut| {
            spot.kind(CutKind::from_code(cut.kind));
            spot.texts(&[cut.category]);
            spot.require(cut.p20 <= cut.p40 && cut.p40 <= cut.p60 && cut.p60 <= cut.p80, ErrorCode::Order);
        })?;
        each(file.strings, &file.intervals, |spot, interval| {
            file.check_item(spot, interval.item);
            spot.require(interval.days > 0, ErrorCode::Value);
        })?;
        sorted(&file.intervals, |before, after| before.item < after.item)?;
        each(file.strings, &file.bundles, |spot, bundle| {
            spot.run(bundle.items, file.bundle_items.len(), limits::BUNDLE_ITEMS_MAX);
            spot.require(bundle.items.len > 1, ErrorCode::Value);
        })?;
        sorted(&file.bundles, |before, after| before.orders >= after.orders)?;
        each(file.strings, &file.bundle_items, |spot, item| file.check_item(spot, item))?;
        each(file.strings, &file.parameters, |spot, parameter| spot.texts(&[parameter.name]))?;
        sorted(&file.parameters, |before, after| file.text(before.name) < file.text(after.name))?;
        Ok(file)
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

    fn check_item(&self, spot: &Spot<'_>, item: u32) {
        spot.require((item as usize) < self.items.len(), ErrorCode::Reference);
    }
}
