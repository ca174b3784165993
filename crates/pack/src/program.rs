//! Condition programs: the compact typed form that CEL is lowered to.
//!
//! A program is a run of instructions for a stack machine: an [`Op`] byte and its immediates, little
//! endian. It leaves exactly one value. Jump targets are byte offsets from the start of the program and
//! point forward; the only way back is [`Op::Again`], which returns to the [`Op::Next`] of its loop.
//! [`verify`] proves all of this once, when a core file is opened.

use crate::kinds::kind;
use crate::limits;
use crate::record::Record;

kind! {
    /// Comparison of a trait with a constant.
    CompareOp {
        /// `==`
        Equal = 1,
        /// `!=`
        NotEqual = 2,
        /// `<`
        Less = 3,
        /// `<=`
        LessOrEqual = 4,
        /// `>`
        Greater = 5,
        /// `>=`
        GreaterOrEqual = 6,
    }
}

kind! {
    /// Type of a predicate's constant.
    ConstantKind {
        /// 0 or 1.
        Bool = 1,
        /// Two's complement.
        Int = 2,
        /// IEEE 754 binary64.
        Double = 3,
        /// Index into the strings.
        Str = 4,
    }
}

kind! {
    /// An instruction. Immediates are named `a` and `b`, in that order.
    Op {
        /// Pushes null.
        Null = 1,
        /// Pushes true.
        True = 2,
        /// Pushes false.
        False = 3,
        /// Pushes the int `a` (i8).
        SmallInt = 4,
        /// Pushes the int `a` (i64).
        Int = 5,
        /// Pushes the uint `a` (u64).
        Uint = 6,
        /// Pushes the double with bits `a` (u64).
        Double = 7,
        /// Pushes the string of index `a` (u32).
        Text = 8,
        /// Pushes the timestamp of `a` Unix seconds (i64) and `b` nanoseconds (u32).
        Timestamp = 9,
        /// Pushes the duration of `a` seconds (i64) and `b` nanoseconds (u32).
        Duration = 10,
        /// Pushes the trait of code `a` (u16).
        Trait = 11,
        /// Pushes the trait of code `a` (u16) under the key string `b` (u32).
        TraitKey = 12,
        /// Pops a key string; pushes the trait of code `a` (u16) under it.
        TraitAt = 13,
        /// Pushes whether the trait of code `a` (u16) is there.
        HasTrait = 14,
        /// Pushes whether the trait of code `a` (u16) is there under the key string `b` (u32).
        HasTraitKey = 15,
        /// Pushes a copy of stack slot `a` (u8).
        Local = 16,
        /// Pops into stack slot `a` (u8).
        Store = 17,
        /// Jumps to `a` (u16).
        Jump = 18,
        /// Jumps to `a` (u16) with the top kept when it is false.
        AndJump = 19,
        /// Jumps to `a` (u16) with the top kept when it is true.
        OrJump = 20,
        /// Pops a bool: goes on when true, jumps to `a` (u16) when false; with an error on top instead
        /// keeps it and jumps to `b` (u16).
        Branch = 21,
        /// Pops two, pushes their conjunction; false wins over an error.
        And = 22,
        /// Pops two, pushes their disjunction; true wins over an error.
        Or = 23,
        /// Pops a bool, pushes its negation.
        Not = 24,
        /// Pops a value, pushes false when it is false, else true: what keeps a quantifier going.
        NotFalse = 25,
        /// Pops a number, pushes its negation.
        Negate = 26,
        /// `+`
        Add = 27,
        /// `-`
        Subtract = 28,
        /// `*`
        Multiply = 29,
        /// `/`
        Divide = 30,
        /// `%`
        Modulo = 31,
        /// `==`
        Equal = 32,
        /// `!=`
        NotEqual = 33,
        /// `<`
        Less = 34,
        /// `<=`
        LessOrEqual = 35,
        /// `>`
        Greater = 36,
        /// `>=`
        GreaterOrEqual = 37,
        /// Pops a list or map and, below it, a value; pushes whether the value is in it.
        In = 38,
        /// Pops `a` (u8) values and, below them, one more; pushes whether it equals any of them.
        InValues = 39,
        /// Pops an index or key and, below it, a list or map; pushes the element.
        Index = 40,
        /// Pops a map, pushes its field named by string `a` (u32).
        Field = 41,
        /// Pops a map, pushes whether it has the field named by string `a` (u32).
        HasField = 42,
        /// Pops `a` (u8) values, pushes a list of them.
        List = 43,
        /// Pops `a` (u8) pairs of key and value, pushes a map of them.
        Map = 44,
        /// Turns the list or map on top into the frame of a loop: the range, a counter, the element
        /// (three slots). The loop's result is pushed on top of it as the fourth.
        Iterate = 45,
        /// Moves the loop whose frame starts at slot `a` (u8) to its next element, or jumps to `b` (u16).
        Next = 46,
        /// Pops a bool; goes on when true, else jumps to `a` (u16).
        While = 47,
        /// Jumps back to the `Next` at `a` (u16).
        Again = 48,
        /// Pops a value, drops everything from slot `a` (u8) on, pushes the value again.
        Finish = 49,
        /// Calls the [`Function`] of code `a` (u8).
        Call = 50,
        /// Asks the history: pops the arguments of the [`HistoryFunction`] of code `a` (u8).
        History = 51,
        /// Pops two maps, pushes one with the entries of both.
        Join = 52,
    }
}

