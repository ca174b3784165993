//! Which variation a shopper gets: GrowthBook's published hash, ranges and namespaces.
//!
//! The numbers are binary64 because GrowthBook's are: the same additions in the same order put a shopper
//! on the same side of every border, so that a shop's running experiments keep their buckets.
//! Source: GrowthBook SDK specification, `packages/sdk-js/src/util.ts`, and its `cases.json`.

/// FNV-1a, 32 bits, over UTF-16 code units as JavaScript's `charCodeAt` gives them.
fn fnv32a(parts: &[&str]) -> u32 {
    let units = parts.iter().flat_map(|part| part.encode_utf16());
    units.fold(0x811c_9dc5, |hash, unit| (hash ^ u32::from(unit)).wrapping_mul(0x0100_0193))
}

/// A shopper's place in 0..1 for a seed: thousandths in version 1, ten-thousandths in version 2; none for
/// other versions.
#[must_use]
pub fn hash(seed: &str, unit: &str, version: u8) -> Option<f64> {
    match version {
        1 => Some(f64::from(fnv32a(&[unit, seed]) % 1_000) / 1_000.0),
        2 => {
            let mut digits = [0; 10];
            let inner = decimal(fnv32a(&[seed, unit]), &mut digits);
            Some(f64::from(fnv32a(&[inner]) % 10_000) / 10_000.0)
        }
        _ => None,
    }
}

/// Decimal digits of a number, written from the end of the buffer.
fn decimal(mut value: u32, digits: &mut [u8; 10]) -> &str {
    let mut start = digits.len();
    loop {
        start -= 1;
        digits[start] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            return std::str::from_utf8(&digits[start..]).unwrap_or("");
        }
    }
}

/// The part of 0..1 that each variation owns, `(from, until)`, from equal or given weights.
///
/// Coverage is clamped to 0..1. Weights that are not one per variation, or do not sum to 1 (within 0.01),
/// are replaced by equal ones.
pub fn ranges(count: usize, coverage: f64, weights: &[f64]) -> impl Iterator<Item = (f64, f64)> {
    let coverage = coverage.clamp(0.0, 1.0);
    let total: f64 = weights.iter().fold(0.0, |sum, weight| weight + sum);
    let given = weights.len() == count && (0.99..=1.01).contains(&total);
    let equal = 1.0 / count.max(1) as f64;
    let mut from = 0.0;
    (0..count).map(move |at| {
        let weight = if given { weights[at] } else { equal };
        let start = from;
        from += weight;
        (start, start + coverage * weight)
    })
}

/// The first range that holds the place, or none.
pub fn choose(place: f64, ranges: impl Iterator<Item = (f64, f64)>) -> Option<usize> {
    ranges.into_iter().position(|(from, until)| place >= from && place < until)
}

/// Whether a shopper belongs to a part of a namespace of mutually exclusive experiments.
#[must_use]
pub fn in_namespace(unit: &str, namespace: &str, from: f64, until: f64) -> bool {
    let place = f64::from(fnv32a(&[unit, "__", namespace]) % 1_000) / 1_000.0;
    place >= from && place < until
}
