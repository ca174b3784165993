//! What was measured, as one HTML page that needs nothing else: tables and plots, no script.

use std::fmt::Write;

use super::report::Report;
use super::tally::{CUTS, Measured};
use crate::tune::Trial;

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:76rem;padding:0 1rem;color:#1d2433}\
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th,td{padding:.3rem .6rem;text-align:right;\
border-bottom:1px solid #dfe3ea}th:first-child,td:first-child{text-align:left}.warn{color:#a3261b}svg{width:100%;height:auto}";
/// Height of a strategy's three bars.
const ROW: usize = 46;
/// Width of the longest bar.
const WIDE: f64 = 560.0;

/// The page of some reports.
#[must_use]
pub fn page(reports: &[Report]) -> String {
    let mut out = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Recommendations, measured</title><style>{STYLE}</style><h1>Recommendations, measured</h1>"
    );
    for report in reports {
        let (learnt, measured) = (report.learnt, report.measured);
        let _ = write!(
            out,
            "<h2>{}</h2><p>Learnt from {learnt}, measured on {measured}.</p>",
            report.kind.name()
        );
        for name in report.worse_than_popularity() {
            let _ = write!(out, "<p class=\"warn\">{} finds less than popularity.</p>", escaped(name));
        }
        let _ = write!(out, "<h3>Hits: the share of cases whose next product was in the list</h3>");
        plot(&mut out, &report.rows, |row| row.at.map(|means| means.hit_rate));
        let _ = write!(out, "<h3>Mean reciprocal rank</h3>");
        plot(&mut out, &report.rows, |row| row.at.map(|means| means.reciprocal_rank));
        table(&mut out, &report.rows);
        out.push_str("<h3>Not judged by this log</h3><ul>");
        for (name, why) in report.unjudged() {
            let _ = write!(out, "<li>{}: {}", escaped(name), escaped(why));
        }
        out.push_str("</ul>");
        let tuned = report.tuned.to_string();
        let _ = write!(out, "<h3>Parameters</h3><pre>{}</pre>", escaped(&tuned));
        curve(&mut out, "Values tried", &report.tuned.curve);
        if let Some(blend) = &report.blend {
            let _ = write!(out, "<h3>What each table weighs</h3><pre>{}</pre>", escaped(&blend.to_string()));
            curve(&mut out, "Weights tried", &blend.curve);
        }
    }
    out + "</html>\n"
}

/// Bars for each list length, a strategy below the other.
fn plot(out: &mut String, rows: &[Measured], values: impl Fn(&Measured) -> [f64; 3]) {
    let most = rows.iter().flat_map(&values).fold(1e-9, f64::max);
    let height = rows.len() * ROW + 6;
    let _ = write!(out, "<svg viewBox=\"0 0 860 {height}\" role=\"img\">");
    for (at, row) in rows.iter().enumerate() {
        let top = at * ROW;
        let _ = write!(out, "<text x=\"0\" y=\"{}\" font-size=\"13\">{}</text>", top + 24, escaped(row.name));
        for (bar, (value, cut)) in values(row).into_iter().zip(CUTS).enumerate() {
            let (y, width) = (top + 4 + bar * 13, value / most * WIDE);
            let shade = ["#9db8e8", "#5c86d6", "#2c57ad"][bar];
            let _ = write!(
                out,
                "<rect x=\"210\" y=\"{y}\" width=\"{width:.1}\" height=\"11\" fill=\"{shade}\"/>\
                 <text x=\"{:.1}\" y=\"{}\" font-size=\"10\">{value:.3} of {cut}</text>",
                214.0 + width,
                y + 9
            );
        }
    }
    out.push_str("</svg>");
}

fn table(out: &mut String, rows: &[Measured]) {
    out.push_str("<table><tr><th>strategy<th>cases");
    for cut in CUTS {
        let _ = write!(out, "<th>HR@{cut}<th>MRR@{cut}<th>nDCG@{cut}");
    }
    out.push_str("<th>coverage<th>novelty, bits<th>diversity<th>price spread<th>bytes a product after Brotli<th>popularity's HR@20 there");
    for row in rows {
        let _ = write!(out, "<tr><td>{}<td>{}", escaped(row.name), row.cases);
        for means in row.at {
            let _ =
                write!(out, "<td>{:.4}<td>{:.4}<td>{:.4}", means.hit_rate, means.reciprocal_rank, means.gain);
        }
        let Measured { coverage, novelty_bits, diversity, price_spread, bytes_per_item, .. } = row;
        let _ = write!(
            out,
            "<td>{coverage:.3}<td>{novelty_bits:.2}<td>{diversity:.3}<td>{price_spread:.3}<td>{bytes_per_item:.2}"
        );
        let bar = row.popularity.unwrap_or(rows[0].at)[2].hit_rate;
        let _ = write!(out, "<td>{bar:.4}");
    }
    out.push_str("</table>");
}

/// Every value that was tried of each parameter in turn, and what it found; the best in bold. Nothing where none was.
fn curve(out: &mut String, title: &str, trials: &[Trial]) {
    if trials.is_empty() {
        return;
    }
    let _ = write!(
        out,
        "<h3>{title}</h3><p>Hit rate plus mean reciprocal rank on the days that were tuned on, the other parameters at their best \
         so far; the best of each row in bold, taken where it gains more than chance.</p><table><tr><th>parameter<th>values"
    );
    for tried in trials.chunk_by(|left, right| left.parameter == right.parameter) {
        let most = tried.iter().map(|trial| trial.objective).fold(0.0, f64::max);
        let _ = write!(out, "<tr><td>{}<td>", escaped(tried[0].parameter));
        for (at, Trial { value, objective, .. }) in tried.iter().enumerate() {
            let between = if at == 0 { "" } else { " · " };
            let [open, close] = if *objective == most { ["<b>", "</b>"] } else { [""; 2] };
            let _ = write!(out, "{between}{open}{value}: {objective:.4}{close}");
        }
    }
    out.push_str("</table>");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::{Kind, Means};
    use crate::tune::{Candidate, Tuned};
    use crate::weights::Weights;

    #[test]
    fn the_page_needs_nothing_else_and_says_what_is_worse() {
        let row = |name, hit_rate| Measured {
            name,
            at: [Means { hit_rate, ..Means::default() }; 3],
            ..Measured::default()
        };
        let tried = |value, objective| Trial { parameter: "shrinkage", value, objective };
        let start = Candidate { weights: Weights::BASKET, scoring: Default::default() };
        let report = Report {
            kind: Kind::Orders,
            learnt: 10,
            measured: 2,
            rows: vec![row("popularity", 0.2), row("cart <all>", 0.1)],
            tuned: Tuned { curve: vec![tried(5.0, 0.31), tried(50.0, 0.42)], ..Tuned::untouched(start) },
            blend: None,
        };
        let page = page(&[report]);
        assert!(page.contains("cart &lt;all> finds less than popularity"));
        assert!(page.contains("<li>wishlist-deals: logs hold no wishes"));
        assert!(page.contains("0.200 of 20") && page.contains("width=\"280.0\""));
        assert!(page.contains("<td>shrinkage<td>5: 0.3100 · <b>50: 0.4200</b>"), "{page}");
        for foreign in ["<script", "http", "src=", "@import"] {
            assert!(!page.contains(foreign), "{foreign}");
        }
    }
}
