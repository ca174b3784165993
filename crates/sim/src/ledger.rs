//! What must be remembered, what must be gone, and what may be either.

use std::collections::BTreeMap;

/// What a record's fate must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// Acknowledged: it must be there, once.
    Kept,
    /// It may be there, once, or not: an operation that decides it is under way, or it had to make room.
    Open,
    /// Erased, or lost in a crash: it must never be there again.
    Gone,
}

/// Every record ever appended.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    fates: BTreeMap<u64, Fate>,
    /// Records being appended, and whether an erasure overlapped.
    appending: BTreeMap<u64, bool>,
    erasing: usize,
    next: u64,
    /// When each erased record was erased.
    erased: BTreeMap<u64, i64>,
}

impl Ledger {
    /// A record is about to be appended; its number.
    pub fn begin(&mut self) -> u64 {
        self.next += 1;
        self.fates.insert(self.next, Fate::Open);
        self.appending.insert(self.next, self.erasing > 0);
        self.next
    }

    /// The append is over; `stored` says whether the store took it. One that overlapped an erasure, or
    /// that made room, stays open.
    pub fn end(&mut self, record: u64, stored: bool) {
        let overlapped = self.appending.remove(&record).unwrap_or(true);
        if !overlapped && stored {
            self.fates.insert(record, Fate::Kept);
        }
    }

    /// An erasure begins: what was there is to go, what is being appended is open.
    pub fn erase_begins(&mut self) -> Vec<u64> {
        self.erasing += 1;
        let there = self
            .fates
            .iter()
            .filter(|(record, fate)| **fate != Fate::Gone && !self.appending.contains_key(record));
        let there: Vec<u64> = there.map(|(record, _)| *record).collect();
        self.appending.values_mut().for_each(|overlapped| *overlapped = true);
        self.open(&there);
        there
    }

    /// The erasure is over: what was there when it began is gone.
    pub fn erase_ends(&mut self, there: &[u64], done: bool, now_ms: i64) {
        self.erasing -= 1;
        if done {
            for record in there {
                self.fates.insert(*record, Fate::Gone);
                self.erased.insert(*record, now_ms);
            }
        }
    }

    /// These records may go: their segment had to make room.
    pub fn open(&mut self, records: &[u64]) {
        for record in records {
            if self.fates.get(record) == Some(&Fate::Kept) {
                self.fates.insert(*record, Fate::Open);
            }
        }
    }

    /// After a crash all tabs are dead: what is there stays, what is not never returns. `lost` may excuse
    /// records that should be there, and an erasure since `since_ms` may be undone.
    ///
    /// # Errors
    /// The first record whose fate does not allow what is there.
    pub fn settle(
        &mut self,
        there: &BTreeMap<u64, u32>,
        since_ms: i64,
        lost: impl Fn(u64) -> bool,
    ) -> Result<(), String> {
        self.appending.clear();
        self.erasing = 0;
        for (record, _) in self.erased.iter().filter(|(_, at_ms)| **at_ms >= since_ms) {
            self.fates.insert(*record, Fate::Open);
        }
        let excused: Vec<u64> = self.fates.keys().copied().filter(|record| lost(*record)).collect();
        self.open(&excused);
        self.check(there)?;
        for (record, fate) in &mut self.fates {
            *fate = if there.contains_key(record) { Fate::Kept } else { Fate::Gone };
        }
        Ok(())
    }

    /// Whatever came back is what there is: after a damaged database.
    pub fn start_over(&mut self, there: &BTreeMap<u64, u32>) {
        self.appending.clear();
        self.erasing = 0;
        for (record, fate) in &mut self.fates {
            *fate = if there.contains_key(record) { Fate::Kept } else { Fate::Gone };
        }
    }

    /// Checks what is there: `record -> times`.
    ///
    /// # Errors
    /// The first record that is lost, doubled or back.
    pub fn check(&self, there: &BTreeMap<u64, u32>) -> Result<(), String> {
        for (record, fate) in &self.fates {
            let times = there.get(record).copied().unwrap_or(0);
            match (fate, times) {
                (_, 2..) => return Err(format!("record {record} is there {times} times")),
                (Fate::Kept, 0) => return Err(format!("record {record} is lost")),
                (Fate::Gone, 1) => return Err(format!("record {record} is back")),
                _ => {}
            }
        }
        Ok(())
    }
}
