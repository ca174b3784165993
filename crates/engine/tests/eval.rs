//! The stack machine: what instructions do, and that no bytes at all can hang or stop it.

use proptest::prelude::*;
use shelfwise_engine::eval::{self, EvalError, HistoryQuery, Instant, TraitSource, Value};
use shelfwise_engine::pack::core::{Core, CoreBuilder, Meta, Predicate};
use shelfwise_engine::pack::pattern;
use shelfwise_engine::pack::program::{
    CompareOp, ConstantKind, Function, HistoryFunction, Instruction, Op, verify,
};
use shelfwise_engine::pack::record::{Range, Str};

/// Trait 1 is 7, 2 is true, 3 is `[1, 2, 3]`, 4 is 0.5 under `a`, 5 is no number; the history has three of everything.
struct Source;

impl TraitSource for Source {
    fn value(&self, code: u16, key: &str) -> Option<Value<'_>> {
        match (code, key) {
            (1, "") => Some(Value::Int(7)),
            (2, "") => Some(Value::Bool(true)),
            (3, "") => Some(Value::list((1..4).map(Value::Int).collect())),
            (4, "a") => Some(Value::Double(0.5)),
            (5, "") => Some(Value::Double(f64::NAN)),
            _ => None,
        }
    }

    fn history(&self, query: &HistoryQuery<'_>) -> Option<Value<'_>> {
        let asked = query.function == HistoryFunction::Count && query.window_s == 604_800;
        asked.then_some(Value::Int(3))
    }
}

fn op(op: Op, a: u64, b: u32) -> Instruction {
    Instruction { op, a, b }
}

fn int(value: i8) -> Instruction {
    op(Op::SmallInt, u64::from(value as u8), 0)
}

fn bytes(program: &[Instruction]) -> Vec<u8> {
    let mut code = Vec::new();
    program.iter().for_each(|instruction| instruction.encode(&mut code));
    code
}

/// The table of `ll`: class 0 is any other byte, 1 is `l`, 2 the end.
fn pattern_of_two() -> String {
    let mut class_of = [0; 256];
    (class_of[usize::from(b'l')], class_of[usize::from(pattern::END)]) = (1, 2);
    pattern::encode(&class_of, 3, &[2, 3, 0, 2, 1, 0]).expect("a table")
}

/// Number of strings of every program here: 1 is `a`, 2 is `hello`, 3 the table of a pattern.
const STRINGS: usize = 4;

/// Evaluates a program that may be none.
fn run_bytes(code: &[u8]) -> Result<String, EvalError> {
    let mut builder = CoreBuilder { meta: vec![Meta::default()], ..CoreBuilder::default() };
    builder.strings.add("a");
    builder.strings.add("hello");
    builder.strings.add(&pattern_of_two());
    // The predicate is not in the file, so that bytes which opening would refuse get to the machine too.
    builder.code = code.to_vec();
    let len = u32::try_from(code.len()).expect("short");
    let file = builder.finish();
    let Ok(core) = Core::open(&file) else { return Err(EvalError::Program) };
    let predicate = Predicate { code: Range { start: 0, len }, ..Predicate::default() };
    eval::compute(&core, &predicate, &Source).map(|value| format!("{value:?}"))
}

fn run(program: &[Instruction]) -> Result<String, EvalError> {
    let code = bytes(program);
    assert_eq!(verify(&code, STRINGS), Ok(()), "{program:?}");
    run_bytes(&code)
}

fn is(program: &[Instruction], value: Value<'_>) {
    assert_eq!(run(program), Ok(format!("{value:?}")), "{program:?}");
}

fn fails(program: &[Instruction], error: EvalError) {
    assert_eq!(run(program), Err(error), "{program:?}");
}

