//! The bytes of events and totals: variable-length integers, and every string once.
//!
//! An integer is LEB128 (signed ones in zigzag), a time is the difference from the time before it, a
//! list is its count and its elements. A string is 0, its length and its bytes the first time, and
//! 1 + its position among the strings so far after that. Reading is total: any bytes give a value or
//! nothing, and never allocate more than a small multiple of their length.
//!
//! Every struct names its fields once, in [`Coded::walk`], for both directions: in the shopper's module
//! two functions for each struct are 5 kB more.

use super::limits;
use super::state::{CartLine, Day, Exposures, ItemHistory, Profile, State, Visit, Wish};
use super::{Event, EventKind};

/// A value that [`Encoder`] and [`Decoder`] know.
pub trait Coded {
    /// What reading begins with.
    fn blank() -> Self;
    /// Passes every field to the codec, which writes it or replaces it by what it reads.
    fn walk(&mut self, codec: &mut Codec<'_>);
}

/// Appends values to bytes.
#[derive(Debug, Default)]
pub struct Encoder {
    codec: Codec<'static>,
}

impl Encoder {
    /// Appends a copy of any value.
    pub fn put(&mut self, value: &(impl Coded + Clone)) {
        self.append(&mut value.clone());
    }

    /// Appends any value, which stays what it is.
    pub fn append(&mut self, value: &mut impl Coded) {
        value.walk(&mut self.codec);
    }

    /// The bytes so far.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.codec.written
    }
}

/// Takes values from bytes.
#[derive(Debug)]
pub struct Decoder<'a> {
    codec: Codec<'a>,
}

impl<'a> Decoder<'a> {
    /// A decoder over untrusted bytes.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { codec: Codec { reading: true, rest: bytes, ..Codec::default() } }
    }

    /// The next value; nothing if the bytes hold none.
    pub fn take<T: Coded>(&mut self) -> Option<T> {
        let mut value = T::blank();
        value.walk(&mut self.codec);
        (!self.codec.failed).then_some(value)
    }

    /// Whether every byte was taken.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.codec.rest.is_empty()
    }
}

/// Writes or reads fields, one after the other.
///
/// A failure to read sticks: from then on every value is 0, empty or absent. So reading a struct has no
/// early ways out that would each have to drop the fields read so far.
#[derive(Debug, Default)]
pub struct Codec<'a> {
    reading: bool,
    rest: &'a [u8],
    written: Vec<u8>,
    strings: Vec<String>,
    last_s: i64,
    failed: bool,
}

impl Codec<'_> {
    /// Whether fields are replaced by what is read.
    #[must_use]
    pub fn is_reading(&self) -> bool {
        self.reading
    }

    /// Makes reading fail: what was read cannot be.
    pub fn fail(&mut self) {
        self.failed = true;
        self.rest = &[];
    }

    /// Bytes as they are.
    pub fn raw(&mut self, bytes: &mut [u8]) {
        if !self.reading {
            self.written.extend_from_slice(bytes);
        } else if let Some((read, rest)) = self.rest.split_at_checked(bytes.len()) {
            bytes.copy_from_slice(read);
            self.rest = rest;
        } else {
            bytes.fill(0);
            self.fail();
        }
    }

    fn byte(&mut self, value: u8) -> u8 {
        let mut byte = [value];
        self.raw(&mut byte);
        byte[0]
    }

    fn integer(&mut self, mut value: u64) -> u64 {
        let mut read = 0;
        for shift in (0..64).step_by(7) {
            let more = if value < 0x80 { 0 } else { 0x80 };
            let byte = self.byte(value as u8 & 0x7f | more);
            read |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return read;
            }
            value >>= 7;
        }
        self.fail();
        0
    }

    /// An integer of up to 64 bits.
    pub fn long(&mut self, value: &mut u64) {
        *value = self.integer(*value);
    }

    /// An integer of up to 32 bits.
    pub fn word(&mut self, value: &mut u32) {
        let read = self.integer((*value).into());
        *value = u32::try_from(read).unwrap_or_else(|_| {
            self.fail();
            0
        });
    }

    /// An integer of up to 16 bits.
    pub fn short(&mut self, value: &mut u16) {
        let mut word = (*value).into();
        self.word(&mut word);
        *value = u16::try_from(word).unwrap_or_else(|_| {
            self.fail();
            0
        });
    }

    /// A signed integer.
    pub fn signed(&mut self, value: &mut i64) {
        let read = self.integer(((*value << 1) ^ (*value >> 63)) as u64);
        *value = (read >> 1) as i64 ^ -((read & 1) as i64);
    }

    /// A time in Unix seconds, stored as the difference from the one before it.
    pub fn time(&mut self, time_s: &mut i64) {
        let mut step_s = time_s.wrapping_sub(self.last_s);
        self.signed(&mut step_s);
        self.last_s = self.last_s.wrapping_add(step_s);
        *time_s = self.last_s;
    }

    /// A text of at most [`limits::TEXT_BYTES_MAX`].
    pub fn text(&mut self, text: &mut String) {
        let known = self.strings.iter().position(|known| known == text);
        let reference = self.integer(known.map_or(0, |at| at as u64 + 1)) as usize;
        if reference > 0 {
            match self.strings.get(reference - 1) {
                Some(known) => text.clone_from(known),
                None => self.fail(),
            }
            return;
        }
        let length = self.integer(text.len() as u64) as usize;
        if !self.reading {
            self.written.extend_from_slice(text.as_bytes());
        } else if let Some((read, rest)) = self.rest.split_at_checked(length)
            && length <= limits::TEXT_BYTES_MAX
            && let Ok(read) = std::str::from_utf8(read)
        {
            self.rest = rest;
            read.clone_into(text);
        } else {
            return self.fail();
        }
        self.strings.push(text.clone());
    }

    /// The kind of an event, and a mark on it.
    fn marked_kind(&mut self, kind: &mut EventKind, mark: bool) -> bool {
        let byte = self.byte(kind.code() | if mark { MARK } else { 0 });
        match EventKind::from_code(byte & !MARK) {
            Some(read) => *kind = read,
            None => self.fail(),
        }
        byte & MARK != 0
    }

    /// The kind of events.
    pub fn kind(&mut self, kind: &mut EventKind) {
        if self.marked_kind(kind, false) {
            self.fail();
        }
    }

    /// A list that came later than what is before it: the last of all, and absent when it is empty.
    pub fn last_list<T: Coded>(&mut self, list: &mut Vec<T>) {
        if !list.is_empty() || !self.rest.is_empty() {
            self.list(list);
        }
    }

    /// A value with fields of its own.
    pub fn value(&mut self, value: &mut impl Coded) {
        value.walk(self);
    }

    /// A list of such values.
    pub fn list<T: Coded>(&mut self, list: &mut Vec<T>) {
        let count = self.integer(list.len() as u64);
        for at in 0..count {
            if self.reading {
                list.push(T::blank());
            }
            list[at as usize].walk(self);
            if self.failed {
                return;
            }
        }
    }
}

