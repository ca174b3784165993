//! Fixed-size records: one definition gives the struct, its size, its reader and its writer.

use std::cmp::Ordering;
use std::marker::PhantomData;

use crate::rules::{Rule, TEXT};

/// Name, type and width of one field, for the format's documentation.
#[cfg(feature = "encode")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Name in the record, or empty.
    pub name: &'static str,
    /// Type as written in the record's definition.
    pub ty: &'static str,
    /// Width in bytes.
    pub size: usize,
    /// What it holds.
    pub doc: &'static str,
}

/// A value with a fixed little-endian width: an integer, or a struct of such values with no padding.
pub trait Record: Copy {
    /// Width in bytes.
    const SIZE: usize;
    /// The fields in file order; one unnamed field for an integer, a string or a reference.
    #[cfg(feature = "encode")]
    const FIELDS: &'static [Field];
    /// What its fields must hold in any file, each rule with its offset.
    const RULES: &'static [Rule];
    /// Reads the value from exactly [`Self::SIZE`] bytes (shorter input reads as zeros).
    fn read(bytes: &[u8]) -> Self;
    /// Appends the value.
    #[cfg(feature = "encode")]
    fn write(self, out: &mut Vec<u8>);
}

macro_rules! integer_field {
    ($($ty:ident),*) => {$(
        impl Record for $ty {
            const SIZE: usize = size_of::<$ty>();
            #[cfg(feature = "encode")]
            const FIELDS: &'static [Field] = &[Field { name: "", ty: stringify!($ty), size: Self::SIZE, doc: "" }];
            const RULES: &'static [Rule] = &[];
            fn read(bytes: &[u8]) -> Self {
                bytes.first_chunk().map_or(0, |chunk| $ty::from_le_bytes(*chunk))
            }
            #[cfg(feature = "encode")]
            fn write(self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }
        }
    )*};
}
integer_field!(u8, u16, u32, u64, u128, i16, i64);

/// A string of the file: index into its string table. `Str(0)` is the empty string.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Str(pub u32);

/// A run of records in another section of the same file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Range {
    /// Index of the first record.
    pub start: u32,
    /// Number of records.
    pub len: u32,
}

impl Range {
    /// Index one past the last record, saturating.
    #[must_use]
    pub fn end(self) -> u32 {
        self.start.saturating_add(self.len)
    }

    /// The indices of the run.
    #[must_use]
    pub fn indices(self) -> std::ops::Range<u32> {
        self.start..self.end()
    }
}

/// An index into another section, or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ref(u32);

impl Ref {
    /// Refers to nothing.
    pub const NONE: Self = Self(u32::MAX);

    /// Refers to the record of that index.
    #[must_use]
    pub const fn to(index: u32) -> Self {
        Self(index)
    }

    /// The index, unless it refers to nothing.
    #[must_use]
    pub fn index(self) -> Option<u32> {
        (self.0 != u32::MAX).then_some(self.0)
    }
}

impl Default for Ref {
    fn default() -> Self {
        Self::NONE
    }
}

/// The type of a reference or a run does not tell where it leads: a field without a rule does not compile.
const fn unsaid() -> &'static [Rule] {
    panic!("say which section it leads into, or that it is checked by hand")
}

macro_rules! u32_field {
    ($($ty:ident: $rules:expr),*) => {$(
        impl Record for $ty {
            const SIZE: usize = 4;
            #[cfg(feature = "encode")]
            const FIELDS: &'static [Field] = &[Field { name: "", ty: stringify!($ty), size: Self::SIZE, doc: "" }];
            const RULES: &'static [Rule] = $rules;
            fn read(bytes: &[u8]) -> Self {
                $ty(u32::read(bytes))
            }
            #[cfg(feature = "encode")]
            fn write(self, out: &mut Vec<u8>) {
                self.0.write(out);
            }
        }
    )*};
}
u32_field!(Str: &[TEXT], Ref: unsaid());

impl Record for Range {
    const SIZE: usize = 8;
    #[cfg(feature = "encode")]
    const FIELDS: &'static [Field] = &[Field { name: "", ty: "Range", size: Self::SIZE, doc: "" }];
    const RULES: &'static [Rule] = unsaid();
    fn read(bytes: &[u8]) -> Self {
        Self { start: u32::read(bytes), len: bytes.get(4..).map_or(0, u32::read) }
    }
    #[cfg(feature = "encode")]
    fn write(self, out: &mut Vec<u8>) {
        self.start.write(out);
        self.len.write(out);
    }
}

