//! Counting in the shop's own warehouse: one query over (session, item, time), whose result [`counts`] reads back.
//!
//! The query sums whole numbers alone and orders nothing by the engine's own rules, so that every engine gives the
//! same counts, and the same knowledge as reading the log itself does.

pub mod counts;
mod dialect;

use std::collections::BTreeMap;
use std::fmt::Write;

pub use counts::Counts;
pub use dialect::Dialect;

use crate::customer::intent::{DEED_NAMES, Deed};
use crate::error::Error;
use crate::log::Field;
use crate::shares::{AGES, SIZE_MAX, Shares};
use crate::weights::Weights;

/// Columns of the result, in order.
pub const COLUMNS: [&str; 6] = ["kind", "item", "other", "weight", "shared", "witness"];

/// Where the clicks are, and how they are counted.
#[derive(Clone, Debug)]
pub struct Query {
    /// Whose SQL it is.
    pub dialect: Dialect,
    /// Table of the clicks, as the dialect writes it.
    pub table: String,
    /// Columns, or expressions of them, by meaning; what is not listed has its usual name. Session, item and time are
    /// needed; event and position only count when they are listed.
    pub columns: BTreeMap<Field, String>,
    /// Table whose column `id` holds the products that count; all do without one.
    pub catalogue: Option<String>,
    /// How views are counted.
    pub views: Weights,
    /// How purchases after views are counted.
    pub conversions: Weights,
}

impl Query {
    /// The text of the query. It takes views, purchases and the events of visits from one table and answers rows of
    /// [`COLUMNS`].
    ///
    /// # Errors
    /// A column is listed that the query has no use for.
    pub fn text(&self) -> Result<String, Error> {
        let used = [Field::Session, Field::Item, Field::Time, Field::Event, Field::Position];
        if let Some(field) = self.columns.keys().find(|field| !used.contains(field)) {
            let message = format!(
                "the query has no use for a {} column; it takes session, item, time, event and position",
                field.name()
            );
            return Err(Error::Option { message });
        }
        let (views, conversions) = (Shares::new(&self.views), Shares::new(&self.conversions));
        let mut out = format!(
            "-- Shelfwise, counts of clicks, {}. Save the result with its header as CSV or Parquet; then:\n\
             -- shelfwise learn --engine sql --counts RESULT --out knowledge.bin\nWITH\n",
            self.dialect.name()
        );
        self.push_shares(&mut out, "view", &views);
        self.push_shares(&mut out, "buy", &conversions);
        out.push_str(&self.events());
        out.push_str(&self.groups());
        out.push_str(&self.results(&fingerprint(&views), &fingerprint(&conversions)));
        Ok(out)
    }

    /// Three tables of numbers: the shares of ages, sizes and distances.
    fn push_shares(&self, out: &mut String, name: &str, shares: &Shares) {
        let numbered = |values: &[u64]| (0..).zip(values.iter().copied()).collect::<Vec<(i64, u64)>>();
        let apart = shares.behind.iter().enumerate().skip(1).map(|(at, share)| (-(at as i64), *share)).rev();
        let distances: Vec<(i64, u64)> =
            apart.chain(numbered(&shares.ahead).into_iter().skip(1)).filter(|pair| pair.1 > 0).collect();
        for (table, key, values) in [
            ("age", "age", numbered(&shares.ages)),
            ("size", "entries", numbered(&shares.sizes)),
            ("distance", "apart", distances),
        ] {
            let _ = writeln!(
                out,
                "{name}_{table}_shares AS (\n{}\n),",
                self.dialect.numbers(key, "worth", &values)
            );
        }
    }

    fn column(&self, field: Field, usual: &str) -> String {
        self.columns.get(&field).cloned().unwrap_or_else(|| usual.to_owned())
    }

