//! Moments that memory and catalogue tell, on this device.

use super::Driver;
use crate::engine::decide::occasion;
use crate::engine::memory::{Event, EventKind};
use crate::engine::pack::kinds::TriggerKind;
use crate::surroundings::{Clock, Entropy, Store};

impl<C: Clock, E: Entropy, S: Store> Driver<C, E, S> {
    /// How far such a moment has come, in the unit of its trigger's threshold. Notes which products are sold out, so that
    /// their return is noticed, and which files would tell more.
    pub(super) fn occasion(&mut self, trigger: TriggerKind) -> Option<u32> {
        let now_s = self.now_s();
        let mut loaded = self.loaded.take()?;
        let found = occasion(&loaded.core.view(), &loaded.desk.shelf, self.memory(), trigger, now_s);
        loaded.desk.wants.add_all(&found.wants);
        self.loaded = Some(loaded);
        for item in found.sold_out {
            self.remember(Event::new(EventKind::SoldOut, now_s).about(&item));
        }
        found.reached
    }
}
