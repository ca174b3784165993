//! Checked trees to program bytes.

use super::signatures;
use super::syntax::{Kind, Literal, Loop, Node};
use crate::pack::file::StringsBuilder;
use crate::pack::program::{Function, Instruction, Op};

/// Values that one list instruction collects; longer lists are joined from such pieces.
const LIST_CHUNK: usize = 12;
/// Stands for a trait that is not there: what an unresolved name of an unchecked condition reads.
const NO_TRAIT: u64 = 0xFFFF;

/// Lowers one expression.
pub(super) struct Lowering<'s> {
    code: Vec<u8>,
    strings: &'s mut StringsBuilder,
    /// Values on the stack here.
    depth: usize,
    /// Loop variables and their slots, innermost last.
    scope: Vec<(String, usize)>,
}

impl<'s> Lowering<'s> {
    /// The program of an expression; its strings go to `strings`. The caller verifies it: an expression may
    /// be too deep or too long.
    pub(super) fn program(node: &Node, strings: &'s mut StringsBuilder) -> Vec<u8> {
        let mut lowering = Lowering { code: Vec::new(), strings, depth: 0, scope: Vec::new() };
        lowering.node(node);
        lowering.code
    }

    fn emit(&mut self, op: Op, a: u64, b: u32) {
        Instruction { op, a, b }.encode(&mut self.code);
    }

    fn text(&mut self, text: &str) -> u32 {
        self.strings.add(text).0
    }

    /// Emits a jump whose targets are still open; returns where it stands.
    fn jump(&mut self, op: Op) -> usize {
        let at = self.code.len();
        self.emit(op, 0, 0);
        at
    }

    /// Sets the target in the `which`th immediate of the jump at `at` to here.
    fn land(&mut self, at: usize, which: usize) {
        let (first, _) = Op::from_code(self.code[at]).map_or((0, 0), Op::widths);
        let from = at + 1 + if which == 0 { 0 } else { first };
        // Programs beyond 64 kB are refused by their length, whatever their jumps say.
        let target = self.code.len() as u16;
        self.code[from..from + 2].copy_from_slice(&target.to_le_bytes());
    }

    /// Emits the value of a node: one more on the stack.
    fn node(&mut self, node: &Node) {
        let after = self.depth + 1;
        match &node.kind {
            Kind::Literal(literal) => self.literal(literal),
            Kind::Name(name) => match self.scope.iter().rev().find(|(known, _)| known == name) {
                Some((_, slot)) => self.emit(Op::Local, *slot as u64, 0),
                None => self.emit(Op::Trait, NO_TRAIT, 0),
            },
            Kind::Trait { code, key } => self.of_trait(Op::Trait, Op::TraitKey, *code, key),
            Kind::TraitAt { code, key } => {
                self.node(key);
                self.emit(Op::TraitAt, u64::from(*code), 0);
            }
            Kind::Has(operand, field) => match &operand.kind {
                Kind::Trait { code, key } if field.is_empty() || !key.is_empty() => {
                    self.of_trait(Op::HasTrait, Op::HasTraitKey, *code, key);
                }
                _ => {
                    self.node(operand);
                    let field = self.text(field);
                    self.emit(Op::HasField, u64::from(field), 0);
                }
            },
            Kind::Select(operand, field) => {
                self.node(operand);
                let field = self.text(field);
                self.emit(Op::Field, u64::from(field), 0);
            }
            Kind::Call { function, receiver, args } => self.call(function, *receiver, args),
            Kind::List(items) => self.list(items),
            Kind::Map(entries) => self.map(entries),
            Kind::Loop(parts) => self.each(parts),
            Kind::Match(text, table) => {
                self.node(text);
                let table = self.text(table);
                self.emit(Op::Text, u64::from(table), 0);
                self.emit(Op::Call, u64::from(Function::Matches.code()), 0);
            }
            Kind::Offsets(offsets) => self.offsets(offsets, self.depth.saturating_sub(1)),
        }
        self.depth = after;
    }