#[test]
fn pushes_what_it_says() {
    is(&[op(Op::Null, 0, 0)], Value::Null);
    is(&[op(Op::True, 0, 0)], Value::Bool(true));
    is(&[op(Op::False, 0, 0)], Value::Bool(false));
    is(&[int(-5)], Value::Int(-5));
    is(&[op(Op::Int, i64::MIN as u64, 0)], Value::Int(i64::MIN));
    is(&[op(Op::Uint, u64::MAX, 0)], Value::Uint(u64::MAX));
    is(&[op(Op::Double, 1.5_f64.to_bits(), 0)], Value::Double(1.5));
    is(&[op(Op::Text, 2, 0)], Value::text("hello"));
    is(&[op(Op::Timestamp, 5, 7)], Value::Timestamp(Instant { s: 5, ns: 7 }));
    is(&[op(Op::Duration, (-5_i64) as u64, 7)], Value::Duration(Instant { s: -5, ns: 7 }));
}

#[test]
fn reads_traits_and_knows_when_they_are_absent() {
    is(&[op(Op::Trait, 1, 0)], Value::Int(7));
    is(&[op(Op::TraitKey, 4, 1)], Value::Double(0.5));
    is(&[op(Op::Text, 1, 0), op(Op::TraitAt, 4, 0)], Value::Double(0.5));
    is(&[op(Op::HasTrait, 1, 0)], Value::Bool(true));
    is(&[op(Op::HasTraitKey, 4, 2)], Value::Bool(false));
    fails(&[op(Op::Trait, 99, 0)], EvalError::Absent);
    fails(&[int(1), op(Op::TraitAt, 4, 0)], EvalError::NoOverload);
}

#[test]
fn matches_texts_with_the_table_of_a_pattern() {
    let matching = |operand: Instruction, table: u64| {
        [operand, op(Op::Text, table, 0), op(Op::Call, u64::from(Function::Matches.code()), 0)]
    };
    is(&matching(op(Op::Text, 2, 0), 3), Value::Bool(true));
    is(&matching(op(Op::Text, 1, 0), 3), Value::Bool(false));
    is(&matching(op(Op::Text, 1, 0), 1), Value::Bool(false));
    fails(&matching(int(7), 3), EvalError::NoOverload);
    fails(&matching(op(Op::Trait, 99, 0), 3), EvalError::Absent);
}

#[test]
fn computes_and_refuses_what_leaves_the_range() {
    is(&[int(7), int(2), op(Op::Add, 0, 0)], Value::Int(9));
    is(&[int(7), int(2), op(Op::Subtract, 0, 0)], Value::Int(5));
    is(&[int(7), int(2), op(Op::Multiply, 0, 0)], Value::Int(14));
    is(&[int(-7), int(2), op(Op::Divide, 0, 0)], Value::Int(-3));
    is(&[int(-7), int(2), op(Op::Modulo, 0, 0)], Value::Int(-1));
    is(&[int(7), op(Op::Negate, 0, 0)], Value::Int(-7));
    fails(&[int(7), int(0), op(Op::Divide, 0, 0)], EvalError::DivisionByZero);
    fails(&[op(Op::Int, i64::MIN as u64, 0), op(Op::Negate, 0, 0)], EvalError::Overflow);
    fails(&[int(1), op(Op::Text, 1, 0), op(Op::Add, 0, 0)], EvalError::NoOverload);
    is(&[int(1), op(Op::Uint, 1, 0), op(Op::Equal, 0, 0)], Value::Bool(true));
    is(&[int(1), int(2), op(Op::NotEqual, 0, 0)], Value::Bool(true));
    for (compare, below, equal) in [
        (Op::Less, true, false),
        (Op::LessOrEqual, true, true),
        (Op::Greater, false, false),
        (Op::GreaterOrEqual, false, true),
    ] {
        is(&[int(1), int(2), op(compare, 0, 0)], Value::Bool(below));
        is(&[int(2), int(2), op(compare, 0, 0)], Value::Bool(equal));
        is(&[int(3), int(2), op(compare, 0, 0)], Value::Bool(!below));
    }
}

