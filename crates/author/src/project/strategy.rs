//! Reads one step of a row's chain: `best-sellers`, `manual:gifts`, `best-sellers: { window: 7d, by: revenue, of: brand }`.

use shelfwise_pack::kinds::Strategy;
use shelfwise_pack::knowledge::PERIODS_DAYS;

use super::fields::{Fields, Map, kebab};
use super::model::StrategyName;
use crate::check::code;
use crate::diagnostic::Spanned;
use crate::yaml::{Node, Value};

const DAY_S: i64 = 86_400;
/// Keys of a step that shows a list.
pub const LIST_KEYS: &[&str] = &["window", "by", "of"];

/// What best sellers are ranked by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Score {
    /// Orders that hold the product.
    #[default]
    Orders,
    /// Pieces sold.
    Quantity,
    /// Money taken.
    Revenue,
}

impl Score {
    /// Every score.
    pub const ALL: &'static [Self] = &[Self::Orders, Self::Quantity, Self::Revenue];
}

/// Whose list it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// That of the page's category, where it has one, filled up with the whole shop's.
    #[default]
    Page,
    /// The whole shop's.
    Shop,
    /// That of the page's category, or none.
    Category,
    /// That of the page's brand, or that of its product, or none.
    Brand,
}

impl Scope {
    /// Every scope.
    pub const ALL: &'static [Self] = &[Self::Page, Self::Shop, Self::Category, Self::Brand];
}

/// Which list a step shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ranking {
    /// Days that sales are counted over, up to the last order; 0 = all time.
    pub window_days: u16,
    /// What best sellers are ranked by.
    pub by: Score,
    /// Whose list it is.
    pub of: Scope,
}

impl Default for Ranking {
    fn default() -> Self {
        Self { window_days: 30, by: Score::Orders, of: Scope::Page }
    }
}

/// Windows of best sellers, days; 0 = all time.
pub fn best_seller_windows() -> impl Iterator<Item = u16> {
    PERIODS_DAYS.into_iter().chain([0])
}

/// Windows of trends, days: those whose double, with the window before, is counted too.
pub fn trend_windows() -> impl Iterator<Item = u16> {
    PERIODS_DAYS.into_iter().filter(|days| PERIODS_DAYS.contains(&(days * 2)))
}

/// Whether rows of a strategy are short by nature: they show what one shopper did, what one product has with it, or what
/// the merchant wrote down.
pub(super) fn is_short(strategy: Strategy) -> bool {
    matches!(
        strategy,
        Strategy::Replenish
            | Strategy::RecentlyViewed
            | Strategy::RecentlyCarted
            | Strategy::WishlistDeals
            | Strategy::Bundle
            | Strategy::PostPurchase
            | Strategy::Manual
    )
}

/// A step of a chain.
pub(super) fn read_strategy(node: &Node, fields: &mut Fields) -> Option<StrategyName> {
    if let Value::Map(entries) = &node.value
        && let [entry] = &entries[..]
    {
        let key = Spanned::new(entry.key.clone(), entry.key_span);
        let strategy = fields.name_of(key, "strategy", Strategy::ALL)?;
        if strategy.value == Strategy::Manual {
            return nameless(node, fields);
        }
        let map = fields.map(&entry.node, &kebab(strategy.value), keys(strategy.value))?;
        let ranking = read_ranking(strategy.value, map, fields);
        return Some(StrategyName { strategy, list: String::new(), ranking });
    }
    let ranking = Ranking::default();
    let list = node.text().and_then(|text| text.strip_prefix("manual:"));
    if let Some(list) = list {
        let strategy = Spanned::new(Strategy::Manual, node.span);
        return Some(StrategyName { strategy, list: list.trim().to_owned(), ranking });
    }
    let strategy = fields.name(node, "strategy", Strategy::ALL)?;
    if strategy.value == Strategy::Manual {
        return nameless(node, fields);
    }
    Some(StrategyName { strategy, list: String::new(), ranking })
}

/// Refuses a manual list without its name.
fn nameless(node: &Node, fields: &mut Fields) -> Option<StrategyName> {
    let message = "`manual` needs the name of its list";
    fields.refuse(code::wrong_value, node.span, message, "write `manual:gifts`");
    None
}

/// What can be said of a strategy's list.
pub(crate) fn keys(strategy: Strategy) -> &'static [&'static str] {
    match strategy {
        Strategy::BestSellers => LIST_KEYS,
        Strategy::Trending => &["window", "of"],
        Strategy::NewArrivals | Strategy::TopDiscount | Strategy::LowStock => &["of"],
        _ => &[],
    }
}

fn read_ranking(strategy: Strategy, map: Map<'_>, fields: &mut Fields) -> Ranking {
    let mut ranking = Ranking::default();
    if let Some(node) = map.get("window") {
        let days = match node.text() {
            Some("all") => Some(0),
            _ => fields.duration_s(node, false).map(|s| if s > 0 && s % DAY_S == 0 { s / DAY_S } else { -1 }),
        };
        let windows: Vec<u16> = match strategy {
            Strategy::Trending => trend_windows().collect(),
            _ => best_seller_windows().collect(),
        };
        let known = days.and_then(|days| windows.iter().find(|window| i64::from(**window) == days));
        if let (Some(_), None) = (days, known) {
            let name = |days: &u16| if *days == 0 { "all".to_owned() } else { format!("{days}d") };
            let names: Vec<String> = windows.iter().map(name).collect();
            let message = format!("sales are not counted over this window; one of: {}", names.join(", "));
            fields.refuse(code::wrong_value, node.span, message, "unknown window");
        }
        ranking.window_days = known.copied().unwrap_or(ranking.window_days);
    }
    let by = map.get("by").and_then(|node| fields.name(node, "score", Score::ALL));
    ranking.by = by.map_or(ranking.by, |by| by.value);
    let of = map.get("of").and_then(|node| fields.name(node, "scope", Scope::ALL));
    ranking.of = of.map_or(ranking.of, |of| of.value);
    ranking
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trend_has_a_window_before_it() {
        let windows: Vec<u16> = trend_windows().collect();
        assert_eq!(windows, [1, 2, 3, 5, 7, 10, 14, 21, 28, 30, 45, 60, 90, 180, 365]);
        assert!(best_seller_windows().any(|days| days == 30) && best_seller_windows().last() == Some(0));
    }
}
