//! The types that the checker knows.

use std::fmt;

/// Type of an expression.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// `bool`
    Bool,
    /// `int`
    Int,
    /// `uint`
    Uint,
    /// `double`
    Double,
    /// `string`
    Str,
    /// `null_type`
    Null,
    /// `timestamp`
    Timestamp,
    /// `duration`
    Duration,
    /// `list(element)`
    List(Box<Type>),
    /// `map(key, value)`
    Map(Box<Type>, Box<Type>),
    /// Known only when evaluated.
    Dyn,
}

impl Type {
    /// A list of that element type.
    #[must_use]
    pub fn list(element: Self) -> Self {
        Self::List(Box::new(element))
    }

    /// A map of those types.
    #[must_use]
    pub fn map(key: Self, value: Self) -> Self {
        Self::Map(Box::new(key), Box::new(value))
    }

    /// Whether a value of the one may be a value of the other.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Dyn, _) | (_, Self::Dyn) => true,
            (Self::List(left), Self::List(right)) => left.meets(right),
            (Self::Map(key, value), Self::Map(other_key, other_value)) => {
                key.meets(other_key) && value.meets(other_value)
            }
            _ => self == other,
        }
    }

    /// The type of both, `dyn` when they differ.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::List(left), Self::List(right)) => Self::list(left.join(right)),
            (Self::Map(key, value), Self::Map(other_key, other_value)) => {
                Self::map(key.join(other_key), value.join(other_value))
            }
            _ if self == other => self.clone(),
            _ => Self::Dyn,
        }
    }

    /// Whether it is a number, or may be.
    #[must_use]
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Int | Self::Uint | Self::Double | Self::Dyn)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => out.write_str("bool"),
            Self::Int => out.write_str("int"),
            Self::Uint => out.write_str("uint"),
            Self::Double => out.write_str("double"),
            Self::Str => out.write_str("string"),
            Self::Null => out.write_str("null"),
            Self::Timestamp => out.write_str("timestamp"),
            Self::Duration => out.write_str("duration"),
            Self::List(element) => write!(out, "list({element})"),
            Self::Map(key, value) => write!(out, "map({key}, {value})"),
            Self::Dyn => out.write_str("dyn"),
        }
    }
}
