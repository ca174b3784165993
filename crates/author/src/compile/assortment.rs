//! Products in dense order: the catalogue joined with what was learnt.

use std::collections::{BTreeMap, HashMap};

use shelfwise_pack::kinds::{CutKind, NeighbourKind};
use shelfwise_pack::knowledge::{Knowledge, KnownSales};

use super::bundles;
use super::items::shared_link;
use crate::catalogue::Product;
use crate::project::Project;

/// Products up to which there is one items file.
const ONE_FILE_ITEMS: usize = 2_000;
/// Products in a file of cards beyond that: a row's cards lie in many places.
const SHARD_ITEMS: u32 = 4;
/// Products in a file of neighbours beyond that: a session's products lie together.
const NEAR_ITEMS: u32 = 8;
/// Most files of either kind: beyond, files hold more products instead, or the list of them would weigh more than they.
const FILES_MAX: usize = 1 << 16;
/// Entries of an index file.
const INDEX_ENTRIES: usize = 512;

/// The neighbours of one product in one table: kind code, dense id, and (dense id, score), best first.
pub type NeighbourList = (u8, u32, Vec<(u32, u8)>);

/// A cut that was learnt: kind, category or empty, and the 20th, 40th, 60th and 80th percentile.
pub type LearntCut = (CutKind, String, [i64; 4]);

/// The products of a pack, by dense id, and what is known about them.
#[derive(Clone, Debug, Default)]
pub struct Assortment {
    /// Products, by dense id.
    pub products: Vec<Product>,
    /// Rank by sales of each, 0 = most sold.
    pub popularity: Vec<u32>,
    /// Days after which each is bought again; 0 = not known.
    pub repeat_days: Vec<u16>,
    /// Category names, sorted; a product's category is an index into them.
    pub categories: Vec<String>,
    /// Neighbour rows, sorted by (kind, dense id).
    pub neighbours: Vec<NeighbourList>,
    /// What each product sold in which period, with dense ids for items.
    pub sales: Vec<KnownSales>,
    /// Cut points.
    pub cuts: Vec<LearntCut>,
    /// Parameters of the models that the engine applies, sorted by name.
    pub parameters: Vec<(&'static str, f64)>,
    /// Products in one items file.
    pub shard_items: u32,
    /// Products whose neighbours lie in one file; 0 = they lie with the cards.
    pub near_items: u32,
    /// Links to pages and pictures that products share but for their id, which stands at the `*`.
    pub links: [String; 2],
    /// Number of index files.
    pub index_files: u32,
}

impl Assortment {
    /// Joins catalogue and knowledge: products that were ordered come first, in the order that
    /// `learn` clustered them in, then the others in catalogue order. What was learnt about products
    /// that the catalogue no longer has is left out.
    ///
    /// # Errors
    /// In words, when the knowledge does not open.
    pub fn new(project: &Project, products: &[Product], knowledge: Option<&[u8]>) -> Result<Self, String> {
        let knowledge = knowledge.map(open).transpose()?;
        let crowded =
            u32::try_from(products.len().div_ceil(FILES_MAX).next_power_of_two()).unwrap_or(u32::MAX);
        let shard_items = match &project.shop.shard_items {
            Some(written) => written.value,
            None if products.len() <= ONE_FILE_ITEMS => u32::try_from(ONE_FILE_ITEMS).unwrap_or(SHARD_ITEMS),
            None => SHARD_ITEMS.max(crowded),
        };
        let near_items = match &project.shop.shard_items {
            _ if products.len() <= ONE_FILE_ITEMS => 0,
            Some(written) => written.value,
            None => NEAR_ITEMS.max(crowded),
        };
        let links =
            [shared_link(products, |product| &product.url), shared_link(products, |product| &product.image)];
        let index_files = u32::try_from(products.len().div_ceil(INDEX_ENTRIES).max(1)).unwrap_or(u32::MAX);
        let mut assortment = Self { shard_items, near_items, links, index_files, ..Self::default() };
        let dense_of_known = assortment.arrange(products, knowledge.as_ref());
        assortment.rank(knowledge.as_ref(), &dense_of_known);
        if let Some(knowledge) = &knowledge {
            assortment.take_tables(knowledge, &dense_of_known);
        }
        let mut categories: Vec<String> =
            assortment.products.iter().map(|product| product.category.clone()).collect();
        categories.sort();
        categories.dedup();
        categories.retain(|category| !category.is_empty());
        assortment.categories = categories;
        Ok(assortment)
    }

