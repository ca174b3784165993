//! Patterns to tables of [`crate::pack::pattern`]: determinised by `regex-automata`, then made as small as can be. The
//! question is whether a pattern matches anywhere, so that one accepting state ends it; texts are UTF-8, so that bytes
//! which it never has are nobody's concern.

use std::collections::{BTreeMap, BTreeSet};

use regex_automata::Anchored;
use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::util::start;
use regex_syntax::hir::{Class, ClassBytes, ClassBytesRange, Hir, HirKind, Look, Repetition};

use crate::pack::limits::STRING_BYTES_MAX;
use crate::pack::pattern;

/// Most memory that a pattern may take while it is made, bytes.
const WORK_BYTES_MAX: usize = 2 << 20;
/// Most states of an automaton before it is made small: what a thousandth of a second per round can take.
const STATES_MAX: usize = 2_500;

/// What a pattern comes to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Table {
    /// Every text matches.
    Always,
    /// The table.
    Of(String),
}

/// A state: where each class of bytes leads, and whether a text that ends here matches.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    next: Vec<usize>,
    ends: bool,
}

/// States by number: 0 says no and 1 yes, whatever follows.
struct States {
    states: Vec<State>,
    start: usize,
    /// Class of each byte; of bytes that no text has, that of byte 0.
    class_of: [usize; 256],
}

/// The table of a pattern; none when it passes a limit.
pub(super) fn table(pattern: &Hir) -> Option<Table> {
    // `\B` holds inside of letters.
    let inside = pattern.properties().look_set().contains(Look::WordAsciiNegate);
    let states = determinised(&if inside { pattern.clone() } else { loosened(pattern.clone()) })?;
    let block = blocks(&states.states);
    if block[states.start] == block[1] {
        return Some(Table::Always);
    }
    encoded(&states, &block).map(Table::Of)
}

/// A pattern with letters of any script said in fewer bytes: as texts are UTF-8, `.` is a byte that begins a letter, and
/// those that go on with it. Whatever may follow begins a letter too, or is the end.
fn loosened(pattern: Hir) -> Hir {
    let all = |parts: Vec<Hir>| parts.into_iter().map(loosened).collect();
    match pattern.into_kind() {
        HirKind::Empty => Hir::empty(),
        HirKind::Literal(literal) => Hir::literal(literal.0),
        HirKind::Class(Class::Unicode(class))
            if class
                .ranges()
                .last()
                .is_some_and(|last| last.start() <= '\u{80}' && last.end() == char::MAX) =>
        {
            let ascii = class.ranges().iter().filter(|range| range.start() < '\u{80}');
            let bytes = ascii
                .map(|range| ClassBytesRange::new(range.start() as u8, (range.end() as u32).min(0x7F) as u8));
            let begin = ClassBytes::new(bytes.chain([ClassBytesRange::new(0xC0, 0xFF)]));
            let rest = ClassBytes::new([ClassBytesRange::new(0x80, 0xBF)]);
            let sub = Box::new(Hir::class(Class::Bytes(rest)));
            let rest = Hir::repetition(Repetition { min: 0, max: None, greedy: true, sub });
            Hir::concat(vec![Hir::class(Class::Bytes(begin)), rest])
        }
        HirKind::Class(class) => Hir::class(class),
        HirKind::Look(look) => Hir::look(look),
        HirKind::Repetition(repetition) => {
            let sub = Box::new(loosened(*repetition.sub));
            Hir::repetition(Repetition { sub, ..repetition })
        }
        HirKind::Capture(capture) => loosened(*capture.sub),
        HirKind::Concat(parts) => Hir::concat(all(parts)),
        HirKind::Alternation(parts) => Hir::alternation(all(parts)),
    }
}

