//! Keys in the store: `epoch`, `j:<writer>:<number>`, `s:<generation>:<writer>:<random>`.

/// Key of the epoch.
pub const EPOCH: &str = "epoch";

/// One page instance's right to write segments: it alone writes under this id. The upper half grows
/// with every writer that a new one has seen, so that ordering by writer follows cause and effect
/// without trusting a clock; the lower half is random.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Writer(pub u64);

impl Writer {
    /// The writer after all writers up to `highest`.
    #[must_use]
    pub fn after(highest: Self, random: u64) -> Self {
        let turn = (highest.0 >> 32).saturating_add(1).min(u64::from(u32::MAX));
        Self(turn << 32 | random & 0xffff_ffff)
    }

    /// Whether the other writer began without knowing of this one, or after it.
    #[must_use]
    pub fn is_no_later_than(self, other: Self) -> bool {
        self.0 >> 32 <= other.0 >> 32
    }
}

/// Key of a segment.
#[must_use]
pub fn segment(writer: Writer, number: u32) -> String {
    ["j:", &hex(writer.0, 16), ":", &hex(number.into(), 4)].concat()
}

/// Key of a snapshot.
#[must_use]
pub fn snapshot(generation: u32, writer: Writer, random: u64) -> String {
    let random = hex(random & 0xffff_ffff, 8);
    ["s:", &hex(generation.into(), 8), ":", &hex(writer.0, 16), ":", &random].concat()
}

/// A number as at least `digits` lower-case hexadecimal digits.
#[must_use]
pub fn hex(value: u64, digits: u32) -> String {
    let digits = digits.max((u64::BITS - value.leading_zeros()).div_ceil(4));
    (0..digits).rev().map(|at| char::from(b"0123456789abcdef"[(value >> (4 * at) & 15) as usize])).collect()
}
