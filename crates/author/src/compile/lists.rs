//! The product lists that a core file carries.
//!
//! They stand in groups: first that of the whole shop, then those of single categories or brands, which the engine finds by
//! standing behind it. What a group's first list lacks, because a row asks for its page's category alone, say, it is empty.
//! A row with a filter has groups of its own: of the best of all its filter might let none through.

use std::collections::BTreeMap;

use shelfwise_pack::kinds::{ListKind, Strategy};
use shelfwise_pack::knowledge::{KnownSales, PERIODS_DAYS};

use super::Assortment;
use super::core::free_shipping_minor;
use super::filtered::passing;
use crate::catalogue::currency_exponent;
use crate::plan::{Plan, VariationPlan};
use crate::project::{Products, Project, Ranking, Scope, Score, StrategyName};

/// Most products of a list over all categories.
const LIST_ITEMS: usize = 48;
/// Most products of a list inside one category or brand.
const PART_ITEMS: usize = 12;
/// Most products of one octave of prices that may fill an order up.
const FILLER_ITEMS: usize = 24;
/// Most categories, and most brands, that have lists of their own: those whose best product is best.
const PARTS_MAX: usize = 256;
/// Orders added to the window before a trend's, so that one order more is no trend.
const TREND_SHRINKAGE: f64 = 10.0;

/// A list of the core file.
#[derive(Clone, Debug)]
pub(super) struct CoreList {
    pub(super) kind: ListKind,
    /// Name of a manual list, or brand.
    pub(super) name: String,
    pub(super) category: Option<u32>,
    pub(super) window_days: u16,
    pub(super) items: Vec<u32>,
    /// What a step has to say to be given this list, each of these; none for those of categories and brands.
    asked: Vec<Asked>,
}

/// What a step says of its list: the name of a manual one, what it is ranked by and whose it is, the filter of its row.
#[derive(Clone, Debug, Default, PartialEq)]
struct Asked {
    name: String,
    ranking: Ranking,
    filter: String,
}

impl CoreList {
    /// Whether it is the one that a step of a row names.
    pub(super) fn is_for(&self, step: &StrategyName, row: &Products) -> bool {
        Some(self.kind) == list_kind(step.strategy.value) && self.asked.contains(&asked(step, row))
    }

    /// Whether two lists are the same but for who asks for them.
    fn is_same((one, other): (&Self, &Self)) -> bool {
        let of = |list: &Self| (list.kind, list.category, list.window_days);
        of(one) == of(other) && one.name == other.name && one.items == other.items
    }
}

/// The list that a strategy shows; none for strategies that score.
fn list_kind(strategy: Strategy) -> Option<ListKind> {
    match strategy {
        Strategy::BestSellers => Some(ListKind::BestSellers),
        Strategy::Trending => Some(ListKind::Trending),
        Strategy::NewArrivals => Some(ListKind::NewArrivals),
        Strategy::TopDiscount => Some(ListKind::TopDiscount),
        Strategy::LowStock => Some(ListKind::LowStock),
        Strategy::Manual => Some(ListKind::Manual),
        _ => None,
    }
}

/// What a step says of its list. A manual list is the shop's own, whatever the row's filter.
fn asked(step: &StrategyName, row: &Products) -> Asked {
    let filter = row.filter.as_ref().filter(|_| step.strategy.value != Strategy::Manual);
    let filter = filter.map_or_else(String::new, |filter| filter.value.clone());
    Asked { name: step.list.clone(), ranking: step.ranking, filter }
}

