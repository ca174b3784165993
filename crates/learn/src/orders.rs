//! Order lines, read once into baskets, sales and customers.
//!
//! Lines are sorted by order, then orders by time, both on disk where memory does not hold them. Of the ids of orders and
//! customers only a hash of 128 bits is kept.

use std::collections::HashSet;

use crate::catalogue::is_sale;
use crate::error::Error;
use crate::groups::{Groups, Interner, NOBODY, hash};
use crate::log::{self, Field, Row, Source, Tally};
use crate::pairs::Room;
use crate::progress::Progress;
use crate::spill::{Folder, Sorter, Tape, spilled};

/// Bytes that must fit of a sold line: its place in the baskets, and where it occurs.
pub const LINE_BYTES: u64 = 12;
/// Bytes that must fit of an order: its basket's beginning, its time and its customer.
pub const ORDER_BYTES: u64 = 20;
/// Bytes that must fit of a customer: what it did.
pub const CUSTOMER_BYTES: u64 = 32;

spilled! {
    /// One sold line. 32 bytes.
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

/// A shop's sales. Memory: at most [`LINE_BYTES`] a sold line, [`ORDER_BYTES`] an order, [`CUSTOMER_BYTES`] a customer, some 200
/// a product, and as much more as is allowed.
#[derive(Debug)]
pub struct Orders {
    /// Rows read and refused.
    pub lines: Tally,
    /// Lines that are no sale: cancelled, returned, without a price, or of no product.
    pub lines_no_sale: u64,
    /// Product ids by number, ascending bytewise.
    pub items: Vec<Box<str>>,
    /// Distinct products of every order, oldest order first; equal times by the hash of the order id.
    pub baskets: Groups,
    /// Customer number plus one of every basket; 0 = unknown.
    pub buyers: Vec<u32>,
    /// Every sold line, by basket, then in log order.
    pub sales: Sales,
    /// Customers, ascending by the hash of the id; lines without a customer belong to none.
    pub customers: Vec<Customer>,
    /// Where what memory does not hold lies for a while.
    pub room: Room,
    span_s: (i64, i64),
}

/// Every sold line, in memory or on disk, and what their products are called by now.
#[derive(Debug)]
pub struct Sales {
    tape: Tape<Sale>,
    /// Product number by that on the tape.
    numbers: Vec<u32>,
}

impl Sales {
    /// Goes through all lines.
    ///
    /// # Errors
    /// What lies on disk cannot be read.
    pub fn each(&self, visit: &mut dyn FnMut(Sale)) -> Result<(), Error> {
        for sale in self.tape.iter()? {
            let sale = sale?;
            visit(Sale { item: self.numbers[sale.item as usize], ..sale });
        }
        Ok(())
    }
}

impl Orders {
    /// No order at all.
    #[must_use]
    pub fn none() -> Self {
        Self::new(Tally::default(), Vec::new(), 0)
    }

    fn new(lines: Tally, items: Vec<Box<str>>, bytes_max: u64) -> Self {
        let room = Room { folder: Folder::temporary(), bytes_max };
        let numbers = (0..items.len() as u32).collect();
        Self {
            lines,
            lines_no_sale: 0,
            items,
            baskets: Groups::new(),
            buyers: Vec::new(),
            sales: Sales { tape: Tape::new(&room.folder, bytes_max / 4), numbers },
            customers: Vec::new(),
            room,
            span_s: (0, 0),
        }
    }

    /// First and last second of the sales; zeros without any.
    #[must_use]
    pub fn span_s(&self) -> (i64, i64) {
        self.span_s
    }

    /// Gives the products other numbers.
    pub fn renumber(&mut self, number: &dyn Fn(u32) -> u32) {
        self.baskets.renumber(number);
        for item in &mut self.sales.numbers {
            *item = number(*item);
        }
    }

    /// Reads a log. `product` maps an id of the log to the shop's id, or to nothing for postage and the like.
    ///
    /// Holds at most some `bytes_max` and 200 bytes a product; what else sorting needs lies in the system's folder for
    /// temporary files.
    ///
    /// # Errors
    /// The file cannot be read, a column is missing, no row is usable, nothing in it is a sale, or what must fit takes
    /// more than half of `bytes_max`.
    pub fn read(
        source: &Source,
        product: &dyn Fn(&str) -> Option<String>,
        bytes_max: u64,
        progress: &mut dyn Progress,
    ) -> Result<Self, Error> {
        let mut out = Self::new(Tally::default(), Vec::new(), bytes_max);
        let mut reading = Reading {
            lines: Sorter::new(&out.room.folder, bytes_max / 2),
            items: Interner::default(),
            sold: 0,
            no_sale: 0,
        };
        let needed = [Field::Order, Field::Time, Field::Item];
        let lines = log::read(source, &needed, progress, &mut |row| reading.row(row, product))?;
        if reading.sold == 0 {
            return Err(Error::OnlyBadRows {
                path: source.path.clone(),
                rows: lines.rows,
                first: vec!["no row is a sale with pieces and a price above zero of a known product".into()],
            });
        }
        progress.stage("sorting the lines by order", reading.sold, "lines");
        let Reading { lines: sold, items, no_sale, .. } = reading;
        let (ids, numbers) = items.sorted();
        out.sales.numbers = (0..ids.len() as u32).collect();
        (out.items, out.lines_no_sale) = (ids, no_sale);
        let by_order = by_order(sold, &numbers, &out.room, progress)?;
        let bytes = by_order.lines * LINE_BYTES
            + by_order.buyers.len() as u64 * ORDER_BYTES
            + u64::from(by_order.customers) * CUSTOMER_BYTES;
        if bytes > bytes_max / 2 {
            return Err(Error::Memory { path: source.path.clone(), row: lines.rows, bytes_max });
        }
        progress.stage("sorting the orders by time", 0, "");
        out.customers = vec![Customer::default(); by_order.customers as usize];
        let mut order: Vec<Placed> = Vec::new();
        for line in by_order.placed.sorted()? {
            let line = line?;
            if order.last().is_some_and(|last| last.order != line.order) {
                out.add(&order, &by_order.buyers)?;
                order.clear();
            }
            order.push(line);
        }
        out.add(&order, &by_order.buyers)?;
        out.sales.tape.finish()?;
        out.lines = lines;
        Ok(out)
    }

    /// Adds the lines of an order; `buyers` are customer numbers plus one.
    fn add(&mut self, lines: &[Placed], buyers: &[u32]) -> Result<(), Error> {
        let Some(Placed { from_s, order, .. }) = lines.first().copied() else { return Ok(()) };
        let number = self.baskets.len() as u32;
        let mut items: Vec<u32> = Vec::new();
        let mut seen = HashSet::new();
        let mut spent_minor = 0_i64;
        for Placed { sold_s: at_s, item, quantity, price_minor, .. } in lines.iter().copied() {
            self.span_s = match number == 0 && items.is_empty() {
                true => (at_s, at_s),
                false => (self.span_s.0.min(at_s), self.span_s.1.max(at_s)),
            };
            if seen.insert(item) {
                items.push(item);
            }
            let value_minor = i64::from(quantity).saturating_mul(i64::from(price_minor));
            spent_minor = spent_minor.saturating_add(value_minor);
            self.sales.tape.push(Sale { at_s, item, quantity, price_minor, order: number })?;
        }
        self.baskets.push(from_s, items);
        let buyer = buyers[order as usize];
        self.buyers.push(buyer);
        if let Some(customer) = buyer.checked_sub(1) {
            let customer = &mut self.customers[customer as usize];
            customer.orders += 1;
            customer.last_s = customer.last_s.max(from_s);
            customer.spend_minor += spent_minor;
        }
        Ok(())
    }
}

/// Sold lines as they come from the log.
struct Reading {
    lines: Sorter<Line>,
    items: Interner,
    sold: u64,
    no_sale: u64,
}

impl Reading {
    fn row(&mut self, row: &Row<'_>, product: &dyn Fn(&str) -> Option<String>) -> Result<(), log::Refusal> {
        let order = row.needed(Field::Order)?;
        let item = row.needed(Field::Item)?;
        let (quantity, at_s) = (row.quantity()?, row.time_s()?);
        let priced = row.has(Field::Price);
        let price_minor = if priced { row.price_minor()? } else { 1 };
        let Some(item) = product(item).filter(|_| is_sale(quantity, price_minor)) else {
            self.no_sale += 1;
            return Ok(());
        };
        let line = Line {
            order: hash(order),
            row: self.sold,
            customer: hash(row.text(Field::Customer)),
            at_s,
            item: self.items.number(&item),
            quantity: u32::try_from(quantity).unwrap_or(u32::MAX),
            price_minor: if priced { u32::try_from(price_minor).unwrap_or(u32::MAX) } else { 0 },
        };
        self.sold += 1;
        self.lines.push(line).map_err(log::Refusal::Stop)
    }
}

/// Lines, their orders numbered by hash, to be sorted by the orders' times.
struct ByOrder {
    placed: Sorter<Placed>,
    lines: u64,
    /// Customer number plus one of each order, 0 = unknown.
    buyers: Vec<u32>,
    customers: u32,
}

/// Goes through the lines order by order, and numbers the customers. `numbers` are those of the products.
fn by_order(
    lines: Sorter<Line>,
    numbers: &[u32],
    room: &Room,
    progress: &mut dyn Progress,
) -> Result<ByOrder, Error> {
    let mut placed = Sorter::new(&room.folder, room.bytes_max / 4);
    let mut buyers = Sorter::new(&room.folder, room.bytes_max / 8);
    let (mut orders, mut count) = (0_u32, 0);
    let mut finish = |order: &[Line]| -> Result<(), Error> {
        let Some(from_s) = order.iter().map(|line| line.at_s).min() else { return Ok(()) };
        progress.advance(order.len() as u64);
        count += order.len() as u64;
        if let Some(line) = order.iter().find(|line| line.customer != NOBODY) {
            buyers.push(Buyer { customer: line.customer, order: orders })?;
        }
        for (place, line) in (0..).zip(order) {
            let Line { at_s: sold_s, quantity, price_minor, .. } = *line;
            let item = numbers[line.item as usize];
            placed.push(Placed { from_s, order: orders, place, sold_s, item, quantity, price_minor })?;
        }
        orders = orders.checked_add(1).expect("fewer than 2^32 orders");
        Ok(())
    };
    let mut order: Vec<Line> = Vec::new();
    for line in lines.sorted()? {
        let line = line?;
        if order.last().is_some_and(|last| last.order != line.order) {
            finish(&order)?;
            order.clear();
        }
        order.push(line);
    }
    finish(&order)?;
    let mut out = ByOrder { placed, lines: count, buyers: vec![0; orders as usize], customers: 0 };
    let mut last = NOBODY;
    for buyer in buyers.sorted()? {
        let Buyer { customer, order } = buyer?;
        out.customers += u32::from(std::mem::replace(&mut last, customer) != customer);
        out.buyers[order as usize] = out.customers;
    }
    Ok(out)
}

spilled! {
    /// A sold line of the log.
    struct Line {
        order: u128,
        row: u64,
        customer: u128,
        at_s: i64,
        item: u32,
        quantity: u32,
        price_minor: u32,
    }
}

spilled! {
    /// A sold line, by the time of its order.
    struct Placed {
        /// First second of the order.
        from_s: i64,
        order: u32,
        place: u32,
        sold_s: i64,
        item: u32,
        quantity: u32,
        price_minor: u32,
    }
}

spilled! {
    /// Whose order it is.
    struct Buyer {
        customer: u128,
        order: u32,
    }
}
