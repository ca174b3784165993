//! What each slot shows, and why: schedule, consent, audience, cap, holdout and experiment, priority,
//! variation, in this order; every step that rejects a campaign records its reason.

mod daypart;
mod decision;
mod occasion;
mod pass;
mod plan;
mod scratch;
mod settle;
mod state;

pub use decision::{Assignment, Decision};
pub use occasion::{Occasion, occasion};
pub use pass::{decide, fire};
pub use plan::Plan;
pub use scratch::Scratch;
pub use settle::settle;
pub use state::{State, campaign_index};
