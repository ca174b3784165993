//! Whether one condition holds wherever another does: intervals and sets of single traits, nothing cleverer.
//!
//! *Invariants.* Sound and incomplete: `true` is a proof, `false` means "not shown". A comparison with an
//! absent trait is an error and does not hold, so that a fact about a trait proves that it is there.

use std::collections::{BTreeMap, BTreeSet};

use super::predicates::Condition;
use super::range::mirrored;
use super::syntax::{Kind, Literal, Node};
use super::types::Type;

/// Deepest nesting of cases.
const CASES_MAX: u8 = 6;

impl Condition {
    /// Whether `other` provably holds for everyone for whom this does. Cost: the product of both sizes,
    /// doubled with each alternative up to a limit.
    #[must_use]
    pub fn implies(&self, other: &Self) -> bool {
        proves(&facts(&self.node), &other.node, CASES_MAX)
    }

    /// Whether nobody can provably be in both. With itself: whether it can never hold.
    #[must_use]
    pub fn excludes(&self, other: &Self) -> bool {
        let mut both = facts(&self.node);
        both.extend(facts(&other.node));
        contradicts(&both, CASES_MAX)
    }
}

/// A trait: its code and key.
type Subject<'n> = (u16, &'n str);

/// Values of one trait.
#[derive(Clone, Debug, PartialEq)]
enum Values {
    /// Numbers from `low` to `high`; with `true`, without the end itself.
    Numbers { low: (f64, bool), high: (f64, bool) },
    /// These names, and no others.
    Only(BTreeSet<String>),
    /// All names but these.
    Not(BTreeSet<String>),
}

impl Values {
    fn empty(&self) -> bool {
        match self {
            Self::Numbers { low, high } => low.0 > high.0 || low.0 == high.0 && (low.1 || high.1),
            Self::Only(names) => names.is_empty(),
            Self::Not(_) => false,
        }
    }

    /// None when they cannot be compared: a number and a name.
    fn both(&self, other: &Self) -> Option<Self> {
        Some(match (self, other) {
            (Self::Numbers { low, high }, Self::Numbers { low: other_low, high: other_high }) => {
                let above = low.0 > other_low.0 || low.0 == other_low.0 && low.1;
                let below = high.0 < other_high.0 || high.0 == other_high.0 && high.1;
                Self::Numbers {
                    low: if above { *low } else { *other_low },
                    high: if below { *high } else { *other_high },
                }
            }
            (Self::Only(names), Self::Only(others)) => Self::Only(names & others),
            (Self::Only(names), Self::Not(others)) | (Self::Not(others), Self::Only(names)) => {
                Self::Only(names - others)
            }
            (Self::Not(names), Self::Not(others)) => Self::Not(names | others),
            _ => return None,
        })
    }

    fn inside(&self, other: &Self) -> bool {
        self.empty() || self.both(other).is_some_and(|both| both == *self)
    }
}

/// The parts of a conjunction.
fn facts(node: &Node) -> Vec<&Node> {
    match &node.kind {
        Kind::Call { function, args, .. } if function == "_&&_" => args.iter().flat_map(facts).collect(),
        _ => vec![node],
    }
}

/// Both sides of an alternative.
fn sides(node: &Node) -> Option<(&Node, &Node)> {
    match &node.kind {
        Kind::Call { function, args, .. } if function == "_||_" => Some((args.first()?, args.get(1)?)),
        _ => None,
    }
}

/// Whether the goal holds wherever all facts do.
fn proves(facts: &[&Node], goal: &Node, cases: u8) -> bool {
    if let Kind::Call { function, args, .. } = &goal.kind
        && function == "_&&_"
    {
        return args.iter().all(|part| proves(facts, part, cases));
    }
    if goal.kind == Kind::Literal(Literal::Bool(true)) || facts.iter().any(|fact| same(fact, goal)) {
        return true;
    }
    if let Some((left, right)) = sides(goal)
        && (proves(facts, left, cases) || proves(facts, right, cases))
    {
        return true;
    }
    if let Some((subject, wanted)) = statement(goal)
        && known(facts).get(&subject).is_some_and(|values| values.inside(&wanted))
    {
        return true;
    }
    contradicts(facts, 0) || each_case(facts, cases, &|facts, cases| proves(facts, goal, cases))
}

/// Whether the facts cannot all hold.
fn contradicts(facts: &[&Node], cases: u8) -> bool {
    facts.iter().any(|fact| fact.kind == Kind::Literal(Literal::Bool(false)))
        || known(facts).values().any(Values::empty)
        || each_case(facts, cases, &contradicts)
}

