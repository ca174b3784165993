//! Folding segments into a snapshot, and clearing up what a snapshot has made needless.

use crate::surroundings::{Clock, Entropy, Store, StoreError};

use super::{Journal, USED_MAX, View, Writer, keys, segment};

/// A snapshot is relied on only after this long, milliseconds: a killed browser loses up to five
/// seconds of writes, and a tab that read before it was written is done by then.
const SETTLE_MS: i64 = 12_000;
/// A folded segment is deleted this long after its last append, milliseconds: its writer sealed it
/// [`super::SEAL_MS`] after that append.
const QUIET_MS: i64 = super::SEAL_MS + SETTLE_MS;
/// A new snapshot is due when that many segments are not folded.
const SEGMENTS_DUE: usize = 8;
/// A new snapshot is due when segments of that many characters are not folded.
const CHARACTERS_DUE: usize = 8 << 10;

/// Since when this page has seen a value unchanged. Its own monotonic clock measures it, because the
/// wall clock may jump.
#[derive(Debug)]
pub(super) struct Observed {
    key: String,
    length: usize,
    since_ms: i64,
}

impl Journal {
    /// One round of clearing up: to be called now and then while the page is idle.
    ///
    /// # Errors
    /// [`StoreError`] of the access that failed; whatever was done until then is sound.
    pub fn compact(
        &mut self,
        store: &mut impl Store,
        clock: &impl Clock,
        entropy: &mut impl Entropy,
    ) -> Result<(), StoreError> {
        let mut view = View::look(store)?;
        self.observe(&view, clock.monotonic_ms());
        for key in std::mem::take(&mut view.junk) {
            store.remove(&key)?;
        }
        self.delete_included(&mut view, store, clock)?;
        self.delete_folded(&mut view, store, clock)?;
        if self.snapshot_is_due(&view, clock) {
            self.write_snapshot(&view, store, clock, entropy)?;
        }
        if view.extent != self.extent || view.epoch != self.epoch {
            self.adopt(view, store)?;
        }
        Ok(())
    }

    fn observe(&mut self, view: &View, now_ms: i64) {
        let before = std::mem::take(&mut self.observed);
        for (key, length) in &view.extent {
            let known = before.iter().find(|known| known.key == *key && known.length == *length);
            let since_ms = known.map_or(now_ms, |known| known.since_ms);
            self.observed.push(Observed { key: key.clone(), length: *length, since_ms });
        }
    }

    fn seen_for(&self, key: &str, clock: &impl Clock) -> i64 {
        let known = self.observed.iter().find(|known| known.key == key);
        known.map_or(0, |known| clock.monotonic_ms().saturating_sub(known.since_ms))
    }

    /// Deletes snapshots whose whole coverage is included in a settled one.
    fn delete_included(
        &self,
        view: &mut View,
        store: &mut impl Store,
        clock: &impl Clock,
    ) -> Result<(), StoreError> {
        let mut at = 0;
        while at < view.snapshots.len() {
            let (key, snapshot) = &view.snapshots[at];
            let needless = view.snapshots[at + 1..].iter().any(|(other, better)| {
                self.seen_for(other, clock) >= SETTLE_MS && better.coverage.includes(&snapshot.coverage)
            });
            if needless {
                store.remove(key)?;
                view.snapshots.remove(at);
            } else {
                at += 1;
            }
        }
        Ok(())
    }

    /// Deletes quiet segments that a settled snapshot, and every other one, has folded in.
    fn delete_folded(
        &self,
        view: &mut View,
        store: &mut impl Store,
        clock: &impl Clock,
    ) -> Result<(), StoreError> {
        if !view.snapshots.iter().any(|(key, _)| self.seen_for(key, clock) >= SETTLE_MS) {
            return Ok(());
        }
        let mut at = 0;
        while at < view.segments.len() {
            let (key, text, segment) = &view.segments[at];
            let folded = view.snapshots.iter().all(|(_, snapshot)| View::covers(&snapshot.coverage, segment));
            let quiet = clock.now_ms().saturating_sub(segment.appended_ms) >= QUIET_MS
                || self.seen_for(key, clock) >= QUIET_MS;
            if folded && quiet && store.get(key)?.as_deref() == Some(text) {
                store.remove(key)?;
                view.segments.remove(at);
            } else {
                at += 1;
            }
        }
        Ok(())
    }

    fn snapshot_is_due(&self, view: &View, clock: &impl Clock) -> bool {
        if view.snapshots.iter().any(|(key, _)| self.seen_for(key, clock) < SETTLE_MS) {
            return false;
        }
        let (mut segments, mut characters) = (0, 0);
        for (_, text, segment) in &view.segments {
            if view.best().is_none_or(|best| !View::covers(&best.coverage, segment)) {
                segments += 1;
                characters += text.len();
            }
        }
        segments >= SEGMENTS_DUE || characters >= CHARACTERS_DUE
    }

    fn write_snapshot(
        &mut self,
        view: &View,
        store: &mut impl Store,
        clock: &impl Clock,
        entropy: &mut impl Entropy,
    ) -> Result<(), StoreError> {
        let mut snapshot = view.folded();
        snapshot.generation = snapshot.generation.saturating_add(1);
        snapshot.coverage.prune(|writer| view.segments.iter().any(|entry| entry.2.writer == writer));
        let random = entropy.next_u64();
        let writer = self.writer.unwrap_or(Writer::after(view.highest(), random));
        let key = keys::snapshot(snapshot.generation, writer, random);
        let text = snapshot.text();
        if view.used(clock.now_ms()) + key.len() + text.len() + segment::TEXT_MAX <= USED_MAX {
            store.set(&key, &text)?;
        }
        Ok(())
    }
}
