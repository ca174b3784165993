//! The product lists that a core file carries.

use std::cmp::Reverse;

use shelfwise_pack::kinds::{ListKind, Strategy};

use super::Assortment;
use super::assortment::LearntList;
use crate::project::Project;

/// Most products of a list over all categories.
const LIST_ITEMS: usize = 48;
/// Most products of a list inside one category.
const CATEGORY_LIST_ITEMS: usize = 12;
/// Window that best sellers and trends are taken from, when it was learnt; else the nearest to it.
const WINDOW_DAYS: u16 = 30;

/// A list of the core file.
#[derive(Clone, Debug)]
pub(super) struct CoreList {
    pub(super) kind: ListKind,
    pub(super) name: String,
    pub(super) category: Option<u32>,
    pub(super) window_days: u16,
    pub(super) items: Vec<u32>,
}

/// The list that a strategy shows; none for strategies that score.
pub(super) fn list_kind(strategy: Strategy) -> Option<ListKind> {
    match strategy {
        Strategy::BestSellers => Some(ListKind::BestSellers),
        Strategy::Trending => Some(ListKind::Trending),
        Strategy::NewArrivals => Some(ListKind::NewArrivals),
        Strategy::TopDiscount => Some(ListKind::TopDiscount),
        Strategy::Manual => Some(ListKind::Manual),
        _ => None,
    }
}

/// All lists: one of each kind over all categories, best sellers by category, the shop's own.
pub(super) fn lists(project: &Project, assortment: &Assortment) -> Vec<CoreList> {
    let mut lists = Vec::new();
    for kind in [ListKind::BestSellers, ListKind::Trending] {
        let learnt = learnt(assortment, kind, "").or_else(|| by_rank(assortment, kind));
        lists.extend(learnt.map(|list| CoreList {
            kind,
            name: String::new(),
            category: None,
            window_days: list.window_days,
            items: in_stock(assortment, list.items.iter().copied(), LIST_ITEMS),
        }));
    }
    for (kind, items) in
        [(ListKind::NewArrivals, new_arrivals(assortment)), (ListKind::TopDiscount, top_discount(assortment))]
    {
        let items = in_stock(assortment, items.into_iter(), LIST_ITEMS);
        lists.push(CoreList { kind, name: String::new(), category: None, window_days: 0, items });
    }
    let kinds = [ListKind::BestSellers, ListKind::Trending];
    let categories = (0..).zip(&assortment.categories);
    for ((index, category), kind) in categories.flat_map(|entry| kinds.map(|kind| (entry, kind))) {
        if let Some(list) = learnt(assortment, kind, category) {
            lists.push(CoreList {
                kind,
                name: String::new(),
                category: Some(index),
                window_days: list.window_days,
                items: in_stock(assortment, list.items.iter().copied(), CATEGORY_LIST_ITEMS),
            });
        }
    }
    let dense_ids = assortment.dense_ids();
    for (name, items) in &project.shop.lists {
        let items = items.iter().filter_map(|item| dense_ids.get(item.value.as_str()).copied()).collect();
        let name = name.value.clone();
        lists.push(CoreList { kind: ListKind::Manual, name, category: None, window_days: 0, items });
    }
    lists.retain(|list| !list.items.is_empty());
    lists
}

fn in_stock(assortment: &Assortment, items: impl Iterator<Item = u32>, most: usize) -> Vec<u32> {
    items.filter(|dense| assortment.products[*dense as usize].in_stock).take(most).collect()
}

fn learnt(assortment: &Assortment, kind: ListKind, category: &str) -> Option<LearntList> {
    let fitting = assortment.lists.iter().filter(|list| list.kind == kind && list.category == category);
    let distance = |list: &&LearntList| match list.window_days {
        0 => u16::MAX,
        days => days.abs_diff(WINDOW_DAYS),
    };
    fitting.filter(|list| !list.items.is_empty()).min_by_key(distance).cloned()
}

/// Best sellers without a learnt list: by rank. Without any knowledge that is the catalogue's order.
fn by_rank(assortment: &Assortment, kind: ListKind) -> Option<LearntList> {
    let mut items: Vec<u32> = (0..).take(assortment.products.len()).collect();
    items.sort_by_key(|dense| assortment.popularity[*dense as usize]);
    let wanted = kind == ListKind::BestSellers;
    wanted.then(|| LearntList { kind, category: String::new(), window_days: 0, items })
}

fn new_arrivals(assortment: &Assortment) -> Vec<u32> {
    let dated = |dense: &u32| assortment.products[*dense as usize].created_day > 0;
    let mut items: Vec<u32> = (0..).take(assortment.products.len()).filter(dated).collect();
    items.sort_by_key(|dense| {
        let at = *dense as usize;
        (Reverse(assortment.products[at].created_day), assortment.popularity[at])
    });
    items
}

fn top_discount(assortment: &Assortment) -> Vec<u32> {
    let discount_ppm = |dense: u32| {
        let product = &assortment.products[dense as usize];
        let (price, before) = (u64::from(product.price_minor), u64::from(product.compare_at_minor));
        before.checked_sub(price).and_then(|off| (off * 1_000_000).checked_div(before)).unwrap_or(0)
    };
    let mut items: Vec<u32> =
        (0..).take(assortment.products.len()).filter(|dense| discount_ppm(*dense) > 0).collect();
    items.sort_by_key(|dense| (Reverse(discount_ppm(*dense)), assortment.popularity[*dense as usize]));
    items
}

/// Reduced products that can be bought, most sold first.
pub(super) fn most_sold_reduced(assortment: &Assortment) -> Vec<u32> {
    let mut items = in_stock(assortment, top_discount(assortment).into_iter(), usize::MAX);
    items.sort_by_key(|dense| assortment.popularity[*dense as usize]);
    items
}
