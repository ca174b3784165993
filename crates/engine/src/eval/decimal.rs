//! Doubles as decimal text and back, exact, in little code: the standard library's tables and formatting
//! would cost the shopper some 20 kB. Decimal digits that are shifted in binary; this is off the hot path.

use super::convert::sign;
use crate::digits;

/// Most significant digits that can decide how a double rounds; further ones only say "and more".
const DIGITS_MAX: usize = 770;
/// Significant digits that tell any two doubles apart.
const DIGITS_ENOUGH: usize = 17;
/// Most binary places that a number is shifted by at once.
const SHIFT_MAX: i32 = 27;
/// The first integer that needs more bits than a double has.
const WHOLE_END: u64 = 1 << 53;

/// An exact decimal number, 0 or more: `0.digits * 10^point`, without zeros at either end.
#[derive(Clone)]
struct Decimal {
    digits: Vec<u8>,
    point: i32,
}

impl Decimal {
    /// Times `2^bits`.
    fn shift(&mut self, mut bits: i32) {
        while bits != 0 {
            let step = bits.clamp(-SHIFT_MAX, SHIFT_MAX);
            if step > 0 {
                self.multiply(step);
            } else {
                self.divide(-step);
            }
            bits -= step;
            self.trim();
        }
    }

    fn trim(&mut self) {
        while self.digits.last() == Some(&0) {
            self.digits.pop();
        }
    }

    fn multiply(&mut self, bits: i32) {
        let mut carry = 0;
        for digit in self.digits.iter_mut().rev() {
            carry += u64::from(*digit) << bits;
            *digit = (carry % 10) as u8;
            carry /= 10;
        }
        while carry > 0 {
            self.digits.insert(0, (carry % 10) as u8);
            self.point += 1;
            carry /= 10;
        }
    }

    fn divide(&mut self, bits: i32) {
        let (mut rest, mut at) = (0, 0);
        let mut quotient = Vec::new();
        while at < self.digits.len() || rest > 0 {
            rest = rest * 10 + u64::from(self.digits.get(at).copied().unwrap_or(0));
            at += 1;
            let digit = (rest >> bits) as u8;
            rest &= (1 << bits) - 1;
            if digit > 0 || !quotient.is_empty() {
                quotient.push(digit);
            } else {
                self.point -= 1;
            }
        }
        self.digits = quotient;
    }

    /// The integer below it; more than any double's when that has twenty digits or more.
    fn whole(&self) -> u64 {
        let digit = |at: i32| u64::from(self.digits.get(at as usize).copied().unwrap_or(0));
        if self.point > 19 { u64::MAX } else { (0..self.point).fold(0, |whole, at| whole * 10 + digit(at)) }
    }

    /// Adds one to its last digit.
    fn increment(&mut self) {
        for digit in self.digits.iter_mut().rev() {
            if *digit < 9 {
                *digit += 1;
                return;
            }
            *digit = 0;
        }
        self.digits[0] = 1;
        self.point += 1;
    }

    /// The double nearest to it, ties to even; none when it is too great.
    fn nearest(mut self) -> Option<f64> {
        if self.digits.is_empty() || self.point < -330 {
            return Some(0.0);
        }
        if self.point > 310 {
            return None;
        }
        // The value becomes quotient * 2^scale with a quotient of 53 bits, fewer for subnormals.
        let mut scale = 0;
        loop {
            let whole = self.whole();
            let step = match self.point {
                ..8 => SHIFT_MAX,
                26.. => -SHIFT_MAX,
                _ if whole >= WHOLE_END => -1,
                _ => i32::from(whole < WHOLE_END / 2),
            };
            let step = step.min(scale + 1074);
            if step == 0 {
                break;
            }
            self.shift(step);
            scale -= step;
        }
        let mut quotient = self.whole();
        let fraction = usize::try_from(self.point).map_or(&[][..], |at| self.digits.get(at..).unwrap_or(&[]));
        quotient += match fraction {
            [5] => quotient & 1,
            [5..=9, ..] => 1,
            _ => 0,
        };
        let hidden = WHOLE_END / 2;
        let bits =
            if quotient < hidden { quotient } else { ((scale + 1075) as u64) * hidden + quotient - hidden };
        // Beyond the greatest exponent the bits are those of an infinity, or of nothing.
        Some(f64::from_bits(bits)).filter(|value| scale < 972 && value.is_finite())
    }
}

/// Parses a decimal number (`-1.5e3`), `NaN`, `Infinity`. None when it is none or too great.
#[inline(never)]
pub(crate) fn parse(text: &str) -> Option<f64> {
    let (negative, text) = sign(text.as_bytes());
    let value = if text.eq_ignore_ascii_case(b"nan") {
        f64::NAN
    } else if text.eq_ignore_ascii_case(b"infinity") || text.eq_ignore_ascii_case(b"inf") {
        f64::INFINITY
    } else {
        unsigned(text)?
    };
    Some(if negative { -value } else { value })
}

#[inline(never)]
fn unsigned(text: &[u8]) -> Option<f64> {
    let end = text.iter().position(|byte| byte.eq_ignore_ascii_case(&b'e')).unwrap_or(text.len());
    let mut exponent = match text.get(end + 1..) {
        None => 0,
        Some(written) => power_of(written)?,
    };
    let mut digits = Vec::new();
    let (mut read, mut seen_point, mut more) = (0, false, false);
    for byte in &text[..end] {
        match byte {
            b'0'..=b'9' => {
                read += 1;
                exponent -= i32::from(seen_point);
                if digits.len() >= DIGITS_MAX {
                    more |= *byte != b'0';
                    exponent += 1;
                } else if *byte != b'0' || !digits.is_empty() {
                    digits.push(byte - b'0');
                }
            }
            b'.' if !seen_point => seen_point = true,
            _ => return None,
        }
    }
    if more && let Some(last) = digits.last_mut() {
        // An odd last digit cannot look like a tie.
        *last |= 1;
    }
    (read > 0).then_some(())?;
    let mut decimal = Decimal { point: exponent + digits.len() as i32, digits };
    decimal.trim();
    decimal.nearest()
}