kind! {
    /// A function of values. Receivers count as the first argument.
    Function {
        /// Characters of a string, elements of a list, entries of a map.
        Size = 1,
        /// `text.contains(part)`
        Contains = 2,
        /// `text.startsWith(part)`
        StartsWith = 3,
        /// `text.endsWith(part)`
        EndsWith = 4,
        /// `int(value)`
        Int = 5,
        /// `uint(value)`
        Uint = 6,
        /// `double(value)`
        Double = 7,
        /// `string(value)`
        Text = 8,
        /// `bool(value)`
        Bool = 9,
        /// `timestamp(value)`
        Timestamp = 10,
        /// `duration(value)`
        Duration = 11,
        /// `time.getFullYear(zone)`
        FullYear = 12,
        /// `time.getMonth(zone)`, from 0
        Month = 13,
        /// `time.getDate(zone)`, day of the month from 1
        Date = 14,
        /// `time.getDayOfMonth(zone)`, from 0
        DayOfMonth = 15,
        /// `time.getDayOfWeek(zone)`, Sunday is 0
        DayOfWeek = 16,
        /// `time.getDayOfYear(zone)`, from 0
        DayOfYear = 17,
        /// `time.getHours(zone)`
        Hours = 18,
        /// `time.getMinutes(zone)`
        Minutes = 19,
        /// `time.getSeconds(zone)`
        Seconds = 20,
        /// `time.getMilliseconds(zone)`
        Milliseconds = 21,
        /// `minutes(n)`, a duration
        OfMinutes = 22,
        /// `hours(n)`, a duration
        OfHours = 23,
        /// `days(n)`, a duration of 24 hours each
        OfDays = 24,
        /// `weeks(n)`, a duration of 7 days each
        OfWeeks = 25,
        /// `text.matches(pattern)`, the pattern as a table of [`crate::pattern`]
        Matches = 26,
    }
}

impl Function {
    /// Number of arguments, the receiver included.
    #[must_use]
    pub const fn arity(self) -> usize {
        match self {
            Self::Contains | Self::StartsWith | Self::EndsWith | Self::Matches => 2,
            other if other.is_getter() => 2,
            _ => 1,
        }
    }

    /// Whether it reads a field of a time in a zone (of a duration, when the zone is the empty string).
    #[must_use]
    pub const fn is_getter(self) -> bool {
        self as u8 >= Self::FullYear as u8 && self as u8 <= Self::Milliseconds as u8
    }
}

kind! {
    /// A question to the shopper's history. Arguments: subject, window, filter.
    ///
    /// The subject is an event name, a product id, or a list of event names (`Funnel`); the window a
    /// duration back from now, or null for all that is remembered; the filter a map from event field to the
    /// value it must have, or null.
    HistoryFunction {
        /// Number of events of a name.
        Count = 1,
        /// Value of events of a name, minor units.
        Sum = 2,
        /// Time of the oldest event of a name.
        First = 3,
        /// Time of the latest event of a name.
        Last = 4,
        /// Number of different products among events of a name.
        Distinct = 5,
        /// Views of a product.
        Views = 6,
        /// Units bought of a product.
        Bought = 7,
        /// Whether the events happened in this order.
        Funnel = 8,
    }
}

impl HistoryFunction {
    /// Values it pops: subject, window, filter.
    pub const ARITY: usize = 3;
}

