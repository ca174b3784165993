//! How strengths of neighbours add up over what a shopper looked at, written once for `learn`, which tunes it, and
//! for the engine, which applies it. Integers only, so that ranks are the same everywhere.

/// One, in the fixed-point numbers of this module: 1/65,536.
pub const ONE: u32 = 1 << 16;
/// Parameters of [`Scoring`] in a pack.
pub const PARAMETERS: [&str; 3] = ["session.step", "session.reminder", "session.reminder-step"];

/// Parameters of the blend: how much each table weighs, by code of [`crate::kinds::NeighbourKind`] from 1; 1 when not learnt.
pub const BLEND: [&str; 4] =
    ["blend.bought-together", "blend.viewed-together", "blend.viewed-then-bought", "blend.similar"];

/// What each table weighs, in units of [`ONE`], by [`BLEND`]: as learnt, 0 to 16.
#[must_use]
pub fn learnt_blend(parameter: impl Fn(&str) -> Option<f64>) -> [u32; 4] {
    BLEND.map(|name| fixed(parameter(name), 1.0, 16.0))
}

/// What each table weighs for one shopper: as learnt, times what the shopper's own clicks on recommended products say,
/// `clicks` by table. Bounded to a half and to double; without a click as learnt.
#[must_use]
pub fn blend(mut learnt: [u32; 4], clicks: [u32; 4]) -> [u32; 4] {
    let all: u32 = clicks.iter().sum();
    for (weight, clicks) in learnt.iter_mut().zip(&clicks) {
        let own = ONE * (CLICKS_PRIOR + 4 * clicks) / (CLICKS_PRIOR + all);
        *weight = times(*weight, own.clamp(ONE / 2, 2 * ONE));
    }
    learnt
}

/// Clicks that the learnt blend weighs as much as.
const CLICKS_PRIOR: u32 = 16;

/// The session score: the last products, each fainter than the one after it, each proposing its neighbours and, as
/// a reminder, itself. In units of [`ONE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scoring {
    /// What a step back in the session keeps of a product's weight, 0..=1.
    pub step: u32,
    /// Weight of the reminder of the newest product, against its strongest neighbour, 0..=16.
    pub reminder: u32,
    /// What a step back keeps of a reminder's weight, 0..=1.
    pub reminder_step: u32,
}

impl Default for Scoring {
    fn default() -> Self {
        Self::of(|_| None)
    }
}

impl Scoring {
    /// From tuned parameters; what is not given, or is no number, is as measured on public logs.
    #[must_use]
    pub fn of(parameter: impl Fn(&str) -> Option<f64>) -> Self {
        let [step, reminder, reminder_step] = PARAMETERS.map(parameter);
        Self {
            step: fixed(step, 0.6, 1.0),
            reminder: fixed(reminder, 3.0, 16.0),
            reminder_step: fixed(reminder_step, 0.7, 1.0),
        }
    }

    /// Value of each of [`PARAMETERS`].
    #[must_use]
    pub fn values(self) -> [f64; 3] {
        [self.step, self.reminder, self.reminder_step].map(|value| f64::from(value) / f64::from(ONE))
    }
}

/// A parameter from 0 to `most` in units of [`ONE`]; the default for one that is not given, or is no number.
#[inline(never)]
fn fixed(value: Option<f64>, default: f64, most: f64) -> u32 {
    let value = value.filter(|value| !value.is_nan()).unwrap_or(default);
    (value.clamp(0.0, most) * f64::from(ONE)) as u32
}

/// Product of two numbers in units of [`ONE`].
#[must_use]
pub fn times(left: u32, right: u32) -> u32 {
    ((u64::from(left) * u64::from(right)) >> 16) as u32
}

/// Weight of a score 0..=15 in units of [`ONE`]: half an octave a step.
#[must_use]
pub fn strength(score: u8) -> u32 {
    let odd = if score & 1 == 1 { ONE } else { 46_341 };
    odd >> (15u8.saturating_sub(score) / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strengths_fall_by_the_square_root_of_two() {
        assert_eq!(strength(15), ONE);
        for score in 1..15 {
            let ratio = f64::from(strength(score + 1)) / f64::from(strength(score));
            assert!((ratio - 2f64.sqrt()).abs() < 0.01, "{score}: {ratio}");
        }
    }

    #[test]
    fn own_clicks_move_the_blend_within_bounds() {
        assert_eq!(blend(learnt_blend(|_| None), [0; 4]), [ONE; 4]);
        assert_eq!(blend(learnt_blend(|_| None), [3; 4]), [ONE; 4], "clicks on all alike say nothing");
        let [bought, viewed, ..] = blend(learnt_blend(|_| None), [0, 4, 0, 0]);
        assert_eq!((bought, viewed), (ONE * 16 / 20, ONE * 32 / 20));
        assert_eq!(blend(learnt_blend(|_| None), [64, 0, 0, 0]), [2 * ONE, ONE / 2, ONE / 2, ONE / 2]);
        let learnt = blend(learnt_blend(|name| (name == "blend.similar").then_some(0.25)), [0; 4]);
        assert_eq!(learnt, [ONE, ONE, ONE, ONE / 4]);
        assert_eq!(blend(learnt_blend(|_| Some(f64::NAN)), [0; 4]), [ONE; 4]);
    }

    #[test]
    fn absurd_parameters_are_bounded() {
        assert_eq!(Scoring::of(|_| Some(f64::NAN)), Scoring::default());
        assert_eq!(Scoring::of(|_| Some(f64::INFINITY)).values(), [1.0, 16.0, 1.0]);
        assert_eq!(Scoring::of(|_| Some(-1.0)).values(), [0.0; 3]);
        assert_eq!(Scoring::of(|name| (name == "session.step").then_some(0.5)).values()[0], 0.5);
        assert_eq!(times(ONE / 2, ONE * 3), ONE * 3 / 2);
    }
}
