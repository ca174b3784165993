//! Values of conditions: CEL's types, their equality and their order.

use std::cmp::Ordering;
use std::ops::Deref;
use std::rc::Rc;

/// Why a condition has no value. As in CEL, errors are values that `&&` and `||` may absorb.
#[non_exhaustive]
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EvalError {
    /// A trait or a history answer that is not there.
    Absent = 1,
    /// An operator or function was given types that it is not defined for.
    NoOverload = 2,
    /// A number, time or duration outside its range.
    Overflow = 3,
    /// Division or remainder by zero.
    DivisionByZero = 4,
    /// A list index outside the list.
    Index = 5,
    /// A key or field that the map has not.
    NoSuchKey = 6,
    /// A conversion of a value that does not stand for one of the wanted type.
    Conversion = 7,
    /// A map literal with the same key twice.
    RepeatedKey = 8,
    /// More work than [`crate::eval::STEPS_MAX`].
    Steps = 9,
    /// The program is not one that [`crate::pack::program::verify`] passes.
    Program = 10,
}

/// A text: borrowed from pack or traits, or made by the condition itself.
#[derive(Clone, Debug)]
pub enum Text<'a> {
    /// Borrowed; no allocation.
    Borrowed(&'a str),
    /// Made while evaluating.
    Made(Rc<str>),
}

impl Deref for Text<'_> {
    type Target = str;
    fn deref(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            Self::Made(text) => text,
        }
    }
}

/// Nanoseconds in a second.
pub const SECOND_NS: u32 = 1_000_000_000;

/// A time or a length of time: whole seconds, rounded down, and the nanoseconds above them (< 10^9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant {
    /// Seconds: since the Unix epoch for a timestamp.
    pub s: i64,
    /// Nanoseconds above `s`, 0 to 999,999,999.
    pub ns: u32,
}

/// A value of a condition.
#[derive(Clone, Debug)]
pub enum Value<'a> {
    /// No value was computed, and why.
    Error(EvalError),
    /// `null`
    Null,
    /// `bool`
    Bool(bool),
    /// `int`
    Int(i64),
    /// `uint`
    Uint(u64),
    /// `double`
    Double(f64),
    /// `string`
    Str(Text<'a>),
    /// `timestamp`, from 0001-01-01 to 9999-12-31
    Timestamp(Instant),
    /// `duration`
    Duration(Instant),
    /// `list`
    List(Rc<Vec<Value<'a>>>),
    /// `map`: keys and values in turn, in the order of its literal; keys differ
    Map(Rc<Vec<Value<'a>>>),
}

impl<'a> Value<'a> {
    /// A borrowed text.
    #[must_use]
    pub fn text(text: &'a str) -> Self {
        Self::Str(Text::Borrowed(text))
    }

    /// A text of its own.
    #[must_use]
    pub fn made(text: &str) -> Self {
        Self::Str(Text::Made(text.into()))
    }

    /// A list.
    #[must_use]
    pub fn list(items: Vec<Self>) -> Self {
        Self::List(Rc::new(items))
    }

    /// The error, if it is one.
    #[must_use]
    pub fn error(&self) -> Option<EvalError> {
        match self {
            Self::Error(error) => Some(*error),
            _ => None,
        }
    }

    /// CEL's `==`: numbers by value across types, different other types unequal.
    #[must_use]
    pub fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::List(left), Self::List(right)) => {
                left.len() == right.len() && left.iter().zip(right.iter()).all(|(l, r)| l.equals(r))
            }
            (Self::Map(left), Self::Map(right)) => {
                left.len() == right.len()
                    && entries(left).all(|(key, value)| find(right, key).is_some_and(|it| value.equals(it)))
            }
            _ => self.compare(other) == Ok(Some(Ordering::Equal)),
        }
    }

    /// CEL's order of two values; `Ok(None)` when one of them is NaN.
    ///
    /// # Errors
    /// [`EvalError::NoOverload`] for types that have no common order.
    pub fn compare(&self, other: &Self) -> Result<Option<Ordering>, EvalError> {
        Ok(Some(match (self, other) {
            (Self::Bool(left), Self::Bool(right)) => left.cmp(right),
            (Self::Str(left), Self::Str(right)) => (**left).cmp(&**right),
            (Self::Timestamp(left), Self::Timestamp(right))
            | (Self::Duration(left), Self::Duration(right)) => left.cmp(right),
            _ => return self.compare_numbers(other).ok_or(EvalError::NoOverload),
        }))
    }

    /// Order of two numbers by value; none for what is no number.
    fn compare_numbers(&self, other: &Self) -> Option<Option<Ordering>> {
        if let (Some(left), Some(right)) = (self.whole(), other.whole()) {
            return Some(Some(left.cmp(&right)));
        }
        // As the reference implementation does, an integer beside a double is rounded to one.
        Some(self.double()?.partial_cmp(&other.double()?))
    }

    /// The number, if it is an integer.
    pub(crate) fn whole(&self) -> Option<i128> {
        match self {
            Self::Int(value) => Some((*value).into()),
            Self::Uint(value) => Some((*value).into()),
            _ => None,
        }
    }

    /// The double nearest to the number, if it is one.
    pub(crate) fn double(&self) -> Option<f64> {
        match self {
            Self::Int(value) => Some(*value as f64),
            Self::Uint(value) => Some(*value as f64),
            Self::Double(value) => Some(*value),
            _ => None,
        }
    }
}

/// The keys and values of a map.
pub fn entries<'m, 'a>(map: &'m [Value<'a>]) -> impl Iterator<Item = (&'m Value<'a>, &'m Value<'a>)> {
    map.chunks_exact(2).map(|entry| (&entry[0], &entry[1]))
}

/// The value under a key; numbers as keys are equal across types.
#[must_use]
pub fn find<'m, 'a>(map: &'m [Value<'a>], key: &Value<'_>) -> Option<&'m Value<'a>> {
    entries(map).find(|(known, _)| known.equals(key)).map(|(_, value)| value)
}
