//! Why a file was refused: a closed list of codes, each with the byte offset it was found at.

/// Why a pack file was refused. Codes are stable: they are never reused or renumbered.
#[non_exhaustive]
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// Fewer bytes than a header, or fewer than the header promises.
    Truncated = 1,
    /// The first four bytes are not `SHLF`.
    Magic = 2,
    /// The format version is newer or older than this reader.
    FormatVersion = 3,
    /// The file is of another kind than the one asked for.
    FileKind = 4,
    /// The checksum over the body does not match.
    Checksum = 5,
    /// A length, count or size is above its maximum in [`crate::limits`].
    Limit = 6,
    /// The section table is out of order, overlaps or points outside the file.
    SectionTable = 7,
    /// A section's length is no multiple of its record size, or the record size is unknown.
    RecordSize = 8,
    /// A string is no UTF-8 or lies outside the string section.
    String = 9,
    /// A record refers to a record that is not there.
    Reference = 10,
    /// An enum field holds a code that this version does not know.
    Kind = 11,
    /// A condition program has an unknown instruction, a bad jump or an unbalanced stack.
    Program = 12,
    /// A block is no well-formed tree, or holds an element or attribute that is not allowed.
    Block = 13,
    /// A table that must be sorted is not, or holds the same key twice.
    Order = 14,
    /// A table does not have as many records as it must.
    Count = 15,
    /// A share, share sum, range of values or constant is outside what its field allows.
    Value = 16,
    /// The file is sound but is not the one asked for: another number, shop size or catalogue.
    Foreign = 17,
}

impl ErrorCode {
    /// Every code, ascending.
    pub const ALL: &'static [Self] = &[
        Self::Truncated,
        Self::Magic,
        Self::FormatVersion,
        Self::FileKind,
        Self::Checksum,
        Self::Limit,
        Self::SectionTable,
        Self::RecordSize,
        Self::String,
        Self::Reference,
        Self::Kind,
        Self::Program,
        Self::Block,
        Self::Order,
        Self::Count,
        Self::Value,
        Self::Foreign,
    ];
}

/// A refusal: the code, and the offset in bytes from the start of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    /// Why.
    pub code: ErrorCode,
    /// Where, in bytes from the start of the file.
    pub offset: u32,
}

impl Error {
    /// An error at a byte offset; offsets above `u32::MAX` saturate.
    #[must_use]
    pub fn at(code: ErrorCode, offset: usize) -> Self {
        Self { code, offset: u32::try_from(offset).unwrap_or(u32::MAX) }
    }
}