/// Whether something is so on both sides of some alternative among the facts.
fn each_case(facts: &[&Node], cases: u8, so: &dyn Fn(&[&Node], u8) -> bool) -> bool {
    let Some(cases) = cases.checked_sub(1) else { return false };
    let alternatives = facts.iter().enumerate().filter_map(|(at, fact)| Some((at, sides(fact)?)));
    alternatives.into_iter().any(|(at, (left, right))| {
        [left, right].into_iter().all(|side| {
            let mut case = facts.to_vec();
            case.swap_remove(at);
            case.extend(self::facts(side));
            so(&case, cases)
        })
    })
}

/// What the facts say about each trait.
fn known<'n>(facts: &[&'n Node]) -> BTreeMap<Subject<'n>, Values> {
    let mut known: BTreeMap<Subject<'n>, Values> = BTreeMap::new();
    for (subject, values) in facts.iter().filter_map(|fact| statement(fact)) {
        let joined = known.get(&subject).and_then(|before| before.both(&values));
        known.insert(subject, joined.unwrap_or(values));
    }
    known
}

/// A comparison of one trait with constants, as the values that it allows.
fn statement(node: &Node) -> Option<(Subject<'_>, Values)> {
    if let Kind::Trait { code, key } = &node.kind {
        return (node.ty == Type::Bool).then(|| ((*code, key.as_str()), truth(true)));
    }
    let Kind::Call { function, args, .. } = &node.kind else { return None };
    match (function.as_str(), args.as_slice()) {
        ("!_", [negated]) => {
            let (subject, values) = statement(negated)?;
            Some((subject, not(values, is_whole(negated))?))
        }
        ("@in", [tested, Node { kind: Kind::List(items), .. }]) => {
            let names = items.iter().map(name).collect::<Option<BTreeSet<_>>>()?;
            Some((subject(tested)?, Values::Only(names)))
        }
        (operator, [left, right]) => match subject(left) {
            Some(tested) => Some((tested, compared(operator, left, right)?)),
            None => Some((subject(right)?, compared(mirrored(operator), right, left)?)),
        },
        _ => None,
    }
}

fn subject(node: &Node) -> Option<Subject<'_>> {
    match &node.kind {
        Kind::Trait { code, key } => Some((*code, key.as_str())),
        _ => None,
    }
}

fn name(node: &Node) -> Option<String> {
    match &node.kind {
        Kind::Literal(Literal::Str(text)) => Some(text.clone()),
        _ => None,
    }
}

fn truth(value: bool) -> Values {
    Values::Only(BTreeSet::from([value.to_string()]))
}

/// The opposite, where it is one run of numbers or a set of names.
fn not(values: Values, whole: bool) -> Option<Values> {
    let (above, below) = (|end| beyond(end, whole, 1.0), |end| beyond(end, whole, -1.0));
    Some(match values {
        Values::Only(names) if names.len() == 1 && names.contains("true") => truth(false),
        Values::Only(names) if names.len() == 1 && names.contains("false") => truth(true),
        Values::Only(names) => Values::Not(names),
        Values::Not(names) => Values::Only(names),
        Values::Numbers { low: (low, open), high: (f64::INFINITY, _) } => {
            Values::Numbers { low: (f64::NEG_INFINITY, false), high: below((low, !open)) }
        }
        Values::Numbers { low: (f64::NEG_INFINITY, _), high: (high, open) } => {
            Values::Numbers { low: above((high, !open)), high: (f64::INFINITY, false) }
        }
        Values::Numbers { .. } => return None,
    })
}

/// Whether a comparison is one of a whole number.
fn is_whole(node: &Node) -> bool {
    let Kind::Call { args, .. } = &node.kind else { return false };
    args.iter().any(|arg| matches!(arg.kind, Kind::Trait { .. }) && arg.ty == Type::Int)
}

/// An end of a run of whole numbers, moved to the first whole number inside; other ends as they are.
fn beyond((limit, open): (f64, bool), whole: bool, step: f64) -> (f64, bool) {
    match (whole, step > 0.0) {
        (false, _) => (limit, open),
        (true, true) => (if open { limit.floor() + 1.0 } else { limit.ceil() }, false),
        (true, false) => (if open { limit.ceil() - 1.0 } else { limit.floor() }, false),
    }
}

