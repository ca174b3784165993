//! Writes a click log of any size: sessions of shoppers who stay near a few products of one taste, products as popular as
//! a power law says, over 90 days; and orders of the same products, as many lines. The same numbers give the same bytes.
//!
//! `cargo run --release -p shelfwise-learn --example synthetic_log -- EVENTS PRODUCTS LOG.csv [CATALOGUE.csv [ORDERS.csv]]`

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};

/// Products of one taste, that sessions stay among.
const TASTE: u64 = 64;
/// Seconds that the log covers.
const LASTS_S: u64 = 90 * 86_400;
const FROM_S: u64 = 1_780_000_000;
/// One view in so many jumps to another taste.
const JUMP: u64 = 8;
/// Order lines of a customer, on average.
const CUSTOMER_LINES: u64 = 12;

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, most: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(most)) >> 64) as u64
    }

    /// A rank below `most`; the cube of a uniform number, so that a tenth of the ranks gets nearly half of the draws.
    fn rank(&mut self, most: u64) -> u64 {
        let part = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        (part * part * part * most as f64) as u64
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [events, products, log, catalogue @ ..] = arguments.as_slice() else {
        return Err("give EVENTS PRODUCTS LOG.csv [CATALOGUE.csv [ORDERS.csv]]".into());
    };
    let (events, products): (u64, u64) = (events.parse()?, products.parse()?);
    write_log(events, products, File::create(log)?)?;
    if let Some(path) = catalogue.first() {
        write_catalogue(products, File::create(path)?)?;
    }
    match catalogue.get(1) {
        Some(path) => write_orders(events, products, File::create(path)?),
        None => Ok(()),
    }
}

fn write_log(events: u64, products: u64, file: File) -> Result<(), Box<dyn Error>> {
    let mut out = BufWriter::with_capacity(1 << 20, file);
    writeln!(out, "session_id,ts,item_id")?;
    walk(events, products, &mut |session, at_s, item| Ok(writeln!(out, "{session:x},{at_s},P{item:07}")?))?;
    Ok(out.flush()?)
}

/// Every walk an order, some of them of one customer.
fn write_orders(lines: u64, products: u64, file: File) -> Result<(), Box<dyn Error>> {
    let mut out = BufWriter::with_capacity(1 << 20, file);
    writeln!(out, "order_id,customer_id,ts,item_id,qty,price")?;
    let (mut chance, customers) = (Chance(3), (lines / CUSTOMER_LINES).max(1));
    walk(lines, products, &mut |order, at_s, item| {
        let customer = Chance(order).below(customers);
        let (quantity, price) = (1 + chance.rank(6), 199 + item * 7_919 % 20_000);
        Ok(writeln!(
            out,
            "{order:x},K{customer},{at_s},P{item:07},{quantity},{}.{:02}",
            price / 100,
            price % 100
        )?)
    })?;
    Ok(out.flush()?)
}

/// What happens to an event: the number of its session, its time, its product.
type Visit<'a> = &'a mut dyn FnMut(u64, u64, u64) -> Result<(), Box<dyn Error>>;

/// Goes through sessions of shoppers.
fn walk(events: u64, products: u64, visit: Visit<'_>) -> Result<(), Box<dyn Error>> {
    let mut chance = Chance(1);
    let tastes = products.div_ceil(TASTE).max(1);
    let (mut written, mut session) = (0, 0);
    while written < events {
        let length = 2 + chance.rank(12).min(events - written);
        // Sessions come in the order of time, as a log's do, their events one after the other.
        let mut at_s = FROM_S + LASTS_S * written / events;
        let mut taste = chance.rank(tastes);
        for _ in 0..length.min(events - written) {
            if chance.below(JUMP) == 0 {
                taste = chance.rank(tastes);
            }
            let item = (taste + chance.rank(TASTE) * tastes) % products;
            visit(session, at_s, item)?;
            at_s += 1 + chance.below(90);
            written += 1;
        }
        session += 1;
    }
    Ok(())
}

fn write_catalogue(products: u64, file: File) -> Result<(), Box<dyn Error>> {
    const KINDS: [&str; 8] = ["Lamp", "Chair", "Mug", "Scarf", "Kettle", "Rug", "Clock", "Basket"];
    const LOOKS: [&str; 8] = ["Oak", "Linen", "Copper", "Blue", "Striped", "Small", "Garden", "Vintage"];
    let mut out = BufWriter::with_capacity(1 << 20, file);
    writeln!(out, "id,title,url,image,brand,category,price,compare_at,created,in_stock,tags")?;
    let tastes = products.div_ceil(TASTE).max(1);
    let mut chance = Chance(2);
    for item in 0..products {
        let taste = item % tastes;
        let (kind, look) = (KINDS[(taste % 8) as usize], LOOKS[chance.below(8) as usize]);
        let (brand, price) = (taste % 500, 199 + chance.below(20_000));
        writeln!(
            out,
            "P{item:07},{look} {kind} No. {item},/p/P{item:07}/,/img/P{item:07}.jpg,Brand {brand},{kind}s {},{}.{:02},,2026-0{}-1{},true,{look}",
            taste % 40,
            price / 100,
            price % 100,
            1 + item % 9,
            item % 10,
        )?;
    }
    Ok(out.flush()?)
}
