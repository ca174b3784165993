//! What the fields of records must hold, as data: one loop checks every table of every file.

use crate::error::{Error, ErrorCode};
use crate::file::Sections;
use crate::limits;
use crate::record::{Record, Span, Str};

/// What one field of a record must hold.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Offset of the field in its record.
    at: u8,
    is: Is,
    /// Code of the section it leads into, first code of its kind, or width in bytes.
    of: u8,
    most: u32,
}

#[repr(u8)]
#[derive(Clone, Copy, Debug)]
enum Is {
    Text,
    Reference,
    Index,
    Run,
    Code,
    AtMost,
    Share,
    Above,
    NotBelow,
    TextAbove,
}

impl Rule {
    const fn new(is: Is, of: u8, most: u32) -> Self {
        Self { at: 0, is, of, most }
    }
}

/// A string that exists.
pub(crate) const TEXT: Rule = Rule::new(Is::Text, 0, 0);
/// A string that exists and is above that of the record before.
pub(crate) const SORTED_TEXTS: &[Rule] = &[TEXT, Rule::new(Is::TextAbove, 0, 0)];
/// Parts per million of a whole.
pub(crate) const SHARE: Rule = Rule::new(Is::Share, 0, limits::WEIGHT_PPM_MAX);
/// The file's own code checks what the field leads to.
pub(crate) const BY_HAND: &[Rule] = &[];

/// A [`Ref`](crate::record::Ref) to a record of a section, or to nothing.
pub(crate) const fn refer(section: u8) -> Rule {
    Rule::new(Is::Reference, section, 0)
}

/// The index of a record of a section.
pub(crate) const fn index(section: u8) -> Rule {
    Rule::new(Is::Index, section, 0)
}

/// A run of at most so many records of a section.
pub(crate) const fn run(section: u8, most: usize) -> Rule {
    Rule::new(Is::Run, section, most as u32)
}

/// A code from the first to the last.
pub(crate) const fn code((first, last): (u8, u8)) -> Rule {
    Rule::new(Is::Code, first, last as u32)
}

/// A u32 that is no more than a limit.
pub(crate) const fn at_most(limit: usize) -> Rule {
    Rule::new(Is::AtMost, 0, limit as u32)
}

/// A number of so many bytes, above that of the record before.
pub(crate) const fn above(width: u8) -> Rule {
    Rule::new(Is::Above, width, 0)
}

/// A number of so many bytes, not below that of the record before.
pub(crate) const fn not_below(width: u8) -> Rule {
    Rule::new(Is::NotBelow, width, 0)
}

/// Width of a field, and its rules.
pub(crate) type Field = (usize, &'static [Rule]);

/// A field of a record: its rules are those that are written beside it, else those of its type.
macro_rules! field {
    ($ty:ty => $rules:expr) => {
        (<$ty as $crate::record::Record>::SIZE, $rules)
    };
    ($ty:ty) => {
        (<$ty as $crate::record::Record>::SIZE, <$ty as $crate::record::Record>::RULES)
    };
}
pub(crate) use field;

/// How many rules the fields of a record have.
pub(crate) const fn count(fields: &[Field]) -> usize {
    let (mut sum, mut at) = (0, 0);
    while at < fields.len() {
        sum += fields[at].1.len();
        at += 1;
    }
    sum
}

/// The rules of a record's fields, each with the offset of its field.
pub(crate) const fn collect<const N: usize>(fields: &[Field]) -> [Rule; N] {
    let mut rules = [TEXT; N];
    let (mut next, mut at, mut offset) = (0, 0, 0);
    while at < fields.len() {
        let own = fields[at].1;
        let mut of_own = 0;
        while of_own < own.len() {
            rules[next] = own[of_own];
            rules[next].at += offset as u8;
            next += 1;
            of_own += 1;
        }
        offset += fields[at].0;
        at += 1;
    }
    rules
}

/// A section as a file's definition says it.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// Code in the section table.
    pub code: u8,
    /// Width of a record, bytes.
    pub record_bytes: usize,
    /// What its records must hold.
    pub rules: &'static [Rule],
}

/// Number of records by code of section.
type Counts = [u32; 64];

impl Sections<'_> {
    /// Where the strings' two sections and those of a file's definition lie, every rule of their records checked.
    /// Cost: one pass over the records.
    pub(crate) fn spans(&self, sections: &[Section]) -> Result<Vec<Span>, Error> {
        let mut counts: Counts = [0; 64];
        let mut spans = self.strings.spans().to_vec();
        for section in sections {
            let span = self.span(section.code.into(), section.record_bytes)?;
            counts[usize::from(section.code) % 64] = span.length / section.record_bytes as u32;
            spans.push(span);
        }
        for (section, span) in sections.iter().zip(&spans[2..]) {
            self.check(section, *span, &counts)?;
        }
        Ok(spans)
    }

    fn check(&self, section: &Section, span: Span, counts: &Counts) -> Result<(), Error> {
        let (mut before, mut rest, mut offset) = (None, span.of(self.bytes), span.offset);
        while let Some((record, after)) = rest.split_at_checked(section.record_bytes) {
            for rule in section.rules {
                if let Some(code) = self.refusal(rule, record, before, counts) {
                    return Err(Error { code, offset });
                }
            }
            (before, rest, offset) = (Some(record), after, offset + section.record_bytes as u32);
        }
        Ok(())
    }

    fn refusal(
        &self,
        rule: &Rule,
        record: &[u8],
        before: Option<&[u8]>,
        counts: &Counts,
    ) -> Option<ErrorCode> {
        let field = record.get(rule.at.into()..).unwrap_or(&[]);
        let (byte, word) = (u8::read(field), u32::read(field));
        let count = counts.get(usize::from(rule.of)).copied().unwrap_or(0);
        let before = before.map(|record| record.get(rule.at.into()..).unwrap_or(&[]));
        let number = |field: &[u8]| {
            field.iter().take(rule.of.into()).rev().fold(0, |sum, byte| sum << 8 | i64::from(*byte))
        };
        let text = |field: &[u8]| self.strings.get(Str(u32::read(field)));
        let (holds, code) = match rule.is {
            Is::Text => ((word as usize) < self.strings.len(), ErrorCode::Reference),
            Is::Reference => (word < count || word == u32::MAX, ErrorCode::Reference),
            Is::Index => (word < count, ErrorCode::Reference),
            Is::Run => {
                let length = field.get(4..).map_or(0, u32::read);
                if length > rule.most {
                    return Some(ErrorCode::Limit);
                }
                (word.checked_add(length).is_some_and(|end| end <= count), ErrorCode::Reference)
            }
            Is::Code => (byte >= rule.of && u32::from(byte) <= rule.most, ErrorCode::Kind),
            Is::AtMost => (word <= rule.most, ErrorCode::Limit),
            Is::Share => (word <= rule.most, ErrorCode::Value),
            Is::Above => (before.is_none_or(|before| number(before) < number(field)), ErrorCode::Order),
            Is::NotBelow => (before.is_none_or(|before| number(before) <= number(field)), ErrorCode::Order),
            Is::TextAbove => (before.is_none_or(|before| text(before) < text(field)), ErrorCode::Order),
        };
        if holds { None } else { Some(code) }
    }
}
