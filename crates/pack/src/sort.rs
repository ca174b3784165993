//! Sorting in place with one copy of the code for every type.
//!
//! The standard library's sorts cost 1 to 10 kB of WebAssembly for each type and order; thirty of them were a
//! third of the shopper's module. This heap sort compares and swaps through a table of two functions, so that
//! a further use costs some hundred bytes.

use std::cmp::Ordering;

/// Sorts keys ascending, where a table of functions would cost more than the comparison: in every row of products.
/// Cost: O(n log n) comparisons, no allocation.
pub fn sort_keys(keys: &mut [u64]) {
    heap_keys(keys);
    for end in (1..=keys.len()).rev() {
        pop_key(&mut keys[..end]);
    }
}

/// Makes a heap of keys, whose greatest comes first. Cost: O(n).
pub fn heap_keys(keys: &mut [u64]) {
    for root in (0..keys.len() / 2).rev() {
        sift_down_key(keys, root);
    }
}

/// Puts the greatest key of a heap behind the others, which stay a heap. Cost: O(log n).
pub fn pop_key(keys: &mut [u64]) {
    if let Some((last, heap)) = keys.split_last_mut()
        && let Some(first) = heap.first_mut()
    {
        std::mem::swap(first, last);
        sift_down_key(heap, 0);
    }
}

/// Lets a key sink until none below it is greater.
fn sift_down_key(keys: &mut [u64], mut root: usize) {
    let Some(&sinking) = keys.get(root) else { return };
    loop {
        let mut child = 2 * root + 1;
        let Some(&(mut greater)) = keys.get(child) else { break };
        if let Some(&other) = keys.get(child + 1)
            && other > greater
        {
            (child, greater) = (child + 1, other);
        }
        if sinking >= greater {
            break;
        }
        keys[root] = greater;
        root = child;
    }
    keys[root] = sinking;
}

trait Slots {
    fn less(&self, a: usize, b: usize) -> bool;
    fn swap(&mut self, a: usize, b: usize);
}

struct Ordered<'a, T, F> {
    items: &'a mut [T],
    compare: F,
}

impl<T, F: Fn(&T, &T) -> Ordering> Slots for Ordered<'_, T, F> {
    fn less(&self, a: usize, b: usize) -> bool {
        (self.compare)(&self.items[a], &self.items[b]) == Ordering::Less
    }

    fn swap(&mut self, a: usize, b: usize) {
        self.items.swap(a, b);
    }
}

/// Sorts ascending. Not stable: equal values must be interchangeable.
/// Cost: O(n log n) comparisons, no allocation.
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// Sorts by a total order. Not stable: what compares equal must be interchangeable.
/// Cost: O(n log n) comparisons, no allocation.
pub fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let len = items.len();
    heap_sort(len, &mut Ordered { items, compare });
}

#[inline(never)]
fn heap_sort(len: usize, slots: &mut dyn Slots) {
    for root in (0..len / 2).rev() {
        sift_down(root, len, slots);
    }
    for end in (1..len).rev() {
        slots.swap(0, end);
        sift_down(0, end, slots);
    }
}

fn sift_down(mut root: usize, end: usize, slots: &mut dyn Slots) {
    loop {
        let mut child = 2 * root + 1;
        if child >= end {
            return;
        }
        if child + 1 < end && slots.less(child, child + 1) {
            child += 1;
        }
        if !slots.less(root, child) {
            return;
        }
        slots.swap(root, child);
        root = child;
    }
}

#[cfg(test)]
mod tests {
    use super::{sort, sort_by, sort_keys};

    #[test]
    fn sorts_every_short_permutation_as_the_standard_library_does() {
        for code in 0..5_u32.pow(6) {
            let mut items: Vec<u32> = (0..6).map(|digit| code / 5_u32.pow(digit) % 5).collect();
            let mut expected = items.clone();
            expected.sort_unstable();
            let mut keys: Vec<u64> = items.iter().map(|item| u64::from(*item)).collect();
            sort(&mut items);
            assert_eq!(items, expected);
            sort_keys(&mut keys);
            assert!(keys.iter().map(|key| *key as u32).eq(expected));
        }
    }

    #[test]
    fn sorts_by_any_order_and_nothing_at_all() {
        let mut items: Vec<i64> = (0..1_000).map(|at| at * 7_919 % 1_000).collect();
        sort_by(&mut items, |a, b| b.cmp(a));
        assert!(items.is_sorted_by(|a, b| a > b));
        sort::<u8>(&mut []);
    }
}