    /// The events, those of products that are told, and when each visit began.
    fn events(&self) -> String {
        let text = self.dialect.text();
        let [session, item, time] =
            [(Field::Session, "session_id"), (Field::Item, "item_id"), (Field::Time, "ts")]
                .map(|(field, usual)| self.column(field, usual));
        let position = self.column(Field::Position, "0");
        let deed = match self.columns.get(&Field::Event) {
            None => "'view'".to_owned(),
            Some(event) => {
                let when = |(deed, names): &(Deed, &[&str])| {
                    let names: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
                    format!("WHEN {event} IN ({}) THEN '{}'", names.join(", "), deed_name(*deed))
                };
                let cases: Vec<String> = DEED_NAMES.iter().map(when).collect();
                format!("CASE {} ELSE 'other' END", cases.join(" "))
            }
        };
        let known = self.catalogue.as_ref().map_or(String::new(), |catalogue| {
            format!(" AND item IN (SELECT CAST(id AS {text}) FROM {catalogue})")
        });
        format!(
            "events AS (
  SELECT {session} AS visit, CAST({item} AS {text}) AS item, CAST({time} AS BIGINT) AS at_s, CAST({position} AS BIGINT) AS tie,
    {deed} AS deed
  FROM {} WHERE {session} IS NOT NULL
),
told AS (SELECT * FROM events WHERE deed IN ('view', 'purchase') AND item IS NOT NULL AND item <> ''{known}),
begun AS (SELECT visit, MIN(at_s) AS from_s FROM told GROUP BY visit),
",
            self.table
        )
    }

    /// Sessions of views and of purchases, their entries by place, and what each weighs.
    fn groups(&self) -> String {
        let order = format!("PARTITION BY visit ORDER BY at_s, tie, {}", self.dialect.ordered("item"));
        let mut out = format!(
            "looks AS (SELECT visit, item, at_s, tie, LAG(item) OVER ({order}) AS item_before FROM told WHERE deed = 'view'),
view_places AS (
  SELECT visit, item, 'view' AS deed, CAST(ROW_NUMBER() OVER ({order}) AS BIGINT) AS place
  FROM looks WHERE item_before IS NULL OR item_before <> item
),
view_sizes AS (SELECT visit, COUNT(*) AS entries FROM view_places GROUP BY visit HAVING COUNT(*) > 1),
buy_places AS (
  SELECT visit, item, deed, CAST(ROW_NUMBER() OVER ({order}, deed DESC) AS BIGINT) AS place
  FROM told WHERE visit IN (SELECT visit FROM told WHERE deed = 'purchase')
),
buy_sizes AS (SELECT visit, COUNT(*) AS entries FROM buy_places GROUP BY visit),
"
        );
        for name in ["view", "buy"] {
            // Ages by rank: visits that began in one second are of one age whatever order they come in.
            let _ = write!(
                out,
                "{name}_visits AS (
  SELECT s.visit AS visit, s.entries AS entries, CAST(COUNT(*) OVER () AS BIGINT) AS visits,
    CAST(RANK() OVER (ORDER BY b.from_s) AS BIGINT) * {AGES} - {AGES} AS older,
    CAST(ROW_NUMBER() OVER (ORDER BY b.from_s, s.visit) AS BIGINT) AS visit_no
  FROM {name}_sizes s JOIN begun b ON b.visit = s.visit
),
{name}_weighed AS (
  SELECT v.visit AS visit, v.visit_no AS visit_no, a.worth * z.worth AS worth
  FROM {name}_visits v
  JOIN {name}_age_shares a ON a.age = CAST((v.older - MOD(v.older, v.visits)) / v.visits AS BIGINT)
  JOIN {name}_size_shares z ON z.entries = LEAST(v.entries, {SIZE_MAX})
),
"
            );
        }
        out
    }

    /// The rows of the result.
    fn results(&self, views: &str, conversions: &str) -> String {
        let text = self.dialect.text();
        let none = "CAST(0 AS BIGINT)";
        let pairs = |name: &str, kind: &str, wanted: &str| {
            format!(
                "SELECT '{kind}', a.item, b.item, CAST(SUM(w.worth * d.worth) AS BIGINT), CAST(COUNT(DISTINCT w.visit_no) AS BIGINT),
  CAST(MIN(w.visit_no) AS BIGINT)
FROM {name}_places a
JOIN {name}_places b ON b.visit = a.visit
JOIN {name}_weighed w ON w.visit = a.visit
JOIN {name}_distance_shares d ON d.apart = b.place - a.place
WHERE a.item <> b.item{wanted}
GROUP BY a.item, b.item
"
            )
        };
        let supports = |kind: &str, deed: &str| {
            format!(
                "SELECT '{kind}', item, '', CAST(COUNT(*) AS BIGINT), CAST(COUNT(DISTINCT visit) AS BIGINT), {none}
FROM buy_places WHERE deed = '{deed}' GROUP BY item
"
            )
        };
        let count = |condition: &str| format!("COUNT(CASE WHEN orders = 0 AND {condition} THEN 1 END)");
        let [seen, adds, checkouts, searches] =
            ["view", "add", "checkout", "search"].map(|deed| count(&format!("deed = '{deed}'")));
        let word = |value: &str| format!("CAST({value} AS {text})");
        let features =
            ["seen", "items", "adds", "checkout", "searches", "lasted_s", "bought"].map(word).join(", ' ', ");
        format!(
            "acts AS (
  SELECT visit, item, at_s, deed, SUM(CASE WHEN deed = 'purchase' THEN 1 ELSE 0 END) OVER (
    PARTITION BY visit ORDER BY at_s, tie, {}, deed DESC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS orders
  FROM events
),
stays AS (
  SELECT visit, {seen} AS seen, COUNT(DISTINCT CASE WHEN orders = 0 AND deed = 'view' THEN item END) AS items,
    {adds} AS adds, CASE WHEN {checkouts} > 0 THEN 1 ELSE 0 END AS checkout, {searches} AS searches,
    COALESCE(MAX(CASE WHEN orders = 0 THEN at_s END) - MIN(CASE WHEN orders = 0 THEN at_s END), 0) AS lasted_s,
    CASE WHEN MAX(orders) > 0 THEN 1 ELSE 0 END AS bought
  FROM acts GROUP BY visit
),
features AS (SELECT CONCAT({features}) AS feature FROM stays)
SELECT 'weights' AS kind, '{views}' AS item, '{conversions}' AS other, CAST(COUNT(*) AS BIGINT) AS weight,
  CAST(COUNT(DISTINCT visit) AS BIGINT) AS shared, {none} AS witness FROM events
UNION ALL
SELECT 'item', t.item, '', CAST(COALESCE(v.entries, 0) AS BIGINT), CAST(COALESCE(v.visits, 0) AS BIGINT), {none}
FROM (SELECT DISTINCT item FROM told) t LEFT JOIN (
  SELECT p.item AS item, COUNT(*) AS entries, COUNT(DISTINCT p.visit) AS visits
  FROM view_places p JOIN view_sizes s ON s.visit = p.visit GROUP BY p.item
) v ON v.item = t.item
UNION ALL
{}UNION ALL
{}UNION ALL
{}UNION ALL
{}UNION ALL
SELECT 'visit', feature, '', {none}, CAST(COUNT(*) AS BIGINT), {none} FROM features GROUP BY feature
",
            self.dialect.ordered("COALESCE(item, '')"),
            pairs("view", "viewed", ""),
            pairs("buy", "bought", " AND a.deed = 'view' AND b.deed = 'purchase'"),
            supports("buyer-viewed", "view"),
            supports("buyer-bought", "purchase"),
        )
    }
}

fn deed_name(deed: Deed) -> &'static str {
    match deed {
        Deed::View => "view",
        Deed::Purchase => "purchase",
        Deed::Add => "add",
        Deed::Checkout => "checkout",
        Deed::Search => "search",
        Deed::Other => "other",
    }
}

/// Tells shares apart: FNV-1a of them all, so that counts are not taken for those of other weights.
#[must_use]
pub fn fingerprint(shares: &Shares) -> String {
    let all = [&shares.ages, &shares.sizes, &shares.ahead, &shares.behind];
    let hash = all
        .into_iter()
        .flatten()
        .flat_map(|share| share.to_le_bytes())
        .fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        });
    format!("{hash:016x}")
}