impl Op {
    /// Widths in bytes of the immediates `a` and `b`; 0 = the instruction has no such immediate.
    #[must_use]
    pub const fn widths(self) -> (usize, usize) {
        match self {
            Self::SmallInt
            | Self::Local
            | Self::Store
            | Self::InValues
            | Self::List
            | Self::Map
            | Self::Finish
            | Self::Call
            | Self::History => (1, 0),
            Self::Trait | Self::TraitAt | Self::HasTrait => (2, 0),
            Self::Jump | Self::AndJump | Self::OrJump | Self::While | Self::Again => (2, 0),
            Self::Branch => (2, 2),
            Self::Next => (1, 2),
            Self::Text | Self::Field | Self::HasField => (4, 0),
            Self::TraitKey | Self::HasTraitKey => (2, 4),
            Self::Int | Self::Uint | Self::Double => (8, 0),
            Self::Timestamp | Self::Duration => (8, 4),
            _ => (0, 0),
        }
    }
}

/// An instruction with its immediates; those it has not are 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// What to do.
    pub op: Op,
    /// First immediate, zero-extended.
    pub a: u64,
    /// Second immediate, zero-extended.
    pub b: u32,
}

impl Instruction {
    /// The instruction at a byte offset of a program and the offset after it; none when the bytes end
    /// early or the op is unknown.
    #[inline]
    #[must_use]
    pub fn decode(code: &[u8], at: usize) -> Option<(Self, usize)> {
        let (&op, rest) = code.get(at..)?.split_first()?;
        let op = Op::from_code(op)?;
        let (a, b) = op.widths();
        let immediates = rest.get(..a + b)?;
        let (first, second) = immediates.split_at(a);
        let first = match a {
            0 => 0,
            1 => u64::from(u8::read(first)),
            2 => u64::from(u16::read(first)),
            4 => u64::from(u32::read(first)),
            _ => u64::read(first),
        };
        let second = match b {
            0 => 0,
            2 => u32::from(u16::read(second)),
            _ => u32::read(second),
        };
        Some((Self { op, a: first, b: second }, at + 1 + a + b))
    }

    /// Appends the instruction; bits beyond an immediate's width are dropped.
    #[cfg(feature = "encode")]
    pub fn encode(self, out: &mut Vec<u8>) {
        let (a, b) = self.op.widths();
        out.push(self.op.code());
        out.extend_from_slice(&self.a.to_le_bytes()[..a]);
        out.extend_from_slice(&self.b.to_le_bytes()[..b]);
    }

    /// How many values it pops and pushes. None for a function that this version does not know.
    #[must_use]
    pub fn effect(self) -> Option<(usize, usize)> {
        let n = usize::from(self.a as u8);
        Some(match self.op {
            Op::Null | Op::True | Op::False | Op::SmallInt | Op::Int | Op::Uint | Op::Double | Op::Text => {
                (0, 1)
            }
            Op::Timestamp | Op::Duration => (0, 1),
            Op::Trait | Op::TraitKey | Op::HasTrait | Op::HasTraitKey | Op::Local => (0, 1),
            Op::TraitAt | Op::Not | Op::NotFalse | Op::Negate | Op::Field | Op::HasField => (1, 1),
            Op::Store | Op::Branch | Op::While => (1, 0),
            Op::Jump | Op::Again | Op::Next => (0, 0),
            Op::AndJump | Op::OrJump => (1, 1),
            Op::And | Op::Or | Op::Add | Op::Subtract | Op::Multiply | Op::Divide | Op::Modulo => (2, 1),
            Op::Equal | Op::NotEqual | Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual => {
                (2, 1)
            }
            Op::In | Op::Index | Op::Join => (2, 1),
            Op::InValues => (n + 1, 1),
            Op::List => (n, 1),
            Op::Map => (2 * n, 1),
            Op::Iterate => (1, 3),
            Op::Finish => (1, 1),
            Op::Call => (Function::from_code(self.a as u8)?.arity(), 1),
            Op::History => HistoryFunction::from_code(self.a as u8).map(|_| (HistoryFunction::ARITY, 1))?,
        })
    }
}

/// Most jump targets that may be open at once in a program.
const OPEN_TARGETS_MAX: usize = 96;
/// Deepest nesting of loops.
pub const LOOP_DEPTH_MAX: usize = 6;
/// Stack slots of a loop: range, counter, element, result.
pub const LOOP_SLOTS: usize = 4;

/// What [`verify`] knows at one point of a program.
struct Verifier {
    /// Stack depth here; none where only a jump leads.
    depth: Option<usize>,
    targets: [(usize, usize); OPEN_TARGETS_MAX],
    target_count: usize,
    /// Offset of `Next` and stack depth there, of the loops around.
    loops: [(usize, usize); LOOP_DEPTH_MAX],
    loop_count: usize,
}

