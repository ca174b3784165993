//! What a log tells of the moments that messages and triggers wait for.
//!
//! Of every page: that it was shown, and how long. Of a visit: the cart it found. Of the end of the logs: prices that fell
//! since. Where the pointer was, whether somebody scrolled or idled, and what was sold out on which day, no log tells.

use std::collections::BTreeMap;

use shelfwise_engine::memory::limits::VISIT_GAP_S;
use shelfwise_engine::memory::{Event, EventKind};
use shelfwise_pack::kinds::TriggerKind;

use crate::project::Project;

/// Triggers that a log cannot tell: campaigns that wait for them are not replayed.
pub const UNTOLD: &[TriggerKind] =
    &[TriggerKind::ExitIntent, TriggerKind::Idle, TriggerKind::Scroll, TriggerKind::BackInStock];

/// Campaigns that wait for what a log cannot tell, and for what.
pub fn untold(project: &Project) -> impl Iterator<Item = (&str, TriggerKind)> {
    let waiting = project.campaigns.iter().filter_map(|campaign| {
        let trigger = campaign.trigger.as_ref()?;
        Some((campaign.id.value.as_str(), trigger.kind.value))
    });
    waiting.filter(|(_, kind)| UNTOLD.contains(kind))
}

/// How long a shopper looked at kinds of pages: attention where the log has it, else the time until the next page of the
/// visit, which is at least as long.
#[derive(Debug, Default)]
pub(super) struct Dwell {
    /// The page that is being looked at: its kind, since when, and attention so far, ms.
    page: Option<(&'static str, i64, u64)>,
    /// Longest look at each kind of page, seconds.
    longest_s: BTreeMap<&'static str, u32>,
}

impl Dwell {
    /// A new day.
    pub(super) fn clear(&mut self) {
        self.longest_s.clear();
    }

    /// Longest look at a kind of page since the last [`Self::clear`], seconds.
    pub(super) fn of(&self, page: &str) -> Option<u32> {
        self.longest_s.get(page).copied()
    }

    pub(super) fn note(&mut self, event: &Event) {
        if let Some((page, since_s, attention_ms)) = &mut self.page {
            *attention_ms += u64::from(event.engaged_ms);
            let gap_s = event.at_s.saturating_sub(*since_s);
            let seconds = match *attention_ms {
                0 if gap_s > VISIT_GAP_S => 0,
                0 => gap_s.max(0).unsigned_abs(),
                ms => ms / 1_000,
            };
            let longest = self.longest_s.entry(page).or_default();
            *longest = (*longest).max(u32::try_from(seconds).unwrap_or(u32::MAX));
        }
        let told = match event.kind {
            EventKind::PageView if event.text == "/" => "home",
            EventKind::PageView => "other",
            EventKind::ViewItem => "product",
            EventKind::ViewItemList => "category",
            EventKind::Search => "search",
            EventKind::ViewCart => "cart",
            EventKind::BeginCheckout => "checkout",
            EventKind::Purchase => "thank-you",
            _ => return,
        };
        match &mut self.page {
            // The page view of a page comes first, and what the page is at the same second.
            Some((page, since_s, _)) if *since_s == event.at_s => *page = told,
            page => *page = Some((told, event.at_s, u64::from(event.engaged_ms))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(at_s: i64, kind: EventKind, engaged_ms: u32) -> Event {
        Event { engaged_ms, ..Event::new(kind, at_s) }
    }

    #[test]
    fn a_look_is_its_attention_or_the_time_until_the_next_page() {
        let mut dwell = Dwell::default();
        for event in [
            at(0, EventKind::PageView, 0),
            at(0, EventKind::ViewItem, 0),
            at(20, EventKind::AddToCart, 0),
            at(50, EventKind::ViewCart, 0),
            at(60, EventKind::UserEngagement, 7_900),
            at(100, EventKind::Search, 0),
        ] {
            dwell.note(&event);
        }
        assert_eq!((dwell.of("product"), dwell.of("cart"), dwell.of("search")), (Some(50), Some(7), None));
        dwell.note(&at(100 + VISIT_GAP_S + 1, EventKind::ViewItem, 0));
        assert_eq!(dwell.of("search"), Some(0), "a visit that ended says nothing of its last page");
        dwell.clear();
        assert_eq!(dwell.of("product"), None);
    }
}
