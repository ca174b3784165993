//! Sums over products, in the engine's integers, and the best of them.

use std::cmp::Reverse;

use shelfwise_pack::scoring::{ONE, Scoring, strength, times};

use super::tally::LIST_MAX;
use crate::neighbours::Table;

/// Last products of a session that count, as in the engine.
pub const SESSION_CONTEXT: usize = 5;

#[derive(Debug)]
pub(crate) struct Board<'a> {
    sums: Vec<u64>,
    touched: Vec<u32>,
    /// Orders or sessions of each product: breaks ties.
    supports: &'a [u32],
    list: Vec<u32>,
}

impl<'a> Board<'a> {
    pub(crate) fn new(supports: &'a [u32]) -> Self {
        Self { sums: vec![0; supports.len()], touched: Vec::new(), supports, list: Vec::new() }
    }

    fn add(&mut self, item: u32, weight: u32) {
        let sum = &mut self.sums[item as usize];
        if *sum == 0 {
            self.touched.push(item);
        }
        *sum += u64::from(weight);
    }

    /// Adds the neighbours of a product.
    pub(crate) fn add_row(&mut self, table: &Table, item: u32, weight: u32) {
        for neighbour in &table.rows[item as usize] {
            self.add(neighbour.item, times(strength(neighbour.score), weight));
        }
    }

    /// Adds what a session proposes; with `reminders`, also what it has seen.
    pub(crate) fn add_session(&mut self, table: &Table, seen: &[u32], scoring: Scoring, reminders: bool) {
        if reminders {
            let mut reminder = scoring.reminder;
            for item in last(seen) {
                self.add(item, reminder);
                reminder = times(reminder, scoring.reminder_step);
            }
        }
        self.add_last(table, seen, scoring.step, ONE);
    }

    /// Adds the neighbours of the last products seen, each with `step` of the weight of the one after it.
    pub(crate) fn add_last(&mut self, table: &Table, seen: &[u32], step: u32, mut weight: u32) {
        for item in last(seen) {
            self.add_row(table, item, weight);
            weight = times(weight, step);
        }
    }

    /// The best products that are not excluded, ties to the more popular; the sums go back to zero.
    pub(crate) fn best(&mut self, excluded: &dyn Fn(u32) -> bool) -> &[u32] {
        let Self { sums, touched, supports, list } = self;
        list.clear();
        list.extend(touched.iter().filter(|item| sums[**item as usize] > 0 && !excluded(**item)));
        let key = |item: &u32| (Reverse(sums[*item as usize]), Reverse(supports[*item as usize]), *item);
        if list.len() > LIST_MAX {
            list.select_nth_unstable_by_key(LIST_MAX - 1, key);
            list.truncate(LIST_MAX);
        }
        list.sort_unstable_by_key(key);
        for item in touched.drain(..) {
            sums[item as usize] = 0;
        }
        list
    }
}

/// The last products of a session that count, newest first, each once.
fn last(seen: &[u32]) -> Vec<u32> {
    let mut last: Vec<u32> = Vec::with_capacity(SESSION_CONTEXT);
    for item in seen.iter().rev() {
        if last.len() < SESSION_CONTEXT && !last.contains(item) {
            last.push(*item);
        }
    }
    last
}

/// Most popular products, best first.
#[derive(Debug)]
pub(crate) struct Popular(Vec<u32>);

impl Popular {
    pub(crate) fn new(supports: &[u32]) -> Self {
        let mut items: Vec<u32> =
            (0..supports.len() as u32).filter(|item| supports[*item as usize] > 0).collect();
        items.sort_by_key(|item| (Reverse(supports[*item as usize]), *item));
        Self(items)
    }

    /// All of them.
    pub(crate) fn ranked(&self) -> &[u32] {
        &self.0
    }

    pub(crate) fn best(&self, excluded: &dyn Fn(u32) -> bool) -> Vec<u32> {
        self.0.iter().copied().filter(|item| !excluded(*item)).take(LIST_MAX).collect()
    }
}
