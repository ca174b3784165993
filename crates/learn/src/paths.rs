//! What neighbours neighbour: a product two steps away is a neighbour too, as strong as its paths.
//!
//! Logs are thin: most pairs that will be seen next were never seen before. Adding to each row, times a weight, the normalised rows
//! of its neighbours finds many of them, and replaces pairs that chance alone made.
//!
//! No pair rests on one group alone (where two are asked for): the only group that held a pair is carried along
//! as its witness; a path whose steps have different witnesses, or a second path, bears the pair out.

use crate::neighbours::{Link, MANY, by_row, cut};
use crate::weights::Weights;

/// Nothing was added yet.
const NONE: u32 = u32::MAX - 1;

/// Direct strength plus `second_order` times the paths over one product, for the products that `asked` names.
///
/// Cost: products x reach x reach.
pub(crate) fn blend(
    first: &[Vec<Link>],
    supports: &[u32],
    weights: &Weights,
    keep: &[usize],
    asked: &(dyn Fn(u32) -> bool + Sync),
) -> Vec<Vec<Link>> {
    let totals: Vec<f64> = first.iter().map(|row| row.iter().map(|link| link.strength).sum()).collect();
    by_row(first.len(), |sums: &mut Sums, item| {
        if !asked(item) {
            return Vec::new();
        }
        sums.0.resize(first.len(), (0.0, NONE));
        for near in &first[item as usize] {
            sums.add(near.item, near.strength, near.witness);
            let passed_on =
                weights.second_order * near.strength / totals[near.item as usize].max(f64::MIN_POSITIVE);
            for far in first[near.item as usize].iter().filter(|far| far.item != item) {
                let witness = if far.witness == near.witness { near.witness } else { MANY };
                sums.add(far.item, passed_on * far.strength, witness);
            }
        }
        cut(sums.take(), keep[item as usize], supports)
    })
}

/// Strength and witness by product, and the products touched.
#[derive(Default)]
struct Sums(Vec<(f64, u32)>, Vec<u32>);

impl Sums {
    fn add(&mut self, item: u32, strength: f64, witness: u32) {
        let sum = &mut self.0[item as usize];
        if sum.1 == NONE {
            self.1.push(item);
            sum.1 = witness;
        } else if sum.1 != witness {
            sum.1 = MANY;
        }
        sum.0 += strength;
    }

    /// What two groups or more bear out.
    fn take(&mut self) -> Vec<Link> {
        let Self(sums, touched) = self;
        let all = touched.drain(..).map(|item| {
            let (strength, witness) = std::mem::replace(&mut sums[item as usize], (0.0, NONE));
            Link { item, witness, strength }
        });
        all.filter(|link| link.witness == MANY).collect()
    }
}
