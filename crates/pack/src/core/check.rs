//! Validation of a core file beyond the rules of its records' fields.

use super::{Core, Meta, Predicate, Variation};
use crate::blocks::{attribute_allowed, check_tree};
use crate::check::{at_most, each, only, sorted};
use crate::error::{Error, ErrorCode};
use crate::items::check_cards;
use crate::kinds::{ContentKind, ItemField, PartKind};
use crate::limits;
use crate::program::{ConstantKind, verify};
use crate::record::Table;

/// Minutes of a day.
const DAY_MIN: u16 = 1_440;

impl Core<'_> {
    /// After it every block is a well-formed tree, every program verified, every value in its range.
    pub(super) fn check(&self) -> Result<(), Error> {
        let meta = only(&self.meta)?;
        self.check_meta(meta)?;
        self.check_campaigns()?;
        self.check_programs()?;
        self.check_contents()?;
        self.check_blocks()?;
        self.check_knowledge(meta.item_count)
    }

    fn check_meta(&self, meta: Meta) -> Result<(), Error> {
        let reachable = meta.shard_items > 0 && meta.index_files > 0;
        each(&self.meta, ErrorCode::Value, |_| meta.item_count == 0 || reachable)?;
        each(&self.meta, ErrorCode::Limit, |_| meta.currency_exponent <= limits::CURRENCY_EXPONENT_MAX)
    }

    fn check_campaigns(&self) -> Result<(), Error> {
        at_most(&self.campaigns, limits::CAMPAIGNS_MAX)?;
        each(&self.campaigns, ErrorCode::Count, |campaign| campaign.variations.len > 0)?;
        each(&self.campaigns, ErrorCode::Value, |campaign| {
            let weights = self.variations.range(campaign.variations);
            let sum: u64 = weights.map(|variation| u64::from(variation.weight_ppm)).sum();
            sum <= u64::from(limits::WEIGHT_PPM_MAX)
        })?;
        each(&self.experiments, ErrorCode::Value, |experiment| {
            experiment.namespace_from_ppm <= experiment.namespace_until_ppm
        })?;
        each(&self.dayparts, ErrorCode::Value, |part| {
            let lasts = part.from_min < part.until_min && part.until_min - part.from_min <= DAY_MIN;
            lasts && part.from_min < DAY_MIN && part.days < 128
        })
    }

    /// Checks constants and verifies every program. No byte belongs to two of them, so that this is one pass over
    /// the code.
    fn check_programs(&self) -> Result<(), Error> {
        let mut free = 0;
        for (index, predicate) in self.predicates.iter().enumerate() {
            let refuse = |code| Err(Error::at(code, self.predicates.offset(index)));
            if predicate.op != 0 {
                if let Some(code) = self.constant_refusal(predicate) {
                    return refuse(code);
                }
                continue;
            }
            if predicate.code.start < free {
                return refuse(ErrorCode::Order);
            }
            free = predicate.code.end();
            let start = predicate.code.start as usize;
            let code = self.code.bytes().get(start..free as usize).unwrap_or(&[]);
            verify(code, self.strings.len())
                .map_err(|at| Error::at(ErrorCode::Program, self.code.offset(start + at)))?;
        }
        Ok(())
    }

    fn constant_refusal(&self, predicate: Predicate) -> Option<ErrorCode> {
        let (holds, code) = match ConstantKind::from_code(predicate.constant) {
            Some(ConstantKind::Bool) => (predicate.value <= 1, ErrorCode::Value),
            Some(ConstantKind::Str) => (predicate.value < self.strings.len() as u64, ErrorCode::Reference),
            Some(ConstantKind::Int | ConstantKind::Double) => return None,
            None => (false, ErrorCode::Kind),
        };
        if holds { None } else { Some(code) }
    }

    fn check_contents(&self) -> Result<(), Error> {
        each(&self.variations, ErrorCode::Reference, |variation| self.target_holds(variation))?;
        each(&self.rows, ErrorCode::Value, |row| row.minimum <= row.limit)?;
        // A datum that names a datum could name itself.
        each(&self.data, ErrorCode::Value, |datum| {
            !self.parts.range(datum.value).any(|part| part.kind == PartKind::Data.code())
        })
    }

    fn target_holds(&self, variation: Variation) -> bool {
        let count = match ContentKind::from_code(variation.content) {
            Some(ContentKind::Block) => self.blocks.len(),
            Some(ContentKind::Order) => self.orders.len(),
            Some(ContentKind::Row) => self.rows.len(),
            Some(ContentKind::Control | ContentKind::Event) | None => {
                return variation.target.index().is_none();
            }
        };
        variation.target.index().is_some_and(|index| (index as usize) < count)
    }

    fn check_blocks(&self) -> Result<(), Error> {
        each(&self.parts, ErrorCode::Kind, |part| {
            part.kind != PartKind::Item.code()
                || u8::try_from(part.reference).ok().and_then(ItemField::from_code).is_some()
        })?;
        each(&self.attrs, ErrorCode::Block, |attr| attribute_allowed(self.text(attr.name)))?;
        // No node belongs to two blocks, so that the next line is one pass over the nodes.
        sorted(&self.blocks, |before, after| before.nodes.end() <= after.nodes.start)?;
        self.blocks.iter().try_for_each(|block| check_tree(self, block.nodes))
    }

    fn check_knowledge(&self, item_count: u32) -> Result<(), Error> {
        each(&self.adjustments, ErrorCode::Reference, |adjustment| {
            adjustment.item < item_count.max(1)
                && adjustment.when.index().is_none_or(|when| when < item_count)
        })?;
        each(&self.cut_points, ErrorCode::Order, |cut| {
            cut.p20 <= cut.p40 && cut.p40 <= cut.p60 && cut.p60 <= cut.p80
        })?;
        if self.head_ids.len() != self.head_cards.len() {
            return Err(Error::at(ErrorCode::Count, self.head_ids.offset(0)));
        }
        let dense = |table: &Table<'_, u32>| each(table, ErrorCode::Reference, |dense| dense < item_count);
        dense(&self.list_items)?;
        dense(&self.head_ids)?;
        check_cards(&self.head_cards, self.tags.len(), self.categories.len())
    }
}
