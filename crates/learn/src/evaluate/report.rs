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
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Sessions => "sessions",
        }
    }
}

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
        self.rows.iter().filter(move |row| row.at[2].hit_rate < bar && row.name != NOBODY).map(|row| row.name)
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
        let _ = write!(out, "{}]}}", worse.join(","));
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
        for name in self.worse_than_popularity() {
            write!(out, "\nwarning: {name} finds less than popularity")?;
        }
        Ok(())
    }
}
