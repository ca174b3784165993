//! Writes what was learnt as a knowledge file ([`shelfwise_pack::knowledge`]).

use shelfwise_pack::kinds::NeighbourKind;
use shelfwise_pack::knowledge::{
    KnowledgeBuilder, KnowledgeMeta, KnownBundle, KnownCutPoints, KnownInterval, KnownItem, KnownNeighbour,
    KnownNeighbourRow, KnownSales, Parameter,
};
use shelfwise_pack::record::Range;

use crate::bundles::Bundle;
use crate::goods::Goods;
use crate::intervals::Interval;
use crate::neighbours::Table;
use crate::orders::Orders;
use crate::sales::{Cut, Sold, Total};

/// Everything that was learnt, by product number.
#[derive(Debug)]
pub struct Learnt {
    /// What each product sold.
    pub totals: Vec<Total>,
    /// What each product sold when.
    pub sales: Vec<Sold>,
    /// Cut points.
    pub cuts: Vec<Cut>,
    /// Neighbour tables, in code order of their kinds.
    pub tables: Vec<(NeighbourKind, Table)>,
    /// After how long products are bought again, by product number.
    pub intervals: Vec<Interval>,
    /// Bundles, those in the most orders first.
    pub bundles: Vec<Bundle>,
    /// Named numbers.
    pub parameters: Vec<(String, f64)>,
}

fn narrow(value: usize) -> u32 {
    u32::try_from(value).expect("fewer than 2^32 records")
}

fn range(start: usize, end: usize) -> Range {
    Range { start: narrow(start), len: narrow(end - start) }
}

/// The bytes of the file. `order` holds product numbers by dense id.
#[must_use]
pub fn encode(orders: &Orders, goods: &Goods, learnt: &Learnt, order: &[u32]) -> Vec<u8> {
    let mut out = KnowledgeBuilder::default();
    let (from_s, until_s) = orders.span_s();
    out.meta.push(KnowledgeMeta {
        lines_read: orders.lines.rows,
        lines_rejected: orders.lines.rejected,
        orders: orders.baskets.len() as u64,
        customers: orders.customers.len() as u64,
        from_s,
        until_s,
    });
    let mut dense = vec![0; order.len()];
    for (id, number) in order.iter().enumerate() {
        dense[*number as usize] = narrow(id);
    }
    for number in order {
        let item = &orders.items[*number as usize];
        let total = &learnt.totals[*number as usize];
        let record = KnownItem {
            item: out.strings.add(item),
            category: out.strings.add(goods.get(item).map_or("", |good| &good.category)),
            orders: total.orders,
            quantity: total.quantity,
            first_s: total.first_s,
            last_s: total.last_s,
            popularity_rank: total.rank,
        };
        out.items.push(record);
    }
    for (kind, table) in &learnt.tables {
        for (id, number) in order.iter().enumerate() {
            let row = &table.rows[*number as usize];
            let start = out.neighbours.len();
            out.neighbours.extend(row.iter().map(|neighbour| KnownNeighbour {
                item: dense[neighbour.item as usize],
                score: neighbour.score,
            }));
            if !row.is_empty() {
                out.neighbour_rows.push(KnownNeighbourRow {
                    kind: kind.code(),
                    item: narrow(id),
                    neighbours: range(start, out.neighbours.len()),
                });
            }
        }
    }
    for sold in &learnt.sales {
        let Sold { item, period, orders, quantity, revenue_minor } = *sold;
        out.sales.push(KnownSales { item: dense[item as usize], period, orders, quantity, revenue_minor });
    }
    out.sales.sort_unstable_by_key(|sales| (sales.item, sales.period));
    for cut in &learnt.cuts {
        let [p20, p40, p60, p80] = cut.points;
        let category = out.strings.add(&cut.category);
        out.cut_points.push(KnownCutPoints { kind: cut.kind.code(), category, p20, p40, p60, p80 });
    }
    for interval in &learnt.intervals {
        let Interval { item, days, customers } = *interval;
        out.intervals.push(KnownInterval { item: dense[item as usize], days, customers });
    }
    out.intervals.sort_unstable_by_key(|interval| interval.item);
    for bundle in &learnt.bundles {
        let start = out.bundle_items.len();
        out.bundle_items.extend(bundle.items.iter().map(|number| dense[*number as usize]));
        out.bundle_items[start..].sort_unstable();
        let items = range(start, out.bundle_items.len());
        out.bundles.push(KnownBundle { items, orders: bundle.orders, lift_permille: bundle.lift_permille });
    }
    let mut parameters: Vec<&(String, f64)> = learnt.parameters.iter().collect();
    parameters.sort_by(|left, right| left.0.cmp(&right.0));
    for (name, value) in parameters {
        let name = out.strings.add(name);
        out.parameters.push(Parameter { name, value: value.to_bits() });
    }
    out.finish()
}