/// Defines a record struct: its fields in file order, each with the rules that it must hold unless its type says
/// them (a [`Str`] exists).
macro_rules! record {
    ($(#[$meta:meta])* $name:ident { $($(#[doc = $doc:literal])* $field:ident: $ty:ty $(=> $rules:expr)?,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $name { $($(#[doc = $doc])* pub $field: $ty,)* }

        impl $crate::record::Record for $name {
            const SIZE: usize = 0 $(+ <$ty as $crate::record::Record>::SIZE)*;
            #[cfg(feature = "encode")]
            const FIELDS: &'static [$crate::record::Field] = &[$($crate::record::Field {
                name: stringify!($field),
                ty: stringify!($ty),
                size: <$ty as $crate::record::Record>::SIZE,
                doc: concat!($($doc),*),
            },)*];
            const RULES: &'static [$crate::rules::Rule] = {
                const FIELDS: &[$crate::rules::Field] =
                    &[$($crate::rules::field!($ty $(=> $rules)?),)*];
                const RULES: [$crate::rules::Rule; $crate::rules::count(FIELDS)] = $crate::rules::collect(FIELDS);
                &RULES
            };
            fn read(bytes: &[u8]) -> Self {
                // One length check here saves one a field in the shopper's module.
                let Some(bytes) = bytes.first_chunk::<{ <Self as $crate::record::Record>::SIZE }>() else {
                    return Self::default();
                };
                let mut at = 0;
                $(
                    let $field = <$ty as $crate::record::Record>::read(bytes.get(at..).unwrap_or(&[]));
                    at += <$ty as $crate::record::Record>::SIZE;
                )*
                let _ = at;
                Self { $($field,)* }
            }
            #[cfg(feature = "encode")]
            fn write(self, out: &mut Vec<u8>) {
                $(<$ty as $crate::record::Record>::write(self.$field, out);)*
            }
        }
    };
}
pub(crate) use record;

/// Where a section lies in its file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// First byte, from the start of the file.
    pub offset: u32,
    /// Bytes.
    pub length: u32,
}

impl Span {
    /// Its bytes of the file; none when it lies outside.
    pub(crate) fn of(self, file: &[u8]) -> &[u8] {
        let start = self.offset as usize;
        file.get(start..start.saturating_add(self.length as usize)).unwrap_or(&[])
    }
}

/// Reads record after record. Less code at each use than the standard library's chunks, which know
/// their number before they begin.
fn records<R: Record>(mut rest: &[u8]) -> impl Iterator<Item = R> {
    std::iter::from_fn(move || {
        let (record, after) = rest.split_at_checked(R::SIZE)?;
        rest = after;
        Some(R::read(record))
    })
}

/// The bytes of one section, and where they begin in their file.
#[derive(Clone, Copy, Debug, Default)]
pub struct Slice<'a> {
    bytes: &'a [u8],
    base: u32,
}

impl<'a> Slice<'a> {
    /// The section of a span; empty when the span lies outside the file.
    pub(crate) fn at(file: &'a [u8], span: Span) -> Self {
        Self { bytes: span.of(file), base: span.offset }
    }
}

/// Borrowed records of one section; every access is bounds-checked.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a, R> {
    slice: Slice<'a>,
    records: PhantomData<R>,
}

impl<R> Default for Table<'_, R> {
    fn default() -> Self {
        Self { slice: Slice::default(), records: PhantomData }
    }
}

impl<'a, R: Record> Table<'a, R> {
    /// A table over the bytes of a section. A trailing partial record is not reachable.
    #[must_use]
    pub fn of(slice: Slice<'a>) -> Self {
        Self { slice, records: PhantomData }
    }

    /// A table over a span of a file's bytes; empty when the span lies outside them. A trailing partial
    /// record is not reachable.
    #[must_use]
    pub fn at(file: &'a [u8], span: Span) -> Self {
        Self::of(Slice::at(file, span))
    }

    /// Where the table lies in its file.
    #[must_use]
    pub fn span(&self) -> Span {
        let length = u32::try_from(self.bytes().len()).unwrap_or(u32::MAX);
        Span { offset: self.slice.base, length }
    }

    /// Offset of a record from the start of the file, in bytes, saturating.
    #[must_use]
    pub fn offset(&self, index: usize) -> usize {
        (self.slice.base as usize).saturating_add(index.saturating_mul(R::SIZE))
    }

    /// Number of records.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes().len() / R::SIZE
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The record of that index, if there is one.
    #[must_use]
    pub fn get(&self, index: u32) -> Option<R> {
        let at = (index as usize).checked_mul(R::SIZE)?;
        self.bytes().get(at..at.checked_add(R::SIZE)?).map(R::read)
    }

    /// All records, in file order.
    pub fn iter(&self) -> impl Iterator<Item = R> + use<'a, R> {
        records(self.bytes())
    }

    /// The records of a run; what lies outside the table is left out.
    pub fn range(&self, range: Range) -> impl Iterator<Item = R> + use<'a, R> {
        let start = (range.start as usize).saturating_mul(R::SIZE).min(self.bytes().len());
        let end = (range.end() as usize).saturating_mul(R::SIZE).min(self.bytes().len());
        records(self.bytes().get(start..end).unwrap_or(&[]))
    }

    /// Index of the first record for which `before` no longer holds; the table is sorted by it.
    #[must_use]
    pub fn partition_point(&self, before: impl Fn(R) -> bool) -> u32 {
        let (mut low, mut high) = (0, self.len() as u32);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.get(middle).is_some_and(&before) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The record that `order` calls equal; the table is sorted by it. Cost: a binary search.
    #[must_use]
    pub fn search(&self, order: impl Fn(&R) -> Ordering) -> Option<R> {
        let at = self.partition_point(|record| order(&record).is_lt());
        self.get(at).filter(|record| order(record).is_eq())
    }

    /// The bytes of the section.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        self.slice.bytes
    }
}
