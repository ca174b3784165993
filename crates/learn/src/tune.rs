//! Parameters found by the command itself: coordinate descent over short lists of values, judged on a held-out last period.
//!
//! Each parameter in turn takes every value of its list, the others held; the best stays if it gains more than chance
//! would explain. A second round looks only at the values beside those chosen. The same log and seed give the same choice;
//! no clock, no chance but the seed's.

use std::fmt;

use shelfwise_pack::scoring::{ONE, PARAMETERS, Scoring};

use crate::evaluate::{Board, basket_cases, session_cases};
use crate::groups::{Groups, Occurrences};
use crate::neighbours::{self, Scale, Table};
use crate::progress::Progress;
use crate::weights::Weights;

/// Most sessions or orders that are tuned on; more are drawn from, by the seed.
const VALID_MAX: usize = 5_000;
/// Share of a log's sessions that are tuned on.
const VALID_SHARE: usize = 10;
/// Fewest sessions that are tuned on, as long as they are no more than [`VALID_SHARE_SMALL`] of the log.
const VALID_MIN: usize = 2_000;
/// Share of a small log's sessions that are tuned on, at most.
const VALID_SHARE_SMALL: usize = 4;
/// Standard errors that a gain must reach to be believed.
const SURE: f64 = 1.0;
/// Most entries that are learnt from while tuning: the newest.
const ENTRIES_MAX: usize = 3_000_000;

/// A choice of parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// How a table is counted.
    pub weights: Weights,
    /// How a session's products add up.
    pub scoring: Scoring,
}

/// A value that was tried, and what it found on the validation period.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// Parameter.
    pub parameter: &'static str,
    /// Its value; the others were the best so far.
    pub value: f64,
    /// Hit rate plus mean reciprocal rank.
    pub objective: f64,
}

/// What tuning chose.
#[derive(Clone, Debug, PartialEq)]
pub struct Tuned {
    /// The parameters.
    pub best: Candidate,
    /// Hit rate (sessions: of 20, orders: of 10) and mean reciprocal rank on the validation period; nothing when nothing was tuned.
    pub valid: Option<(f64, f64)>,
    /// Every trial, in order.
    pub curve: Vec<Trial>,
}

impl Tuned {
    /// Parameters as they were given.
    #[must_use]
    pub fn untouched(best: Candidate) -> Self {
        Self { best, valid: None, curve: Vec::new() }
    }

    /// Everything by name, `prefix` before it, for the knowledge file: `neighbours`, `tuned.step=0.6` and so on.
    #[must_use]
    pub fn parameters(&self, prefix: &str) -> Vec<(String, f64)> {
        let weights = self.best.weights.named().map(|(name, value)| (format!("{prefix}{name}"), value));
        let mut out: Vec<_> = weights.into();
        if let Some((hit_rate, reciprocal)) = self.valid {
            out.push((format!("{prefix}valid.hit_rate"), hit_rate));
            out.push((format!("{prefix}valid.reciprocal_rank"), reciprocal));
        }
        for (at, trial) in self.curve.iter().enumerate() {
            out.push((format!("{prefix}trial.{at:03}.{}={}", trial.parameter, trial.value), trial.objective));
        }
        out
    }
}

impl fmt::Display for Tuned {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((hit_rate, reciprocal)) = self.valid {
            writeln!(
                out,
                "tuned in {} trials; validation: hit rate {hit_rate:.4}, reciprocal rank {reciprocal:.4}",
                self.curve.len()
            )?;
        }
        write!(out, "parameters:")?;
        for (name, value) in self.best.weights.named() {
            write!(out, " {name} {value}")?;
        }
        for (name, value) in PARAMETERS.iter().zip(self.best.scoring.values()) {
            write!(out, " {name} {value:.2}")?;
        }
        Ok(())
    }
}

type Set = fn(&mut Candidate, f64);
/// Name, values from small to large, and how one is set.
type Knob = (&'static str, &'static [f64], Set);

