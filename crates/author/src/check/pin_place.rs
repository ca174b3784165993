//! # A pin that cannot have its place
//!
//! A pin asks for a place behind the end of its row, or two pins that hold at the same time ask for one place: the first then
//! stands in the row's last place, and of the two the second moves on by one.
//!
//! ```yaml
//! limit: 4
//! pins: [ { item: 85123A, at: 9 }, { item: 22423, at: 1 }, { item: 84879, at: 1 } ]
//! ```
//!
//! ## What to do
//!
//! Give each pin a place of its own that is at most `limit`, or keep two of one place apart by `when`, `from` and `until`.
//! These are warnings.

use crate::check::code;
use crate::diagnostic::Diagnostic;
use crate::project::{AdjustmentEntry, Products};

/// Looks at the pins of a row; `times` says first second and first second no more of each of its adjustments, and pins that
/// were over at `now_s` ask for nothing.
pub fn check(row: &Products, times: &[(i64, i64)], now_s: i64, diagnostics: &mut Vec<Diagnostic>) {
    let pins: Vec<_> = row
        .adjustments
        .iter()
        .zip(times)
        .filter(|(entry, (from_s, until_s))| entry.item.is_some() && from_s < until_s && *until_s > now_s)
        .collect();
    for (at, (pin, times)) in pins.iter().enumerate() {
        let warning = |message: String| {
            Diagnostic::warning(code::pin_place, message).label(pin.span, format!("place {}", pin.amount))
        };
        if pin.amount > u16::from(row.limit) {
            let message = format!("this row has {} places, and the pin asks for place {}", row.limit, pin.amount);
            let help = format!(
                "it comes last instead: give `at` at most {}, or raise `limit`",
                row.limit
            );
            diagnostics.push(warning(message).help(help));
        }
        let before = pins[..at].iter().find(|(other, times_of_other)| meet((other, times_of_other), (pin, times)));
        if let Some((other, _)) = before {
            let message = format!("two pins ask for place {}", pin.amount);
            let help = "the second moves on by one: give it a place of its own, or keep them apart by dates or `when`";
            diagnostics.push(warning(message).label(other.span, "it is taken").help(help));
        }
    }
}

/// Whether two pins ask for one place at one time.
fn meet(
    (one, (from_s, until_s)): (&AdjustmentEntry, &(i64, i64)),
    (other, (other_from_s, other_until_s)): (&AdjustmentEntry, &(i64, i64)),
) -> bool {
    let when = |entry: &AdjustmentEntry| entry.when.as_ref().map(|when| when.value.clone());
    one.amount == other.amount
        && when(one) == when(other)
        && from_s < other_until_s
        && other_from_s < until_s
}