#[test]
fn logic_absorbs_errors_as_cel_says() {
    let absent = op(Op::Trait, 99, 0);
    let (yes, no) = (op(Op::True, 0, 0), op(Op::False, 0, 0));
    is(&[absent, no, op(Op::And, 0, 0)], Value::Bool(false));
    is(&[yes, absent, op(Op::Or, 0, 0)], Value::Bool(true));
    fails(&[absent, yes, op(Op::And, 0, 0)], EvalError::Absent);
    fails(&[no, absent, op(Op::Or, 0, 0)], EvalError::Absent);
    fails(&[int(1), yes, op(Op::And, 0, 0)], EvalError::NoOverload);
    is(&[yes, op(Op::Not, 0, 0)], Value::Bool(false));
    fails(&[int(1), op(Op::Not, 0, 0)], EvalError::NoOverload);
    is(&[absent, op(Op::NotFalse, 0, 0)], Value::Bool(true));
    is(&[no, op(Op::NotFalse, 0, 0)], Value::Bool(false));
    // false && (never reached); 5 is the end: op, jump with two bytes, op, op.
    is(&[no, op(Op::AndJump, 6, 0), absent, op(Op::And, 0, 0)][..1], Value::Bool(false));
    is(&[no, op(Op::AndJump, 8, 0), absent, op(Op::And, 0, 0)], Value::Bool(false));
    is(&[yes, op(Op::OrJump, 8, 0), absent, op(Op::Or, 0, 0)], Value::Bool(true));
}

#[test]
fn branches_on_true_false_and_error() {
    let choose = |condition: Instruction, width: u64| {
        let at = width + 5;
        vec![condition, op(Op::Branch, at + 5, (at + 7) as u32), int(1), op(Op::Jump, at + 7, 0), int(2)]
    };
    is(&choose(op(Op::True, 0, 0), 1), Value::Int(1));
    is(&choose(op(Op::False, 0, 0), 1), Value::Int(2));
    fails(&choose(op(Op::Trait, 99, 0), 3), EvalError::Absent);
    fails(&choose(int(1), 2), EvalError::NoOverload);
}

#[test]
fn lists_maps_and_loops() {
    let pair = [int(1), int(2), op(Op::List, 2, 0)];
    is(&[pair.as_slice(), &[int(1), op(Op::Index, 0, 0)]].concat(), Value::Int(2));
    fails(&[pair.as_slice(), &[int(2), op(Op::Index, 0, 0)]].concat(), EvalError::Index);
    is(&[&[int(2)], pair.as_slice(), &[op(Op::In, 0, 0)]].concat(), Value::Bool(true));
    is(&[int(9), int(1), int(2), op(Op::InValues, 2, 0)], Value::Bool(false));
    let map = [op(Op::Text, 1, 0), int(4), op(Op::Map, 1, 0)];
    is(&[map.as_slice(), &[op(Op::Field, 1, 0)]].concat(), Value::Int(4));
    fails(&[map.as_slice(), &[op(Op::Field, 2, 0)]].concat(), EvalError::NoSuchKey);
    is(&[map.as_slice(), &[op(Op::HasField, 2, 0)]].concat(), Value::Bool(false));
    fails(&[map.as_slice(), &map, &[op(Op::Join, 0, 0)]].concat(), EvalError::RepeatedKey);
    let twice = [int(1), int(2), int(1), int(3), op(Op::Map, 2, 0)];
    fails(&twice, EvalError::RepeatedKey);
    // 0 + 1 + 2 + 3 over trait 3: frame in slots 0..3.
    let head = [op(Op::Trait, 3, 0), op(Op::Iterate, 0, 0), int(0)];
    let next = bytes(&head).len() as u64;
    let body = [op(Op::Local, 3, 0), op(Op::Local, 2, 0), op(Op::Add, 0, 0), op(Op::Store, 3, 0)];
    let end = next + 4 + bytes(&body).len() as u64 + 3;
    let tail = [op(Op::Again, next, 0), op(Op::Local, 3, 0), op(Op::Finish, 0, 0)];
    is(&[head.as_slice(), &[op(Op::Next, 0, end as u32)], &body, &tail].concat(), Value::Int(6));
}

