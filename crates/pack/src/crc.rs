//! CRC-32, against accidents on the way; tampering is the signature's business.

const LANES: usize = 16;
const SHORT_BYTES: usize = 1 << 10;

/// CRC-32 (IEEE 802.3, reflected) of the whole slice.
///
/// Its tables are computed on the stack for each call, so that no kilobytes of constants travel with the
/// module: about 1 µs for short input; above 1 KiB another 5 µs buy sixteen bytes a step.
#[must_use]
pub fn crc32(bytes: &[u8]) -> u32 {
    let bytewise = bytewise_table();
    let (crc, rest) = if bytes.len() > SHORT_BYTES { sliced(&bytewise, bytes) } else { (u32::MAX, bytes) };
    !rest.iter().fold(crc, |crc, byte| bytewise[usize::from(crc as u8 ^ byte)] ^ (crc >> 8))
}

fn bytewise_table() -> [u32; 256] {
    std::array::from_fn(|at| {
        (0..8)
            .fold(at as u32, |value, _| if value & 1 == 1 { 0xEDB8_8320 ^ (value >> 1) } else { value >> 1 })
    })
}

/// Folds whole steps of [`LANES`] bytes; returns the running value and what is left.
///
/// Slicing-by-16 (Kounavis and Berry 2005): `tables[k]` moves a byte past `k` further bytes.
fn sliced<'a>(bytewise: &[u32; 256], bytes: &'a [u8]) -> (u32, &'a [u8]) {
    let mut tables = [*bytewise; LANES];
    for lane in 1..LANES {
        let before = tables[lane - 1];
        tables[lane] = before.map(|value| bytewise[usize::from(value as u8)] ^ (value >> 8));
    }
    let mut crc = u32::MAX;
    let mut steps = bytes.chunks_exact(LANES);
    for step in &mut steps {
        let mut block = [0; LANES];
        block.copy_from_slice(step);
        for (byte, old) in block.iter_mut().zip(crc.to_le_bytes()) {
            *byte ^= old;
        }
        crc = 0;
        for (at, byte) in block.iter().enumerate() {
            crc ^= tables[LANES - 1 - at][usize::from(*byte)];
        }
    }
    (crc, steps.remainder())
}

#[cfg(test)]
mod tests {
    use super::crc32;

    #[test]
    fn check_value_of_the_standard() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn long_input_agrees_with_one_byte_at_a_time() {
        let bytes: Vec<u8> = (0..5_000u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let slow = |bytes: &[u8]| {
            !bytes.iter().fold(u32::MAX, |crc, byte| {
                (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                    (crc >> 1) ^ (0xEDB8_8320 & 0u32.wrapping_sub(crc & 1))
                })
            })
        };
        for length in [1, 15, 16, 1_023, 1_024, 1_025, 1_040, 1_041, 4_999, 5_000] {
            assert_eq!(crc32(&bytes[..length]), slow(&bytes[..length]), "{length} bytes");
        }
    }
}