/// All lists: one group of each kind, those that rows name beside them, the shop's own.
///
/// # Errors
/// In words, when the filter of a row passes a limit of the format.
pub(super) fn lists(
    project: &Project,
    plan: &Plan,
    assortment: &Assortment,
) -> Result<Vec<CoreList>, String> {
    let is_ranked = |kind: &ListKind| !matches!(kind, ListKind::Manual | ListKind::FreeShipping);
    let kinds = ListKind::ALL.iter().copied().filter(is_ranked);
    let mut wanted: Vec<(ListKind, Asked)> = kinds.map(|kind| (kind, Asked::default())).collect();
    let mut passes: BTreeMap<String, Vec<bool>> = BTreeMap::new();
    for (row, variation) in plan.campaigns.iter().flat_map(|campaign| &campaign.variations).filter_map(row) {
        for step in &row.strategy {
            let Some(kind) = list_kind(step.strategy.value).filter(is_ranked) else {
                continue;
            };
            let asked = asked(step, row);
            if let (Some(filter), false) = (&variation.filter, passes.contains_key(&asked.filter)) {
                let unit = f64::from(10_u32.pow(currency_exponent(&project.shop.currency.value).into()));
                passes.insert(asked.filter.clone(), passing(filter, &assortment.products, unit)?);
            }
            if !wanted.contains(&(kind, asked.clone())) {
                wanted.push((kind, asked));
            }
        }
    }
    let mut lists = Vec::new();
    for (kind, asked) in wanted {
        let is_default = asked == Asked::default();
        let passes = passes.get(&asked.filter).map(Vec::as_slice);
        let mut group = group(project, assortment, kind, asked, passes);
        // What passes a filter may be all that there is: then there is that group already.
        let is_there = |at: &usize| {
            let (there, behind) = lists[*at..].split_at(group.len().min(lists.len() - at));
            there.len() == group.len()
                && there.iter().zip(&group).all(CoreList::is_same)
                && behind.first().is_none_or(|next| !next.asked.is_empty())
        };
        let same = (0..lists.len()).find(is_there);
        match same {
            Some(at) => lists[at].asked.append(&mut group[0].asked),
            None if is_default && group[0].items.is_empty() => {}
            None => lists.extend(group),
        }
    }
    let dense_ids = assortment.dense_ids();
    for (name, items) in &project.shop.lists {
        let items = items.iter().filter_map(|item| dense_ids.get(item.value.as_str()).copied()).collect();
        let asked = vec![Asked { name: name.value.clone(), ..Asked::default() }];
        let name = name.value.clone();
        lists.push(CoreList { kind: ListKind::Manual, name, category: None, window_days: 0, items, asked });
    }
    lists.retain(|list| list.kind != ListKind::Manual || !list.items.is_empty());
    lists.extend(fillers(project, assortment, free_shipping_minor(&project.shop)?));
    Ok(lists)
}

/// What may fill an order up until it is sent for nothing: a list for each octave of prices, from 1 minor unit to twice what that
/// takes, the lowest last, so that the engine knows which to look at without the cards. None where the shop does not say what it takes.
fn fillers(project: &Project, assortment: &Assortment, threshold_minor: u32) -> Vec<CoreList> {
    let kind = ListKind::FreeShipping;
    let ranked =
        ranked(project, assortment, ListKind::BestSellers, Ranking { window_days: 0, ..Ranking::default() });
    let octave = |octave: u32| {
        let price = |dense: &u32| assortment.products[*dense as usize].price_minor;
        let items = ranked.iter().copied().filter(|dense| price(dense).checked_ilog2() == Some(octave));
        let items = items.take(FILLER_ITEMS).collect();
        CoreList { kind, name: String::new(), category: None, window_days: 0, items, asked: Vec::new() }
    };
    let octaves = threshold_minor.checked_ilog2().map_or(0, |octave| octave + 2);
    (0..octaves).rev().map(octave).collect()
}

/// The row that a variation shows.
fn row(variation: &VariationPlan) -> Option<(&Products, &VariationPlan)> {
    Some((variation.content.as_ref()?.products.as_ref()?, variation))
}

/// A list over the whole shop, unless it is asked for a part alone, and those of its parts; of the products that pass.
fn group(
    project: &Project,
    assortment: &Assortment,
    kind: ListKind,
    asked: Asked,
    passes: Option<&[bool]>,
) -> Vec<CoreList> {
    let ranking = asked.ranking;
    let mut ranked = ranked(project, assortment, kind, ranking);
    ranked.retain(|dense| passes.is_none_or(|passes| passes[*dense as usize]));
    let sells = matches!(kind, ListKind::BestSellers | ListKind::Trending);
    let list = |items: Vec<u32>| CoreList {
        kind,
        name: String::new(),
        category: None,
        window_days: if sells && !assortment.sales.is_empty() { ranking.window_days } else { 0 },
        items,
        asked: Vec::new(),
    };
    let is_whole = matches!(ranking.of, Scope::Page | Scope::Shop);
    let whole = if is_whole { ranked.iter().copied().take(LIST_ITEMS).collect() } else { Vec::new() };
    let mut group = vec![CoreList { asked: vec![asked], ..list(whole) }];
    let product = |dense: &u32| &assortment.products[*dense as usize];
    match ranking.of {
        Scope::Category | Scope::Page
            if sells && !assortment.sales.is_empty() || ranking.of == Scope::Category =>
        {
            let parts = parts(&ranked, |dense| &product(dense).category);
            group.extend(
                parts
                    .into_iter()
                    .map(|(name, items)| CoreList { category: assortment.category(name), ..list(items) }),
            );
        }
        Scope::Brand => {
            let parts = parts(&ranked, |dense| &product(dense).brand);
            group.extend(
                parts.into_iter().map(|(name, items)| CoreList { name: name.to_owned(), ..list(items) }),
            );
        }
        _ => {}
    }
    group
}

