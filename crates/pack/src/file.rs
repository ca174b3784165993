//! The container: header, section table, sections; opened over untrusted bytes, written by one encoder.
//!
//! ```text
//! 0   magic "SHLF"      4
//! 4   format version    u16 = 1
//! 6   file kind         u16
//! 8   file length       u32, bytes
//! 12  CRC-32            u32, IEEE, over bytes 16..
//! 16  section count     u16
//! 18  reserved          u16 = 0
//! 20  section table     count x { kind u16, record size u16, offset u32, length u32 }
//! ..  sections          in table order, ascending kinds, no gaps, no overlap
//! ```
//! Section 0xFFF0 is the string offsets (u32 each, one more than there are strings, ascending),
//! section 0xFFF1 their bytes.

use crate::crc::crc32;
use crate::error::{Error, ErrorCode};
use crate::kinds::FileKind;
use crate::limits;
use crate::record::{Record, Slice, Span, Str, Table};

/// First four bytes of every file.
pub const MAGIC: [u8; 4] = *b"SHLF";
/// The only format version there is.
pub const FORMAT_VERSION: u16 = 1;
pub(crate) const HEADER_BYTES: usize = 20;
pub(crate) const SECTION_BYTES: usize = 12;
pub(crate) const STRING_OFFSETS: u16 = 0xFFF0;
pub(crate) const STRING_BYTES: u16 = 0xFFF1;

/// The strings of a file.
#[derive(Clone, Copy, Debug, Default)]
pub struct Strings<'a> {
    offsets: Table<'a, u32>,
    text: Table<'a, u8>,
}

impl<'a> Strings<'a> {
    /// The string of that index; the empty string for an index that is not there.
    #[must_use]
    pub fn get(&self, index: Str) -> &'a str {
        let slice = || {
            let start = self.offsets.get(index.0)? as usize;
            let end = self.offsets.get(index.0.checked_add(1)?)? as usize;
            std::str::from_utf8(self.text.bytes().get(start..end)?).ok()
        };
        slice().unwrap_or("")
    }

    /// Number of strings.
    #[must_use]
    pub fn len(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The strings of a file that was opened before: their offsets and their bytes.
    pub(crate) fn of(offsets: Slice<'a>, text: Slice<'a>) -> Self {
        Self { offsets: Table::of(offsets), text: Table::of(text) }
    }

    pub(crate) fn spans(&self) -> [Span; 2] {
        [self.offsets.span(), self.text.span()]
    }

    fn open(offsets: Table<'a, u32>, text: Table<'a, u8>) -> Result<Self, Error> {
        let bad = |at: usize| Error::at(ErrorCode::String, offsets.offset(at));
        let all = std::str::from_utf8(text.bytes()).map_err(|_| bad(0))?;
        // Both ends of the first string are 0: `Str(0)` is the empty string.
        if offsets.len() == 1 || offsets.iter().take(2).any(|offset| offset != 0) {
            return Err(bad(0));
        }
        let mut previous = 0;
        for (at, offset) in offsets.iter().enumerate() {
            let offset = offset as usize;
            let length = offset.checked_sub(previous).ok_or_else(|| bad(at))?;
            if length > limits::STRING_BYTES_MAX || !all.is_char_boundary(offset) {
                return Err(bad(at));
            }
            previous = offset;
        }
        if previous != all.len() {
            return Err(bad(offsets.len()));
        }
        Ok(Self { offsets, text })
    }
}

/// The raw sections of a file whose header, checksum and section table hold.
#[derive(Clone, Copy, Debug)]
pub struct Sections<'a> {
    pub(crate) bytes: &'a [u8],
    count: usize,
    records_max: usize,
    /// The file's strings.
    pub strings: Strings<'a>,
}

impl<'a> Sections<'a> {
    /// Checks header, checksum, section table and strings. Cost: one pass over the bytes.
    ///
    /// # Errors
    /// The first thing that does not hold, with its offset.
    pub fn open(bytes: &'a [u8], kind: FileKind) -> Result<Self, Error> {
        let fail = |code, offset| Err(Error::at(code, offset));
        let (bytes_max, records_max) = match kind {
            FileKind::Knowledge => (limits::KNOWLEDGE_BYTES_MAX, usize::MAX),
            _ => (limits::FILE_BYTES_MAX, limits::RECORDS_MAX),
        };
        if bytes.len() < HEADER_BYTES {
            return fail(ErrorCode::Truncated, bytes.len());
        }
        if bytes[..4] != MAGIC {
            return fail(ErrorCode::Magic, 0);
        }
        if u16::read(&bytes[4..]) != FORMAT_VERSION {
            return fail(ErrorCode::FormatVersion, 4);
        }
        if u16::read(&bytes[6..]) != u16::from(kind.code()) {
            return fail(ErrorCode::FileKind, 6);
        }
        let length = u32::read(&bytes[8..]) as usize;
        if length > bytes_max {
            return fail(ErrorCode::Limit, 8);
        }
        if length != bytes.len() {
            return fail(ErrorCode::Truncated, bytes.len().min(length));
        }
        if u32::read(&bytes[12..]) != crc32(&bytes[16..]) {
            return fail(ErrorCode::Checksum, 12);
        }
        let count = usize::from(u16::read(&bytes[16..]));
        if count > limits::SECTIONS_MAX {
            return fail(ErrorCode::Limit, 16);
        }
        if u16::read(&bytes[18..]) != 0 {
            return fail(ErrorCode::SectionTable, 18);
        }
        let mut next = HEADER_BYTES + count * SECTION_BYTES;
        if next > bytes.len() {
            return fail(ErrorCode::SectionTable, 16);
        }
        let mut file = Self { bytes, count, records_max, strings: Strings::default() };
        let mut last = None;
        for at in 0..count {
            let entry = HEADER_BYTES + at * SECTION_BYTES;
            let (section, _, offset, length) = file.entry(at);
            if last.is_some_and(|last| section <= last) || offset != next || length > bytes.len() - next {
                return fail(ErrorCode::SectionTable, entry);
            }
            last = Some(section);
            next += length;
        }
        if next != bytes.len() {
            return fail(ErrorCode::SectionTable, HEADER_BYTES);
        }
        let offsets = file.span(STRING_OFFSETS, u32::SIZE)?;
        let text = file.span(STRING_BYTES, u8::SIZE)?;
        file.strings = Strings::open(Table::at(bytes, offsets), Table::at(bytes, text))?;
        Ok(file)
    }

