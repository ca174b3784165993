//! Operators and functions: what they take, what they give, and which instruction they become.

use super::problem::{Problem, ProblemKind};
use super::syntax::{Kind, Literal, Node};
use super::types::Type;
use crate::diagnostic::nearest;
use crate::engine::memory::EventKind;
use crate::engine::traits::{FILTER_FIELDS, FUNNEL_STEPS_MAX, WITHIN};
use crate::pack::program::{Function, HistoryFunction, Op};

/// Functions by name; true = written after a dot.
const FUNCTIONS: &[(&str, bool, Function)] = &[
    ("size", false, Function::Size),
    ("size", true, Function::Size),
    ("contains", true, Function::Contains),
    ("startsWith", true, Function::StartsWith),
    ("endsWith", true, Function::EndsWith),
    ("int", false, Function::Int),
    ("uint", false, Function::Uint),
    ("double", false, Function::Double),
    ("string", false, Function::Text),
    ("bool", false, Function::Bool),
    ("timestamp", false, Function::Timestamp),
    ("duration", false, Function::Duration),
    ("getFullYear", true, Function::FullYear),
    ("getMonth", true, Function::Month),
    ("getDate", true, Function::Date),
    ("getDayOfMonth", true, Function::DayOfMonth),
    ("getDayOfWeek", true, Function::DayOfWeek),
    ("getDayOfYear", true, Function::DayOfYear),
    ("getHours", true, Function::Hours),
    ("getMinutes", true, Function::Minutes),
    ("getSeconds", true, Function::Seconds),
    ("getMilliseconds", true, Function::Milliseconds),
    ("minutes", false, Function::OfMinutes),
    ("hours", false, Function::OfHours),
    ("days", false, Function::OfDays),
    ("weeks", false, Function::OfWeeks),
];

/// Questions to the history, by name.
const HISTORY: &[(&str, HistoryFunction)] = &[
    ("history.count", HistoryFunction::Count),
    ("history.sum", HistoryFunction::Sum),
    ("history.first", HistoryFunction::First),
    ("history.last", HistoryFunction::Last),
    ("history.distinct", HistoryFunction::Distinct),
    ("history.views", HistoryFunction::Views),
    ("history.bought", HistoryFunction::Bought),
    ("history.funnel", HistoryFunction::Funnel),
];

/// Operators with one instruction.
const OPERATORS: &[(&str, &str, Op)] = &[
    ("_+_", "+", Op::Add),
    ("_-_", "-", Op::Subtract),
    ("_*_", "*", Op::Multiply),
    ("_/_", "/", Op::Divide),
    ("_%_", "%", Op::Modulo),
    ("_==_", "==", Op::Equal),
    ("_!=_", "!=", Op::NotEqual),
    ("_<_", "<", Op::Less),
    ("_<=_", "<=", Op::LessOrEqual),
    ("_>_", ">", Op::Greater),
    ("_>=_", ">=", Op::GreaterOrEqual),
    ("@in", "in", Op::In),
    ("_[_]", "[]", Op::Index),
    ("!_", "!", Op::Not),
    ("-_", "-", Op::Negate),
    ("@not_strictly_false", "", Op::NotFalse),
];

pub(super) fn function(name: &str, receiver: bool) -> Option<Function> {
    FUNCTIONS.iter().find(|known| known.0 == name && known.1 == receiver).map(|known| known.2)
}

pub(super) fn history(name: &str) -> Option<HistoryFunction> {
    HISTORY.iter().find(|known| known.0 == name).map(|known| known.1)
}

pub(super) fn operator(name: &str) -> Option<Op> {
    OPERATORS.iter().find(|known| known.0 == name).map(|known| known.2)
}

/// How an operator is written.
fn written(name: &str) -> &str {
    let logic = [("_&&_", "&&"), ("_||_", "||"), ("_?_:_", "?:")];
    let known = OPERATORS.iter().map(|known| (known.0, known.1)).chain(logic);
    known.into_iter().find(|known| known.0 == name).map_or(name, |known| known.1)
}

