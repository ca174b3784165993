//! One look at the whole store.

use crate::engine::memory::Memory;
use crate::engine::pack::sort::sort;
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
                view.epoch = view.epoch.max(stored_epoch.unwrap_or(0));
                continue;
            } else if key.starts_with("j:") {
                Segment::read(&text).map(|segment| view.add_segment((key.clone(), text, segment)))
            } else if key.starts_with("s:") {
                Snapshot::read(&text).map(|snapshot| view.add_snapshot((key.clone(), snapshot)))
            } else {
                continue;
            };
            if refusal == Err(Refusal::Damaged) {
                view.junk.push(key);
            }
        }
        view.epoch_is_stored = stored_epoch == Some(view.epoch);
        let Self { epoch, segments, snapshots, junk, .. } = &mut view;
        let mut keep = |key: &String, of: u32| {
            if of < *epoch {
                junk.push(key.clone());
            }
            of == *epoch
        };
        segments.retain(|entry| keep(&entry.0, entry.2.epoch));
        snapshots.retain(|entry| keep(&entry.0, entry.1.epoch));
        Ok(view)
    }

    fn add_segment(&mut self, entry: (String, String, Segment)) {
        let place = |segment: &Segment| (segment.writer, segment.number);
        self.epoch = self.epoch.max(entry.2.epoch);
        let before = self.segments.iter().rposition(|known| place(&known.2) <= place(&entry.2));
        self.segments.insert(before.map_or(0, |before| before + 1), entry);
    }

    fn add_snapshot(&mut self, entry: (String, Snapshot)) {
        self.epoch = self.epoch.max(entry.1.epoch);
        let better = |known: &(String, Snapshot)| {
            (known.1.folded, known.1.generation, &known.0) > (entry.1.folded, entry.1.generation, &entry.0)
        };
        let at = self.snapshots.iter().position(better).unwrap_or(self.snapshots.len());
        self.snapshots.insert(at, entry);
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
        let mut highest = self.segments.last().map_or(Writer::default(), |entry| entry.2.writer);
        for (_, snapshot) in &self.snapshots {
            highest = highest.max(snapshot.coverage.highest());
        }
        highest
    }

    /// Characters in use; a segment that may still grow counts with its longest text.
    #[must_use]
    pub fn used(&self, now_ms: i64) -> usize {
        let mut used = 0;
        for (key, length) in &self.extent {
            used += key.len() + length;
        }
        for (_, text, segment) in &self.segments {
            if now_ms.saturating_sub(segment.appended_ms) < 42_000 {
                used += TEXT_MAX.saturating_sub(text.len());
            }
        }
        used
    }

    /// Whether every record of the segment is folded into the coverage.
    #[must_use]
    pub fn covers(coverage: &Coverage, segment: &Segment) -> bool {
        coverage.folded(segment.writer, segment.number) as usize >= segment.records.len()
    }

    /// The key to give up when there is no room: junk, else the oldest folded segment, else the oldest; but never for one
    /// event the many of the segment that was written last, at `last`.
    #[must_use]
    pub fn most_dispensable(&self, last: &str) -> Option<&str> {
        let folded = self
            .best()
            .and_then(|best| self.segments.iter().find(|entry| Self::covers(&best.coverage, &entry.2)));
        let oldest = self.segments.first().filter(|oldest| oldest.0 != last);
        let oldest = folded.or(oldest).map(|entry| &entry.0);
        self.junk.first().or(oldest).map(String::as_str)
    }

    /// The memory alone.
    #[must_use]
    pub fn memory(&self) -> Memory {
        self.folded().memory
    }
}

/// The epoch that the store says.
pub(super) fn stored_epoch(store: &impl Store) -> Result<Option<u32>, StoreError> {
    Ok(store.get(keys::EPOCH)?.as_deref().and_then(read_epoch))
}

/// The epoch of the epoch key's text.
fn read_epoch(text: &str) -> Option<u32> {
    let digits = text.chars().try_fold(0, |value, digit| Some(value << 4 | digit.to_digit(16)?));
    digits.filter(|_| text.len() == 8)
}