    fn entry(&self, at: usize) -> (u16, usize, usize, usize) {
        let entry = self.bytes.get(HEADER_BYTES + at * SECTION_BYTES..).unwrap_or(&[]);
        let field = |from: usize| entry.get(from..).unwrap_or(&[]);
        (
            u16::read(entry),
            usize::from(u16::read(field(2))),
            u32::read(field(4)) as usize,
            u32::read(field(8)) as usize,
        )
    }

    /// Where the records of a section lie; empty when the file has no such section.
    pub(crate) fn span(&self, kind: u16, record_bytes: usize) -> Result<Span, Error> {
        for at in 0..self.count {
            let (section, size, offset, length) = self.entry(at);
            if section != kind {
                continue;
            }
            let refuse = |code| Err(Error::at(code, HEADER_BYTES + at * SECTION_BYTES));
            if size != record_bytes || length % record_bytes != 0 {
                return refuse(ErrorCode::RecordSize);
            }
            if length / record_bytes > self.records_max && record_bytes > 1 {
                return refuse(ErrorCode::Limit);
            }
            return Ok(Span { offset: offset as u32, length: length as u32 });
        }
        Ok(Span::default())
    }
}

/// Builds the string table of a file: equal strings are stored once.
#[cfg(feature = "encode")]
#[derive(Debug)]
pub struct StringsBuilder {
    index: std::collections::BTreeMap<String, Str>,
    list: Vec<String>,
}

#[cfg(feature = "encode")]
impl Default for StringsBuilder {
    fn default() -> Self {
        Self { index: [(String::new(), Str(0))].into(), list: vec![String::new()] }
    }
}

#[cfg(feature = "encode")]
impl StringsBuilder {
    /// The index of a string, added when it is new.
    pub fn add(&mut self, text: &str) -> Str {
        if let Some(found) = self.index.get(text) {
            return *found;
        }
        let added = Str(u32::try_from(self.list.len()).expect("fewer than 2^32 strings"));
        self.index.insert(text.to_owned(), added);
        self.list.push(text.to_owned());
        added
    }

    pub(crate) fn sections(&self) -> [(u16, usize, Vec<u8>); 2] {
        let mut offsets = Vec::new();
        let mut bytes = Vec::new();
        0u32.write(&mut offsets);
        for text in &self.list {
            bytes.extend_from_slice(text.as_bytes());
            u32::try_from(bytes.len()).expect("strings below 4 GiB").write(&mut offsets);
        }
        [(STRING_OFFSETS, 4, offsets), (STRING_BYTES, 1, bytes)]
    }
}

/// Writes a whole file from its sections; empty sections are left out.
#[cfg(feature = "encode")]
pub(crate) fn write_file(kind: FileKind, sections: &[(u16, usize, Vec<u8>)]) -> Vec<u8> {
    let narrow = |value: usize| u32::try_from(value).expect("file below 4 GiB");
    let kept: Vec<_> = sections.iter().filter(|(_, _, bytes)| !bytes.is_empty()).collect();
    let mut body = Vec::new();
    u16::try_from(kept.len()).expect("few sections").write(&mut body);
    0u16.write(&mut body);
    let mut offset = HEADER_BYTES + kept.len() * SECTION_BYTES;
    for (section, record_bytes, bytes) in &kept {
        section.write(&mut body);
        u16::try_from(*record_bytes).expect("small records").write(&mut body);
        narrow(offset).write(&mut body);
        narrow(bytes.len()).write(&mut body);
        offset += bytes.len();
    }
    for (_, _, bytes) in &kept {
        body.extend_from_slice(bytes);
    }
    let mut out = MAGIC.to_vec();
    FORMAT_VERSION.write(&mut out);
    u16::from(kind.code()).write(&mut out);
    narrow(16 + body.len()).write(&mut out);
    crc32(&body).write(&mut out);
    out.extend_from_slice(&body);
    out
}

