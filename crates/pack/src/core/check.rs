//! Validation of a core file: after it every reference leads somewhere and every code is known.

use super::{Campaign, Core, Experiment, Meta, Part, Predicate, Row, Variation, exclude};
use crate::blocks::{check_attr, check_tree};
use crate::check::{Spot, at_most, dense, each, item_count, only, sorted};
use crate::error::{Error, ErrorCode};
use crate::items::check_card;
use crate::kinds::{
    CampaignKind, Climate, ConsentMode, ContentKind, CutKind, DiversityBy, Hemisphere, ItemField, ListKind,
    MessageKind, PartKind, Strategy, TriggerKind, Zone,
};
use crate::limits;
use crate::program::{CompareOp, ConstantKind, verify};
use crate::record::{Ref, Str};

/// Minutes of a day.
const DAY_MIN: u16 = 1_440;

impl<'a> Core<'a> {
    /// Opens and validates untrusted bytes; afterwards every reference and run of the file leads to a
    /// record, every code is known, every block is a well-formed tree.
    ///
    /// Cost: two passes over the bytes (checksum, records); allocates nothing.
    ///
    /// # Errors
    /// The first thing that does not hold, with the offset of the record it was found in.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Error> {
        let core = Self::open_sections(bytes)?;
        let meta = only(&core.meta)?;
        core.check_meta(meta)?;
        core.check_campaigns()?;
        core.check_contents()?;
        core.check_blocks()?;
        core.check_times()?;
        core.check_knowledge(meta.item_count)?;
        Ok(core)
    }

    fn check_meta(&self, meta: Meta) -> Result<(), Error> {
        let spot = Spot::of(self.strings, &self.meta, 0);
        spot.texts(&[meta.shop, meta.channel, meta.currency, meta.locale, meta.timezone]);
        item_count(&spot, meta.item_count);
        spot.require(meta.shard_items as usize <= limits::SHARD_ITEMS_MAX, ErrorCode::Limit);
        spot.require(meta.currency_exponent <= limits::CURRENCY_EXPONENT_MAX, ErrorCode::Limit);
        let reachable = meta.shard_items > 0 && meta.index_files > 0;
        spot.require(meta.item_count == 0 || reachable, ErrorCode::Value);
        spot.verdict()
    }

    fn check_campaigns(&self) -> Result<(), Error> {
        at_most(&self.campaigns, limits::CAMPAIGNS_MAX)?;
        each(self.strings, &self.slots, |spot, slot| spot.texts(&[slot.name, slot.page]))?;
        each(self.strings, &self.campaigns, |spot, campaign| self.check_campaign(spot, campaign))?;
        each(self.strings, &self.conjuncts, |spot, predicate| {
            spot.refer(Ref::to(predicate), self.predicates.len());
            spot.require(predicate != u32::MAX, ErrorCode::Reference);
        })?;
        each(self.strings, &self.predicates, |spot, predicate| self.check_predicate(spot, predicate))?;
        self.check_programs()?;
        each(self.strings, &self.experiments, check_experiment)?;
        each(self.strings, &self.triggers, |spot, trigger| {
            spot.kind(TriggerKind::from_code(trigger.kind));
            spot.texts(&[trigger.event]);
        })
    }

    fn check_campaign(&self, spot: &Spot<'_>, campaign: Campaign) {
        spot.texts(&[campaign.id]);
        spot.kind(CampaignKind::from_code(campaign.kind));
        spot.kind(ConsentMode::from_code(campaign.consent));
        spot.refer(campaign.slot, self.slots.len());
        spot.run(campaign.audience, self.conjuncts.len(), limits::CONJUNCTS_MAX);
        spot.refer(campaign.experiment, self.experiments.len());
        spot.refer(campaign.group, self.groups.len());
        spot.refer(campaign.trigger, self.triggers.len());
        spot.run(campaign.variations, self.variations.len(), limits::VARIATIONS_MAX);
        spot.require(campaign.variations.len > 0, ErrorCode::Count);
        let weights = self.variations.range(campaign.variations);
        let sum: u64 = weights.map(|variation| u64::from(variation.weight_ppm)).sum();
        spot.require(sum <= u64::from(limits::WEIGHT_PPM_MAX), ErrorCode::Value);
    }

    fn check_predicate(&self, spot: &Spot<'_>, predicate: Predicate) {
        spot.texts(&[predicate.key]);
        spot.run(predicate.code, self.code.len(), limits::PROGRAM_BYTES_MAX);
        if predicate.op == 0 {
            return;
        }
        spot.kind(CompareOp::from_code(predicate.op));
        match spot.kind(ConstantKind::from_code(predicate.constant)) {
            Some(ConstantKind::Bool) => spot.require(predicate.value <= 1, ErrorCode::Value),
            Some(ConstantKind::Str) => {
                // An index that needs more bits leads nowhere either.
                spot.texts(&[Str(u32::try_from(predicate.value).unwrap_or(u32::MAX))]);
            }
            Some(ConstantKind::Int | ConstantKind::Double) | None => {}
        }
    }

    /// Verifies every program. No byte belongs to two of them, so that this is one pass over the code.
    fn check_programs(&self) -> Result<(), Error> {
        let mut free = 0;
        for (index, predicate) in
            self.predicates.iter().enumerate().filter(|(_, predicate)| predicate.op == 0)
        {
            let spot = Spot::of(self.strings, &self.predicates, index);
            spot.require(predicate.code.start >= free, ErrorCode::Order);
            spot.verdict()?;
            free = predicate.code.end();
            let start = predicate.code.start as usize;
            let code = self.code.bytes().get(start..free as usize).unwrap_or(&[]);
            verify(code, self.strings.len())
                .map_err(|at| Error::at(ErrorCode::Program, self.code.offset(start + at)))?;
        }
        Ok(())
    }

    fn check_contents(&self) -> Result<(), Error> {
        each(self.strings, &self.groups, |spot, name| spot.texts(&[name]))?;
        each(self.strings, &self.order_names, |spot, name| spot.texts(&[name]))?;
        each(self.strings, &self.variations, |spot, variation| self.check_variation(spot, variation))?;
        each(self.strings, &self.orders, |spot, order| {
            spot.run(order.names, self.order_names.len(), limits::ORDER_NAMES_MAX);
        })?;
        each(self.strings, &self.rows, |spot, row| self.check_row(spot, row))?;
        each(self.strings, &self.sources, |spot, source| {
            spot.kind(Strategy::from_code(source.strategy));
            spot.refer(source.list, self.lists.len());
        })?;
        each(self.strings, &self.data, |spot, datum| {
            spot.texts(&[datum.name]);
            spot.run(datum.value, self.parts.len(), limits::PARTS_MAX);
            // A datum that names a datum could name itself.
            let nested = self.parts.range(datum.value).any(|part| part.kind == PartKind::Data.code());
            spot.require(!nested, ErrorCode::Value);
        })
    }

    fn check_variation(&self, spot: &Spot<'_>, variation: Variation) {
        spot.texts(&[variation.id]);
        if variation.message != 0 {
            spot.kind(MessageKind::from_code(variation.message));
        }
        spot.run(variation.data, self.data.len(), limits::DATA_MAX);
        let content = spot.kind(ContentKind::from_code(variation.content));
        match content {
            Some(ContentKind::Block) => spot.refer(variation.target, self.blocks.len()),
            Some(ContentKind::Order) => spot.refer(variation.target, self.orders.len()),
            Some(ContentKind::Row) => spot.refer(variation.target, self.rows.len()),
            Some(ContentKind::Control | ContentKind::Event) | None => {}
        }
        let targetless = matches!(content, Some(ContentKind::Control | ContentKind::Event));
        spot.require(targetless == variation.target.index().is_none(), ErrorCode::Reference);
    }

    fn check_row(&self, spot: &Spot<'_>, row: Row) {
        spot.run(row.sources, self.sources.len(), limits::SOURCES_MAX);
        spot.kind(DiversityBy::from_code(row.diversity_by));
        spot.require(row.exclude & !exclude::ALL == 0, ErrorCode::Kind);
        spot.require(row.minimum <= row.limit, ErrorCode::Value);
        spot.refer(row.filter, self.predicates.len());
        spot.refer(row.block, self.blocks.len());
    }

    fn check_blocks(&self) -> Result<(), Error> {
        each(self.strings, &self.parts, check_part)?;
        each(self.strings, &self.attrs, |spot, attr| check_attr(self, spot, attr))?;
        each(self.strings, &self.blocks, |spot, block| {
            spot.texts(&[block.name, block.template]);
            spot.run(block.nodes, self.nodes.len(), limits::BLOCK_NODES_MAX);
        })?;
        // No node belongs to two blocks, so that the next line is one pass over the nodes.
        sorted(&self.blocks, |before, after| before.nodes.end() <= after.nodes.start)?;
        self.blocks.iter().try_for_each(|block| check_tree(self, block.nodes))
    }

    fn check_knowledge(&self, item_count: u32) -> Result<(), Error> {
        each(self.strings, &self.categories, |spot, name| spot.texts(&[name]))?;
        each(self.strings, &self.lists, |spot, list| {
            spot.texts(&[list.name]);
            spot.kind(ListKind::from_code(list.kind));
            spot.refer(list.category, self.categories.len());
            spot.run(list.items, self.list_items.len(), limits::RECORDS_MAX);
        })?;
        dense(&self.list_items, item_count)?;
        each(self.strings, &self.cut_points, |spot, cut| {
            spot.kind(CutKind::from_code(cut.kind));
            spot.refer(cut.category, self.categories.len());
            spot.require(cut.p20 <= cut.p40 && cut.p40 <= cut.p60 && cut.p60 <= cut.p80, ErrorCode::Order);
        })?;
        each(self.strings, &self.places, |spot, place| {
            spot.texts(&[place.zone, place.country]);
            spot.kind(Hemisphere::from_code(place.hemisphere));
            spot.kind(Climate::from_code(place.climate));
        })?;
        sorted(&self.places, |before, after| self.text(before.zone) < self.text(after.zone))?;
        each(self.strings, &self.parameters, |spot, parameter| spot.texts(&[parameter.name]))?;
        sorted(&self.parameters, |before, after| self.text(before.name) < self.text(after.name))?;
        self.check_heads(item_count)
    }

    fn check_times(&self) -> Result<(), Error> {
        each(self.strings, &self.dayparts, |spot, part| {
            spot.refer(Ref::to(part.campaign), self.campaigns.len());
            spot.kind(Zone::from_code(part.zone));
            let lasts = part.from_min < part.until_min && part.until_min - part.from_min <= DAY_MIN;
            spot.require(lasts && part.from_min < DAY_MIN && part.days < 128, ErrorCode::Value);
        })?;
        sorted(&self.dayparts, |before, after| before.campaign <= after.campaign)?;
        each(self.strings, &self.caps, |spot, cap| {
            spot.refer(Ref::to(cap.campaign), self.campaigns.len());
        })?;
        each(self.strings, &self.page_limits, |spot, limit| {
            spot.kind(CampaignKind::from_code(limit.kind));
        })?;
        sorted(&self.page_limits, |before, after| before.kind < after.kind)?;
        sorted(&self.shop_clock, |before, after| before.from_s < after.from_s)
    }

    fn check_heads(&self, item_count: u32) -> Result<(), Error> {
        if self.head_ids.len() != self.head_cards.len() {
            return Err(Error::at(ErrorCode::Count, self.head_ids.offset(0)));
        }
        dense(&self.head_ids, item_count)?;
        sorted(&self.head_ids, |before, after| before < after)?;
        each(self.strings, &self.tags, |spot, tag| spot.texts(&[tag]))?;
        each(self.strings, &self.head_cards, |spot, card| {
            check_card(spot, &card, self.tags.len());
            spot.refer(card.category, self.categories.len());
        })
    }
}

fn check_experiment(spot: &Spot<'_>, experiment: Experiment) {
    spot.texts(&[experiment.key, experiment.seed, experiment.namespace]);
    spot.require(matches!(experiment.hash_version, 1 | 2), ErrorCode::Kind);
    let shares = [experiment.coverage_ppm, experiment.namespace_until_ppm];
    spot.require(shares.iter().all(|share| *share <= limits::WEIGHT_PPM_MAX), ErrorCode::Value);
    spot.require(experiment.namespace_from_ppm <= experiment.namespace_until_ppm, ErrorCode::Value);
}

fn check_part(spot: &Spot<'_>, part: Part) {
    spot.texts(&[part.text, part.key]);
    if spot.kind(PartKind::from_code(part.kind)) == Some(PartKind::Item) {
        spot.kind(u8::try_from(part.reference).ok().and_then(ItemField::from_code));
    }
}