/// The best products of each part of the shop, by the part's name.
fn parts<'a>(ranked: &[u32], part: impl Fn(&u32) -> &'a String) -> BTreeMap<&'a str, Vec<u32>> {
    let mut parts: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for dense in ranked {
        let name = part(dense).as_str();
        if !name.is_empty() && (parts.contains_key(name) || parts.len() < PARTS_MAX) {
            let items = parts.entry(name).or_default();
            if items.len() < PART_ITEMS {
                items.push(*dense);
            }
        }
    }
    parts
}

/// The products that such a list may show, best first.
fn ranked(project: &Project, assortment: &Assortment, kind: ListKind, ranking: Ranking) -> Vec<u32> {
    let products = &assortment.products;
    let by = |score: &dyn Fn(usize) -> f64| {
        let scores: Vec<f64> = (0..products.len()).map(score).collect();
        let mut items: Vec<u32> = (0..).take(products.len()).collect();
        items.retain(|dense| scores[*dense as usize] > 0.0 && products[*dense as usize].in_stock);
        items.sort_by(|left, right| {
            let [left, right] = [*left as usize, *right as usize];
            let tie = assortment.popularity[left].cmp(&assortment.popularity[right]);
            scores[right].total_cmp(&scores[left]).then(tie)
        });
        items
    };
    // Where no order was learnt from: by popularity, which without any knowledge is the catalogue's order.
    let popular = |at: usize| (products.len() - assortment.popularity[at] as usize) as f64;
    match kind {
        ListKind::BestSellers if assortment.sales.is_empty() => by(&popular),
        ListKind::BestSellers => {
            let sums = sums(assortment, 0, ranking.window_days, ranking.by);
            by(&|at| sums[at] as f64)
        }
        ListKind::Trending => {
            let days = ranking.window_days;
            let now = sums(assortment, 0, days, Score::Orders);
            let before = sums(assortment, days, days * 2, Score::Orders);
            let [now, before] = [now, before].map(|sums| move |at: usize| sums[at] as f64);
            by(&|at| (now(at) - before(at)) / (before(at) + TREND_SHRINKAGE).sqrt())
        }
        ListKind::NewArrivals => by(&|at| f64::from(products[at].created_day)),
        ListKind::TopDiscount => by(&|at| discount_ppm(assortment, at) as f64),
        ListKind::LowStock => {
            let few = 1..=project.shop.low_stock;
            by(&|at| {
                if products[at].stock.is_some_and(|left| few.contains(&left)) { popular(at) } else { 0.0 }
            })
        }
        ListKind::Manual | ListKind::FreeShipping => Vec::new(),
    }
}

/// What every product sold from so many days before the last order until so many, which are ends of periods; until 0 is all
/// there is.
fn sums(assortment: &Assortment, from_days: u16, until_days: u16, by: Score) -> Vec<u64> {
    let mut sums = vec![0; assortment.products.len()];
    let end = |period: u8| PERIODS_DAYS.get(usize::from(period)).copied().unwrap_or(u16::MAX);
    let is_inside = |sales: &&KnownSales| {
        let end = end(sales.period);
        end > from_days && (until_days == 0 || end <= until_days)
    };
    for sales in assortment.sales.iter().filter(is_inside) {
        sums[sales.item as usize] += match by {
            Score::Orders => u64::from(sales.orders),
            Score::Quantity => u64::from(sales.quantity),
            Score::Revenue => sales.revenue_minor,
        };
    }
    sums
}

fn discount_ppm(assortment: &Assortment, at: usize) -> u64 {
    let product = &assortment.products[at];
    let (price, before) = (u64::from(product.price_minor), u64::from(product.compare_at_minor));
    before.checked_sub(price).and_then(|off| (off * 1_000_000).checked_div(before)).unwrap_or(0)
}