const SHARED: [Knob; 5] = [
    ("second_order", &[0.0, 0.25, 0.5, 1.0, 2.0, 4.0], |it, value| it.weights.second_order = value),
    ("age_decay", &[0.0, 0.5, 1.0, 2.0, 4.0], |it, value| it.weights.age_decay = value),
    ("size_power", &[0.0, 0.25, 0.5, 0.75, 1.0, 1.25], |it, value| it.weights.size_power = value),
    ("shrinkage", &[5.0, 20.0, 50.0, 100.0], |it, value| it.weights.shrinkage = value),
    ("support_power", &[0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6], |it, value| it.weights.support_power = value),
];
const SESSIONS: [Knob; 7] = [
    ("distance_power", &[0.25, 0.5, 0.75, 1.0, 1.5], |it, value| it.weights.distance_power = value),
    ("backward", &[0.4, 0.6, 0.75, 0.9, 1.0], |it, value| it.weights.backward = value),
    ("reach", &[10.0, 20.0, 40.0], |it, value| it.weights.reach = value as usize),
    ("neighbours_power", &[0.0, 0.15, 0.25, 0.35, 0.5], |it, value| it.weights.neighbours_power = value),
    (PARAMETERS[0], &[0.3, 0.4, 0.5, 0.6, 0.7, 0.8], |it, value| it.scoring.step = fixed(value)),
    (PARAMETERS[1], &[0.0, 0.5, 1.0, 2.0, 2.5, 3.0, 4.0, 6.0], |it, value| {
        it.scoring.reminder = fixed(value)
    }),
    (PARAMETERS[2], &[0.5, 0.6, 0.7, 0.8, 0.9], |it, value| it.scoring.reminder_step = fixed(value)),
];
const BASKETS: [Knob; 3] = [
    ("distance_power", &[0.0, 0.15, 0.25, 0.35, 0.5, 0.75], |it, value| it.weights.distance_power = value),
    ("row_power", &[0.5, 0.7, 0.9, 1.1], |it, value| it.weights.row_power = value),
    ("neighbours_power", &[0.0, 0.15, 0.25, 0.35, 0.5], |it, value| it.weights.neighbours_power = value),
];

fn fixed(value: f64) -> u32 {
    (value * f64::from(ONE)) as u32
}

/// Sessions before the newest, and the newest: a tenth, at most 5,000; of a small log up to a quarter, at most 2,000.
#[must_use]
pub fn newest(groups: &Groups) -> (Groups, Groups) {
    let small = (groups.len() / VALID_SHARE_SMALL).min(VALID_MIN);
    let from = groups.len() - (groups.len() / VALID_SHARE).max(small).min(VALID_MAX);
    (groups.slice(0..from), groups.slice(from..groups.len()))
}

/// Tunes the table of sessions: hits of the first 20 on `valid`, the next view of anything but the current product. Rows are
/// as long as `start` says: [`Weights::roomy`].
#[must_use]
pub fn sessions(
    train: &Groups,
    valid: &Groups,
    item_count: usize,
    start: Candidate,
    seed: u64,
    progress: &mut dyn Progress,
) -> Tuned {
    let (train, valid) = (recent(train), sample(valid, seed));
    let occurrences = Occurrences::new(&train, item_count);
    let supports = occurrences.supports();
    let mut asked = vec![false; item_count];
    session_cases(&valid, &supports, &mut |seen, _| asked[seen[seen.len() - 1] as usize] = true);
    let count = |weights: &Weights| {
        let rows = neighbours::rows(&train, &occurrences, weights, &|row, other| row != other, &|item| {
            asked[item as usize]
        });
        rows.quantised(Scale::Tiers)
    };
    let measure = |table: &Table, scoring: Scoring| {
        let mut board = Board::new(&supports);
        let mut hits = Hits::default();
        session_cases(&valid, &supports, &mut |seen, target| {
            board.add_session(table, seen, scoring, true);
            let current = seen[seen.len() - 1];
            hits.count(board.best(&|item| item == current), target);
        });
        hits
    };
    let knobs: Vec<Knob> = SHARED.into_iter().chain(SESSIONS).collect();
    descend(&knobs, start, &count, &measure, progress)
}

/// Tunes the table of baskets on the last days of `train`: hits of the first 10, one product hidden.
#[must_use]
pub fn baskets(
    train: &Groups,
    item_count: usize,
    start: Candidate,
    seed: u64,
    progress: &mut dyn Progress,
) -> Tuned {
    let (train, valid) = crate::evaluate::split_baskets(train, crate::evaluate::TEST_DAYS, 0);
    if train.is_empty() || valid.is_empty() {
        return Tuned::untouched(start);
    }
    let (train, valid) = (recent(&train), sample(&valid, seed));
    let occurrences = Occurrences::new(&train, item_count);
    let supports = occurrences.supports();
    let count = |weights: &Weights| neighbours::count(&train, &occurrences, weights, Scale::Logarithmic);
    let measure = |table: &Table, _: Scoring| {
        let mut board = Board::new(&supports);
        let mut hits = Hits::default();
        for (target, context) in basket_cases(&valid) {
            context.iter().for_each(|item| board.add_row(table, *item, ONE));
            let list = board.best(&|item| context.contains(&item));
            hits.count(&list[..list.len().min(10)], target);
        }
        hits
    };
    let knobs: Vec<Knob> = SHARED.into_iter().chain(BASKETS).collect();
    descend(&knobs, start, &count, &measure, progress)
}

