//! Interest in categories, brands, tags and price bands, from what was looked at, kept and bought.
//!
//! Every event counts with a weight that halves every half-life of the shop; a share is its part of all
//! weights plus a prior of three product views, so that one short look says little. All in integers: the
//! decay is a shift and a table, so that every device gets the same shares.

use super::given::listed;
use crate::eval::DAY_S;
use crate::memory::{Event, EventKind, ItemHistory, Memory};
use crate::pack::core::{Core, CutPoints};
use crate::pack::kinds::CutKind;
use crate::pack::record::Ref;
use shelfwise_pack::sort::sort_by;

/// Weight of one product view.
const VIEW: i64 = 1 << 20;
/// Weight of the interests of nobody in particular.
const PRIOR: i64 = 3 * VIEW;

/// `2^(-k/16)` in units of 2^-30.
const DECAY: [i64; 16] = [
    1_073_741_824,
    1_028_218_693,
    984_625_594,
    942_880_699,
    902_905_651,
    864_625_413,
    827_968_132,
    792_865_000,
    759_250_125,
    727_060_411,
    696_235_434,
    666_717_336,
    638_450_708,
    611_382_493,
    585_461_881,
    560_640_218,
];

/// A weight after an age: halved every half-life, in steps of a sixteenth of it.
///
/// Ages below 0 count as 0. Error below 4.5 % of the weight (one step).
#[must_use]
fn decayed(weight: i64, age_s: i64, half_life_s: i64) -> i64 {
    let steps = age_s.clamp(0, 1 << 48) * 16 / half_life_s.max(1);
    let halvings = steps / 16;
    if halvings > 40 {
        return 0;
    }
    ((weight * DECAY[(steps % 16) as usize]) >> 30) >> halvings
}

/// Numbers by name.
type Named<'n> = Vec<(&'n str, i64)>;

/// Never inlined: one copy serves weights, cut points and descriptions.
#[inline(never)]
fn sort_by_name(named: &mut Named<'_>) {
    sort_by(named, |a, b| a.cmp(b));
}

/// The greatest number of a name, which is not negative, as an index; the names are sorted.
#[inline(never)]
fn index_of(named: &Named<'_>, name: &str) -> Option<u32> {
    let after = named.partition_point(|entry| entry.0 <= name);
    named.get(after.checked_sub(1)?).filter(|entry| entry.0 == name).map(|entry| entry.1 as u32)
}

/// Shares of interest by key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Interest {
    shares: Vec<(String, u32)>,
}

impl Interest {
    fn of(mut weights: Named<'_>) -> Self {
        sort_by_name(&mut weights);
        let mut sums: Named<'_> = Vec::new();
        for (key, weight) in weights.into_iter().filter(|(key, _)| !key.is_empty()) {
            match sums.last_mut() {
                Some(last) if last.0 == key => last.1 = last.1.saturating_add(weight),
                _ => sums.push((key, weight)),
            }
        }
        let total = sums.iter().fold(PRIOR, |total, (_, weight)| total.saturating_add((*weight).max(0)));
        // All that a memory within its limits holds weighs less than 2^43, so that the product is exact.
        let share = |weight: i64| (weight.saturating_mul(1_000_000) / total) as u32;
        let kept = sums.into_iter().filter(|(_, weight)| *weight > 0);
        Self { shares: kept.map(|(key, weight)| (key.to_owned(), share(weight))).collect() }
    }

    pub(super) fn shares(&self) -> &[(String, u32)] {
        &self.shares
    }

    /// Parts per million; 0 for a key without interest.
    pub(super) fn share_ppm(&self, key: &str) -> u32 {
        let found = self.shares.binary_search_by(|entry| entry.0.as_str().cmp(key));
        found.map_or(0, |at| self.shares[at].1)
    }

    /// The key of the greatest share; of equals the first by name; empty without interests.
    pub(super) fn top(&self) -> &str {
        let best = self.shares.iter().reduce(|best, entry| if entry.1 > best.1 { entry } else { best });
        best.map_or("", |entry| entry.0.as_str())
    }
}

/// What an event says about interest, in product views; negative where interest was taken back.
fn weight(event: &Event) -> i64 {
    match event.kind {
        EventKind::PageView | EventKind::SelectItem => VIEW / 2,
        EventKind::ViewItem => VIEW,
        EventKind::UserEngagement => VIEW * i64::from(event.engaged_ms.min(90_000)) / 30_000,
        EventKind::AddToCart | EventKind::AddToWishlist => 4 * VIEW,
        EventKind::RemoveFromCart => -2 * VIEW,
        EventKind::RemoveFromWishlist => -4 * VIEW,
        EventKind::Purchase => 5 * VIEW,
        EventKind::Refund => -5 * VIEW,
        _ => 0,
    }
}

