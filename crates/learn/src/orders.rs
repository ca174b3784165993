//! Order lines, read once into baskets, sales and customers.

use std::collections::HashMap;

use crate::catalogue::is_sale;
use crate::error::Error;
use crate::groups::{Groups, Interner};
use crate::log::{self, Field, Refusal, Source, Tally};
use crate::progress::Progress;

/// Most bytes a sold line takes at any time: the sale (a growing list may be held twice), its place in the baskets,
/// and where it occurs.
pub const LINE_BYTES: u64 = 80;
/// Most bytes an order, customer or product takes: its id in a list and in a map, and its record.
pub const ID_BYTES: u64 = 200;

/// One sold line. 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sale {
    /// When, Unix seconds.
    pub at_s: i64,
    /// Product number.
    pub item: u32,
    /// Pieces, saturating.
    pub quantity: u32,
    /// Price of a piece, minor units, saturating.
    pub price_minor: u32,
    /// Order number.
    pub order: u32,
}

/// What one customer did. 24 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Customer {
    /// Distinct orders.
    pub orders: u32,
    /// Money spent, minor units.
    pub spend_minor: i64,
    /// Last order, Unix seconds.
    pub last_s: i64,
}

/// A shop's sales. Memory: at most [`LINE_BYTES`] a sold line and [`ID_BYTES`] an order, customer or product.
#[derive(Debug, Default)]
pub struct Orders {
    /// Rows read and refused.
    pub lines: Tally,
    /// Lines that are no sale: cancelled, returned, without a price, or of no product.
    pub lines_no_sale: u64,
    /// Product ids by number, ascending bytewise.
    pub items: Vec<Box<str>>,
    /// Distinct products of every order, oldest order first; equal times by order id.
    pub baskets: Groups,
    /// Customer number plus one of every basket; 0 = unknown.
    pub buyers: Vec<u32>,
    /// Every sold line, by basket, then in log order.
    pub sales: Vec<Sale>,
    /// Customers, ascending by id; lines without a customer belong to none.
    pub customers: Vec<Customer>,
}

impl Orders {
    /// No order at all.
    #[must_use]
    pub fn none() -> Self {
        Self { baskets: Groups::new(), ..Self::default() }
    }

    /// First and last second of the sales; zeros without any.
    #[must_use]
    pub fn span_s(&self) -> (i64, i64) {
        let times = || self.sales.iter().map(|sale| sale.at_s);
        (times().min().unwrap_or(0), times().max().unwrap_or(0))
    }

    /// Gives the products other numbers.
    pub fn renumber(&mut self, number: &dyn Fn(u32) -> u32) {
        self.baskets.renumber(number);
        for sale in &mut self.sales {
            sale.item = number(sale.item);
        }
    }

    /// Reads a log. `product` maps an id of the log to the shop's id, or to nothing for postage and the like.
    ///
    /// # Errors
    /// The file cannot be read, a column is missing, no row is usable, nothing in it is a sale, or it takes more than
    /// `bytes_max`.
    pub fn read(
        source: &Source,
        product: &dyn Fn(&str) -> Option<String>,
        bytes_max: u64,
        progress: &mut dyn Progress,
    ) -> Result<Self, Error> {
        let mut reading = Reading::default();
        let needed = [Field::Order, Field::Time, Field::Item];
        let lines = log::read(source, &needed, progress, &mut |row| {
            let order = row.needed(Field::Order)?;
            let item = row.needed(Field::Item)?;
            let (quantity, at_s) = (row.quantity()?, row.time_s()?);
            let price_minor = if row.has(Field::Price) { row.price_minor()? } else { 1 };
            match product(item).filter(|_| is_sale(quantity, price_minor)) {
                None => reading.no_sale += 1,
                Some(item) => {
                    let priced = if row.has(Field::Price) { price_minor } else { 0 };
                    reading.sold(order, row.text(Field::Customer), &item, at_s, quantity, priced);
                    if reading.bytes() > bytes_max {
                        let row = reading.sales.len() as u64 + reading.no_sale;
                        return Err(Refusal::Stop(Error::Memory {
                            path: source.path.clone(),
                            row,
                            bytes_max,
                        }));
                    }
                }
            }
            Ok(())
        })?;
        if reading.sales.is_empty() {
            return Err(Error::OnlyBadRows {
                path: source.path.clone(),
                rows: lines.rows,
                first: vec!["no row is a sale with pieces and a price above zero of a known product".into()],
            });
        }
        Ok(reading.finish(lines))
    }
}

