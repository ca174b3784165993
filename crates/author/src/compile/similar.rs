//! Products alike in title, category, brand and tags, for those that shoppers have not told about yet.
//!
//! Words weigh by how rare they are (TF-IDF), likeness is the cosine. Only a product's rarest words find candidates, so that
//! a word that half the catalogue has costs nothing; ties go to the nearer price, then the more popular.

use std::collections::HashMap;

use shelfwise_pack::kinds::{NeighbourKind, Strategy};

use super::Assortment;
use crate::catalogue::Product;
use crate::project::Project;

/// Products with fewer neighbours than this in all learnt tables together are cold.
const COLD_NEIGHBOURS: usize = 4;
/// Alike products that are kept of a cold product, and of any other.
const KEPT: [usize; 2] = [8, 6];
/// Score of a perfect likeness for a cold product, and for any other: there what shoppers did speaks louder.
const SCORE_MOST: [f64; 2] = [12.0, 6.0];
/// Rarest words of a product that find candidates.
const WORDS_ASKED: usize = 6;
/// Products that a word may find; what more have says too little.
const FOUND_MAX: usize = 2_000;
/// Least cosine, of 1: below it products share a colour or a size, no more.
const LIKENESS_MIN: f32 = 0.12;
/// Weight of a category, a brand and a tag against a word of the title.
const ATTRIBUTE: f32 = 0.7;

/// Whether a row shows alike products of any product, not of cold ones alone.
pub(super) fn asked(project: &Project) -> bool {
    project.steps().any(|step| matches!(step.strategy.value, Strategy::Similar | Strategy::Upsell))
}

/// Adds the alike products of cold ones; with `all`, of every product.
pub(super) fn add(assortment: &mut Assortment, all: bool) {
    let mut known = vec![0usize; assortment.products.len()];
    for (_, of, near) in &assortment.neighbours {
        known[*of as usize] += near.len();
    }
    let alike = alike(assortment, &known, all);
    assortment
        .neighbours
        .extend(alike.into_iter().map(|(of, near)| (NeighbourKind::Similar.code(), of, near)));
    assortment.neighbours.sort_by_key(|(kind, of, _)| (*kind, *of));
}

/// A product's number, and its neighbours with their scores.
pub type Row = (u32, Vec<(u32, u8)>);

/// The alike products of the cold ones of a catalogue, as a build adds them. `popularity` are the products' ranks, `known` their
/// neighbours in all learnt tables together.
#[must_use]
pub fn of_cold(products: Vec<Product>, popularity: Vec<u32>, known: &[usize]) -> Vec<Row> {
    alike(&Assortment { products, popularity, ..Assortment::default() }, known, false)
}

fn alike(assortment: &Assortment, known: &[usize], all: bool) -> Vec<Row> {
    let mut out = Vec::new();
    if !all && known.iter().all(|known| *known >= COLD_NEIGHBOURS) {
        return out;
    }
    let words = Words::of(&assortment.products);
    let mut likeness = vec![0.0; known.len()];
    for (dense, known) in (0..).zip(known) {
        let warm = usize::from(*known >= COLD_NEIGHBOURS);
        if all || warm == 0 {
            let near = words.alike(dense, assortment, KEPT[warm], SCORE_MOST[warm], &mut likeness);
            if !near.is_empty() {
                out.push((dense, near));
            }
        }
    }
    out
}

/// The words of every product, and the products of every word.
struct Words {
    /// By product: word and its share of the product, rarest word first; squares add up to 1.
    of: Vec<Vec<(u32, f32)>>,
    /// By word: product and share.
    with: Vec<Vec<(u32, f32)>>,
}

impl Words {
    fn of(products: &[Product]) -> Self {
        let mut numbers: HashMap<String, u32> = HashMap::new();
        let mut seen: Vec<u32> = Vec::new();
        let mut counted: Vec<Vec<(u32, f32)>> = Vec::with_capacity(products.len());
        for product in products {
            let mut own: Vec<(u32, f32)> = Vec::new();
            for (word, weight) in words(product) {
                let number = *numbers.entry(word).or_insert(seen.len() as u32);
                seen.resize(seen.len().max(number as usize + 1), 0);
                match own.iter_mut().find(|(word, _)| *word == number) {
                    Some(found) => found.1 = found.1.max(weight),
                    None => {
                        seen[number as usize] += 1;
                        own.push((number, weight));
                    }
                }
            }
            counted.push(own);
        }
        let count = products.len() as f32;
        let mut with = vec![Vec::new(); seen.len()];
        for (dense, own) in (0..).zip(&mut counted) {
            for (word, weight) in own.iter_mut() {
                *weight *= (1.0 + count / seen[*word as usize] as f32).ln();
            }
            let length = own.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
            own.iter_mut().for_each(|(_, weight)| *weight /= length);
            own.sort_by_key(|(word, _)| (seen[*word as usize], *word));
            for (word, weight) in own.iter() {
                // A word that only one product has, or too many, finds nothing.
                if (2..=FOUND_MAX as u32).contains(&seen[*word as usize]) {
                    with[*word as usize].push((dense, *weight));
                }
            }
        }
        Self { of: counted, with }
    }