/// What is left of a product whose events are no longer there one by one.
fn history_weight(item: &ItemHistory) -> i64 {
    let attention = VIEW * i64::from(item.engaged_ms.min(90_000)) / 30_000;
    VIEW * i64::from(item.views.min(10)) + attention + 5 * VIEW * i64::from(item.bought.min(10))
}

/// One weighted fact about a product.
struct Fact<'m> {
    item: &'m str,
    category: &'m str,
    brand: &'m str,
    price_minor: u32,
    weight: i64,
    /// Whether it comes of an event, which may have been described.
    raw: bool,
}

/// Interests by category, brand, tag and price band, in the order of their trait codes; and that in
/// reduced prices, parts per million.
#[inline(never)]
pub(super) fn interests(memory: &Memory, core: &Core, now_s: i64) -> ([Interest; 4], u32) {
    let facts = facts(memory, core, now_s);
    let (mut cuts, mut described): (Named<'_>, Named<'_>) = Default::default();
    for (at, cut) in core.cut_points.iter().enumerate() {
        if cut.kind == CutKind::Price.code() {
            cuts.push((category_name(core, cut.category), at as i64));
        }
    }
    for (at, event) in memory.events().iter().enumerate().filter(|(_, event)| event.describes()) {
        described.push((&event.item, at as i64));
    }
    sort_by_name(&mut cuts);
    sort_by_name(&mut described);
    let mut weights: [Named<'_>; 5] = Default::default();
    for fact in &facts {
        let [categories, brands, tags, bands, prices] = &mut weights;
        categories.push((fact.category, fact.weight));
        brands.push((fact.brand, fact.weight));
        let cut = index_of(&cuts, fact.category).and_then(|at| core.cut_points.get(at));
        if let (Some(cut), true) = (cut, fact.price_minor > 0) {
            bands.push((BANDS[band(&cut, fact.price_minor.into())], fact.weight));
        }
        if !fact.raw || fact.item.is_empty() {
            continue;
        }
        // What one event says of a product holds for the others about it; the latest word counts.
        let described = index_of(&described, fact.item).and_then(|at| memory.events().get(at as usize));
        let (compare_at_minor, said) = described.map_or((0, ""), |it| (it.compare_at_minor, &it.tags));
        for tag in listed(said) {
            tags.push((tag, fact.weight));
        }
        let reduced = fact.price_minor < compare_at_minor;
        prices.push((if reduced { REDUCED } else { FULL }, fact.weight));
    }
    let [categories, brands, tags, bands, prices] = weights.map(Interest::of);
    ([categories, brands, tags, bands], prices.share_ppm(REDUCED))
}

/// Keys of the bands.
pub(crate) const BANDS: [&str; 5] = ["1", "2", "3", "4", "5"];

/// Which fifth a value is in, 0 to 4: how many cut points lie below it.
#[must_use]
pub(crate) fn band(cuts: &CutPoints, value: i64) -> usize {
    [cuts.p20, cuts.p40, cuts.p60, cuts.p80].iter().filter(|cut| value > **cut).count()
}

fn facts<'m>(memory: &'m Memory, core: &Core, now_s: i64) -> Vec<Fact<'m>> {
    let days = core.meta.get(0).unwrap_or_default().affinity_half_life_days.max(1);
    let half_life_s = i64::from(days) * DAY_S;
    let items = &memory.state().items;
    let events = memory.events();
    let oldest_s = events.first().map_or(i64::MAX, |event| event.at_s);
    let mut facts: Vec<Fact<'m>> = Vec::with_capacity(events.len());
    for event in events.iter().filter(|event| weight(event) != 0) {
        let known = || items.iter().find(|item| !event.item.is_empty() && item.item == event.item);
        let known = if event.category.is_empty() || event.price_minor == 0 { known() } else { None };
        let or = |own: &'m String, known: Option<&'m String>| match known {
            Some(known) if own.is_empty() => known.as_str(),
            _ => own.as_str(),
        };
        let price_minor =
            if event.price_minor == 0 { known.map_or(0, |it| it.price_minor) } else { event.price_minor };
        facts.push(Fact {
            item: &event.item,
            category: or(&event.category, known.map(|it| &it.category)),
            brand: or(&event.brand, known.map(|it| &it.brand)),
            price_minor,
            weight: decayed(weight(event), now_s.saturating_sub(event.at_s), half_life_s),
            raw: true,
        });
    }
    facts.extend(items.iter().filter(|item| item.last_s < oldest_s).map(|item| Fact {
        item: &item.item,
        category: &item.category,
        brand: &item.brand,
        price_minor: item.price_minor,
        weight: decayed(history_weight(item), now_s.saturating_sub(item.last_s), half_life_s),
        raw: false,
    }));
    facts
}

/// Name of a category; empty for none.
#[must_use]
pub(crate) fn category_name<'p>(core: &Core<'p>, category: Ref) -> &'p str {
    let name = category.index().and_then(|index| core.categories.get(index));
    name.map_or("", |name| core.text(name))
}

const REDUCED: &str = "reduced";
const FULL: &str = "full";
