//! The nearest right name.

/// The candidate with the fewest edits from `name`, when those are few enough to be a slip.
pub(super) fn nearest(name: &str, candidates: impl IntoIterator<Item = String>) -> Option<String> {
    let limit = name.chars().count() / 3 + 1;
    let scored = candidates.into_iter().map(|candidate| (distance(name, &candidate), candidate));
    scored.filter(|(edits, _)| *edits <= limit).min().map(|(_, candidate)| candidate)
}

/// Edits between two names: insertions, deletions, replacements (Levenshtein).
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (at, from) in left.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], at + 1);
        for (column, to) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn offers_the_name_that_was_meant_and_nothing_far_off() {
        let names = || ["visitor.visits".to_owned(), "visitor.orders".to_owned()];
        assert_eq!(nearest("visitor.vists", names()).as_deref(), Some("visitor.visits"));
        assert_eq!(nearest("weather", names()), None);
    }
}
