//! One look at the whole store.

use crate::engine::memory::Memory;
use crate::engine::pack::sort::{sort, sort_by};
use crate::surroundings::{Store, StoreError};

use super::coverage::Coverage;
use super::keys::{self, Writer};
use super::segment::{Refusal, Segment, TEXT_MAX};
use super::snapshot::Snapshot;

/// Most characters of all our keys and texts together.
pub const USED_MAX: usize = 96 << 10;
/// The epoch of a store that was never erased.
pub const FIRST_EPOCH: u32 = 1;

/// What a look found: the highest epoch, and what is valid in it.
#[derive(Debug, Default)]
pub struct View {
    /// Highest epoch of the epoch key and of every valid value.
    pub epoch: u32,
    /// Whether the epoch key says so.
    pub epoch_is_stored: bool,
    /// Valid snapshots with their keys, the best one last.
    pub snapshots: Vec<(String, Snapshot)>,
    /// Valid segments with their keys and texts, by writer and number.
    pub segments: Vec<(String, String, Segment)>,
    /// Keys of damaged values and of values of older epochs.
    pub junk: Vec<String>,
    /// Every key and the length of its text.
    pub extent: Vec<(String, usize)>,
}

impl View {
    /// Reads every key. Cost: linear in the store.
    ///
    /// # Errors
    /// [`StoreError::Blocked`].
    pub fn look(store: &impl Store) -> Result<Self, StoreError> {
        let mut view = Self { epoch: FIRST_EPOCH, ..Self::default() };
        let mut stored_epoch = None;
        let mut names = store.keys()?;
        sort(&mut names);
        for key in names {
            let Some(text) = store.get(&key)? else { continue };
            view.extent.push((key.clone(), text.len()));
            let refusal = if key == keys::EPOCH {
                stored_epoch = read_epoch(&text);
                continue;
            } else if key.starts_with("j:") {
                Segment::read(&text).map(|segment| view.segments.push((key.clone(), text, segment)))
            } else if key.starts_with("s:") {
                Snapshot::read(&text).map(|snapshot| view.snapshots.push((key.clone(), snapshot)))
            } else {
                continue;
            };
            if refusal == Err(Refusal::Damaged) {
                view.junk.push(key);
            }
        }
        let found = view.segments.iter().map(|entry| entry.2.epoch);
        let found = found.chain(view.snapshots.iter().map(|entry| entry.1.epoch)).chain(stored_epoch);
        view.epoch = found.max().unwrap_or(FIRST_EPOCH).max(FIRST_EPOCH);
        view.epoch_is_stored = stored_epoch == Some(view.epoch);
        view.keep_epoch();
        Ok(view)
    }

    fn keep_epoch(&mut self) {
        let epoch = self.epoch;
        let old_segments = self.segments.iter().filter(|entry| entry.2.epoch < epoch).map(|entry| &entry.0);
        let old_snapshots = self.snapshots.iter().filter(|entry| entry.1.epoch < epoch).map(|entry| &entry.0);
        self.junk.extend(old_segments.chain(old_snapshots).cloned().collect::<Vec<_>>());
        self.segments.retain(|entry| entry.2.epoch == epoch);
        self.snapshots.retain(|entry| entry.1.epoch == epoch);
        sort_by(&mut self.segments, |a, b| (a.2.writer, a.2.number).cmp(&(b.2.writer, b.2.number)));
        sort_by(&mut self.snapshots, |(a_key, a), (b_key, b)| {
            (a.folded, a.generation, a_key).cmp(&(b.folded, b.generation, b_key))
        });
    }

    /// The best snapshot: the one that most records are folded into.
    #[must_use]
    pub fn best(&self) -> Option<&Snapshot> {
        self.snapshots.last().map(|entry| &entry.1)
    }

    /// The best snapshot with every record beyond its coverage folded in, by writer, segment, record.
    #[must_use]
    pub fn folded(&self) -> Snapshot {
        let mut whole = self.best().cloned().unwrap_or_default();
        whole.epoch = self.epoch;
        for (_, _, segment) in &self.segments {
            let known = whole.coverage.folded(segment.writer, segment.number);
            for event in segment.records.iter().skip(known as usize) {
                whole.memory.fold(event);
                whole.folded += 1;
            }
            whole.coverage.extend(segment.writer, segment.number, segment.records.len() as u32);
        }
        whole
    }

    /// The highest writer that left a trace.
    #[must_use]
    pub fn highest(&self) -> Writer {
        let segments = self.segments.iter().map(|entry| entry.2.writer);
        let covered = self.snapshots.iter().map(|entry| entry.1.coverage.highest());
        segments.chain(covered).max().unwrap_or_default()
    }

    /// Characters in use; a segment that may still grow counts with its longest text.
    #[must_use]
    pub fn used(&self, now_ms: i64) -> usize {
        let stored: usize = self.extent.iter().map(|(key, length)| key.len() + length).sum();
        let open = self.segments.iter().filter(|entry| now_ms.saturating_sub(entry.2.appended_ms) < 42_000);
        stored + open.map(|entry| TEXT_MAX.saturating_sub(entry.1.len())).sum::<usize>()
    }

    /// Whether every record of the segment is folded into the coverage.
    #[must_use]
    pub fn covers(coverage: &Coverage, segment: &Segment) -> bool {
        coverage.folded(segment.writer, segment.number) as usize >= segment.records.len()
    }

    /// The key to give up when there is no room: junk, else the oldest folded segment, else the oldest.
    #[must_use]
    pub fn most_dispensable(&self) -> Option<&str> {
        let folded = self
            .best()
            .and_then(|best| self.segments.iter().find(|entry| Self::covers(&best.coverage, &entry.2)));
        let oldest = folded.or(self.segments.first()).map(|entry| &entry.0);
        self.junk.first().or(oldest).map(String::as_str)
    }

    /// The memory alone.
    #[must_use]
    pub fn memory(&self) -> Memory {
        self.folded().memory
    }
}

/// The epoch of the epoch key's text.
pub(super) fn read_epoch(text: &str) -> Option<u32> {
    (text.len() == 8).then(|| u32::from_str_radix(text, 16).ok()).flatten()
}
