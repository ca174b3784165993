//! The bytes of events and totals: variable-length integers, and every string once.
//!
//! An integer is LEB128 (signed ones in zigzag), a time is the difference from the time before it, a
//! list is its count and its elements. A string is 0, its length and its bytes the first time, and
//! 1 + its position among the strings so far after that. Reading is total: any bytes give a value or
//! nothing, and never allocate more than a small multiple of their length.

use super::limits;
use super::state::{CartLine, Day, Exposures, ItemHistory, Profile, State, Visit, Wish};
use super::{Event, EventKind};

/// Appends values to bytes.
#[derive(Debug, Default)]
pub struct Encoder {
    bytes: Vec<u8>,
    strings: Vec<String>,
    last_s: i64,
}

impl Encoder {
    /// Appends any value.
    pub fn put(&mut self, value: &impl Coded) {
        value.encode(self);
    }

    /// The bytes so far.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }

    fn integer(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    fn signed(&mut self, value: i64) {
        self.integer(((value << 1) ^ (value >> 63)) as u64);
    }

    fn time(&mut self, time_s: i64) {
        self.signed(time_s.wrapping_sub(self.last_s));
        self.last_s = time_s;
    }
}

/// Takes values from bytes.
///
/// A failure sticks: from then on every value is 0, empty or absent. So reading a struct has no early
/// ways out that would each have to drop the fields read so far; in the shopper's module that is 6 kB.
#[derive(Debug)]
pub struct Decoder<'a> {
    bytes: &'a [u8],
    strings: Vec<&'a str>,
    last_s: i64,
    failed: bool,
}

impl<'a> Decoder<'a> {
    /// A decoder over untrusted bytes.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, strings: Vec::new(), last_s: 0, failed: false }
    }

    /// The next value; nothing if the bytes hold none.
    pub fn take<T: Coded>(&mut self) -> Option<T> {
        let value = T::decode(self);
        if self.failed { None } else { Some(value) }
    }

    /// Whether every byte was taken.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    fn fail<T: Default>(&mut self) -> T {
        self.failed = true;
        self.bytes = &[];
        T::default()
    }

    fn byte(&mut self) -> u8 {
        match self.bytes.split_first() {
            Some((first, rest)) => {
                self.bytes = rest;
                *first
            }
            None => self.fail(),
        }
    }

    fn integer(&mut self) -> u64 {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte();
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return value;
            }
        }
        self.fail()
    }

    fn signed(&mut self) -> i64 {
        let value = self.integer();
        (value >> 1) as i64 ^ -((value & 1) as i64)
    }

    fn time(&mut self) -> i64 {
        self.last_s = self.last_s.wrapping_add(self.signed());
        self.last_s
    }

    fn text(&mut self) -> &'a str {
        let reference = self.integer() as usize;
        let known = reference.checked_sub(1).map(|at| self.strings.get(at).copied());
        match known {
            Some(Some(text)) => text,
            Some(None) => self.fail(),
            None => self.new_text(),
        }
    }

    fn new_text(&mut self) -> &'a str {
        let length = self.integer() as usize;
        if length > limits::TEXT_BYTES_MAX || length > self.bytes.len() {
            return self.fail();
        }
        let (text, rest) = self.bytes.split_at(length);
        self.bytes = rest;
        let Ok(text) = std::str::from_utf8(text) else { return self.fail() };
        self.strings.push(text);
        text
    }
}