fn determinised(pattern: &Hir) -> Option<States> {
    let config = thompson::Config::new()
        .utf8(false)
        .which_captures(WhichCaptures::None)
        .nfa_size_limit(Some(WORK_BYTES_MAX));
    let nfa = thompson::Compiler::new().configure(config).build_from_hir(pattern).ok()?;
    let config = dense::Config::new()
        .start_kind(StartKind::Unanchored)
        .accelerate(false)
        .dfa_size_limit(Some(WORK_BYTES_MAX))
        .determinize_size_limit(Some(WORK_BYTES_MAX));
    let dfa = dense::Builder::new().configure(config).build_from_nfa(&nfa).ok()?;

    let classes = dfa.byte_classes();
    let mut samples: Vec<u8> = Vec::new();
    let mut class_of = [0; 256];
    for byte in (0..=u8::MAX).filter(|byte| !matches!(byte, 0xC0 | 0xC1 | 0xF5..)) {
        let known = samples.iter().position(|sample| classes.get(*sample) == classes.get(byte));
        class_of[usize::from(byte)] = known.unwrap_or(samples.len());
        if known.is_none() {
            samples.push(byte);
        }
    }

    let start = dfa.start_state(&start::Config::new().anchored(Anchored::No)).ok()?;
    let mut ids = Vec::new();
    let mut numbers = BTreeMap::new();
    let mut number = |id, ids: &mut Vec<_>| {
        if dfa.is_match_state(id) {
            return 1;
        }
        *numbers.entry(id).or_insert_with(|| {
            ids.push(id);
            ids.len() + 1
        })
    };
    let answer = |number: usize| State { next: vec![number; samples.len()], ends: number == 1 };
    let mut states = vec![answer(0), answer(1)];
    let start = number(start, &mut ids);
    while let Some(&id) = ids.get(states.len() - 2) {
        if states.len() == STATES_MAX {
            return None;
        }
        let next = samples.iter().map(|byte| number(dfa.next_state(id, *byte), &mut ids)).collect();
        states.push(State { next, ends: dfa.is_match_state(dfa.next_eoi_state(id)) });
    }
    Some(States { states, start, class_of })
}

/// The block of each state, of states that no text tells apart (Moore's partition refinement).
fn blocks(states: &[State]) -> Vec<usize> {
    let mut block: Vec<usize> = states.iter().map(|state| usize::from(state.ends)).collect();
    let mut count = 0;
    loop {
        let mut known = BTreeMap::new();
        let refined: Vec<usize> = states
            .iter()
            .zip(&block)
            .map(|(state, own)| {
                let seen: Vec<usize> = state.next.iter().map(|next| block[*next]).collect();
                let fresh = known.len();
                *known.entry((*own, seen)).or_insert(fresh)
            })
            .collect();
        if known.len() == count {
            return refined;
        }
        (count, block) = (known.len(), refined);
    }
}

/// The blocks as a table: those of the states 0 and 1, the start's, the others as they are met. None when it is too long.
fn encoded(states: &States, block: &[usize]) -> Option<String> {
    let mut order = vec![block[0], block[1], block[states.start]];
    let mut rows = Vec::new();
    while let Some(found) = order.get(rows.len() + 2) {
        let state = states.states.iter().zip(block).find(|(_, block)| *block == found)?.0;
        let next: Vec<u16> = state
            .next
            .iter()
            .map(|next| {
                let at = order.iter().position(|known| *known == block[*next]).unwrap_or(order.len());
                if at == order.len() {
                    order.push(block[*next]);
                }
                at as u16
            })
            .collect();
        rows.push((next, u16::from(state.ends)));
    }
    // Bytes that lead to the same state from everywhere are one class.
    let classes: BTreeSet<usize> = states.class_of.iter().copied().collect();
    let mut columns: Vec<Vec<u16>> = Vec::new();
    let mut merged = BTreeMap::new();
    for class in classes {
        let column: Vec<u16> = rows.iter().map(|(next, _)| next[class]).collect();
        let at = columns.iter().position(|known| *known == column).unwrap_or(columns.len());
        if at == columns.len() {
            columns.push(column);
        }
        merged.insert(class, at as u8);
    }
    let width = u8::try_from(columns.len() + 1).ok()?;
    let mut class_of = states.class_of.map(|class| merged[&class]);
    class_of[usize::from(pattern::END)] = width - 1;
    let row =
        |(at, (_, ends)): (usize, &(_, u16))| columns.iter().map(move |column| column[at]).chain([*ends]);
    let cells: Vec<u16> = rows.iter().enumerate().flat_map(row).collect();
    pattern::encode(&class_of, width, &cells).filter(|table| table.len() <= STRING_BYTES_MAX)
}
