//! Dense ids: products that meet get ids that are near, so that a shopper's products lie in few shards.
//!
//! The neighbour graph is first walked from strong edge to strong edge, then halved again and again; in each half
//! products swap sides while that shortens the cut (recursive graph bisection, after Dhulipala et al., 2016,
//! <https://arxiv.org/abs/1602.08820>).

use std::collections::BinaryHeap;

use crate::groups::Groups;
use crate::neighbours::{Table, weight};

/// Parts of this size are not halved further: the products of a file of cards.
const PART_MIN: usize = 4;
/// Larger parts are cut where a file of neighbours may end.
const PART_CUT: usize = 8;
/// Rounds of swapping a halving gets.
const ROUNDS_MAX: usize = 12;
/// Integer weight of the strongest edge.
const EDGE_UNIT: f64 = 256.0;

/// Undirected weighted edges by product. 8 bytes a direction.
#[derive(Debug)]
struct Graph {
    starts: Vec<usize>,
    edges: Vec<(u32, u32)>,
}

impl Graph {
    fn new(tables: &[&Table], item_count: usize) -> Self {
        let rows = || {
            tables.iter().flat_map(|table| table.rows.iter().enumerate()).flat_map(|(item, row)| {
                row.iter().map(move |neighbour| (item, neighbour.item as usize, neighbour.score))
            })
        };
        let mut starts = vec![0; item_count + 1];
        for (from, to, _) in rows() {
            starts[from + 1] += 1;
            starts[to + 1] += 1;
        }
        for at in 0..item_count {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut edges = vec![(0, 0); starts[item_count]];
        let mut put = |from: usize, to: usize, heft: u32| {
            edges[next[from]] = (to as u32, heft);
            next[from] += 1;
        };
        for (from, to, score) in rows() {
            let heft = (weight(score) * EDGE_UNIT).round() as u32;
            put(from, to, heft);
            put(to, from, heft);
        }
        Self { starts, edges }
    }

    fn of(&self, item: u32) -> &[(u32, u32)] {
        &self.edges[self.starts[item as usize]..self.starts[item as usize + 1]]
    }
}

/// Product numbers by dense id. Deterministic. Memory: 16 bytes a neighbour and 32 a product.
#[must_use]
pub fn order(tables: &[&Table], item_count: usize, popularity: &[u32]) -> Vec<u32> {
    let graph = Graph::new(tables, item_count);
    let mut order = walk(&graph, popularity);
    let mut halving =
        Halving { graph: &graph, part: vec![u32::MAX; item_count], right: vec![false; item_count] };
    let mut parts: Vec<_> = std::iter::once(0..order.len()).collect();
    let mut id = 0;
    while let Some(part) = parts.pop() {
        if part.len() > PART_MIN {
            let grain = if part.len() > PART_CUT { PART_CUT } else { PART_MIN };
            let middle = part.start + (part.len() / 2).next_multiple_of(grain).min(part.len());
            halving.run(&mut order[part.clone()], middle - part.start, id);
            id += 1;
            parts.push(part.start..middle);
            parts.push(middle..part.end);
        }
    }
    order
}

/// Every product once, always the one most strongly tied to those before it; starts at the most popular.
fn walk(graph: &Graph, popularity: &[u32]) -> Vec<u32> {
    let mut seeds: Vec<u32> = (0..popularity.len() as u32).collect();
    seeds.sort_by_key(|item| (popularity[*item as usize], *item));
    let mut tied = vec![0u32; popularity.len()];
    let mut placed = vec![false; popularity.len()];
    let mut heap = BinaryHeap::new();
    let mut order = Vec::with_capacity(popularity.len());
    for seed in seeds {
        heap.push((0, std::cmp::Reverse(seed)));
        while let Some((tie, std::cmp::Reverse(item))) = heap.pop() {
            if placed[item as usize] || tie < tied[item as usize] {
                continue;
            }
            placed[item as usize] = true;
            order.push(item);
            for (other, heft) in graph.of(item) {
                if !placed[*other as usize] {
                    let tie = &mut tied[*other as usize];
                    *tie = tie.saturating_add(*heft);
                    heap.push((*tie, std::cmp::Reverse(*other)));
                }
            }
        }
    }
    order
}

struct Halving<'a> {
    graph: &'a Graph,
    /// Which part a product is in now.
    part: Vec<u32>,
    /// Which half of it.
    right: Vec<bool>,
}