type Checked = Result<Type, Box<Problem>>;

fn wrong(kind: ProblemKind, message: String) -> Problem {
    Problem::new(kind, &(0..0), message)
}

/// What an operator or function most likely gives, when its arguments are wrong.
pub(super) fn likely(name: &str) -> Type {
    match name {
        "_&&_" | "_||_" | "!_" | "_==_" | "_!=_" | "_<_" | "_<=_" | "_>_" | "_>=_" | "@in" => Type::Bool,
        _ => Type::Dyn,
    }
}

/// The result type of a call.
///
/// # Errors
/// What is wrong with it; an empty span means the whole call.
pub(super) fn result(name: &str, receiver: bool, args: &[Node]) -> Checked {
    let types: Vec<&Type> = args.iter().map(|arg| &arg.ty).collect();
    if let Some(ty) = operator_type(name, &types) {
        return Ok(ty);
    }
    if matches!(name, "_&&_" | "_||_" | "!_" | "_?_:_") {
        let tested = if name == "_?_:_" { 1 } else { args.len() };
        let found = args[..tested].iter().find(|arg| !arg.ty.meets(&Type::Bool));
        let found = found.unwrap_or(&args[0]);
        let message = format!("`{}` needs true or false here, and this is a {}", written(name), found.ty);
        return Err(Box::new(Problem::new(ProblemKind::Type, &found.span, message)));
    }
    if operator(name).is_some() {
        return Err(Box::new(mismatch(name, args)));
    }
    if history(name).is_some() {
        return history_type(name, args);
    }
    function_type(name, receiver, args)
}

/// Types that an operator joins, and the values of both sides.
fn mismatch(name: &str, args: &[Node]) -> Problem {
    let sides: Vec<String> = args.iter().map(|arg| arg.ty.to_string()).collect();
    let message = format!("`{}` is not defined for {}", written(name), sides.join(" and "));
    let mut problem = wrong(ProblemKind::Type, message);
    for arg in args {
        problem = problem.label(&arg.span, format!("this is a {}", arg.ty));
    }
    let numbers = args.iter().all(|arg| arg.ty.is_number());
    if numbers && args.len() == 2 && !matches!(name, "_%_") {
        problem = problem.help(
            "CEL never mixes numbers in arithmetic: write `2.0` for a double, or convert with `double()`",
        );
    } else if matches!(name, "_==_" | "_!=_" | "_<_" | "_<=_" | "_>_" | "_>=_") {
        problem = problem.help("compare numbers with numbers and texts with texts");
    }
    problem
}

