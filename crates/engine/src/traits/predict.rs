//! `visitor.predict.*` and `session.intent`: the pack's models, applied to this one shopper.

use super::table::code;
use super::values::Traits;
use crate::eval::{DAY_S, HistoryQuery, TraitSource, Value};
use crate::memory::{EventKind, Memory};
use crate::pack::core::Core;
use crate::pack::model::{
    self, BG_NBD, BUYS_AGAIN, BUYS_AGAIN_DAYS, BgNbd, GAMMA_GAMMA, GammaGamma, OrderBook, SESSION_INTENT,
    VisitSoFar,
};
use crate::pack::program::HistoryFunction;

const YEAR_DAYS: f64 = 365.0;

/// The values of parameters; none unless the pack has them all.
fn known<const N: usize>(core: &Core, names: &[&str; N]) -> Option<[f64; N]> {
    let mut values = [0.0; N];
    for (value, name) in values.iter_mut().zip(names) {
        *value = core.parameter(name)?;
    }
    Some(values)
}

pub(super) fn set(traits: &mut Traits, memory: &Memory, core: &Core, now_s: i64, unit: f64) {
    if let Some(coefficients) = known(core, &SESSION_INTENT) {
        let visit = visit_so_far(memory, now_s);
        traits.double(code::SESSION_INTENT, model::probability(&coefficients, &visit.features()));
    }
    if memory.state().profile.orders > 0 {
        set_of_customer(traits, memory, core, now_s, unit);
    }
}

/// What only past orders tell.
#[inline(never)]
fn set_of_customer(traits: &mut Traits, memory: &Memory, core: &Core, now_s: i64, unit: f64) {
    let book = order_book(traits, memory, now_s);
    let rhythm = book.rhythm();
    let bg_nbd = known(core, &BG_NBD).map(|[r, alpha, a, b]| BgNbd { r, alpha, a, b });
    if let Some(model) = bg_nbd {
        let orders = model.expected_orders(&rhythm, YEAR_DAYS);
        traits.double(code::VISITOR_PREDICT_ALIVE, model.alive(&rhythm));
        traits.double(code::VISITOR_PREDICT_ORDERS_12M, orders);
        traits.int(code::VISITOR_PREDICT_NEXT_ORDER_DAYS, model.next_order_days(&rhythm).ceil() as i64);
        if let Some([p, q, v]) = known(core, &GAMMA_GAMMA) {
            let value = GammaGamma { p, q, v }.expected_value(book.orders, book.spend / book.orders);
            traits.double(code::VISITOR_PREDICT_CLV_12M, orders * value / unit);
        }
    }
    let again = match known(core, &BUYS_AGAIN) {
        Some(coefficients) => Some(model::probability(&coefficients, &book.features())),
        None => bg_nbd.map(|model| model.orders_within(&rhythm, BUYS_AGAIN_DAYS)),
    };
    if let Some(again) = again {
        traits.double(code::VISITOR_PREDICT_BUYS_AGAIN, again);
    }
}

fn order_book(traits: &Traits, memory: &Memory, now_s: i64) -> OrderBook {
    let profile = &memory.state().profile;
    let days = |at_s: i64| now_s.saturating_sub(at_s).max(0) as f64 / DAY_S as f64;
    let of_late = |days: i64| {
        let function = HistoryFunction::Count;
        let subject = EventKind::Purchase.name();
        let window_s = days * DAY_S;
        match traits.history(&HistoryQuery { function, subject, steps: &[], window_s, filter: &[] }) {
            Some(Value::Int(count)) => count as f64,
            _ => 0.0,
        }
    };
    OrderBook {
        orders: f64::from(profile.orders),
        recency: days(profile.last_order_s),
        age: days(profile.first_order_s),
        orders_30d: of_late(30),
        orders_90d: of_late(90),
        spend: profile.spend_minor.max(0) as f64,
    }
}

/// This visit since its last order; nothing when it is over.
fn visit_so_far(memory: &Memory, now_s: i64) -> VisitSoFar {
    let mut so_far = VisitSoFar::default();
    let visit = &memory.state().visit;
    let events = memory.events();
    let is_old = |at: &usize| {
        let event = &events[*at];
        event.at_s < visit.started_s || event.kind == EventKind::Purchase
    };
    let from = (0..events.len()).rev().find(is_old).map_or(0, |at| at + 1);
    let since = &events[from..];
    let (Some(first), true) = (since.first(), !memory.visit_is_over(now_s)) else {
        return so_far;
    };
    so_far.minutes = visit.last_s.saturating_sub(first.at_s).max(0) as f64 / 60.0;
    for (at, event) in since.iter().enumerate() {
        match event.kind {
            EventKind::ViewItem => {
                so_far.views += 1.0;
                let again =
                    since[..at].iter().any(|it| it.kind == EventKind::ViewItem && it.item == event.item);
                so_far.items += f64::from(u8::from(!again));
            }
            EventKind::AddToCart => so_far.adds += 1.0,
            EventKind::Search => so_far.searches += 1.0,
            EventKind::BeginCheckout => so_far.checkout = true,
            _ => {}
        }
    }
    so_far
}
