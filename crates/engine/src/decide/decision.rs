//! What one slot, or one fired trigger, gets.

use crate::pack::kinds::{CampaignKind, ContentKind};
use crate::reason::Reason;

/// The experiment behind a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Index into the pack's experiments.
    pub experiment: u32,
    /// Index of the variation inside its campaign.
    pub variation: u32,
}

/// What one slot gets now, and why. All references are indices into the core file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Slot; none for a message or trigger.
    pub slot: Option<u32>,
    /// Winning campaign; none when no campaign of the slot could show.
    pub campaign: Option<u32>,
    /// Index into the core file's `variations`; none without a campaign.
    pub variation: Option<u32>,
    /// What the campaign does; content without a campaign.
    pub kind: CampaignKind,
    /// What to bring: control leaves the merchant's own markup alone.
    pub content: ContentKind,
    /// Why.
    pub reason: Reason,
    /// The experiment that chose the variation.
    pub assignment: Option<Assignment>,
}

impl Decision {
    /// Nothing to show in a slot.
    pub(super) fn none(slot: u32) -> Self {
        Self {
            slot: Some(slot),
            campaign: None,
            variation: None,
            kind: CampaignKind::Content,
            content: ContentKind::Control,
            reason: Reason::NoCampaign,
            assignment: None,
        }
    }
}