fn operator_type(name: &str, types: &[&Type]) -> Option<Type> {
    use Type::{Bool, Double, Duration, Dyn, Int, Str, Timestamp, Uint};
    let logic = |types: &[&Type]| types.iter().all(|ty| ty.meets(&Bool)).then_some(Bool);
    let comparable = |left: &Type, right: &Type| {
        left.meets(right)
            || left.is_number() && right.is_number()
            || *left == Type::Null
            || *right == Type::Null
    };
    match (name, types) {
        ("_&&_" | "_||_" | "!_", _) => logic(types),
        ("@not_strictly_false", _) => Some(Bool),
        ("_?_:_", [condition, yes, no]) => condition.meets(&Bool).then(|| yes.join(no)),
        ("_==_" | "_!=_", [left, right]) => comparable(left, right).then_some(Bool),
        ("_<_" | "_<=_" | "_>_" | "_>=_", [left, right]) => {
            let ordered = |ty: &Type| !matches!(ty, Type::List(_) | Type::Map(..) | Type::Null);
            (comparable(left, right) && ordered(left) && ordered(right)).then_some(Bool)
        }
        ("@in", [value, Type::List(item) | Type::Map(item, _)]) => comparable(value, item).then_some(Bool),
        ("@in", [_, Dyn]) => Some(Bool),
        ("_[_]", [Type::List(item), index]) => index.is_number().then(|| (**item).clone()),
        ("_[_]", [Type::Map(key, value), index]) => comparable(key, index).then(|| (**value).clone()),
        ("_[_]", [Dyn, _]) => Some(Dyn),
        ("-_", [ty @ (Int | Double | Dyn)]) => Some((*ty).clone()),
        ("_+_" | "_-_" | "_*_" | "_/_" | "_%_", [Dyn, _] | [_, Dyn]) => Some(Dyn),
        ("_+_", [Type::List(left), Type::List(right)]) => {
            let item = if **left == Dyn { (**right).clone() } else { left.join(right) };
            Some(Type::list(item))
        }
        ("_+_", [Str, Str]) => Some(Str),
        ("_+_", [Timestamp, Duration] | [Duration, Timestamp]) | ("_-_", [Timestamp, Duration]) => {
            Some(Timestamp)
        }
        ("_-_", [Timestamp, Timestamp]) | ("_+_" | "_-_", [Duration, Duration]) => Some(Duration),
        ("_+_" | "_-_" | "_*_" | "_/_" | "_%_", [Int, Int]) => Some(Int),
        ("_+_" | "_-_" | "_*_" | "_/_" | "_%_", [Uint, Uint]) => Some(Uint),
        ("_+_" | "_-_" | "_*_" | "_/_", [Double, Double]) => Some(Double),
        _ => None,
    }
}

fn function_type(name: &str, receiver: bool, args: &[Node]) -> Checked {
    if name == "dyn" && args.len() == 1 && !receiver {
        return Ok(Type::Dyn);
    }
    if name == "matches" && args.len() == 2 {
        let wrong_type = args.iter().find(|arg| !arg.ty.meets(&Type::Str));
        return wrong_type.map_or(Ok(Type::Bool), |arg| {
            let message = format!("`matches` does not take a {}", arg.ty);
            Err(Box::new(Problem::new(ProblemKind::Type, &arg.span, message)))
        });
    }
    let Some(found) = function(name, receiver) else {
        return Err(Box::new(unknown_function(name, receiver)));
    };
    let expected = if found.is_getter() && args.len() == 1 { 1 } else { found.arity() };
    if args.len() != expected {
        let message = format!("`{name}` takes {} arguments here, not {}", expected, args.len());
        return Err(Box::new(wrong(ProblemKind::Type, message)));
    }
    let takes = |position: usize| accepts(found, position, &args[position].ty);
    if let Some(position) = (0..args.len()).find(|position| !takes(*position)) {
        let message = format!("`{name}` does not take a {}", args[position].ty);
        return Err(Box::new(Problem::new(ProblemKind::Type, &args[position].span, message)));
    }
    Ok(match found {
        Function::Contains | Function::StartsWith | Function::EndsWith | Function::Bool => Type::Bool,
        Function::Uint => Type::Uint,
        Function::Double => Type::Double,
        Function::Text => Type::Str,
        Function::Timestamp => Type::Timestamp,
        Function::Duration
        | Function::OfMinutes
        | Function::OfHours
        | Function::OfDays
        | Function::OfWeeks => Type::Duration,
        _ => Type::Int,
    })
}

/// Whether a function takes that type in that position.
fn accepts(function: Function, position: usize, ty: &Type) -> bool {
    use Type::{Bool, Double, Duration, Dyn, Int, Str, Timestamp, Uint};
    match (function, ty) {
        (_, Dyn) => true,
        (Function::Size, Str | Type::List(_) | Type::Map(..)) => true,
        (Function::Contains | Function::StartsWith | Function::EndsWith, Str) => true,
        (Function::Int, Int | Uint | Double | Str | Timestamp) => true,
        (Function::Uint, Int | Uint | Double | Str) => true,
        (Function::Double, Int | Uint | Double | Str) => true,
        (Function::Text, Bool | Int | Uint | Double | Str | Timestamp | Duration) => true,
        (Function::Bool, Bool | Str) => true,
        (Function::Timestamp, Int | Str | Timestamp) => true,
        (Function::Duration, Int | Str | Duration) => true,
        (Function::OfMinutes | Function::OfHours | Function::OfDays | Function::OfWeeks, Int) => true,
        (getter, Timestamp | Duration) => getter.is_getter() && position == 0,
        (getter, Str) => getter.is_getter() && position == 1,
        _ => false,
    }
}

