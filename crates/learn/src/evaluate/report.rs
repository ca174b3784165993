//! What was measured, as a table and as JSON.

use std::fmt::{self, Write};

use super::tally::{CUTS, Measured};
use crate::tune::Tuned;

/// Name of what shoppers see without any personalisation.
pub(super) const NOBODY: &str = "no personalisation (newest)";

/// What was foreseen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One product of an order, hidden.
    Orders,
    /// The next view of a session.
    Sessions,
}

impl Kind {
    /// Strategies that such a log cannot judge, and why.
    pub fn unjudged(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let here = UNJUDGED.into_iter().filter(move |(.., only)| only.is_none_or(|only| only != self));
        here.map(|(name, why, _)| (name, why))
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Sessions => "sessions",
        }
    }
}

/// Strategies that a log cannot judge, and why; with the kind of log that does judge them, if there is one.
const UNJUDGED: [(&str, &str, Option<Kind>); 12] = [
    ("affinity", "goes by interests that the engine derives from memory", None),
    ("free-shipping", "is for the order's value, not for the next product", None),
    ("low-stock", "logs do not say what was in stock when", None),
    ("manual", "the shop's own choice", None),
    ("recently-carted", "views and orders do not say what was put into carts", None),
    ("similar", "alike products are found by the build; they speak for those that no log knows", None),
    ("top-discount", "logs hold no former prices", None),
    ("wishlist-deals", "logs hold no wishes and no former prices", None),
    ("bundle, cart, cross-sell, post-purchase, replenish", "need order lines: --orders", Some(Kind::Orders)),
    ("for-you, recently-viewed, viewed-together", "need clicks: --sessions", Some(Kind::Sessions)),
    ("upsell", "needs clicks, and a catalogue with prices", Some(Kind::Sessions)),
    ("viewed-then-bought", "needs clicks that say what was bought", Some(Kind::Sessions)),
];

/// What was measured.
#[derive(Clone, Debug)]
pub struct Report {
    /// What was foreseen.
    pub kind: Kind,
    /// Orders or sessions learnt from.
    pub learnt: usize,
    /// Orders or sessions measured on.
    pub measured: usize,
    /// By strategy; the first is popularity, the second the one the tables are tuned for.
    pub rows: Vec<Measured>,
    /// The parameters, and how they were found.
    pub tuned: Tuned,
}

impl Report {
    /// Names of strategies that find less than popularity in their first 20; to show what is newest is none.
    pub fn worse_than_popularity(&self) -> impl Iterator<Item = &'static str> {
        let bar = self.rows.first().map_or(0.0, |row| row.at[2].hit_rate);
        let worse = move |row: &&Measured| row.at[2].hit_rate < bar && row.name != NOBODY && !row.apart;
        self.rows.iter().filter(worse).map(|row| row.name)
    }

    /// The report as one JSON object.
    #[must_use]
    pub fn json(&self) -> String {
        let mut out = format!(
            "{{\"kind\":\"{}\",\"learnt\":{},\"measured\":{},\"strategies\":[",
            self.kind.name(),
            self.learnt,
            self.measured
        );
        for (at, row) in self.rows.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            let _ = write!(out, "{comma}{{\"name\":\"{}\",\"cases\":{}", row.name, row.cases);
            for (means, cut) in row.at.iter().zip(CUTS) {
                let _ = write!(
                    out,
                    ",\"hr_{cut}\":{:.5},\"mrr_{cut}\":{:.5},\"ndcg_{cut}\":{:.5}",
                    means.hit_rate, means.reciprocal_rank, means.gain
                );
            }
            let _ = write!(
                out,
                ",\"coverage\":{:.5},\"novelty_bits\":{:.4},\"diversity\":{:.5},\"price_spread\":{:.5},\"bytes_per_item\":{:.2}}}",
                row.coverage, row.novelty_bits, row.diversity, row.price_spread, row.bytes_per_item
            );
        }
        out.push_str("],\"parameters\":{");
        for (at, (name, value)) in self.tuned.parameters("").iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            let _ = write!(out, "{comma}\"{name}\":{value}");
        }
        out.push_str("},\"worse_than_popularity\":[");
        let worse: Vec<String> = self.worse_than_popularity().map(|name| format!("\"{name}\"")).collect();
        let _ = write!(out, "{}],\"not_judged\":{{", worse.join(","));
        let unjudged: Vec<String> =
            self.kind.unjudged().map(|(name, why)| format!("\"{name}\":\"{why}\"")).collect();
        let _ = write!(out, "{}}}}}", unjudged.join(","));
        out
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{}: learnt from {}, measured on {}", self.kind.name(), self.learnt, self.measured)?;
        write!(out, "{:28} {:>7}", "", "cases")?;
        for cut in CUTS {
            write!(
                out,
                "  {:>6} {:>6} {:>6}",
                format!("HR@{cut}"),
                format!("MRR@{cut}"),
                format!("nDCG@{cut}")
            )?;
        }
        writeln!(out, "  coverage novelty diversity price spread  B/product")?;
        for row in &self.rows {
            write!(out, "{:28} {:7}", row.name, row.cases)?;
            for means in row.at {
                write!(out, "  {:.4} {:.4} {:.4}", means.hit_rate, means.reciprocal_rank, means.gain)?;
            }
            write!(out, "  {:8.3} {:7.2} {:9.3}", row.coverage, row.novelty_bits, row.diversity)?;
            writeln!(out, " {:12.3} {:10.1}", row.price_spread, row.bytes_per_item)?;
        }
        write!(out, "{}", self.tuned)?;
        let apart: Vec<&str> = self.rows.iter().filter(|row| row.apart).map(|row| row.name).collect();
        if !apart.is_empty() {
            write!(out, "\non cases of their own: {}", apart.join(", "))?;
        }
        for (name, why) in self.kind.unjudged() {
            write!(out, "\nnot judged: {name}: {why}")?;
        }
        for name in self.worse_than_popularity() {
            write!(out, "\nwarning: {name} finds less than popularity")?;
        }
        Ok(())
    }
}