impl Verifier {
    /// Notes a forward jump that arrives with that stack depth.
    fn jump(&mut self, from: usize, target: usize, depth: usize) -> Option<()> {
        if target <= from {
            return None;
        }
        if let Some(known) = self.targets[..self.target_count].iter().find(|known| known.0 == target) {
            return (known.1 == depth).then_some(());
        }
        *self.targets.get_mut(self.target_count)? = (target, depth);
        self.target_count += 1;
        Some(())
    }

    /// Arrives at an offset: every jump to it must agree on the depth, none may have been jumped over.
    fn arrive(&mut self, at: usize) -> Option<usize> {
        let mut index = 0;
        while index < self.target_count {
            let (target, depth) = self.targets[index];
            if target > at {
                index += 1;
                continue;
            }
            if target < at || self.depth.is_some_and(|known| known != depth) {
                return None;
            }
            self.depth = Some(depth);
            self.target_count -= 1;
            self.targets[index] = self.targets[self.target_count];
        }
        self.depth
    }

    /// One instruction at `at`, with the stack `depth` deep.
    fn step(&mut self, instruction: Instruction, at: usize, depth: usize) -> Option<()> {
        let (pops, pushes) = instruction.effect()?;
        let left = depth.checked_sub(pops)?;
        let after = left + pushes;
        if after > limits::STACK_DEPTH_MAX {
            return None;
        }
        self.depth = Some(after);
        // A constant's 64 bits may not fit in the module's 32: then it is no slot and no jump target either.
        let slot = usize::try_from(instruction.a).unwrap_or(usize::MAX);
        let target = slot;
        match instruction.op {
            Op::Local if slot >= depth => return None,
            Op::Store if slot >= left => return None,
            Op::AndJump | Op::OrJump | Op::While => self.jump(at, target, after)?,
            Op::Jump => {
                self.jump(at, target, after)?;
                self.depth = None;
            }
            Op::Branch => {
                self.jump(at, target, left)?;
                self.jump(at, instruction.b as usize, depth)?;
            }
            Op::Next => {
                if slot.saturating_add(LOOP_SLOTS) > depth {
                    return None;
                }
                self.jump(at, instruction.b as usize, depth)?;
                *self.loops.get_mut(self.loop_count)? = (at, depth);
                self.loop_count += 1;
            }
            Op::Again => {
                self.loop_count = self.loop_count.checked_sub(1)?;
                if self.loops[self.loop_count] != (target, depth) {
                    return None;
                }
                self.depth = None;
            }
            Op::Finish => {
                if slot >= left {
                    return None;
                }
                self.depth = Some(slot + 1);
            }
            _ => {}
        }
        Some(())
    }
}

/// Proves that a program is well formed: known instructions, string indices below `string_count`, forward
/// jumps to instructions, properly nested loops, and a stack that never underflows, stays within
/// [`limits::STACK_DEPTH_MAX`] and ends with one value. Cost: one pass; no allocation.
///
/// # Errors
/// The byte offset in the program of the first instruction that does not hold.
pub fn verify(code: &[u8], string_count: usize) -> Result<(), usize> {
    if code.len() > limits::PROGRAM_BYTES_MAX {
        return Err(limits::PROGRAM_BYTES_MAX);
    }
    let mut verifier = Verifier {
        depth: Some(0),
        targets: [(0, 0); OPEN_TARGETS_MAX],
        target_count: 0,
        loops: [(0, 0); LOOP_DEPTH_MAX],
        loop_count: 0,
    };
    let mut at = 0;
    while at < code.len() {
        let depth = verifier.arrive(at).ok_or(at)?;
        let (instruction, next) = Instruction::decode(code, at).ok_or(at)?;
        let text = match instruction.op {
            Op::Text | Op::Field | Op::HasField => instruction.a,
            Op::TraitKey | Op::HasTraitKey => u64::from(instruction.b),
            _ => 0,
        };
        let nanoseconds_hold =
            !matches!(instruction.op, Op::Timestamp | Op::Duration) || instruction.b < 1_000_000_000;
        if (text > 0 && text >= string_count as u64) || !nanoseconds_hold {
            return Err(at);
        }
        verifier.step(instruction, at, depth).ok_or(at)?;
        at = next;
    }
    if verifier.arrive(at) == Some(1) && verifier.target_count == 0 && verifier.loop_count == 0 {
        Ok(())
    } else {
        Err(at)
    }
}