/// One section of a file, for the format's documentation.
#[cfg(feature = "encode")]
#[derive(Clone, Copy, Debug)]
pub struct SectionDoc {
    /// Code in the section table.
    pub code: u16,
    /// Name of the reader's table.
    pub name: &'static str,
    /// What it holds.
    pub doc: &'static str,
    /// Type of its records.
    pub record: &'static str,
    /// Width of a record, bytes.
    pub record_bytes: usize,
    /// Fields of a record, in file order.
    pub fields: &'static [crate::record::Field],
}

/// Cuts a file that was opened before into its sections, in the reader's order.
pub(crate) struct Cutter<'a, 's> {
    pub bytes: &'a [u8],
    pub spans: &'s [Span],
}

impl<'a> Cutter<'a, '_> {
    /// The next section; empty when there is no more. Never inlined: a core file has thirty.
    #[inline(never)]
    pub(crate) fn cut(&mut self) -> Slice<'a> {
        let Some((span, rest)) = self.spans.split_first() else { return Slice::default() };
        self.spans = rest;
        Slice::at(self.bytes, *span)
    }
}

/// Defines a file: a reader with one table per section, and its builder. A section of numbers says what rules they
/// must hold; records know their own. The rest of the validation is the reader's `check`.
macro_rules! file {
    ($(#[$meta:meta])* $name:ident = $kind:ident, builder $builder:ident {
        $($(#[doc = $doc:literal])* $section:ident: $record:ty = $code:literal $(=> $rules:expr)?,)*
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name<'a> {
            /// The file's strings.
            pub strings: $crate::file::Strings<'a>,
            $($(#[doc = $doc])* pub $section: $crate::record::Table<'a, $record>,)*
        }

        /// Codes of the sections, by the names of the reader's tables.
        #[allow(non_upper_case_globals, dead_code)]
        pub(crate) mod section {
            $(pub(crate) const $section: u8 = $code;)*
        }

        impl<'a> $name<'a> {
            /// Opens and validates untrusted bytes; afterwards every reference and run of the file leads to a
            /// record and every code is known. Cost: two passes over the bytes.
            ///
            /// # Errors
            /// The first thing that does not hold, with the offset of the record it was found in.
            pub fn open(bytes: &'a [u8]) -> Result<Self, $crate::error::Error> {
                let (_, file) = $crate::opened::open::<Self>(bytes)?;
                Ok(file)
            }

            /// The string of that index.
            #[must_use]
            pub fn text(&self, index: $crate::record::Str) -> &'a str {
                self.strings.get(index)
            }
        }

        impl $crate::opened::File for $name<'_> {
            const KIND: $crate::kinds::FileKind = $crate::kinds::FileKind::$kind;
            const SECTIONS: &'static [$crate::rules::Section] = &[$({
                const FIELD: $crate::rules::Field = $crate::rules::field!($record $(=> $rules)?);
                $crate::rules::Section { code: $code, record_bytes: FIELD.0, rules: FIELD.1 }
            },)*];
            type View<'b> = $name<'b>;

            fn view<'b>(bytes: &'b [u8], spans: &[$crate::record::Span]) -> Self::View<'b> {
                let mut sections = $crate::file::Cutter { bytes, spans };
                $name {
                    strings: $crate::file::Strings::of(sections.cut(), sections.cut()),
                    $($section: $crate::record::Table::of(sections.cut()),)*
                }
            }

            fn check(view: &Self::View<'_>) -> Result<(), $crate::error::Error> {
                view.check()
            }
        }

        #[cfg(feature = "encode")]
        impl $name<'_> {
            /// Code, name, meaning and fields of every section, for the format's documentation.
            pub const SECTIONS: &'static [$crate::file::SectionDoc] = &[$($crate::file::SectionDoc {
                code: $code,
                name: stringify!($section),
                doc: concat!($($doc),*),
                record: stringify!($record),
                record_bytes: <$record as $crate::record::Record>::SIZE,
                fields: <$record as $crate::record::Record>::FIELDS,
            },)*];
        }

        #[doc = concat!("Builds a [`", stringify!($name), "`] file.")]
        #[cfg(feature = "encode")]
        #[derive(Debug, Default)]
        pub struct $builder {
            /// Strings; records hold what [`add`](crate::file::StringsBuilder::add) returns.
            pub strings: $crate::file::StringsBuilder,
            $($(#[doc = $doc])* pub $section: Vec<$record>,)*
        }

        #[cfg(feature = "encode")]
        impl $builder {
            /// The bytes of the file.
            #[must_use]
            pub fn finish(&self) -> Vec<u8> {
                let mut sections = vec![$({
                    let mut bytes = Vec::new();
                    for record in &self.$section {
                        $crate::record::Record::write(*record, &mut bytes);
                    }
                    ($code, <$record as $crate::record::Record>::SIZE, bytes)
                },)*];
                sections.extend(self.strings.sections());
                $crate::file::write_file($crate::kinds::FileKind::$kind, &sections)
            }
        }
    };
}
pub(crate) use file;