/// A value that [`Encoder`] and [`Decoder`] know.
pub trait Coded: Sized {
    /// Appends the value.
    fn encode(&self, out: &mut Encoder);
    /// Takes the value; after a failure, which the decoder notes, some value.
    fn decode(from: &mut Decoder<'_>) -> Self;
}

macro_rules! coded_integer {
    ($($ty:ident),*) => {$(
        impl Coded for $ty {
            fn encode(&self, out: &mut Encoder) {
                out.integer(u64::from(*self));
            }
            fn decode(from: &mut Decoder<'_>) -> Self {
                let value = from.integer();
                $ty::try_from(value).unwrap_or_else(|_| from.fail())
            }
        }
    )*};
}
coded_integer!(u8, u16, u32, u64);

impl Coded for i64 {
    fn encode(&self, out: &mut Encoder) {
        out.signed(*self);
    }
    fn decode(from: &mut Decoder<'_>) -> Self {
        from.signed()
    }
}

impl Coded for String {
    fn encode(&self, out: &mut Encoder) {
        if let Some(at) = out.strings.iter().position(|known| known == self) {
            out.integer(at as u64 + 1);
        } else {
            out.integer(0);
            out.integer(self.len() as u64);
            out.bytes.extend_from_slice(self.as_bytes());
            out.strings.push(self.clone());
        }
    }
    fn decode(from: &mut Decoder<'_>) -> Self {
        from.text().to_owned()
    }
}

impl<T: Coded> Coded for Vec<T> {
    fn encode(&self, out: &mut Encoder) {
        out.integer(self.len() as u64);
        for value in self {
            value.encode(out);
        }
    }
    fn decode(from: &mut Decoder<'_>) -> Self {
        let count = from.integer();
        let mut list = Self::new();
        for _ in 0..count {
            let value = T::decode(from);
            if from.failed {
                break;
            }
            list.push(value);
        }
        list
    }
}

impl<A: Coded, B: Coded> Coded for (A, B) {
    fn encode(&self, out: &mut Encoder) {
        self.0.encode(out);
        self.1.encode(out);
    }
    fn decode(from: &mut Decoder<'_>) -> Self {
        (A::decode(from), B::decode(from))
    }
}

impl Coded for EventKind {
    fn encode(&self, out: &mut Encoder) {
        out.bytes.push(self.code());
    }
    fn decode(from: &mut Decoder<'_>) -> Self {
        let code = from.byte();
        Self::from_code(code).unwrap_or_else(|| {
            from.failed = true;
            Self::PageView
        })
    }
}

/// A time in Unix seconds, stored as the difference from the one before it.
struct Time(i64);

impl Coded for Time {
    fn encode(&self, out: &mut Encoder) {
        out.time(self.0);
    }
    fn decode(from: &mut Decoder<'_>) -> Self {
        Self(from.time())
    }
}

/// Structs as their fields in order; `field: Time` stores an `i64` as a time.
macro_rules! coded {
    ($($name:ident { $($field:ident $(as $wrap:ident)?),* $(,)? })*) => {$(
        impl Coded for $name {
            fn encode(&self, out: &mut Encoder) {
                $(coded!(@put self.$field, out $(, $wrap)?);)*
            }
            fn decode(from: &mut Decoder<'_>) -> Self {
                $(let $field = coded!(@take from $(, $wrap)?);)*
                Self { $($field),* }
            }
        }
    )*};
    (@put $value:expr, $out:ident) => { $value.encode($out) };
    (@put $value:expr, $out:ident, $wrap:ident) => { $wrap($value).encode($out) };
    (@take $from:ident) => { Coded::decode($from) };
    (@take $from:ident, $wrap:ident) => { $wrap::decode($from).0 };
}

coded! {
    Event { kind, at_s as Time, item, category, brand, text, price_minor, quantity, value_minor, engaged_ms }
    CartLine { at_s as Time, item, category, brand, price_minor, quantity }
    Wish { at_s as Time, item, category, brand, price_minor }
    ItemHistory {
        last_s as Time, first_s as Time, bought_s, item, category, brand, price_minor, views, bought, engaged_ms,
    }
    Day { day, engaged_ms, spend_minor, counts }
    Visit { started_s as Time, last_s as Time, pages, items, searches, engaged_ms, referrer, landing }
    Profile {
        first_seen_s as Time, last_seen_s as Time, previous_visit_s as Time, visits, orders, spend_minor,
        first_order_s, last_order_s, last_order, unit, first_name, muted_brands,
    }
    State { profile, visit, cart, wishlist, exposures, items, days }
}

impl Coded for Exposures {
    fn encode(&self, out: &mut Encoder) {
        self.campaign.encode(out);
        self.variation.encode(out);
        self.total.encode(out);
        out.integer(self.times_s.len() as u64);
        for time_s in &self.times_s {
            out.time(*time_s);
        }
    }
    fn decode(from: &mut Decoder<'_>) -> Self {
        let (campaign, variation, total) = (Coded::decode(from), Coded::decode(from), Coded::decode(from));
        let times: Vec<Time> = Coded::decode(from);
        Self { campaign, variation, total, times_s: times.iter().map(|time| time.0).collect() }
    }
}
