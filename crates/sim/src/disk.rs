//! What `localStorage` does when the browser dies: writes of the last seconds may be lost, key by key.

use std::collections::BTreeMap;

use crate::random::Random;

/// A killed browser loses at most the writes of this many milliseconds.
pub const LOST_MS: i64 = 5_000;

type Content = BTreeMap<String, String>;

/// One change of one key.
#[derive(Clone, Debug)]
struct Change {
    at_ms: i64,
    key: String,
    before: Option<String>,
}

/// Keys and texts, with the changes that a crash may undo.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    now: Content,
    changes: Vec<Change>,
    /// Older whole states that a damaged database may come back as.
    backups: Vec<Content>,
    /// Most characters of all keys and texts.
    pub room: usize,
}

impl Disk {
    /// An empty disk.
    pub fn new(room: usize) -> Self {
        Self { room, ..Self::default() }
    }

    /// All keys.
    pub fn keys(&self) -> Vec<String> {
        self.now.keys().cloned().collect()
    }

    /// The text of a key.
    pub fn get(&self, key: &str) -> Option<&String> {
        self.now.get(key)
    }

    /// Changes a key; false when there is no room. `at_ms` never goes back.
    pub fn put(&mut self, key: &str, text: Option<&str>, at_ms: i64) -> bool {
        let other: usize =
            self.now.iter().filter(|entry| entry.0 != key).map(|(key, text)| key.len() + text.len()).sum();
        if text.is_some_and(|text| other + key.len() + text.len() > self.room) {
            return false;
        }
        let before = match text {
            Some(text) => self.now.insert(key.to_owned(), text.to_owned()),
            None => self.now.remove(key),
        };
        self.changes.push(Change { at_ms, key: key.to_owned(), before });
        self.changes.retain(|change| change.at_ms >= at_ms - LOST_MS);
        true
    }

    /// Characters in use.
    pub fn used(&self) -> usize {
        self.now.iter().map(|(key, text)| key.len() + text.len()).sum()
    }

    /// Keeps the present state for [`Self::roll_back`].
    pub fn back_up(&mut self) {
        self.backups.push(self.now.clone());
    }

    /// The browser dies: every change after a random moment of the last [`LOST_MS`] is undone, except that
    /// up to two keys keep or lose changes of their own.
    pub fn crash(&mut self, now_ms: i64, random: &mut Random) {
        let cut_ms = now_ms - random.below(LOST_MS as u64 + 1) as i64;
        let recent = self.changes.iter().filter(|change| change.at_ms >= now_ms - LOST_MS);
        let keys: Vec<String> = recent.map(|change| change.key.clone()).collect();
        let torn: Vec<(String, i64)> = (0..random.below(3))
            .filter_map(|_| {
                let key = keys.get(random.below(keys.len() as u64) as usize)?;
                Some((key.clone(), now_ms - random.below(LOST_MS as u64 + 1) as i64))
            })
            .collect();
        for change in std::mem::take(&mut self.changes).into_iter().rev() {
            let own_ms = torn.iter().find(|entry| entry.0 == change.key).map_or(cut_ms, |entry| entry.1);
            if change.at_ms > own_ms {
                match change.before {
                    Some(text) => self.now.insert(change.key, text),
                    None => self.now.remove(&change.key),
                };
            }
        }
    }

    /// A damaged database comes back as an older state, or empty.
    pub fn roll_back(&mut self, random: &mut Random) {
        let at = random.below(self.backups.len() as u64 + 1) as usize;
        self.now = self.backups.get(at).cloned().unwrap_or_default();
        self.changes.clear();
    }
}
