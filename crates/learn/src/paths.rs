//! What neighbours neighbour: a product two steps away is a neighbour too, as strong as its paths.
//!
//! Logs are thin: most pairs that will be seen next were never seen before. Adding to each row, times a weight, the normalised rows
//! of its neighbours finds many of them, and replaces pairs that chance alone made.
//!
//! No pair rests on one group alone (where two are asked for): the only group that held a pair is carried along
//! as its witness; a path whose steps have different witnesses, or a second path, bears the pair out. So does a path of
//! three steps, which adds no strength: in thin logs most pairs that will be seen again were met once.

use crate::neighbours::{Link, MANY, by_row, cut};
use crate::weights::Weights;

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
        sums.reached.resize(first.len(), Reached::default());
        for near in &first[item as usize] {
            sums.add(near.item, near.strength, Way { over: near.item, witness: near.witness });
            let passed_on =
                weights.second_order * near.strength / totals[near.item as usize].max(f64::MIN_POSITIVE);
            for far in first[near.item as usize].iter().filter(|far| far.item != item) {
                let witness = both(near.witness, far.witness);
                sums.add(far.item, passed_on * far.strength, Way { over: near.item, witness });
            }
        }
        sums.bear_out(first);
        cut(sums.take(), keep[item as usize], supports)
    })
}

/// The witness of two things together.
fn both(left: u32, right: u32) -> u32 {
    if left == right { left } else { MANY }
}

/// Witness of no way.
const NONE: u32 = u32::MAX - 1;

/// A way from the row's product to another.
#[derive(Clone, Copy, Debug)]
struct Way {
    /// The product that it leads over; where it leads to, if that was met directly.
    over: u32,
    /// The only group that all of its steps were met in, or [`MANY`], or [`NONE`].
    witness: u32,
}

impl Default for Way {
    fn default() -> Self {
        Self { over: 0, witness: NONE }
    }
}

/// A product that was reached.
#[derive(Clone, Copy, Debug, Default)]
struct Reached {
    strength: f64,
    /// The first way, and one over another product: more are not remembered, but the best of those are.
    ways: [Way; 2],
    borne_out: bool,
}

/// What was reached, by product, and the products touched.
#[derive(Default)]
struct Sums {
    reached: Vec<Reached>,
    touched: Vec<u32>,
}

impl Sums {
    fn add(&mut self, item: u32, strength: f64, way: Way) {
        let reached = &mut self.reached[item as usize];
        reached.strength += strength;
        let [first, other] = &mut reached.ways;
        if first.witness == NONE {
            self.touched.push(item);
            *first = way;
        } else if other.witness == NONE || way.witness == MANY && other.witness != MANY {
            *other = way;
        }
        reached.borne_out |= both(first.witness, way.witness) == MANY;
    }

    /// Bears out what lies one step from a product that another way leads to, where not one group alone holds all of that.
    fn bear_out(&mut self, first: &[Vec<Link>]) {
        let leads = |near: &Link, item: u32| {
            let ways = self.reached[near.item as usize].ways.iter();
            ways.filter(|way| way.witness != NONE && way.over != item)
                .any(|way| both(way.witness, near.witness) == MANY)
        };
        let alone = self.touched.iter().copied().filter(|item| !self.reached[*item as usize].borne_out);
        let borne = |item: &u32| first[*item as usize].iter().any(|near| leads(near, *item));
        let borne: Vec<u32> = alone.filter(borne).collect();
        for item in borne {
            self.reached[item as usize].borne_out = true;
        }
    }

    /// What two groups or more bear out; all is forgotten.
    fn take(&mut self) -> Vec<Link> {
        let Self { reached, touched } = self;
        let all = touched.drain(..).filter_map(|item| {
            let Reached { strength, borne_out, .. } = std::mem::take(&mut reached[item as usize]);
            borne_out.then_some(Link { item, witness: MANY, strength })
        });
        all.collect()
    }
}
