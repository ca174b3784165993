//! How one event changes the totals.

use super::limits;
use super::state::{CartLine, Day, Exposures, ItemHistory, State, Visit, Wish};
use super::{Event, EventKind};
use crate::eval::DAY_S;

impl State {
    /// Applies one event and returns the time it counts at: the clock's, unless that lies on a day
    /// before the newest event's (then the newest event's time) or more than
    /// [`limits::DAYS_AHEAD_MAX`] days ahead of it (then that bound).
    pub(super) fn apply(&mut self, event: &Event) -> i64 {
        let at_s = self.bounded(event.at_s);
        match event.kind {
            EventKind::SessionStart
            | EventKind::PageView
            | EventKind::UserEngagement
            | EventKind::Exposure
                if event.item.is_empty() =>
            {
                self.visit(event, at_s);
                self.count(event, at_s);
                if event.kind == EventKind::Exposure {
                    self.expose(event, at_s);
                }
            }
            _ => self.change(event, at_s),
        }
        at_s
    }

    /// Applies an event that changes more than the visit and the day.
    #[inline(never)]
    fn change(&mut self, event: &Event, at_s: i64) {
        match event.kind {
            EventKind::SetName => event.text.clone_into(&mut self.profile.first_name),
            EventKind::SetUnit => {
                if self.profile.unit.is_empty() {
                    event.text.clone_into(&mut self.profile.unit);
                }
            }
            EventKind::MuteBrand => self.mute(&event.brand),
            EventKind::UnmuteBrand => self.profile.muted_brands.retain(|brand| *brand != event.brand),
            EventKind::SetAnswer => self.set_answer(&event.text),
            EventKind::Forget | EventKind::SoldOut => {}
            _ => self.act(event, at_s),
        }
    }

    /// An event that the shopper did, as opposed to a setting.
    fn act(&mut self, event: &Event, at_s: i64) {
        self.visit(event, at_s);
        self.count(event, at_s);
        if !event.item.is_empty() {
            self.touch(event, at_s);
        }
        match event.kind {
            EventKind::AddToCart => self.add_to_cart(event, at_s),
            EventKind::RemoveFromCart => self.remove_from_cart(event),
            EventKind::AddToWishlist => self.wish(event, at_s),
            EventKind::RemoveFromWishlist => self.wishlist.retain(|wish| wish.item != event.item),
            EventKind::Purchase => self.purchase(event, at_s),
            EventKind::Refund => {
                self.profile.spend_minor = self.profile.spend_minor.saturating_sub(event.value_minor);
            }
            EventKind::Exposure => self.expose(event, at_s),
            _ => {}
        }
    }

    fn bounded(&self, at_s: i64) -> i64 {
        let newest = self.profile.last_seen_s;
        if newest == 0 {
            return at_s.max(1);
        }
        if at_s.div_euclid(DAY_S) < newest.div_euclid(DAY_S) {
            return newest;
        }
        at_s.min(newest.saturating_add(limits::DAYS_AHEAD_MAX * DAY_S))
    }

    fn visit(&mut self, event: &Event, at_s: i64) {
        let profile = &mut self.profile;
        if self.visit.started_s == 0 || at_s.saturating_sub(self.visit.last_s) > limits::VISIT_GAP_S {
            profile.previous_visit_s = self.visit.last_s;
            profile.visits = profile.visits.saturating_add(1);
            self.visit = Visit { started_s: at_s, last_s: at_s, ..Visit::default() };
            if event.kind == EventKind::SessionStart {
                let (referrer, landing) = event.text.split_once('\n').unwrap_or((&event.text, ""));
                referrer.clone_into(&mut self.visit.referrer);
                landing.clone_into(&mut self.visit.landing);
            }
        }
        if profile.first_seen_s == 0 {
            profile.first_seen_s = at_s;
        }
        profile.last_seen_s = profile.last_seen_s.max(at_s);
        let visit = &mut self.visit;
        visit.last_s = visit.last_s.max(at_s);
        visit.engaged_ms = visit.engaged_ms.saturating_add(event.engaged_ms);
        let counter = match event.kind {
            EventKind::PageView => &mut visit.pages,
            EventKind::ViewItem => &mut visit.items,
            EventKind::Search => &mut visit.searches,
            _ => return,
        };
        *counter = counter.saturating_add(1);
    }

    fn count(&mut self, event: &Event, at_s: i64) {
        let day = u32::try_from(at_s.div_euclid(DAY_S)).unwrap_or(0);
        if self.days.last().is_none_or(|last| last.day < day) {
            self.days.push(Day { day, ..Day::default() });
            drop_first(&mut self.days, limits::DAYS_MAX);
        }
        let Some(last) = self.days.last_mut() else { return };
        last.engaged_ms = last.engaged_ms.saturating_add(event.engaged_ms);
        match event.kind {
            EventKind::Purchase => last.spend_minor = last.spend_minor.saturating_add(event.value_minor),
            EventKind::Refund => last.spend_minor = last.spend_minor.saturating_sub(event.value_minor),
            _ => {}
        }
        match last.counts.iter().position(|entry| entry.0 >= event.kind) {
            Some(at) if last.counts[at].0 == event.kind => {
                last.counts[at].1 = last.counts[at].1.saturating_add(1);
            }
            Some(at) => last.counts.insert(at, (event.kind, 1)),
            None => last.counts.push((event.kind, 1)),
        }
    }

