//! Doubles as decimal text and back, exact, in little code: the standard library's tables and formatting
//! would cost the shopper some 20 kB. Plain big integers; this is off the hot path.

use std::cmp::Ordering;

use super::convert::sign;
use super::time;

/// Most significant digits that can decide how a double rounds; further ones only say "and more".
const DIGITS_MAX: usize = 770;
/// Significant digits that tell any two doubles apart.
const DIGITS_ENOUGH: usize = 17;

/// An unsigned integer, little endian, without leading zero limbs.
#[derive(Clone)]
struct Big(Vec<u32>);

impl Big {
    fn new(value: u64) -> Self {
        let mut big = Self(vec![value as u32, (value >> 32) as u32]);
        big.trim();
        big
    }

    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    /// `self * factor + addend`
    fn multiply(&mut self, factor: u32, addend: u32) {
        let mut carry = u64::from(addend);
        for limb in &mut self.0 {
            carry += u64::from(*limb) * u64::from(factor);
            *limb = carry as u32;
            carry >>= 32;
        }
        self.0.push(carry as u32);
        self.trim();
    }

    fn power_of_ten(&mut self, exponent: usize) {
        for _ in 0..exponent {
            self.multiply(10, 0);
        }
    }

    fn shift(&mut self, bits: usize) {
        self.multiply(1 << (bits % 32), 0);
        if !self.0.is_empty() {
            let mut shifted = vec![0; bits / 32];
            shifted.append(&mut self.0);
            self.0 = shifted;
        }
    }

    fn bits(&self) -> i32 {
        self.0.last().map_or(0, |top| self.0.len() as i32 * 32 - top.leading_zeros() as i32)
    }

    fn compare(&self, other: &Self) -> Ordering {
        let limbs = self.0.len().cmp(&other.0.len());
        limbs.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }

    /// `self - other`, which is not greater.
    fn subtract(&mut self, other: &Self) {
        let mut borrow = 0;
        for (at, limb) in self.0.iter_mut().enumerate() {
            let gone = i64::from(*limb) - i64::from(other.0.get(at).copied().unwrap_or(0)) - borrow;
            *limb = gone as u32;
            borrow = i64::from(gone < 0);
        }
        self.trim();
    }

    /// The quotient by `other`, below 2^`width`; leaves the remainder.
    fn divide(&mut self, other: &Self, width: usize) -> u64 {
        let mut quotient = 0;
        for bit in (0..width).rev() {
            let mut part = other.clone();
            part.shift(bit);
            if part.compare(self).is_le() {
                self.subtract(&part);
                quotient |= 1 << bit;
            }
        }
        quotient
    }
}

/// Parses a decimal number (`-1.5e3`), `NaN`, `Infinity`. None when it is none or too great.
pub(super) fn parse(text: &str) -> Option<f64> {
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
    nearest(&digits, exponent)
}

/// A written exponent, clamped to +-9,999.
fn power_of(text: &[u8]) -> Option<i32> {
    let (negative, digits) = sign(text);
    let holds = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    let value = digits.iter().fold(0, |value: i32, digit| (value * 10 + i32::from(digit & 15)).min(9_999));
    holds.then_some(if negative { -value } else { value })
}

/// The double nearest to `digits * 10^exponent`, ties to even; none when it is too great.
fn nearest(digits: &[u8], exponent: i32) -> Option<f64> {
    let magnitude = exponent + digits.len() as i32;
    if digits.is_empty() || magnitude < -330 {
        return Some(0.0);
    }
    if magnitude > 310 {
        return None;
    }
    let mut above = Big::new(0);
    for digit in digits {
        above.multiply(10, u32::from(*digit));
    }
    let mut below = Big::new(1);
    if exponent >= 0 { &mut above } else { &mut below }.power_of_ten(exponent.unsigned_abs() as usize);
    // The value is quotient * 2^scale with a quotient of 53 bits, fewer for subnormals.
    let mut scale = (above.bits() - below.bits() - 53).max(-1074);
    if scale > 0 { &mut below } else { &mut above }.shift(scale.unsigned_abs() as usize);
    let mut remainder = above.clone();
    let mut quotient = remainder.divide(&below, 55);
    if quotient >> 53 != 0 {
        scale += 1;
        below.shift(1);
        remainder = above;
        quotient = remainder.divide(&below, 55);
    }
    remainder.shift(1);
    let up = match remainder.compare(&below) {
        Ordering::Less => 0,
        Ordering::Equal => quotient & 1,
        Ordering::Greater => 1,
    };
    quotient += up;
    let hidden = 1 << 52;
    let bits =
        if quotient < hidden { quotient } else { ((scale + 1075) as u64) * hidden + quotient - hidden };
    let value = f64::from_bits(bits);
    value.is_finite().then_some(value)
}

/// The shortest decimal digits that read back as this positive, finite double, and the power of ten of
/// the first of them.
#[inline(never)]
fn shortest(value: f64) -> (Vec<u8>, i32) {
    let bits = value.to_bits();
    let (fraction, exponent) = (bits & ((1 << 52) - 1), (bits >> 52) as i32);
    let (fraction, exponent) =
        if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) };
    let (mut above, mut below) = (Big::new(fraction), Big::new(1));
    if exponent >= 0 { &mut above } else { &mut below }.shift(exponent.unsigned_abs() as usize);
    // Scale so that 1 <= above / below < 10.
    let mut power = 0;
    while above.compare(&below).is_lt() {
        above.multiply(10, 0);
        power -= 1;
    }
    loop {
        let mut tenfold = below.clone();
        tenfold.multiply(10, 0);
        if above.compare(&tenfold).is_lt() {
            break;
        }
        below = tenfold;
        power += 1;
    }
    let mut digits = Vec::with_capacity(DIGITS_ENOUGH + 1);
    loop {
        digits.push(above.divide(&below, 4) as u8);
        let mut up = digits.clone();
        let carried = increment(&mut up);
        let mut twice = above.clone();
        twice.shift(1);
        let down_first = twice.compare(&below).is_lt();
        let candidates =
            if down_first { [(&digits, 0), (&up, carried)] } else { [(&up, carried), (&digits, 0)] };
        for (candidate, carried) in candidates {
            let last = power + carried - candidate.len() as i32 + 1;
            if nearest(candidate, last) == Some(value) {
                let kept = candidate.iter().rposition(|digit| *digit != 0).map_or(0, |at| at + 1);
                return (candidate[..kept].to_vec(), power + carried);
            }
        }
        if digits.len() > DIGITS_ENOUGH {
            return (digits, power);
        }
        above.multiply(10, 0);
    }
}

/// Adds one to the last digit; 1 when the number gained a digit (`99` becomes `10`, one power higher).
fn increment(digits: &mut [u8]) -> i32 {
    for digit in digits.iter_mut().rev() {
        if *digit < 9 {
            *digit += 1;
            return 0;
        }
        *digit = 0;
    }
    digits[0] = 1;
    1
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
    let (digits, power) = shortest(value.abs());
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
        time::push(&mut out, power.unsigned_abs().into(), 1);
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
        ];
        for text in hard {
            assert_eq!(parse(text), text.parse().ok(), "{text}");
        }
        for text in ["", ".", "e5", "1e", "1..2", "1e400", "0x10", "1 ", "--1"] {
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