    /// The products most alike to one, best first, with their scores. `likeness` holds a zero for each product.
    fn alike(
        &self,
        dense: u32,
        assortment: &Assortment,
        kept: usize,
        most: f64,
        likeness: &mut [f32],
    ) -> Vec<(u32, u8)> {
        let own = &self.of[dense as usize];
        let mut candidates: Vec<u32> = Vec::new();
        let asked = own.iter().filter(|(word, _)| !self.with[*word as usize].is_empty());
        for (word, weight) in asked.take(WORDS_ASKED) {
            for (other, share) in self.with[*word as usize].iter().filter(|(other, _)| *other != dense) {
                if likeness[*other as usize] == 0.0 {
                    candidates.push(*other);
                }
                likeness[*other as usize] += weight * share;
            }
        }
        let mut near: Vec<(f32, u32)> =
            candidates.iter().map(|other| (std::mem::take(&mut likeness[*other as usize]), *other)).collect();
        near.retain(|(likeness, other)| {
            *likeness >= LIKENESS_MIN && assortment.products[*other as usize].in_stock
        });
        let price = |dense: u32| assortment.products[dense as usize].price_minor;
        let key = |other: u32| (price(other).abs_diff(price(dense)), assortment.popularity[other as usize]);
        let best = |left: &(f32, u32), right: &(f32, u32)| {
            right.0.total_cmp(&left.0).then_with(|| key(left.1).cmp(&key(right.1)))
        };
        if near.len() > kept {
            near.select_nth_unstable_by(kept - 1, best);
            near.truncate(kept);
        }
        near.sort_by(best);
        let score = |likeness: f32| (most + 2.0 * f64::from(likeness.min(1.0)).log2()).round().max(1.0) as u8;
        near.into_iter().map(|(likeness, other)| (other, score(likeness))).collect()
    }
}

/// The words of a title, and the category, brand and tags, each with its weight. Attributes are told from words by a mark.
fn words(product: &Product) -> Vec<(String, f32)> {
    let title = product.title.split(|letter: char| !letter.is_alphanumeric()).filter(|word| word.len() > 1);
    let mut out: Vec<(String, f32)> = title.map(|word| (stem(&word.to_lowercase()), 1.0)).collect();
    let attributes = [("c:", &product.category), ("b:", &product.brand)].into_iter();
    let tags = product.tags.iter().map(|tag| ("t:", tag));
    let named = attributes.chain(tags).filter(|(_, name)| !name.is_empty());
    out.extend(named.map(|(mark, name)| (format!("{mark}{}", name.to_lowercase()), ATTRIBUTE)));
    out
}

/// Without the plural's `s`.
fn stem(word: &str) -> String {
    match word.strip_suffix('s') {
        Some(one) if one.len() > 2 && !one.ends_with('s') => one.to_owned(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assortment() -> Assortment {
        let product = |(title, category, price_minor, in_stock): (&str, &str, u32, bool)| Product {
            item: title.to_owned(),
            title: title.to_owned(),
            category: category.to_owned(),
            price_minor,
            in_stock,
            ..Product::default()
        };
        let products: Vec<Product> = [
            ("Red Retrospot Mug", "Kitchen", 295, true),
            ("Blue Retrospot Mugs", "Kitchen", 310, true),
            ("Green Retrospot Mug", "Kitchen", 900, true),
            ("Retrospot Mug, Chipped", "Kitchen", 295, false),
            ("Garden Gnome", "Garden", 500, true),
            ("Garden Gnomes in a Row", "Garden", 700, true),
            ("Philosopher", "", 1, true),
        ]
        .map(product)
        .into();
        let popularity = (0..).take(products.len()).collect();
        Assortment { products, popularity, ..Assortment::default() }
    }

    fn rows(assortment: &Assortment) -> Vec<(u32, Vec<u32>)> {
        let similar = assortment.neighbours.iter().filter(|row| row.0 == NeighbourKind::Similar.code());
        similar.map(|(_, of, near)| (*of, near.iter().map(|near| near.0).collect())).collect()
    }

    #[test]
    fn products_of_a_kind_find_each_other_and_ties_go_to_the_nearer_price() {
        let mut assortment = assortment();
        add(&mut assortment, false);
        let rows = rows(&assortment);
        assert_eq!(rows[0], (0, vec![1, 2]));
        assert_eq!(rows[3], (3, vec![0, 1, 2]), "what is out of stock finds, but is not found");
        assert_eq!(rows[4..], [(4, vec![5]), (5, vec![4])]);
        assert!(assortment.neighbours[0].2.is_sorted_by(|left, right| left.1 >= right.1));
    }

    #[test]
    fn what_shoppers_told_enough_about_is_left_alone_unless_all_is_asked() {
        let mut assortment = assortment();
        assortment.neighbours = vec![(2, 0, vec![(1, 15), (2, 14), (4, 12), (5, 12)]), (2, 1, vec![(0, 15)])];
        let mut all = assortment.clone();
        add(&mut assortment, false);
        assert_eq!(rows(&assortment)[0].0, 1);
        add(&mut all, true);
        let score =
            |of: u32| all.neighbours.iter().find(|row| row.0 == 4 && row.1 == of).map(|row| row.2[0].1);
        assert!(score(0) < score(1), "{:?} {:?}", score(0), score(1));
        assert!(all.neighbours.is_sorted_by_key(|row| (row.0, row.1)));
    }
}
