//! What the next homepage shows before anything is loaded: decided now, stored, applied by the boot snippet.

use super::deciding::{Ask, Filled, settle, write_content};
use super::{Desk, Driver, Moment};
use crate::engine::pack::core::Core;
use crate::engine::pack::kinds::{ConsentMode, ContentKind};
use crate::engine::traits::code;
use crate::journal::{USED_MAX, View};
use crate::json::Json;
use crate::surroundings::{Clock, Entropy, Store, StoreError};

/// Key of the payload.
pub(super) const KEY: &str = "boot";
/// Longest payload, characters; slots that do not fit are left to the engine.
const TEXT_MAX: usize = 14 << 10;
/// Longest validity, seconds.
const VALID_S_MAX: i64 = 7 * 86_400;

impl<C: Clock, E: Entropy, S: Store> Driver<C, E, S> {
    /// Decides the slots of the homepage, and those of any page, for the next page view, and stores that
    /// once the shopper allowed personalising. The payload, or empty text without a pack:
    /// `{"v":1,"until":ms,"slots":{"home.hero":{"id":"campaign/variation","tree":[…]}}}`.
    pub fn prepare(&mut self) -> String {
        let now_s = self.now_s();
        let mut context = self.read_facts();
        self.add_visit(&mut context);
        "home".clone_into(&mut context.page);
        "/".clone_into(&mut context.path);
        for text in [&mut context.query, &mut context.item, &mut context.category, &mut context.search] {
            text.clear();
        }
        // What the page side says of the page has codes below those of devices.
        context.facts.retain(|fact| fact.0 >= code::DEVICE_TYPE);
        let Some(mut loaded) = self.loaded.take() else { return String::new() };
        let core = loaded.core.view();
        // What the shop says of its own holds for the next page as well.
        std::mem::swap(&mut context.custom, &mut self.context.custom);
        let mut moment = self.moment(&core, &loaded.desk.shelf, &context, now_s);
        std::mem::swap(&mut context.custom, &mut self.context.custom);
        // A preview is of one page, not of what comes after it.
        moment.state.forced.clear();
        let unit = &self.journal.memory().state().profile.unit;
        let text = payload(&core, &moment, unit, &mut loaded.desk);
        self.loaded = Some(loaded);
        if self.consent >= ConsentMode::Personalise && self.stores() {
            let _ = self.keep_boot(&text);
        }
        text
    }

    fn keep_boot(&mut self, text: &str) -> Result<(), StoreError> {
        let before = self.store.get(KEY)?;
        if before.as_deref() == Some(text) {
            return Ok(());
        }
        let used = View::look(&self.store)?.used(self.clock.now_ms());
        if used.saturating_sub(before.map_or(0, |text| text.len())) + text.len() > USED_MAX {
            return self.store.remove(KEY);
        }
        self.store.set(KEY, text).or_else(|_| self.store.remove(KEY))
    }
}

fn payload(core: &Core<'_>, moment: &Moment, unit: &str, desk: &mut Desk) -> String {
    let homely = |page: &str| page.is_empty() || page == "home";
    let slots = core.slots.iter().enumerate().filter(|(_, slot)| homely(core.text(slot.page)));
    let slots: Vec<u32> = slots.map(|(at, _)| at as u32).collect();
    let decided = settle(core, moment, unit, desk, &Ask::Slots(&slots));
    let mut until_s = core.meta.get(0).unwrap_or_default().expires_s.min(moment.now_s + VALID_S_MAX);
    let mut slots = Json::default();
    slots.object(|slots| {
        for filled in &decided {
            let mut entry = Json::default();
            let Some(ends_s) = write_slot(&mut entry, core, desk, moment, filled) else { continue };
            let entry = entry.finish();
            if slots.len() + entry.len() < TEXT_MAX {
                let slot = filled.decision.slot.and_then(|slot| core.slots.get(slot)).unwrap_or_default();
                slots.key(core.text(slot.name)).raw(&entry);
                until_s = until_s.min(ends_s);
            }
        }
    });
    let mut json = Json::default();
    json.object(|json| {
        json.integer("v", 1);
        json.integer("until", until_s.wrapping_mul(1000));
        json.key("slots").raw(&slots.finish());
    });
    json.finish()
}

/// One slot's entry, and when its campaign ends; nothing for the merchant's own markup.
fn write_slot(
    json: &mut Json,
    core: &Core<'_>,
    desk: &Desk,
    moment: &Moment,
    filled: &Filled,
) -> Option<i64> {
    let campaign = core.campaigns.get(filled.decision.campaign?)?;
    let variation = core.variations.get(filled.decision.variation?)?;
    if matches!(filled.decision.content, ContentKind::Control | ContentKind::Event) {
        return None;
    }
    json.object(|json| {
        json.text("id", &[core.text(campaign.id), "/", core.text(variation.id)].concat());
        write_content(json, core, desk, moment, filled, &variation);
    });
    Some(campaign.until_s)
}