    /// Dense id by product id.
    #[must_use]
    pub fn dense_ids(&self) -> HashMap<&str, u32> {
        (0..).zip(&self.products).map(|(dense, product)| (product.item.as_str(), dense)).collect()
    }

    /// Index of a category, if any product has it.
    #[must_use]
    pub fn category(&self, name: &str) -> Option<u32> {
        let found = self.categories.binary_search_by(|known| known.as_str().cmp(name)).ok()?;
        u32::try_from(found).ok()
    }

    /// Puts the products in order; answers the new dense id of each known item.
    fn arrange(&mut self, products: &[Product], knowledge: Option<&Knowledge<'_>>) -> Vec<Option<u32>> {
        let by_id: HashMap<&str, usize> =
            products.iter().enumerate().map(|(at, product)| (product.item.as_str(), at)).collect();
        let mut taken = vec![false; products.len()];
        let mut dense_of_known = Vec::new();
        for item in knowledge.iter().flat_map(|knowledge| knowledge.items.iter()) {
            let text = |index| knowledge.map_or("", |knowledge| knowledge.text(index));
            let at = by_id.get(text(item.item)).copied().filter(|at| !taken[*at]);
            dense_of_known.push(at.map(|_| u32::try_from(self.products.len()).unwrap_or(u32::MAX)));
            if let Some(at) = at {
                taken[at] = true;
                let mut product = products[at].clone();
                if product.category.is_empty() {
                    text(item.category).clone_into(&mut product.category);
                }
                self.products.push(product);
            }
        }
        let others = products.iter().zip(&taken).filter(|(_, taken)| !**taken);
        self.products.extend(others.map(|(product, _)| product.clone()));
        dense_of_known
    }

    /// Ranks without gaps: by learnt rank, then the products that were never sold, in order.
    fn rank(&mut self, knowledge: Option<&Knowledge<'_>>, dense_of_known: &[Option<u32>]) {
        let mut order: Vec<(u32, u32)> =
            (0..).take(self.products.len()).map(|dense| (u32::MAX, dense)).collect();
        let known = knowledge.iter().flat_map(|knowledge| knowledge.items.iter());
        for (item, dense) in known.zip(dense_of_known) {
            if let Some(entry) = dense.and_then(|dense| order.get_mut(dense as usize)) {
                entry.0 = item.popularity_rank;
            }
        }
        order.sort_unstable();
        self.popularity = vec![0; self.products.len()];
        for (rank, (_, dense)) in (0..).zip(order) {
            self.popularity[dense as usize] = rank;
        }
    }

    fn take_tables(&mut self, knowledge: &Knowledge<'_>, dense_of_known: &[Option<u32>]) {
        let dense = |known: u32| dense_of_known.get(known as usize).copied().flatten();
        for row in knowledge.neighbour_rows.iter() {
            let Some(of) = dense(row.item).filter(|_| NeighbourKind::from_code(row.kind).is_some()) else {
                continue;
            };
            let near = knowledge.neighbours.range(row.neighbours);
            let near: Vec<(u32, u8)> =
                near.filter_map(|near| dense(near.item).map(|dense| (dense, near.score))).collect();
            if !near.is_empty() {
                self.neighbours.push((row.kind, of, near));
            }
        }
        self.repeat_days = vec![0; self.products.len()];
        for interval in knowledge.intervals.iter() {
            if let Some(dense) = dense(interval.item) {
                self.repeat_days[dense as usize] = interval.days;
            }
        }
        let sales = knowledge.sales.iter();
        self.sales =
            sales.filter_map(|sales| Some(KnownSales { item: dense(sales.item)?, ..sales })).collect();
        bundles::add(self, knowledge, &dense);
        self.neighbours.sort_by_key(|(kind, of, _)| (*kind, *of));
        for cut in knowledge.cut_points.iter() {
            let Some(kind) = CutKind::from_code(cut.kind) else { continue };
            let category = knowledge.text(cut.category).to_owned();
            self.cuts.push((kind, category, [cut.p20, cut.p40, cut.p60, cut.p80]));
        }
        let learnt: BTreeMap<&str, u64> = knowledge
            .parameters
            .iter()
            .map(|parameter| (knowledge.text(parameter.name), parameter.value))
            .collect();
        let asked = shelfwise_pack::model::parameters();
        let known = asked.filter_map(|name| Some((name, f64::from_bits(*learnt.get(name)?))));
        self.parameters = known.collect();
        self.parameters.sort_by_key(|parameter| parameter.0);
    }
}

fn open(bytes: &[u8]) -> Result<Knowledge<'_>, String> {
    Knowledge::open(bytes).map_err(|error| format!("{:?} at byte {}", error.code, error.offset))
}