    fn literal(&mut self, literal: &Literal) {
        match literal {
            Literal::Null => self.emit(Op::Null, 0, 0),
            Literal::Bool(true) => self.emit(Op::True, 0, 0),
            Literal::Bool(false) => self.emit(Op::False, 0, 0),
            Literal::Int(value) => match i8::try_from(*value) {
                Ok(small) => self.emit(Op::SmallInt, small as u64, 0),
                Err(_) => self.emit(Op::Int, *value as u64, 0),
            },
            Literal::Uint(value) => self.emit(Op::Uint, *value, 0),
            Literal::Double(value) => self.emit(Op::Double, value.to_bits(), 0),
            Literal::Str(value) => {
                let text = self.text(value);
                self.emit(Op::Text, u64::from(text), 0);
            }
            Literal::Timestamp(s, ns) => self.emit(Op::Timestamp, *s as u64, *ns),
            Literal::Duration(s, ns) => self.emit(Op::Duration, *s as u64, *ns),
        }
    }

    /// The offset that is in force at the time in a slot, by halves: as text, since getters take that.
    fn offsets(&mut self, offsets: &[(i64, i16)], slot: usize) {
        let (before, from) = offsets.split_at(offsets.len() / 2);
        if before.is_empty() {
            let minutes = from.first().map_or(0, |(_, minutes)| *minutes);
            let (sign, minutes) = (if minutes < 0 { '-' } else { '+' }, minutes.unsigned_abs());
            let text = self.text(&format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60));
            return self.emit(Op::Text, u64::from(text), 0);
        }
        self.emit(Op::Local, slot as u64, 0);
        self.emit(Op::Timestamp, from[0].0 as u64, 0);
        self.emit(Op::Less, 0, 0);
        let branch = self.jump(Op::Branch);
        self.offsets(before, slot);
        let done = self.jump(Op::Jump);
        self.land(branch, 0);
        self.offsets(from, slot);
        self.land(done, 0);
        self.land(branch, 1);
    }

    fn of_trait(&mut self, plain: Op, keyed: Op, code: u16, key: &str) {
        if key.is_empty() {
            self.emit(plain, u64::from(code), 0);
        } else {
            let key = self.text(key);
            self.emit(keyed, u64::from(code), key);
        }
    }

    fn list(&mut self, items: &[Node]) {
        let mut chunks = items.chunks(LIST_CHUNK);
        let before = self.depth;
        let first = chunks.next().unwrap_or(&[]);
        first.iter().for_each(|item| self.node(item));
        self.emit(Op::List, first.len() as u64, 0);
        for chunk in chunks {
            self.depth = before + 1;
            chunk.iter().for_each(|item| self.node(item));
            self.emit(Op::List, chunk.len() as u64, 0);
            self.emit(Op::Add, 0, 0);
        }
    }

    fn map(&mut self, entries: &[(Node, Node)]) {
        let before = self.depth;
        let mut chunks = entries.chunks(LIST_CHUNK / 2);
        let entries = |lowering: &mut Self, chunk: &[(Node, Node)]| {
            for (key, value) in chunk {
                lowering.node(key);
                lowering.node(value);
            }
            lowering.emit(Op::Map, chunk.len() as u64, 0);
        };
        entries(self, chunks.next().unwrap_or(&[]));
        for chunk in chunks {
            self.depth = before + 1;
            entries(self, chunk);
            self.emit(Op::Join, 0, 0);
        }
    }

    fn call(&mut self, function: &str, receiver: bool, args: &[Node]) {
        match (function, args) {
            ("_&&_", [left, right]) => self.logic(Op::AndJump, Op::And, left, right),
            ("_||_", [left, right]) => self.logic(Op::OrJump, Op::Or, left, right),
            ("_?_:_", [condition, yes, no]) => self.choice(condition, yes, no),
            ("@in", [value, Node { kind: Kind::List(items), .. }]) if in_values(value, items) => {
                self.in_values(value, items);
            }
            ("dyn", [value]) if !receiver => self.node(value),
            _ => self.apply(function, receiver, args),
        }
    }

    /// Strict operators and functions.
    fn apply(&mut self, function: &str, receiver: bool, args: &[Node]) {
        let start = self.depth;
        args.iter().for_each(|arg| self.node(arg));
        if let Some(op) = signatures::operator(function) {
            self.emit(op, 0, 0);
        } else if let Some(question) = signatures::history(function) {
            self.emit(Op::History, u64::from(question.code()), 0);
        } else if let Some(found) = signatures::function(function, receiver)
            && (found.arity() == args.len() || found.is_getter() && args.len() == 1)
        {
            if found.arity() > args.len() {
                self.emit(Op::Text, 0, 0);
            }
            self.emit(Op::Call, u64::from(found.code()), 0);
        } else {
            // Only unchecked conditions get here: a list that nobody reads, and an absent value.
            self.emit(Op::List, args.len() as u64, 0);
            self.depth = start + 1;
            self.emit(Op::Trait, NO_TRAIT, 0);
            self.emit(Op::Index, 0, 0);
        }
    }

    fn logic(&mut self, jump: Op, combine: Op, left: &Node, right: &Node) {
        self.node(left);
        let decided = self.jump(jump);
        self.node(right);
        self.emit(combine, 0, 0);
        self.land(decided, 0);
    }

    fn choice(&mut self, condition: &Node, yes: &Node, no: &Node) {
        let start = self.depth;
        self.node(condition);
        let branch = self.jump(Op::Branch);
        self.depth = start;
        self.node(yes);
        let done = self.jump(Op::Jump);
        self.land(branch, 0);
        self.depth = start;
        self.node(no);
        self.land(done, 0);
        self.land(branch, 1);
    }

    /// `value in [literals]` without making a list.
    fn in_values(&mut self, value: &Node, items: &[Node]) {
        let start = self.depth;
        let mut decided = Vec::new();
        for (at, chunk) in items.chunks(LIST_CHUNK).enumerate() {
            self.depth = start + usize::from(at > 0);
            self.node(value);
            chunk.iter().for_each(|item| self.node(item));
            self.emit(Op::InValues, chunk.len() as u64, 0);
            if at > 0 {
                self.emit(Op::Or, 0, 0);
            }
            if (at + 1) * LIST_CHUNK < items.len() {
                decided.push(self.jump(Op::OrJump));
            }
        }
        decided.into_iter().for_each(|jump| self.land(jump, 0));
    }

    fn each(&mut self, parts: &Loop) {
        let frame = self.depth;
        self.node(&parts.range);
        self.emit(Op::Iterate, 0, 0);
        self.depth = frame + 3;
        self.node(&parts.initial);
        let next = self.jump(Op::Next);
        self.code[next + 1] = frame as u8;
        self.scope.push((parts.result_name.clone(), frame + 3));
        self.scope.push((parts.element.clone(), frame + 2));
        let stops = !matches!(parts.condition.kind, Kind::Literal(Literal::Bool(true)));
        let stop = stops.then(|| {
            self.node(&parts.condition);
            self.depth = frame + 4;
            self.jump(Op::While)
        });
        self.node(&parts.step);
        self.emit(Op::Store, frame as u64 + 3, 0);
        self.emit(Op::Again, next as u64, 0);
        self.land(next, 1);
        if let Some(stop) = stop {
            self.land(stop, 0);
        }
        self.scope.truncate(self.scope.len() - 2);
        self.scope.push((parts.result_name.clone(), frame + 3));
        self.depth = frame + 4;
        self.node(&parts.result);
        self.scope.pop();
        self.emit(Op::Finish, frame as u64, 0);
    }
}

/// Whether membership can be tested value by value: constants, and a left side that is cheap to read again.
fn in_values(value: &Node, items: &[Node]) -> bool {
    let cheap = matches!(value.kind, Kind::Trait { .. } | Kind::Name(_) | Kind::Literal(_));
    let constant = items.iter().all(|item| matches!(item.kind, Kind::Literal(_)));
    !items.is_empty() && constant && (cheap || items.len() <= LIST_CHUNK)
}
