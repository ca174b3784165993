//! What was measured, as a table and as JSON.

use std::fmt::{self, Write};

use super::tally::{CUTS, Means, Measured};
use crate::blend::Blend;
use crate::tune::{Trial, Tuned};

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
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Sessions => "sessions",
        }
    }
}

/// Strategies that a report lists as not judged.
struct Unjudged {
    strategies: &'static str,
    /// The row that judges them, where there is one.
    row: Option<&'static str>,
    /// Why a log of orders does not judge them, and why one of clicks does not; empty where it does.
    why: [&'static str; 2],
}

/// What no log can judge.
const fn never(strategies: &'static str, why: &'static str) -> Unjudged {
    Unjudged { strategies, row: None, why: [why, why] }
}

/// What a row judges, if the input gives one.
const fn unless(row: &'static str, strategies: &'static str, why: [&'static str; 2]) -> Unjudged {
    Unjudged { strategies, row: Some(row), why }
}

const UNJUDGED: &[Unjudged] = &[
    never("affinity", "goes by interests that the engine derives from memory"),
    never("free-shipping", "is for the order's value, not for the next product"),
    never("low-stock", "logs do not say what was in stock when"),
    never("manual", "the shop's own choice"),
    never(
        "recently-carted",
        "of a log's events only views and purchases are read, not what was put into carts",
    ),
    never("top-discount", "logs hold no former prices"),
    never("wishlist-deals", "logs hold no wishes and no former prices"),
    unless(
        "cross-sell",
        "cross-sell",
        [
            "needs a catalogue with categories: --catalogue",
            "needs order lines, and a catalogue with categories: --orders, --catalogue",
        ],
    ),
    unless("bundle", "bundle", ["no order of the last days begins with a product of a bundle", ""]),
    unless("post-purchase", "post-purchase", ["needs orders of known customers", ""]),
    unless("replenish", "replenish", ["needs orders of known customers, and something due again", ""]),
    unless(
        "cart (bought together)",
        "bought-together, bundle, cart, post-purchase, replenish",
        ["", "need order lines: --orders"],
    ),
    unless("for you (session)", "for-you, recently-viewed, viewed-together", ["need clicks: --sessions", ""]),
    unless(
        "upsell (of views)",
        "upsell",
        ["needs clicks, and a catalogue with prices", "needs a catalogue with prices: --catalogue"],
    ),
    unless(
        "similar (little known)",
        "similar",
        [
            "needs clicks, and a catalogue with titles: --sessions, --catalogue",
            "needs a catalogue with titles, and views of products that the clicks before tell little of",
        ],
    ),
    unless("viewed then bought", "viewed-then-bought", ["needs clicks that say what was bought"; 2]),
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
    /// What each table weighs in rows "for you", if that was fitted.
    pub blend: Option<Blend>,
}

impl Report {
    /// Names of strategies that find less than popularity in their first 20, each on its own cases; to show what is newest is
    /// none.
    pub fn worse_than_popularity(&self) -> impl Iterator<Item = &'static str> {
        let most = self.rows.first().map_or(0.0, |row| row.at[2].hit_rate);
        let worse = move |row: &&Measured| {
            let bar = row.popularity.map_or(most, |means| means[2].hit_rate);
            row.at[2].hit_rate < bar && row.name != NOBODY
        };
        self.rows.iter().filter(worse).map(|row| row.name)
    }

    /// Strategies that this log cannot judge, and why.
    pub fn unjudged(&self) -> impl Iterator<Item = (&'static str, &'static str)> + '_ {
        let judged = |name: &str| self.rows.iter().any(|row| row.name == name);
        let here = UNJUDGED.iter().filter(move |entry| !entry.row.is_some_and(judged));
        here.map(|entry| (entry.strategies, entry.why[self.kind as usize])).filter(|(_, why)| !why.is_empty())
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
            let _ = write!(out, "{comma}{{\"name\":\"{}\",\"cases\":{},", row.name, row.cases);
            json_means(&mut out, &row.at);
            let _ = write!(
                out,
                ",\"coverage\":{:.5},\"novelty_bits\":{:.4},\"diversity\":{:.5},\"price_spread\":{:.5},\"bytes_per_item\":{:.2}",
                row.coverage, row.novelty_bits, row.diversity, row.price_spread, row.bytes_per_item
            );
            if let Some(means) = row.popularity {
                out.push_str(",\"popularity\":{");
                json_means(&mut out, &means);
                out.push('}');
            }
            out.push('}');
        }
        out.push_str("],\"parameters\":{");
        let parameters =
            self.tuned.parameters("").into_iter().filter(|(name, _)| !name.starts_with("trial."));
        json_members(&mut out, parameters);
        out.push_str("},\"trials\":");
        json_trials(&mut out, &self.tuned.curve);
        if let Some(blend) = &self.blend {
            out.push_str(",\"blend\":{\"weights\":{");
            json_members(&mut out, blend.named());
            out.push_str("},\"trials\":");
            json_trials(&mut out, &blend.curve);
            out.push('}');
        }
        out.push_str(",\"worse_than_popularity\":[");
        let worse: Vec<String> = self.worse_than_popularity().map(|name| format!("\"{name}\"")).collect();
        let _ = write!(out, "{}],\"not_judged\":{{", worse.join(","));
        let unjudged: Vec<String> =
            self.unjudged().map(|(name, why)| format!("\"{name}\":\"{why}\"")).collect();
        let _ = write!(out, "{}}}}}", unjudged.join(","));
        out
    }
}