fn history_type(name: &str, args: &[Node]) -> Checked {
    let [subject, window, filter] = args else {
        let message = format!("`{name}` takes a subject, a window and a filter at most");
        return Err(Box::new(wrong(ProblemKind::Type, message)));
    };
    let subject_type = if name == "history.funnel" { Type::list(Type::Str) } else { Type::Str };
    let map = Type::map(Type::Str, Type::Dyn);
    let expected = [(subject, subject_type), (window, Type::Duration), (filter, map)];
    for (at, (arg, ty)) in expected.into_iter().enumerate() {
        if !arg.ty.meets(&ty) && (at == 0 || arg.ty != Type::Null) {
            let message = format!("`{name}` takes a {ty} here, and this is a {}", arg.ty);
            let problem = Problem::new(ProblemKind::Type, &arg.span, message);
            return Err(Box::new(problem.help("as in history.count(\"view_item\", days(7))")));
        }
    }
    history_names(name, subject, filter)?;
    Ok(match name {
        "history.first" | "history.last" => Type::Timestamp,
        "history.funnel" => Type::Bool,
        _ => Type::Int,
    })
}

/// Events and filter fields that are written out must be ones that there are.
fn history_names(name: &str, subject: &Node, filter: &Node) -> Result<(), Box<Problem>> {
    let known = |node: &Node, what: &str, names: &mut dyn Iterator<Item = &'static str>| {
        let Kind::Literal(Literal::Str(text)) = &node.kind else { return Ok(()) };
        let names: Vec<&str> = names.collect();
        if names.contains(&text.as_str()) {
            return Ok(());
        }
        let message = format!("there is no {what} `{text}`");
        let help = match nearest(text, names.iter().copied()) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("one of: {}", names.join(", ")),
        };
        Err(Box::new(Problem::new(ProblemKind::UnknownName, &node.span, message).help(help)))
    };
    let event = |node: &Node| {
        let acts = EventKind::ALL.iter().filter(|kind| kind.is_act());
        known(node, "event", &mut acts.map(|kind| kind.name()))
    };
    match &subject.kind {
        Kind::List(steps) if (1..=FUNNEL_STEPS_MAX).contains(&steps.len()) => {
            steps.iter().try_for_each(event)?
        }
        Kind::List(_) => {
            let message = format!("a funnel has 1 to {FUNNEL_STEPS_MAX} steps");
            return Err(Box::new(Problem::new(ProblemKind::Type, &subject.span, message)));
        }
        _ if matches!(name, "history.views" | "history.bought") => {}
        _ => event(subject)?,
    }
    let Kind::Map(entries) = &filter.kind else { return Ok(()) };
    let within = (name == "history.funnel").then_some(WITHIN);
    entries.iter().try_for_each(|(field, _)| {
        known(field, "field of events", &mut FILTER_FIELDS.iter().copied().chain(within))
    })
}

fn unknown_function(name: &str, receiver: bool) -> Problem {
    if FUNCTIONS.iter().any(|known| known.0 == name) {
        let form = if receiver { format!("{name}(value)") } else { format!("value.{name}(...)") };
        return wrong(ProblemKind::Type, format!("`{name}` is written `{form}`")).suggest(None);
    }
    let names = FUNCTIONS.iter().map(|known| known.0).chain(HISTORY.iter().map(|known| known.0));
    let problem = wrong(ProblemKind::UnknownName, format!("there is no function `{name}`"));
    match nearest(name, names) {
        Some(name) => problem.help(format!("did you mean `{name}`?")),
        None => problem,
    }
}