/// Bit of a kind's byte that says that a description of the product follows the event.
const MARK: u8 = 0x80;

impl Coded for Event {
    fn blank() -> Self {
        Self::new(EventKind::PageView, 0)
    }
    fn walk(&mut self, codec: &mut Codec<'_>) {
        let describes = self.describes();
        let described = codec.marked_kind(&mut self.kind, describes);
        codec.time(&mut self.at_s);
        for text in [&mut self.item, &mut self.category, &mut self.brand, &mut self.text] {
            codec.text(text);
        }
        codec.word(&mut self.price_minor);
        codec.short(&mut self.quantity);
        codec.signed(&mut self.value_minor);
        codec.word(&mut self.engaged_ms);
        if described {
            codec.word(&mut self.compare_at_minor);
            codec.text(&mut self.tags);
        }
    }
}

/// Structs by their fields in order, each with the codec's function for it.
macro_rules! coded {
    ($($name:ident ($blank:expr) { $($field:tt: $how:ident),* $(,)? })*) => {$(
        impl Coded for $name {
            fn blank() -> Self {
                $blank
            }
            fn walk(&mut self, codec: &mut Codec<'_>) {
                $(codec.$how(&mut self.$field);)*
            }
        }
    )*};
}

/// Events of a kind on a day.
type Count = (EventKind, u16);

coded! {
    CartLine (Self::default()) {
        at_s: time, item: text, category: text, brand: text, price_minor: word, quantity: short,
    }
    Wish (Self::default()) { at_s: time, item: text, category: text, brand: text, price_minor: word }
    ItemHistory (Self::default()) {
        last_s: time, first_s: time, bought_s: signed, item: text, category: text, brand: text,
        price_minor: word, views: short, bought: short, engaged_ms: word,
    }
    Count ((EventKind::PageView, 0)) { 0: kind, 1: short }
    Day (Self::default()) { day: word, engaged_ms: word, spend_minor: signed, counts: list }
    Visit (Self::default()) {
        started_s: time, last_s: time, pages: word, items: word, searches: word, engaged_ms: word,
        referrer: text, landing: text,
    }
    Profile (Self::default()) {
        first_seen_s: time, last_seen_s: time, previous_visit_s: time, visits: word, orders: word,
        spend_minor: signed, first_order_s: signed, last_order_s: signed, last_order: text, unit: text,
        first_name: text, muted_brands: list,
    }
    Exposures (Self::default()) { campaign: text, variation: text, total: word, times_s: list }
    State (Self::default()) {
        profile: value, visit: value, cart: list, wishlist: list, exposures: list, items: list, days: list,
    }
}

impl Coded for String {
    fn blank() -> Self {
        Self::new()
    }
    fn walk(&mut self, codec: &mut Codec<'_>) {
        codec.text(self);
    }
}

/// A time, as in the lists of them.
impl Coded for i64 {
    fn blank() -> Self {
        0
    }
    fn walk(&mut self, codec: &mut Codec<'_>) {
        codec.time(self);
    }
}

impl<T: Coded> Coded for Vec<T> {
    fn blank() -> Self {
        Self::new()
    }
    fn walk(&mut self, codec: &mut Codec<'_>) {
        codec.list(self);
    }
}