/// Numbers as members of a JSON object.
fn json_members(out: &mut String, members: impl IntoIterator<Item = (impl fmt::Display, f64)>) {
    let members = members.into_iter().map(|(name, value)| format!("\"{name}\":{value}"));
    out.push_str(&members.collect::<Vec<_>>().join(","));
}

/// Every value that was tried and what it found, as a JSON array.
fn json_trials(out: &mut String, trials: &[Trial]) {
    let trials = trials.iter().map(|Trial { parameter, value, objective }| {
        format!("{{\"parameter\":\"{parameter}\",\"value\":{value},\"objective\":{objective:.5}}}")
    });
    let _ = write!(out, "[{}]", trials.collect::<Vec<_>>().join(","));
}

/// Means of each list length as members of a JSON object.
fn json_means(out: &mut String, means: &[Means; 3]) {
    for (at, (means, cut)) in means.iter().zip(CUTS).enumerate() {
        let comma = if at == 0 { "" } else { "," };
        let _ = write!(
            out,
            "{comma}\"hr_{cut}\":{:.5},\"mrr_{cut}\":{:.5},\"ndcg_{cut}\":{:.5}",
            means.hit_rate, means.reciprocal_rank, means.gain
        );
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
        writeln!(out, "  coverage novelty diversity price spread  B/product after Brotli")?;
        for row in &self.rows {
            write!(out, "{:28} {:7}", row.name, row.cases)?;
            for means in row.at {
                write!(out, "  {:.4} {:.4} {:.4}", means.hit_rate, means.reciprocal_rank, means.gain)?;
            }
            write!(out, "  {:8.3} {:7.2} {:9.3}", row.coverage, row.novelty_bits, row.diversity)?;
            writeln!(out, " {:12.3} {:10.2}", row.price_spread, row.bytes_per_item)?;
        }
        write!(out, "{}", self.tuned)?;
        if let Some(blend) = &self.blend {
            write!(out, "\n{blend}")?;
        }
        for (row, means) in self.rows.iter().filter_map(|row| Some((row, row.popularity?))) {
            write!(out, "\n{} is measured on cases of its own: popularity finds", row.name)?;
            for (Means { hit_rate, .. }, cut) in means.iter().zip(CUTS) {
                write!(out, " HR@{cut} {hit_rate:.4}")?;
            }
            write!(out, " there")?;
        }
        for (name, why) in self.unjudged() {
            write!(out, "\nnot judged: {name}: {why}")?;
        }
        for name in self.worse_than_popularity() {
            write!(out, "\nwarning: {name} finds less than popularity")?;
        }
        Ok(())
    }
}