#[derive(Default)]
struct Reading {
    orders: Interner,
    items: Interner,
    customers: Interner,
    sales: Vec<Sale>,
    /// By order number: first second and customer number plus one.
    heads: Vec<(i64, u32)>,
    no_sale: u64,
}

impl Reading {
    fn sold(&mut self, order: &str, customer: &str, item: &str, at_s: i64, quantity: i64, price_minor: i64) {
        let order = self.orders.number(order);
        let customer = if customer.is_empty() { 0 } else { self.customers.number(customer) + 1 };
        match self.heads.get_mut(order as usize) {
            None => self.heads.push((at_s, customer)),
            Some(head) => *head = (head.0.min(at_s), if head.1 == 0 { customer } else { head.1 }),
        }
        self.sales.push(Sale {
            at_s,
            item: self.items.number(item),
            quantity: u32::try_from(quantity).unwrap_or(u32::MAX),
            price_minor: u32::try_from(price_minor).unwrap_or(u32::MAX),
            order,
        });
    }

    /// An upper bound of the memory that this log needs until the tables are counted.
    fn bytes(&self) -> u64 {
        let ids = self.orders.ids.len() + self.customers.ids.len() + self.items.ids.len();
        self.sales.len() as u64 * LINE_BYTES + ids as u64 * ID_BYTES
    }

    fn finish(mut self, lines: Tally) -> Orders {
        let (items, renumbered) = self.items.sorted();
        let mut by_time: Vec<u32> = (0..self.heads.len() as u32).collect();
        by_time
            .sort_unstable_by_key(|order| (self.heads[*order as usize].0, &self.orders.ids[*order as usize]));
        let mut rank = vec![0; by_time.len()];
        for (new, old) in by_time.iter().enumerate() {
            rank[*old as usize] = new as u32;
        }
        for sale in &mut self.sales {
            sale.item = renumbered[sale.item as usize];
            sale.order = rank[sale.order as usize];
        }
        self.sales.sort_by_key(|sale| sale.order);
        let mut baskets = Groups::new();
        let mut buyers = Vec::with_capacity(by_time.len());
        let by_customer_id = self.customers.sorted().1;
        let mut customers = vec![Customer::default(); self.customers.ids.len()];
        let mut seen: HashMap<u32, u32> = HashMap::new();
        for lines in self.sales.chunk_by(|left, right| left.order == right.order) {
            let order = lines[0].order;
            let (at_s, customer) = self.heads[by_time[order as usize] as usize];
            let first = |sale: &&Sale| seen.insert(sale.item, order) != Some(order);
            baskets.push(at_s, lines.iter().filter(first).map(|sale| sale.item).collect::<Vec<_>>());
            let customer = customer.checked_sub(1).map_or(0, |at| by_customer_id[at as usize] + 1);
            buyers.push(customer);
            if let Some(customer) = customer.checked_sub(1) {
                let customer = &mut customers[customer as usize];
                customer.orders += 1;
                customer.last_s = customer.last_s.max(at_s);
                customer.spend_minor += lines
                    .iter()
                    .map(|sale| i64::from(sale.quantity).saturating_mul(i64::from(sale.price_minor)))
                    .fold(0, i64::saturating_add);
            }
        }
        Orders { lines, lines_no_sale: self.no_sale, items, baskets, buyers, sales: self.sales, customers }
    }
}
