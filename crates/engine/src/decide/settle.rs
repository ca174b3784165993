//! Deciding until every row that shows can be filled.

use super::decision::Decision;
use super::state::State;

/// Most rows that cannot be filled before deciding stops looking for others.
const UNFILLED_MAX: usize = 16;

/// Decides, fills, and decides again without the campaigns whose row could not be filled.
///
/// `decide` is one pass; `fill` gives what a decision needs beside it, or none when it cannot be shown. Both work on
/// `desk`. The campaigns left out are in `state` afterwards. Passes: one, and one more for each round that left a row
/// empty, until 16 campaigns are left out.
pub fn settle<D, F>(
    desk: &mut D,
    state: &mut State,
    mut decide: impl FnMut(&mut D, &State) -> Vec<Decision>,
    mut fill: impl FnMut(&mut D, &Decision) -> Option<F>,
) -> Vec<(Decision, F)> {
    loop {
        let known = state.unfilled.len();
        let mut decided = Vec::new();
        for decision in decide(desk, state) {
            match fill(desk, &decision) {
                Some(filled) => decided.push((decision, filled)),
                None => state.unfilled.extend(decision.campaign),
            }
        }
        if state.unfilled.len() == known || known >= UNFILLED_MAX {
            return decided;
        }
    }
}