    /// Brings a product to the end of the history and updates what is known of it.
    fn touch(&mut self, event: &Event, at_s: i64) {
        let mut item = match self.items.iter().position(|item| item.item == event.item) {
            Some(at) => self.items.remove(at),
            None => ItemHistory { item: event.item.clone(), first_s: at_s, ..ItemHistory::default() },
        };
        known(&event.category, &mut item.category);
        known(&event.brand, &mut item.brand);
        if event.price_minor != 0 {
            item.price_minor = event.price_minor;
        }
        item.last_s = at_s;
        item.engaged_ms = item.engaged_ms.saturating_add(event.engaged_ms);
        match event.kind {
            EventKind::ViewItem => item.views = item.views.saturating_add(1),
            EventKind::Purchase => {
                item.bought = item.bought.saturating_add(event.quantity.max(1));
                item.bought_s = at_s;
            }
            EventKind::Refund => item.bought = item.bought.saturating_sub(event.quantity.max(1)),
            _ => {}
        }
        self.items.push(item);
        if self.items.len() > limits::ITEMS_MAX {
            let dropped = self.items.iter().position(|item| item.bought == 0).unwrap_or(0);
            self.items.remove(dropped);
        }
    }

    fn add_to_cart(&mut self, event: &Event, at_s: i64) {
        let mut line = match self.cart.iter().position(|line| line.item == event.item) {
            Some(at) => self.cart.remove(at),
            None => CartLine { item: event.item.clone(), ..CartLine::default() },
        };
        known(&event.category, &mut line.category);
        known(&event.brand, &mut line.brand);
        if event.price_minor != 0 {
            line.price_minor = event.price_minor;
        }
        line.quantity = line.quantity.saturating_add(event.quantity.max(1));
        line.at_s = at_s;
        self.cart.push(line);
        drop_first(&mut self.cart, limits::CART_MAX);
    }

    fn remove_from_cart(&mut self, event: &Event) {
        let Some(at) = self.cart.iter().position(|line| line.item == event.item) else { return };
        let left = self.cart[at].quantity.saturating_sub(event.quantity);
        if event.quantity == 0 || left == 0 {
            self.cart.remove(at);
        } else {
            self.cart[at].quantity = left;
        }
    }

    fn wish(&mut self, event: &Event, at_s: i64) {
        if self.wishlist.iter().any(|wish| wish.item == event.item) {
            return;
        }
        self.wishlist.push(Wish {
            item: event.item.clone(),
            category: event.category.clone(),
            brand: event.brand.clone(),
            price_minor: event.price_minor,
            at_s,
        });
        drop_first(&mut self.wishlist, limits::WISHLIST_MAX);
    }

    fn purchase(&mut self, event: &Event, at_s: i64) {
        let profile = &mut self.profile;
        if event.text.is_empty() || event.text != profile.last_order {
            profile.orders = profile.orders.saturating_add(1);
            event.text.clone_into(&mut profile.last_order);
            if profile.first_order_s == 0 {
                profile.first_order_s = at_s;
            }
            profile.last_order_s = at_s;
            self.cart.clear();
        }
        profile.spend_minor = profile.spend_minor.saturating_add(event.value_minor);
    }

    #[inline(never)]
    fn expose(&mut self, event: &Event, at_s: i64) {
        let (campaign, variation) = event.text.split_once('/').unwrap_or((&event.text, ""));
        let found = self
            .exposures
            .iter()
            .position(|seen| (seen.campaign.as_str(), seen.variation.as_str()) >= (campaign, variation));
        let at = found.unwrap_or(self.exposures.len());
        if self.exposures.get(at).is_none_or(|seen| seen.campaign != campaign || seen.variation != variation)
        {
            let seen =
                Exposures { campaign: campaign.into(), variation: variation.into(), ..Exposures::default() };
            self.exposures.insert(at, seen);
        }
        let seen = &mut self.exposures[at];
        seen.total = seen.total.saturating_add(1);
        seen.times_s.push(at_s);
        drop_first(&mut seen.times_s, limits::EXPOSURE_TIMES_MAX);
        if self.exposures.len() > limits::EXPOSURES_MAX {
            let newest = |seen: &Exposures| seen.times_s.last().copied().unwrap_or(0);
            let oldest = (0..self.exposures.len()).min_by_key(|at| newest(&self.exposures[*at])).unwrap_or(0);
            self.exposures.remove(oldest);
        }
    }

    fn set_answer(&mut self, text: &str) {
        let (name, answer) = text.split_once('\n').unwrap_or((text, ""));
        if let Some(at) = self.answer_at(name) {
            self.answers.remove(at);
        }
        if !answer.is_empty() {
            self.answers.push(text.to_owned());
            drop_first(&mut self.answers, limits::ANSWERS_MAX);
        }
    }

    fn mute(&mut self, brand: &str) {
        let muted = &mut self.profile.muted_brands;
        let at = muted.iter().position(|known| known.as_str() >= brand).unwrap_or(muted.len());
        let known = muted.get(at).is_some_and(|known| known == brand);
        if !known && muted.len() < limits::MUTED_MAX {
            muted.insert(at, brand.to_owned());
        }
    }
}

fn known(new: &str, old: &mut String) {
    if !new.is_empty() {
        new.clone_into(old);
    }
}

fn drop_first<T>(list: &mut Vec<T>, max: usize) {
    if list.len() > max {
        list.remove(0);
    }
}
