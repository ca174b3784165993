//! How far each writer's records are folded into a snapshot.

use crate::engine::memory::codec::{Codec, Coded};

use super::keys::Writer;

/// Most writers with an entry of their own; older ones count as folded entirely.
pub const WRITERS_MAX: usize = 192;

/// Everything before (`segment`, `record`) of a writer is folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Reach {
    writer: Writer,
    segment: u32,
    record: u32,
}

/// A coverage vector.
///
/// A new writer always comes after every writer in the store, so a writer below the floor can only
/// be one whose records were folded long ago and that a thawed tab writes again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Writers below it are folded entirely.
    floor: Writer,
    /// Ascending by writer.
    reaches: Vec<Reach>,
}

impl Coverage {
    /// How many records of that segment are folded.
    #[must_use]
    pub fn folded(&self, writer: Writer, segment: u32) -> u32 {
        if writer < self.floor {
            return u32::MAX;
        }
        match self.reaches.iter().find(|reach| reach.writer == writer) {
            Some(reach) if segment < reach.segment => u32::MAX,
            Some(reach) if segment == reach.segment => reach.record,
            _ => 0,
        }
    }

    /// Notes that `records` records of that segment, and all before it, are folded.
    pub fn extend(&mut self, writer: Writer, segment: u32, records: u32) {
        if records <= self.folded(writer, segment) {
            return;
        }
        let at = self.reaches.iter().position(|reach| reach.writer >= writer).unwrap_or(self.reaches.len());
        let reach = Reach { writer, segment, record: records };
        match self.reaches.get_mut(at) {
            Some(known) if known.writer == writer => *known = reach,
            _ => self.reaches.insert(at, reach),
        }
    }

    /// Forgets the oldest writers beyond [`WRITERS_MAX`], except those that `is_stored`.
    pub fn prune(&mut self, is_stored: impl Fn(Writer) -> bool) {
        while self.reaches.len() > WRITERS_MAX && !is_stored(self.reaches[0].writer) {
            self.floor = Writer(self.reaches.remove(0).writer.0 + 1);
        }
    }

    /// Whether everything that the other covers is covered here too.
    #[must_use]
    pub fn includes(&self, other: &Self) -> bool {
        self.floor >= other.floor
            && other.reaches.iter().all(|reach| self.folded(reach.writer, reach.segment) >= reach.record)
    }

    /// The highest writer it knows of.
    #[must_use]
    pub fn highest(&self) -> Writer {
        self.reaches.last().map_or(self.floor, |reach| reach.writer.max(self.floor))
    }
}

impl Coded for Reach {
    fn blank() -> Self {
        Self { writer: Writer(0), segment: 0, record: 0 }
    }

    fn walk(&mut self, codec: &mut Codec<'_>) {
        let (mut turn, mut random) = ((self.writer.0 >> 32) as u32, self.writer.0 as u32);
        codec.word(&mut turn);
        codec.word(&mut random);
        self.writer = Writer(u64::from(turn) << 32 | u64::from(random));
        codec.word(&mut self.segment);
        codec.word(&mut self.record);
    }
}

impl Coded for Coverage {
    fn blank() -> Self {
        Self::default()
    }

    fn walk(&mut self, codec: &mut Codec<'_>) {
        codec.long(&mut self.floor.0);
        let mut reaches = std::mem::take(&mut self.reaches);
        codec.list(&mut reaches);
        for reach in reaches {
            self.extend(reach.writer, reach.segment, reach.record);
        }
    }
}
