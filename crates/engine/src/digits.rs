//! Whole numbers as decimal text: the standard library's formatting would cost the shopper a kilobyte.

/// Appends a number with at least that many digits.
pub fn push(out: &mut String, value: u64, width: usize) {
    if value > 9 || width > 1 {
        push(out, value / 10, width.saturating_sub(1));
    }
    out.push(char::from(b'0' + (value % 10) as u8));
}

/// Appends a number, with a minus below zero.
pub fn push_signed(out: &mut String, value: i64) {
    if value < 0 {
        out.push('-');
    }
    push(out, value.unsigned_abs(), 1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_everyone_writes_them() {
        for value in [0, 7, 10, -1, 1_234_567, i64::MAX, i64::MIN] {
            let mut out = String::new();
            push_signed(&mut out, value);
            assert_eq!(out, value.to_string());
        }
        let mut out = String::from(".");
        push(&mut out, 50, 9);
        assert_eq!(out, ".000000050");
    }
}