fn compared(operator: &str, tested: &Node, constant: &Node) -> Option<Values> {
    let Kind::Literal(literal) = &constant.kind else { return None };
    let limit = match literal {
        Literal::Bool(value) => {
            return match operator {
                "_==_" => Some(truth(*value)),
                "_!=_" => Some(truth(!*value)),
                _ => None,
            };
        }
        Literal::Str(text) => {
            let names = BTreeSet::from([text.clone()]);
            return match operator {
                "_==_" => Some(Values::Only(names)),
                "_!=_" => Some(Values::Not(names)),
                _ => None,
            };
        }
        Literal::Int(value) => *value as f64,
        Literal::Uint(value) => *value as f64,
        Literal::Double(value) => *value,
        _ => return None,
    };
    // Whole numbers up to 2^53 are exact in a double; beyond, nothing is claimed.
    if limit.is_nan() || limit.abs() > 9e15 {
        return None;
    }
    let whole = tested.ty == Type::Int;
    let least = (f64::NEG_INFINITY, false);
    let most = (f64::INFINITY, false);
    let (above, below) =
        (|open| beyond((limit, open), whole, 1.0), |open| beyond((limit, open), whole, -1.0));
    Some(match operator {
        "_==_" => Values::Numbers { low: above(false), high: below(false) },
        "_<_" => Values::Numbers { low: least, high: below(true) },
        "_<=_" => Values::Numbers { low: least, high: below(false) },
        "_>_" => Values::Numbers { low: above(true), high: most },
        "_>=_" => Values::Numbers { low: above(false), high: most },
        _ => return None,
    })
}

/// Whether two trees are the same, wherever they stand.
fn same(left: &Node, right: &Node) -> bool {
    let all = |left: &[Node], right: &[Node]| {
        left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
    };
    match (&left.kind, &right.kind) {
        (
            Kind::Call { function, args, receiver },
            Kind::Call { function: other, args: others, receiver: dotted },
        ) => function == other && receiver == dotted && all(args, others),
        (Kind::List(items), Kind::List(others)) => all(items, others),
        (Kind::Map(entries), Kind::Map(others)) => {
            entries.len() == others.len()
                && entries.iter().zip(others).all(|((key, value), (other_key, other_value))| {
                    same(key, other_key) && same(value, other_value)
                })
        }
        (Kind::Select(operand, field), Kind::Select(other, name))
        | (Kind::Has(operand, field), Kind::Has(other, name)) => field == name && same(operand, other),
        (Kind::TraitAt { code, key }, Kind::TraitAt { code: other, key: name }) => {
            code == other && same(key, name)
        }
        (Kind::Match(text, table), Kind::Match(other, its)) => table == its && same(text, other),
        (Kind::Literal(_) | Kind::Trait { .. } | Kind::Name(_) | Kind::Offsets(_), _) => {
            left.kind == right.kind
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Condition, ShopEnvironment, compile};

    fn condition(text: &str) -> Condition {
        compile(text, &ShopEnvironment::default()).unwrap_or_else(|problems| panic!("{text}: {problems:?}"))
    }

    fn implies(left: &str, right: &str) -> bool {
        condition(left).implies(&condition(right))
    }

    fn excludes(left: &str, right: &str) -> bool {
        condition(left).excludes(&condition(right))
    }

    #[test]
    fn intervals_and_names_lie_inside_others() {
        assert!(implies("visitor.visits > 3", "visitor.visits > 1"));
        assert!(implies("visitor.visits > 1", "visitor.visits >= 2"));
        assert!(!implies("cart.value > 1.0", "cart.value >= 2.0"));
        assert!(!implies("visitor.visits > 1", "visitor.visits > 3"));
        assert!(implies("device.type == 'phone'", "device.type in ['phone', 'tablet']"));
        assert!(implies("device.type == 'phone'", "device.type != 'desktop'"));
        assert!(implies("!(visitor.orders < 2) && cart.abandoned", "visitor.orders > 1"));
        assert!(implies("5 < visitor.orders && visitor.orders < 7", "visitor.orders == 6"));
        assert!(!implies("cart.count > 2", "wishlist.count > 1"));
        assert!(implies(
            "history.count('view_item', days(7)) > 2",
            "history.count('view_item', days(7)) > 2"
        ));
    }

    #[test]
    fn alternatives_are_taken_case_by_case() {
        assert!(implies("cart.count > 2", "cart.count > 1 || wishlist.count > 1"));
        assert!(implies("cart.count > 5 || cart.count == 3", "cart.count > 2"));
        assert!(!implies("cart.count > 5 || wishlist.count == 3", "cart.count > 2"));
        assert!(excludes("cart.count > 5 || cart.count == 3", "cart.count < 2"));
    }

    #[test]
    fn opposites_exclude_one_another() {
        assert!(excludes("visitor.is_new", "!visitor.is_new"));
        assert!(excludes("visitor.visits > 3", "visitor.visits < 4"));
        assert!(!excludes("cart.value > 3.0", "cart.value < 4.0"));
        assert!(excludes("place.climate == 'polar'", "place.climate in ['dry', 'tropical']"));
        assert!(excludes("affinity.brand['a'] > 0.5", "affinity.brand['a'] < 0.5"));
        assert!(!excludes("affinity.brand['a'] > 0.5", "affinity.brand['b'] < 0.5"));
        assert!(!excludes("visitor.first_name != 'a'", "visitor.first_name != 'b'"));
    }
}