#[test]
fn calls_functions_and_asks_the_history() {
    let call = |function: Function| op(Op::Call, u64::from(function.code()), 0);
    is(&[op(Op::Text, 2, 0), call(Function::Size)], Value::Int(5));
    is(&[op(Op::Text, 2, 0), op(Op::Text, 1, 0), call(Function::Contains)], Value::Bool(false));
    is(&[int(2), call(Function::OfWeeks)], Value::Duration(Instant { s: 1_209_600, ns: 0 }));
    let count = op(Op::History, u64::from(HistoryFunction::Count.code()), 0);
    is(&[op(Op::Text, 1, 0), int(7), call(Function::OfDays), op(Op::Null, 0, 0), count], Value::Int(3));
    fails(&[op(Op::Text, 1, 0), op(Op::Null, 0, 0), op(Op::Null, 0, 0), count], EvalError::Absent);
    fails(&[int(1), op(Op::Null, 0, 0), op(Op::Null, 0, 0), count], EvalError::NoOverload);
}

#[test]
fn fast_comparisons_need_no_program() {
    let bytes = CoreBuilder { meta: vec![Meta::default()], ..CoreBuilder::default() }.finish();
    let core = Core::open(&bytes).expect("a core file");
    let compare = |op: CompareOp, value: i64| Predicate {
        op: op.code(),
        constant: ConstantKind::Int.code(),
        trait_code: 1,
        key: Str(0),
        value: value as u64,
        code: Range::default(),
    };
    let cases = [
        (CompareOp::Equal, [false, true, false]),
        (CompareOp::NotEqual, [true, false, true]),
        (CompareOp::Less, [false, false, true]),
        (CompareOp::LessOrEqual, [false, true, true]),
        (CompareOp::Greater, [true, false, false]),
        (CompareOp::GreaterOrEqual, [true, true, false]),
    ];
    for (op, expected) in cases {
        let found = [6, 7, 8].map(|limit| eval::evaluate(&core, &compare(op, limit), &Source));
        assert_eq!(found, expected.map(Ok), "{op:?}");
    }
    let double = |op: CompareOp, value: f64, trait_code: u16| {
        let constant = ConstantKind::Double.code();
        let predicate = Predicate { constant, value: value.to_bits(), trait_code, ..compare(op, 0) };
        eval::evaluate(&core, &predicate, &Source)
    };
    for (op, expected) in cases {
        assert_eq!(
            [6.5, 7.0, 7.5].map(|limit| double(op, limit, 1)),
            expected.map(Ok),
            "{op:?}: an integer beside it"
        );
        assert_eq!(
            double(op, 1.0, 5),
            Ok(op == CompareOp::NotEqual),
            "{op:?}: what is no number is unlike all"
        );
    }
    let absent = Predicate { trait_code: 99, ..compare(CompareOp::NotEqual, 1) };
    assert_eq!(eval::evaluate(&core, &absent, &Source), Err(EvalError::Absent));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_bytes_end_with_a_value_or_an_error(code in prop::collection::vec(0_u8..56, 0..60)) {
        let _ = run_bytes(&code);
    }

    #[test]
    fn verified_programs_never_break_the_machine(
        parts in prop::collection::vec((1_u8..53, 0_u64..40, 0_u32..40), 1..12)
    ) {
        let known = parts.iter().filter_map(|(code, a, b)| Some(op(Op::from_code(*code)?, *a, *b)));
        let code = bytes(&known.collect::<Vec<_>>());
        if verify(&code, STRINGS).is_ok() {
            prop_assert_ne!(run_bytes(&code), Err(EvalError::Program));
        }
    }
}