fn descend(
    knobs: &[Knob],
    start: Candidate,
    count: &dyn Fn(&Weights) -> Table,
    measure: &dyn Fn(&Table, Scoring) -> Hits,
    progress: &mut dyn Progress,
) -> Tuned {
    let total: usize = knobs.iter().map(|knob| knob.1.len() + 1).sum();
    progress.stage("tuning", total as u64, "trials");
    let mut counted = (start.weights, count(&start.weights));
    let mut judge = |candidate: &Candidate| {
        if counted.0 != candidate.weights {
            counted = (candidate.weights, count(&candidate.weights));
        }
        measure(&counted.1, candidate.scoring)
    };
    let mut best = start;
    let mut valid = judge(&best);
    let mut curve = Vec::new();
    for round in 0..2 {
        for (parameter, values, set) in knobs {
            let with = |value: f64| {
                let mut candidate = best;
                set(&mut candidate, value);
                candidate
            };
            let own = values.iter().position(|value| with(*value) == best);
            let near = |at: usize| round == 0 || own.is_some_and(|own| own.abs_diff(at) == 1);
            let tried: Vec<(Candidate, f64)> = (0..values.len())
                .filter(|at| Some(*at) != own && near(*at))
                .map(|at| (with(values[at]), values[at]))
                .collect();
            let mut most: Option<(Candidate, Hits)> = None;
            for (candidate, value) in tried {
                let found = judge(&candidate);
                let objective = found.objective();
                curve.push(Trial { parameter, value, objective });
                if most.as_ref().is_none_or(|most| objective > most.1.objective()) {
                    most = Some((candidate, found));
                }
                progress.advance(1);
            }
            if let Some(most) = most.filter(|most| most.1.surely_beats(&valid)) {
                (best, valid) = most;
            }
        }
    }
    Tuned { best, valid: Some(valid.means()), curve }
}

/// Where each case's target came up: its place in the list, 0 = nowhere.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hits(Vec<u8>);

impl Hits {
    pub(crate) fn count(&mut self, list: &[u32], target: u32) {
        let place = list.iter().position(|item| *item == target).map_or(0, |at| at + 1);
        self.0.push(u8::try_from(place).unwrap_or(0));
    }

    /// Hit rate and mean reciprocal rank.
    pub(crate) fn means(&self) -> (f64, f64) {
        let cases = self.0.len().max(1) as f64;
        let found = self.0.iter().filter(|place| **place > 0);
        let ranks: f64 = found.clone().map(|place| 1.0 / f64::from(*place)).sum();
        (found.count() as f64 / cases, ranks / cases)
    }

    /// Hit rate plus mean reciprocal rank.
    fn objective(&self) -> f64 {
        let (hit_rate, reciprocal) = self.means();
        hit_rate + reciprocal
    }

    /// Whether the same cases gain more by these than chance would explain: [`SURE`] standard errors of the gain.
    fn surely_beats(&self, other: &Self) -> bool {
        let worth = |place: &u8| if *place > 0 { 1.0 + 1.0 / f64::from(*place) } else { 0.0 };
        let (mut sum, mut squares) = (0.0, 0.0);
        for (own, other) in self.0.iter().zip(&other.0).filter(|(own, other)| own != other) {
            let gain: f64 = worth(own) - worth(other);
            (sum, squares) = (sum + gain, squares + gain * gain);
        }
        sum > SURE * f64::sqrt(squares)
    }
}

/// The newest groups, as many as may be learnt from while tuning.
pub(crate) fn recent(groups: &Groups) -> Groups {
    let mut entries = 0;
    let from = (0..groups.len()).rev().find(|group| {
        entries += groups.get(*group).len();
        entries > ENTRIES_MAX
    });
    groups.slice(from.map_or(0, |from| from + 1)..groups.len())
}

/// At most [`VALID_MAX`] groups, drawn by the seed (SplitMix64 of each group's number).
pub(crate) fn sample(groups: &Groups, seed: u64) -> Groups {
    let mut drawn: Vec<(u64, usize)> = (0..groups.len()).map(|at| (mix(seed ^ at as u64), at)).collect();
    drawn.sort_unstable();
    drawn.truncate(VALID_MAX);
    drawn.sort_unstable_by_key(|draw| draw.1);
    let mut out = Groups::new();
    for (_, at) in drawn {
        out.push(groups.time_s(at), groups.get(at).iter().copied());
    }
    out
}

fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
