//! For the inspector: the story behind decisions, and acting as another shopper without touching the store.

use super::Driver;
use super::scene::on_page;
use crate::engine::eval::TraitSource;
use crate::engine::explain::{Explanation, explain};
use crate::engine::memory::{Event, Memory};
use crate::engine::pack::OpenedCore;
use crate::engine::pack::kinds::ConsentMode;
use crate::journal::Journal;
use crate::surroundings::{Clock, Entropy, Store};

impl<C: Clock, E: Entropy, S: Store> Driver<C, E, S> {
    /// Acts as a shopper who did these things and allowed personalising. From now on nothing is read from
    /// the store or written to it.
    pub fn rehearse(&mut self, events: Vec<Event>) {
        self.rehearsing = true;
        self.consent = ConsentMode::Personalise;
        self.context.consent = Some(self.consent);
        self.page = Memory::default();
        self.journal = Journal::default();
        for event in events {
            self.page.fold(&event);
            self.journal.hold(event);
        }
        self.name_unit();
        self.changed();
    }

    /// Decides the named slots (one a line) and tells every campaign's story; none without a pack.
    pub fn explain(&mut self, slots: &str) -> Option<Explanation> {
        self.run(|core, moment, unit, desk| {
            let slots = desk.slots(core, slots);
            let traits = on_page(core, &desk.shelf, moment);
            let scratch = &mut desk.scratch;
            Some(explain(core, &traits, &moment.state, &slots, moment.now_s, unit, scratch))
        })
    }

    /// Calls `read` with the traits of this moment; nothing without a pack.
    pub fn with_traits<R: Default>(&mut self, read: impl Fn(&dyn TraitSource) -> R) -> R {
        self.run(|core, moment, _, desk| read(&on_page(core, &desk.shelf, moment)))
    }

    /// The pack, for texts of what a story refers to.
    #[must_use]
    pub fn pack(&self) -> Option<&OpenedCore> {
        self.loaded.as_ref().map(|loaded| &loaded.core)
    }

    /// Whether the store may be touched.
    pub(super) fn stores(&self) -> bool {
        self.consent >= ConsentMode::Remember && !self.rehearsing
    }
}
