//! Patterns of `matches` as tables: a finite automaton over the bytes of a text, made when the pack is built and kept
//! among the strings. All bytes are below 128, so that a table is UTF-8.
//!
//! ```text
//! classes: u8 | class of each byte: 256 x u8 | rows
//! ```
//!
//! A row is one state: for each class, the state after a byte of it (two bytes, 7 bits each, the higher first). State 0 says
//! no and state 1 says yes, whatever follows; the start is 2, whose row is the first. After a text comes [`END`]. What
//! a table does not have reads as 0: every string is a table, and one that was not made as one says no.

/// Stands for the end of a text: no byte of UTF-8.
pub const END: u8 = 0xFF;
/// Bytes before the rows.
const HEAD: usize = 1 + 256;

/// Writes a table of states by number: of 2 and up, for each class the state after a byte of it. None when a class or state
/// is beyond what the bytes can say.
#[cfg(feature = "encode")]
#[must_use]
pub fn encode(class_of: &[u8; 256], classes: u8, states: &[u16]) -> Option<String> {
    let cells = states.iter().flat_map(|state| [(state >> 7) as u8, (state & 0x7F) as u8]);
    let table = [classes].into_iter().chain(*class_of).chain(cells);
    String::from_utf8(table.collect()).ok().filter(|table| table.is_ascii())
}

/// Whether a text matches. Cost: one look-up for each byte, up to the one that decides.
#[must_use]
pub fn matches(table: &[u8], text: &[u8]) -> bool {
    let read = |at: usize| table.get(at).copied().map_or(0, usize::from);
    let (mut at, mut state) = (0, 2);
    while state >= 2 {
        let byte = text.get(at).copied().unwrap_or(END);
        let cell = HEAD + 2 * ((state - 2) * read(0) + read(1 + usize::from(byte)));
        state = if at > text.len() { 0 } else { read(cell) << 7 | read(cell + 1) };
        at += 1;
    }
    state == 1
}

#[cfg(test)]
mod tests {
    use super::{END, encode};

    fn matches(table: &str, text: &str) -> bool {
        super::matches(table.as_bytes(), text.as_bytes())
    }

    /// A table whose class 0 is any other byte, 1 is `a`, 2 the end.
    fn of(states: &[u16]) -> String {
        let mut class_of = [0; 256];
        (class_of[usize::from(b'a')], class_of[usize::from(END)]) = (1, 2);
        encode(&class_of, 3, states).expect("few states")
    }

    #[test]
    fn a_text_is_walked_byte_by_byte_to_its_end() {
        // `a+$`
        let table = of(&[2, 3, 0, 2, 3, 1]);
        for (text, expected) in [("", false), ("a", true), ("baa", true), ("ab", false), ("éa", true)] {
            assert_eq!(matches(&table, text), expected, "{text}");
        }
    }

    #[test]
    fn nothing_is_read_after_an_answer() {
        // `^a`: there is no third state that the other bytes could lead to.
        let table = of(&[0, 1, 0]);
        assert!(matches(&table, "a") && matches(&table, "ab"));
        assert!(!matches(&table, "ba") && !matches(&table, ""));
    }

    #[test]
    fn states_beyond_127_take_two_bytes() {
        let chain: Vec<u16> = (3..=300).flat_map(|next| [0, next, 0]).chain([0, 0, 1]).collect();
        let table = of(&chain);
        assert!(matches(&table, &"a".repeat(298)));
        assert!(!matches(&table, &"a".repeat(297)) && !matches(&table, &"a".repeat(299)));
        assert_eq!(encode(&[0; 256], 1, &[0x4000]), None);
        assert_eq!(encode(&[0x80; 256], 1, &[0]), None);
        assert!(encode(&[0; 256], 1, &[0x3FFF]).is_some());
    }

    #[test]
    fn what_is_no_table_says_no() {
        let table = of(&[2, 3, 0, 2, 3, 1]);
        assert!(matches(&table, "a"));
        for length in 0..table.len() {
            assert!(!matches(&table[..length], "a") && !matches(&table[..length], ""), "{length}");
        }
        assert!(!matches("gift", "gift") && !matches(&"\u{7f}".repeat(900), "aaa"));
    }
}