impl Halving<'_> {
    /// Swaps products between the halves of a part while that shortens the cut.
    fn run(&mut self, items: &mut [u32], middle: usize, id: u32) {
        for (at, item) in items.iter().enumerate() {
            self.part[*item as usize] = id;
            self.right[*item as usize] = at >= middle;
        }
        for _ in 0..ROUNDS_MAX {
            let (left, right) = (self.eager(&items[..middle]), self.eager(&items[middle..]));
            let swaps = left.iter().zip(&right).take_while(|(left, right)| left.0 + right.0 > 0);
            let mut swapped = false;
            for ((_, from), (_, to)) in swaps {
                items.swap(*from, middle + *to);
                self.right[items[*from] as usize] = false;
                self.right[items[middle + *to] as usize] = true;
                swapped = true;
            }
            if !swapped {
                break;
            }
        }
    }

    /// (gain, position) of the products of a half, those that gain most from the other half first.
    fn eager(&self, half: &[u32]) -> Vec<(i64, usize)> {
        let gain = |item: u32| -> i64 {
            let inside = |edge: &&(u32, u32)| self.part[edge.0 as usize] == self.part[item as usize];
            let signed = |edge: &(u32, u32)| {
                let apart = self.right[edge.0 as usize] != self.right[item as usize];
                if apart { i64::from(edge.1) } else { -i64::from(edge.1) }
            };
            self.graph.of(item).iter().filter(inside).map(signed).sum()
        };
        let mut gains: Vec<(i64, usize)> =
            half.iter().enumerate().map(|(at, item)| (gain(*item), at)).collect();
        gains.sort_unstable_by_key(|(gain, at)| (std::cmp::Reverse(*gain), *at));
        gains
    }
}

/// Mean number of distinct shards that a group's products lie in. `dense` holds dense ids by product number.
#[must_use]
pub fn shards_touched(groups: &Groups, dense: &[u32], shard_items: u32) -> f64 {
    let mut touched = 0;
    for (_, items) in groups.iter() {
        let mut shards: Vec<u32> = items.iter().map(|item| dense[*item as usize] / shard_items).collect();
        shards.sort_unstable();
        shards.dedup();
        touched += shards.len();
    }
    touched as f64 / groups.len().max(1) as f64
}

/// Rank of each product by its support, 0 = most.
#[must_use]
pub fn ranks(supports: &[u32]) -> Vec<u32> {
    let mut popular: Vec<u32> = (0..supports.len() as u32).collect();
    popular.sort_by_key(|item| (std::cmp::Reverse(supports[*item as usize]), *item));
    inverse(&popular)
}

/// Dense ids by product number, from product numbers by dense id.
#[must_use]
pub fn inverse(order: &[u32]) -> Vec<u32> {
    let mut dense = vec![0; order.len()];
    for (id, number) in order.iter().enumerate() {
        dense[*number as usize] = id as u32;
    }
    dense
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::neighbours::Neighbour;

    /// Cliques of 16 products, whose numbers are dealt out round robin.
    fn cliques(count: u32) -> Table {
        let row = |item: u32| {
            let mates = (0..16).map(|mate| mate * count + item % count).filter(|mate| *mate != item);
            mates.map(|item| Neighbour { item, score: 15 }).collect()
        };
        Table { rows: (0..16 * count).map(row).collect() }
    }

    #[test]
    fn cliques_end_up_in_one_shard_each() {
        let table = cliques(20);
        let popularity: Vec<u32> = (0..320).collect();
        let order = order(&[&table], 320, &popularity);
        let dense = inverse(&order);
        let mut groups = Groups::new();
        for clique in 0..20 {
            groups.push(0, (0..16).map(|mate| mate * 20 + clique));
        }
        assert!(shards_touched(&groups, &dense, 16) < 1.2);
        let unordered: Vec<u32> = (0..320).collect();
        assert!(shards_touched(&groups, &unordered, 16) > 10.0);
    }

    #[test]
    fn every_product_has_one_place_even_without_neighbours() {
        let table = Table { rows: vec![Vec::new(); 50] };
        let mut order = order(&[&table], 50, &[0; 50]);
        order.sort_unstable();
        assert_eq!(order, (0..50).collect::<Vec<u32>>());
    }
}
