//! `visitor.*`: who this is to the shop, from what the device remembers.

use super::affinity::band;
use super::table::code;
use super::values::Traits;
use crate::eval::{DAY_S, TraitSource, Value};
use crate::memory::{Memory, Profile};
use crate::pack::core::{Core, CutPoints};
use crate::pack::kinds::CutKind;

/// Days since an order after which a customer counts as slipping away where the pack has no cut points.
const AT_RISK_DAYS: i64 = 90;
/// Days since an order after which a customer counts as lost where the pack has no cut points.
const LOST_DAYS: i64 = 180;
/// Probability of being alive below which a customer counts as slipping away.
const AT_RISK_ALIVE: f64 = 0.5;
/// Probability of being alive below which a customer counts as lost.
const LOST_ALIVE: f64 = 0.2;
/// Orders that make a customer loyal where the pack has no cut points.
const LOYAL_ORDERS: i64 = 4;

pub(super) fn set(traits: &mut Traits, memory: &Memory, core: &Core, now_s: i64, unit: f64) {
    let profile = &memory.state().profile;
    let orders = i64::from(profile.orders);
    let spend = profile.spend_minor as f64 / unit;
    traits.int(code::VISITOR_VISITS, i64::from(profile.visits.max(1)));
    traits.bool(code::VISITOR_IS_NEW, profile.visits <= 1);
    traits.int(code::VISITOR_DAYS_SINCE_FIRST, days_since(profile.first_seen_s, now_s));
    traits.int(code::VISITOR_DAYS_SINCE_LAST, days_since(profile.previous_visit_s, now_s));
    traits.int(code::VISITOR_ORDERS, orders);
    traits.double(code::VISITOR_SPEND, spend);
    traits.double(code::VISITOR_AOV, if orders > 0 { spend / orders as f64 } else { 0.0 });
    if !profile.first_name.is_empty() {
        traits.text(code::VISITOR_FIRST_NAME, &profile.first_name);
    }
    if orders > 0 {
        set_of_customer(traits, profile, core, now_s);
        return;
    }
    for code in [code::VISITOR_RFM_RECENCY, code::VISITOR_RFM_FREQUENCY, code::VISITOR_RFM_MONETARY] {
        traits.int(code, 0);
    }
    traits.text(code::VISITOR_LIFECYCLE, "prospect");
}

/// What only past orders tell.
#[inline(never)]
fn set_of_customer(traits: &mut Traits, profile: &Profile, core: &Core, now_s: i64) {
    traits.int(code::VISITOR_DAYS_SINCE_ORDER, days_since(profile.last_order_s, now_s));
    let fifths = Fifths::of(profile, core, now_s);
    traits.int(code::VISITOR_RFM_RECENCY, fifths.recency);
    traits.int(code::VISITOR_RFM_FREQUENCY, fifths.frequency);
    traits.int(code::VISITOR_RFM_MONETARY, fifths.monetary);
    let alive = match traits.value(code::VISITOR_PREDICT_ALIVE, "") {
        Some(Value::Double(alive)) if profile.orders > 1 => Some(alive),
        _ => None,
    };
    traits.text(code::VISITOR_LIFECYCLE, lifecycle(profile, alive, core, now_s));
}

/// Whole days since a moment; 0 when it never was, or lies ahead.
fn days_since(at_s: i64, now_s: i64) -> i64 {
    if at_s == 0 { 0 } else { now_s.saturating_sub(at_s).max(0) / DAY_S }
}

fn cut(core: &Core, kind: CutKind) -> Option<CutPoints> {
    core.cut_points.iter().find(|cut| cut.kind == kind.code())
}

/// RFM scores, 1 to 5; 0 without cut points.
struct Fifths {
    recency: i64,
    frequency: i64,
    monetary: i64,
}

impl Fifths {
    fn of(profile: &Profile, core: &Core, now_s: i64) -> Self {
        let fifth = |kind, value| match cut(core, kind) {
            Some(cut) => band(&cut, value) as i64 + 1,
            None => 0,
        };
        let recency = fifth(CutKind::Recency, days_since(profile.last_order_s, now_s));
        Self {
            recency: if recency > 0 { 6 - recency } else { 0 },
            frequency: fifth(CutKind::Frequency, i64::from(profile.orders)),
            monetary: fifth(CutKind::Monetary, profile.spend_minor),
        }
    }
}

/// Stage of a customer, with an order at least. Who came back is lost below a fifth of being alive and at risk below a half, by
/// their own rhythm; without that, beyond the 80th percentile of days since an order lost and beyond the
/// 60th at risk. Else loyal in the highest fifth of orders (and with at least two), active with two orders, new with one.
fn lifecycle(profile: &Profile, alive: Option<f64>, core: &Core, now_s: i64) -> &'static str {
    let orders = i64::from(profile.orders);
    let idle_days = days_since(profile.last_order_s, now_s);
    let recency = cut(core, CutKind::Recency);
    let (at_risk_days, lost_days) = recency.map_or((AT_RISK_DAYS, LOST_DAYS), |cut| (cut.p60, cut.p80));
    let above = cut(core, CutKind::Frequency).map_or(LOYAL_ORDERS - 1, |cut| cut.p80.max(1));
    let (at_risk, lost) = match alive {
        Some(alive) => (alive < AT_RISK_ALIVE, alive < LOST_ALIVE),
        None => (idle_days > at_risk_days, idle_days > lost_days),
    };
    match orders {
        _ if lost => "lost",
        _ if at_risk => "at-risk",
        _ if orders > above => "loyal",
        1 => "new",
        _ => "active",
    }
}
