//! What the host knows beside traits: exposures, holdout, preview links, withdrawals.

use crate::memory::{Exposures, Memory};
use crate::pack::core::Core;
use crate::pack::kinds::ConsentMode;
use crate::pack::record::Str;
use shelfwise_pack::sort::sort;

/// Facts that decide whether a campaign may show, other than its audience.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// What the shopper allowed; none = contextual.
    pub consent: Option<ConsentMode>,
    /// Exposures inside each capped campaign's own window: (campaign index, count), ascending.
    pub exposures: Vec<(u32, u32)>,
    /// Campaigns that were seen as often as one of their further caps allows, ascending.
    pub capped: Vec<u32>,
    /// Campaigns that this page has shown already: they count for its limits and groups.
    pub shown: Vec<u32>,
    /// Minutes that the shopper's clock is ahead of UTC.
    pub utc_offset_min: i32,
    /// Share of shoppers who always see the merchant's markup, parts per million.
    pub holdout_ppm: u32,
    /// Preview links: (campaign index, variation index inside the campaign).
    pub forced: Vec<(u32, u32)>,
    /// Indices of campaigns withdrawn after the release, ascending.
    pub withdrawn: Vec<u32>,
    /// Indices of campaigns whose row could not be filled: decide again with them left out.
    pub unfilled: Vec<u32>,
}

impl State {
    /// Counts the exposures that memory holds of every capped campaign, inside its window before `now_s`.
    ///
    /// Cost: one look at each campaign and one binary search per capped one.
    #[must_use]
    pub fn derive(core: &Core, memory: &Memory, consent: ConsentMode, now_s: i64) -> Self {
        let seen = &memory.state().exposures;
        let mut state = Self { consent: Some(consent), ..Self::default() };
        if !seen.is_empty() {
            state.count_exposures(core, seen, now_s);
        }
        state
    }

    /// Cost: as [`Self::derive`] says.
    #[inline(never)]
    fn count_exposures(&mut self, core: &Core, seen: &[Exposures], now_s: i64) {
        for (index, campaign) in core.campaigns.iter().enumerate() {
            if campaign.cap_exposures == 0 {
                continue;
            }
            let count = count(core, seen, campaign.id, campaign.cap_window_s, now_s);
            if count > 0 {
                self.exposures.push((index as u32, count));
            }
        }
        for cap in core.caps.iter() {
            let id = core.campaigns.get(cap.campaign).unwrap_or_default().id;
            if count(core, seen, id, cap.window_s, now_s) >= cap.exposures {
                self.capped.push(cap.campaign);
            }
        }
        sort(&mut self.capped);
    }

    /// Marks campaigns as withdrawn by id; ids that the pack does not have are ignored.
    pub fn withdraw<'a>(&mut self, core: &Core, ids: impl IntoIterator<Item = &'a str>) {
        self.withdrawn.extend(ids.into_iter().filter_map(|id| campaign_index(core, id)));
        sort(&mut self.withdrawn);
        self.withdrawn.dedup();
    }

    /// Forces a variation, as a preview link does. Whether the pack has both ids.
    #[inline(never)]
    pub fn force(&mut self, core: &Core, campaign: &str, variation: &str) -> bool {
        let found = campaign_index(core, campaign).and_then(|index| {
            let variations = core.campaigns.get(index)?.variations;
            let at = core.variations.range(variations).position(|entry| core.text(entry.id) == variation)?;
            Some((index, at as u32))
        });
        self.forced.extend(found);
        found.is_some()
    }

    /// Exposures of a campaign inside its window.
    #[must_use]
    pub fn exposures_of(&self, campaign: u32) -> u32 {
        let found = self.exposures.binary_search_by_key(&campaign, |entry| entry.0);
        found.map_or(0, |at| self.exposures[at].1)
    }
}

/// Exposures of a campaign in a window before `now_s`; 0 = ever.
fn count(core: &Core, seen: &[Exposures], campaign: Str, window_s: u32, now_s: i64) -> u32 {
    let id = core.text(campaign);
    let start = seen.partition_point(|entry| entry.campaign.as_str() < id);
    let entries = seen[start..].iter().take_while(|entry| entry.campaign == id);
    if window_s == 0 {
        return entries.fold(0, |sum, entry| sum.saturating_add(entry.total));
    }
    let after_s = now_s.saturating_sub(window_s.into());
    entries.flat_map(|entry| &entry.times_s).filter(|at_s| **at_s > after_s).count() as u32
}

/// Index of the campaign of that id.
#[must_use]
pub fn campaign_index(core: &Core, id: &str) -> Option<u32> {
    core.campaigns.iter().position(|campaign| core.text(campaign.id) == id).map(|at| at as u32)
}