/// A written exponent, clamped to +-9,999.
fn power_of(text: &[u8]) -> Option<i32> {
    let (negative, digits) = sign(text);
    let holds = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    let value = digits.iter().fold(0, |value: i32, digit| (value * 10 + i32::from(digit & 15)).min(9_999));
    holds.then_some(if negative { -value } else { value })
}

/// The shortest decimal digits that read back as this positive, finite double.
#[inline(never)]
fn shortest(value: f64) -> Decimal {
    let bits = value.to_bits();
    let (fraction, exponent) = (bits & (WHOLE_END / 2 - 1), (bits >> 52) as i32);
    let (mut fraction, exponent) =
        if exponent == 0 { (fraction, -1074) } else { (fraction | (WHOLE_END / 2), exponent - 1075) };
    let mut exact = Decimal { digits: Vec::new(), point: 0 };
    while fraction > 0 {
        exact.digits.insert(0, (fraction % 10) as u8);
        exact.point += 1;
        fraction /= 10;
    }
    exact.shift(exponent);
    for count in 1..=DIGITS_ENOUGH {
        let Some(next) = exact.digits.get(count) else { break };
        let mut candidates = [exact.clone(), exact.clone()];
        candidates.iter_mut().for_each(|candidate| candidate.digits.truncate(count));
        candidates[usize::from(*next < 5)].increment();
        for mut candidate in candidates {
            candidate.trim();
            if candidate.clone().nearest() == Some(value) {
                return candidate;
            }
        }
    }
    exact
}

/// The shortest text that reads back as the same double: `1.5`, `100`, `1e+21`, `1e-7`, `NaN`.
pub(super) fn format(value: f64) -> String {
    let mut out = String::new();
    if value.is_nan() {
        return "NaN".into();
    }
    if value.is_sign_negative() {
        out.push('-');
    }
    if value.is_infinite() {
        out.push_str("Infinity");
        return out;
    }
    if value == 0.0 {
        out.push('0');
        return out;
    }
    let Decimal { digits, point } = shortest(value.abs());
    let power = point - 1;
    let point = if (-7..21).contains(&power) { power } else { 0 };
    if point < 0 {
        out.push_str("0.");
        (1..-point).for_each(|_| out.push('0'));
    }
    for at in 0..(digits.len() as i32).max(point + 1) {
        if at > 0 && at == point + 1 {
            out.push('.');
        }
        out.push(char::from(b'0' + digits.get(at as usize).copied().unwrap_or(0)));
    }
    if point != power {
        out.push_str(if power < 0 { "e-" } else { "e+" });
        digits::push(&mut out, power.unsigned_abs().into(), 1);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{format, parse};

    #[test]
    fn parses_as_the_standard_library_does() {
        let hard = [
            "0",
            "1",
            "-0.0",
            "1e22",
            "1e23",
            "9007199254740993",
            "9007199254740992.5",
            "2.2250738585072011e-308",
            "4.9e-324",
            "2.4703282292062327e-324",
            "2.4703282292062328e-324",
            "1.7976931348623157e308",
            "123.456",
            "6.02214076e23",
            "0.1",
            "0.30000000000000004",
            ".5",
            "5.",
            "1E5",
            "1e-400",
            "17976931348623157e292",
            "179769313486231580793728971405303415079934132710037826936173778980444968292764750946649017977587207096330286416692887910946555547851940402630657488671505820681908902000708383676273854845817711531764475730270069855571366959622842914819860834936475292719074168444365510704342711559699508093042880.0",
        ];
        for text in hard {
            assert_eq!(parse(text), text.parse().ok(), "{text}");
        }
        for text in ["", ".", "e5", "1e", "1..2", "1e309", "1.8e308", "1e400", "0x10", "1 ", "--1"] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert!(parse("NaN").is_some_and(f64::is_nan));
        assert_eq!(parse("-Infinity"), Some(f64::NEG_INFINITY));
    }

    #[test]
    fn formats_the_shortest_text_that_reads_back() {
        let cases = [
            (1.0, "1"),
            (-1.5, "-1.5"),
            (0.1, "0.1"),
            (1e21, "1e+21"),
            (1e20, "100000000000000000000"),
            (1e-7, "0.0000001"),
            (1.5e-9, "1.5e-9"),
            (123.456, "123.456"),
            (5.684_341_886_080_802e-14, "5.684341886080802e-14"),
            (f64::MAX, "1.7976931348623157e+308"),
            (5e-324, "5e-324"),
            (9.5, "9.5"),
            (0.0, "0"),
            (-0.0, "-0"),
        ];
        for (value, text) in cases {
            assert_eq!(format(value), text);
        }
    }

    #[test]
    fn agrees_with_the_standard_library_on_many_doubles() {
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        for _ in 0..200 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let value = f64::from_bits(state);
            if value.is_finite() {
                let text = format!("{value:e}");
                assert_eq!(parse(&text), Some(value), "{text}");
                assert_eq!(format(value).parse(), Ok(value), "{text}");
                let digits = |text: &str| text.split('e').next().unwrap_or("").replace(['-', '.'], "");
                let ours = digits(&format(value));
                assert_eq!(ours.trim_matches('0'), digits(&text).trim_matches('0'), "{text}");
            }
        }
    }
}
