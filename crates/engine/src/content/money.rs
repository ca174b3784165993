//! Prices as text, in the shopper's way of writing them.

use crate::digits;
use crate::pack::core::Core;

/// How the page writes an amount, taken from `Intl.NumberFormat(locale, {style: "currency", currency})`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Money {
    /// Before the number: `£`.
    pub prefix: String,
    /// After the number: ` €`.
    pub suffix: String,
    /// Between whole units and fraction.
    pub decimal: String,
    /// Between groups of three digits, or empty.
    pub group: String,
    /// Digits of the fraction.
    pub exponent: u8,
}

impl Money {
    /// `GBP 1234.50`, for hosts that know no better.
    #[must_use]
    pub fn plain(core: &Core) -> Self {
        let meta = core.meta.get(0).unwrap_or_default();
        Self {
            prefix: [core.text(meta.currency), " "].concat(),
            suffix: String::new(),
            decimal: ".".into(),
            group: String::new(),
            exponent: meta.currency_exponent,
        }
    }

    /// Writes an amount of minor units.
    #[must_use]
    pub fn format(&self, minor: i64) -> String {
        let exponent = usize::from(self.exponent);
        let mut digits = String::new();
        digits::push(&mut digits, minor.unsigned_abs(), exponent + 1);
        let (whole, fraction) = digits.split_at(digits.len() - exponent);
        let mut out = String::from(if minor < 0 { "-" } else { "" });
        out.push_str(&self.prefix);
        for (at, digit) in whole.char_indices() {
            if at > 0 && (whole.len() - at) % 3 == 0 {
                out.push_str(&self.group);
            }
            out.push(digit);
        }
        if !fraction.is_empty() {
            out.push_str(&self.decimal);
            out.push_str(fraction);
        }
        out.push_str(&self.suffix);
        out
    }
}
