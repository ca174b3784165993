//! How prices are written, learnt from one that the browser wrote.

use crate::engine::content::Money;

/// The amount to be written as a sample: groups of digits, and a fraction where the currency has one.
pub const MONEY_SAMPLE: f64 = 1_234_567.5;
/// Digits before its fraction.
const WHOLE_DIGITS: u32 = 7;

/// Reads prefix, suffix, and what separates groups and fraction from [`MONEY_SAMPLE`] in ASCII digits.
/// A text without a digit changes nothing.
pub(super) fn read(money: &mut Money, sample: &str) {
    let (mut digits, mut group, mut decimal) = (0, "", None);
    let (mut end, mut start) = (0, 0);
    for (at, byte) in sample.bytes().enumerate() {
        if byte.is_ascii_digit() {
            match digits {
                0 => start = at,
                WHOLE_DIGITS => decimal = Some(&sample[end..at]),
                _ if end < at => group = &sample[end..at],
                _ => {}
            }
            (digits, end) = (digits + 1, at + 1);
        }
    }
    if digits > 0 {
        sample[..start].clone_into(&mut money.prefix);
        sample[end..].clone_into(&mut money.suffix);
        group.clone_into(&mut money.group);
        decimal.unwrap_or(".").clone_into(&mut money.decimal);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(sample: &str, exponent: u8, minor: i64) -> String {
        let text = String::new;
        let mut money =
            Money { prefix: "GBP ".into(), suffix: text(), decimal: ".".into(), group: text(), exponent };
        read(&mut money, sample);
        money.format(minor)
    }

    #[test]
    fn samples_of_many_languages() {
        assert_eq!(written("£1,234,567.50", 2, 1_234_550), "£12,345.50");
        assert_eq!(written("1.234.567,50\u{a0}€", 2, 1_234_550), "12.345,50\u{a0}€");
        assert_eq!(written("1\u{202f}234\u{202f}567,50\u{a0}€", 2, 99), "0,99\u{a0}€");
        assert_eq!(written("CHF\u{a0}1’234’567.50", 2, -1_234_550), "-CHF\u{a0}12’345.50");
        assert_eq!(written("¥1,234,568", 0, 12_345), "¥12,345");
        assert_eq!(written("1,234,567.500 د.ك", 3, 1_500), "1.500 د.ك");
        assert_eq!(written("1234567,50 PLN", 2, 123_456_750), "1234567,50 PLN");
    }

    #[test]
    fn a_text_without_digits_changes_nothing() {
        assert_eq!(written("", 2, 1_250), "GBP 12.50");
        assert_eq!(written("NaN", 2, 1_250), "GBP 12.50");
    }
}
