//! The core file.

use std::collections::{BTreeMap, HashMap};

use shelfwise_engine::traits;
use shelfwise_pack::core::{self as record, CoreBuilder};
use shelfwise_pack::kinds::{
    AdjustmentKind, CampaignKind, ConsentMode, ContentKind, DiversityBy, TriggerKind, Zone,
};
use shelfwise_pack::limits::{CAMPAIGNS_MAX, FILE_BYTES_MAX};
use shelfwise_pack::record::{Range, Ref};
use shelfwise_pack::scoring::{BLEND, PARAMETERS};

use super::blocks::{add_block, add_parts};
use super::items::{card, run};
use super::lists::{CoreList, lists};
use super::{Assortment, Release};
use crate::block::{Block, Part};
use crate::catalogue::currency_exponent;
use crate::cel::Predicates;
use crate::diagnostic::Spanned;
use crate::places::places;
use crate::plan::{CampaignPlan, Plan, VariationPlan};
use crate::project::{Campaign, Content, Experiment, Products, Project, Shop};
use crate::schedule::clock;

/// Products of each list over all categories whose cards are in the core file.
const HEAD_CARDS: usize = 12;

/// The bytes of the core file.
///
/// # Errors
/// In words, when a limit is passed.
pub(super) fn encode(
    project: &Project,
    plan: &Plan,
    assortment: &Assortment,
    release: Release,
) -> Result<Vec<u8>, String> {
    if plan.campaigns.len() > CAMPAIGNS_MAX {
        return Err(format!("a pack holds at most {CAMPAIGNS_MAX} campaigns"));
    }
    let mut writer = Writer {
        file: CoreBuilder::default(),
        plan,
        predicates: Predicates::default(),
        blocks: BTreeMap::new(),
        groups: BTreeMap::new(),
        lists: lists(project, plan, assortment)?,
        dense_ids: assortment.dense_ids(),
    };
    writer.meta(project, assortment, release)?;
    writer.knowledge(assortment);
    for (campaign, planned) in project.campaigns.iter().zip(&plan.campaigns) {
        writer.campaign(campaign, planned)?;
    }
    writer.shop_clock(&project.shop.timezone.value, release)?;
    if speaks_of(project, plan, &["place"]) {
        writer.places();
    }
    let predicts = speaks_of(project, plan, PREDICTIONS);
    let scores = [&PARAMETERS[..], &BLEND].concat();
    writer.parameters(assortment, |name| predicts || scores.contains(&name));
    writer.head_cards(assortment);
    let bytes = writer.file.finish();
    if bytes.len() > FILE_BYTES_MAX {
        let length = bytes.len();
        return Err(format!("the core file has {length} bytes, and {FILE_BYTES_MAX} is the most"));
    }
    Ok(bytes)
}

/// Words of conditions and bindings that need the model parameters.
const PREDICTIONS: &[&str] = &["predict", "intent", "lifecycle"];

/// Whether any condition, data value or block speaks of a trait with one of these words; tables that none
/// needs are left out of the pack. Conditions are searched as text, which may find more, never less.
fn speaks_of(project: &Project, plan: &Plan, words: &[&str]) -> bool {
    let says = |text: &str| words.iter().any(|word| text.contains(word));
    let texts = project.campaigns.iter().filter_map(|campaign| campaign.audience.as_ref());
    let texts = texts.chain(project.audiences.iter().map(|audience| &audience.condition));
    let shows = |part: &Part| match part {
        Part::Trait { code, .. } => traits::by_code(*code).is_some_and(|found| says(found.path)),
        _ => false,
    };
    let variations = plan.campaigns.iter().flat_map(|campaign| &campaign.variations);
    texts.into_iter().any(|text| says(&text.value))
        || variations.flat_map(|variation| variation.data.values().flatten()).any(shows)
        || plan.blocks.values().any(|block| block.parts().iter().any(|(part, _)| shows(part)))
}

struct Writer<'a> {
    file: CoreBuilder,
    plan: &'a Plan,
    predicates: Predicates,
    /// Index of each block by path and template.
    blocks: BTreeMap<(String, String), u32>,
    /// Index of each group by name.
    groups: BTreeMap<String, u32>,
    lists: Vec<CoreList>,
    /// Dense id by product id.
    dense_ids: HashMap<&'a str, u32>,
}

/// What an order must cost to be sent for nothing, minor units; 0 = the shop does not say.
pub(super) fn free_shipping_minor(shop: &Shop) -> Result<u32, String> {
    let unit = 10f64.powi(i32::from(currency_exponent(&shop.currency.value)));
    let free = shop.free_shipping.as_ref().map_or(0.0, |amount| amount.value) * unit;
    if (0.0..=f64::from(u32::MAX)).contains(&free) {
        Ok(free.round() as u32)
    } else {
        Err("`free_shipping` is out of range".into())
    }
}

/// The index of the record that was just added.
fn last<T>(section: &[T]) -> u32 {
    u32::try_from(section.len().saturating_sub(1)).unwrap_or(u32::MAX)
}

/// A share of 0..=1 in parts per million.
fn ppm(share: f64) -> u32 {
    // Clamped to 0..=1 first, so that the cast cannot leave its range.
    (share.clamp(0.0, 1.0) * 1e6).round() as u32
}

impl Writer<'_> {
    fn meta(&mut self, project: &Project, assortment: &Assortment, release: Release) -> Result<(), String> {
        let shop = &project.shop;
        let exponent = currency_exponent(&shop.currency.value);
        let free_shipping_minor = free_shipping_minor(shop)?;
        let strings = &mut self.file.strings;
        self.file.meta.push(record::Meta {
            shop: strings.add(&shop.shop.value),
            channel: strings.add(&shop.channel.value),
            currency: strings.add(&shop.currency.value),
            locale: strings.add(&shop.locale.value),
            timezone: strings.add(&shop.timezone.value),
            currency_exponent: exponent,
            version: release.version,
            issued_s: release.issued_s,
            expires_s: release.expires_s,
            item_count: u32::try_from(assortment.products.len()).unwrap_or(u32::MAX),
            shard_items: assortment.shard_items,
            index_files: assortment.index_files,
            free_shipping_minor,
            affinity_half_life_days: shop.affinity_half_life_days,
            near_items: assortment.near_items,
            url: strings.add(&assortment.links[0]),
            image: strings.add(&assortment.links[1]),
        });
        let limit = |(kind, most): &(CampaignKind, u8)| record::PageLimit { kind: kind.code(), most: *most };
        self.file.page_limits.extend(shop.page_limits.iter().map(limit));
        for (name, kind) in &shop.custom {
            let name = self.file.strings.add(&name.value);
            self.file.custom.push(record::CustomTrait { name, kind: kind.code() });
        }
        for entry in &shop.slots {
            let page = entry.page.as_ref().map_or("", |page| page.value.as_str());
            let (name, page) = (self.file.strings.add(&entry.name.value), self.file.strings.add(page));
            self.file.slots.push(record::Slot { name, page });
        }
        Ok(())
    }

    fn knowledge(&mut self, assortment: &Assortment) {
        for category in &assortment.categories {
            let name = self.file.strings.add(category);
            self.file.categories.push(name);
        }
        for list in &self.lists {
            let start = self.file.list_items.len();
            self.file.list_items.extend(&list.items);
            let items = run(start, &self.file.list_items);
            self.file.lists.push(record::List {
                kind: list.kind.code(),
                name: self.file.strings.add(&list.name),
                category: list.category.map_or(Ref::NONE, Ref::to),
                window_days: list.window_days,
                items,
            });
        }
        for (kind, category, [p20, p40, p60, p80]) in &assortment.cuts {
            let index = assortment.category(category);
            if category.is_empty() || index.is_some() {
                self.file.cut_points.push(record::CutPoints {
                    kind: kind.code(),
                    category: index.map_or(Ref::NONE, Ref::to),
                    p20: *p20,
                    p40: *p40,
                    p60: *p60,
                    p80: *p80,
                });
            }
        }
    }

    /// Parameters of the models that the engine applies and this pack needs.
    fn parameters(&mut self, assortment: &Assortment, needed: impl Fn(&str) -> bool) {
        for (name, value) in assortment.parameters.iter().filter(|(name, _)| needed(name)) {
            let name = self.file.strings.add(name);
            self.file.parameters.push(record::Parameter { name, value: value.to_bits() });
        }
    }

    fn campaign(&mut self, campaign: &Campaign, planned: &CampaignPlan) -> Result<(), String> {
        let audience = match &planned.audience {
            None => Range::default(),
            Some(condition) => self
                .predicates
                .audience(&mut self.file, condition)
                .map_err(|problem| format!("the audience of `{}`: {}", campaign.id.value, problem.message))?,
        };
        let variations = planned
            .variations
            .iter()
            .map(|variation| self.variation(campaign, variation))
            .collect::<Result<Vec<_>, _>>()?;
        let start = self.file.variations.len();
        self.file.variations.extend(variations);
        let variations = run(start, &self.file.variations);
        let written = record::Campaign {
            id: self.file.strings.add(&campaign.id.value),
            slot: planned.slot.map_or(Ref::NONE, Ref::to),
            kind: planned.kind.code(),
            consent: campaign.consent.as_ref().map_or(ConsentMode::Contextual, |mode| mode.value).code(),
            priority: campaign.priority,
            audience,
            from_s: planned.times.from_s,
            until_s: planned.times.until_s,
            cap_exposures: campaign.cap.as_ref().map_or(0, |cap| cap.exposures.value),
            cap_window_s: campaign.cap.as_ref().map_or(0, |cap| cap.per_s),
            experiment: self.experiment(campaign, planned),
            group: self.group(campaign),
            trigger: self.trigger(campaign, planned),
            variations,
        };
        self.file.campaigns.push(written);
        let number = last(&self.file.campaigns);
        if let Some(exposures) = campaign.cap.as_ref().and_then(|cap| cap.total) {
            self.file.caps.push(record::Cap { campaign: number, exposures, window_s: 0 });
        }
        self.file.dayparts.extend(planned.times.dayparts.iter().map(|part| record::Daypart {
            campaign: number,
            days: part.days,
            zone: part.zone.code(),
            from_min: part.from_min,
            until_min: part.until_min,
        }));
        Ok(())
    }

    /// The shop's clock, for packs with dayparts that go by it.
    fn shop_clock(&mut self, timezone: &str, release: Release) -> Result<(), String> {
        if self.file.dayparts.iter().any(|part| part.zone == Zone::Shop.code()) {
            let offsets = clock(timezone, release.issued_s, release.expires_s)?;
            let record = |(from_s, minutes)| record::Offset { from_s, minutes };
            self.file.shop_clock.extend(offsets.into_iter().map(record));
        }
        Ok(())
    }

    /// A campaign with several variations is an experiment, named or not.
    fn experiment(&mut self, campaign: &Campaign, planned: &CampaignPlan) -> Ref {
        let implied;
        let experiment = match &campaign.experiment {
            Some(experiment) => experiment,
            None if planned.variations.len() > 1 => {
                implied = Experiment {
                    key: campaign.id.clone(),
                    coverage: 1.0,
                    hash_version: 2,
                    ..Experiment::default()
                };
                &implied
            }
            None => return Ref::NONE,
        };
        let seed = experiment.seed.as_ref().unwrap_or(&experiment.key);
        let (namespace, from, until) = match &experiment.namespace {
            Some((name, from, until)) => (name.value.as_str(), *from, *until),
            None => ("", 0.0, 0.0),
        };
        self.file.experiments.push(record::Experiment {
            key: self.file.strings.add(&experiment.key.value),
            seed: self.file.strings.add(&seed.value),
            hash_version: experiment.hash_version,
            coverage_ppm: ppm(experiment.coverage),
            namespace: self.file.strings.add(namespace),
            namespace_from_ppm: ppm(from.min(until)),
            namespace_until_ppm: ppm(until),
        });
        Ref::to(last(&self.file.experiments))
    }

    fn group(&mut self, campaign: &Campaign) -> Ref {
        let Some(group) = &campaign.group else { return Ref::NONE };
        if let Some(known) = self.groups.get(&group.value) {
            return Ref::to(*known);
        }
        let name = self.file.strings.add(&group.value);
        self.file.groups.push(name);
        let index = last(&self.file.groups);
        self.groups.insert(group.value.clone(), index);
        Ref::to(index)
    }

    fn trigger(&mut self, campaign: &Campaign, planned: &CampaignPlan) -> Ref {
        let events = planned.variations.iter().filter_map(|variation| variation.content.as_ref());
        let event = events.filter_map(|content| content.event.as_ref()).next();
        let event = event.map_or("", |event| event.value.as_str());
        let (kind, threshold) = match &campaign.trigger {
            Some(trigger) => (trigger.kind.value, trigger.threshold),
            None if planned.kind == CampaignKind::Trigger => (TriggerKind::Page, 0),
            None => return Ref::NONE,
        };
        let event = self.file.strings.add(event);
        self.file.triggers.push(record::Trigger { kind: kind.code(), threshold, event });
        Ref::to(last(&self.file.triggers))
    }

    fn variation(
        &mut self,
        campaign: &Campaign,
        variation: &VariationPlan,
    ) -> Result<record::Variation, String> {
        let (content, target) = match &variation.content {
            None => (ContentKind::Control, Ref::NONE),
            Some(content) => self.content(content, variation)?,
        };
        let values: Vec<(&String, Range)> =
            variation.data.iter().map(|(name, parts)| (name, add_parts(&mut self.file, parts))).collect();
        let start = self.file.data.len();
        for (name, value) in values {
            let name = self.file.strings.add(name);
            self.file.data.push(record::Datum { name, value });
        }
        let data = run(start, &self.file.data);
        Ok(record::Variation {
            id: self.file.strings.add(&variation.id),
            weight_ppm: variation.weight_ppm,
            content: content.code(),
            message: campaign.message.as_ref().map_or(0, |message| message.value.code()),
            target,
            data,
        })
    }

    fn content(
        &mut self,
        content: &Content,
        variation: &VariationPlan,
    ) -> Result<(ContentKind, Ref), String> {
        if let Some(order) = &content.order {
            let names: Vec<_> = order.value.iter().map(|name| self.file.strings.add(&name.value)).collect();
            let start = self.file.order_names.len();
            self.file.order_names.extend(names);
            let names = run(start, &self.file.order_names);
            self.file.orders.push(record::Order { names });
            return Ok((ContentKind::Order, Ref::to(last(&self.file.orders))));
        }
        if content.event.is_some() {
            return Ok((ContentKind::Event, Ref::NONE));
        }
        let block = self.block(content);
        match &content.products {
            Some(products) => Ok((ContentKind::Row, Ref::to(self.row(products, variation, block)?))),
            None => Ok((ContentKind::Block, block)),
        }
    }

    fn block(&mut self, content: &Content) -> Ref {
        let path = content.block.as_ref().map_or("", |block| block.value.as_str());
        let template = content.template.as_ref().map_or("", |template| template.value.as_str());
        let key = (path.to_owned(), template.to_owned());
        if let Some(known) = self.blocks.get(&key) {
            return Ref::to(*known);
        }
        let empty = Block::default();
        let block = self.plan.blocks.get(path).unwrap_or(&empty);
        let index = add_block(&mut self.file, path, template, block);
        self.blocks.insert(key, index);
        Ref::to(index)
    }

    fn row(&mut self, products: &Products, variation: &VariationPlan, block: Ref) -> Result<u32, String> {
        let filter = match &variation.filter {
            None => Ref::NONE,
            Some(condition) => self
                .predicates
                .filter(&mut self.file, condition)
                .map_err(|problem| format!("the filter of a row: {}", problem.message))?,
        };
        let start = self.file.sources.len();
        for step in &products.strategy {
            let list = self.lists.iter().position(|list| list.is_for(step, products));
            let list = list.and_then(|list| u32::try_from(list).ok()).map_or(Ref::NONE, Ref::to);
            self.file.sources.push(record::Source { strategy: step.strategy.value.code(), list });
        }
        let adjustments = self.adjustments(products, variation)?;
        self.file.rows.push(record::Row {
            sources: run(start, &self.file.sources),
            limit: products.limit,
            minimum: products.minimum.min(products.limit),
            exclude: products.exclude,
            diversity_by: products.diversity_by.unwrap_or(DiversityBy::None).code(),
            diversity_max: products.diversity_max,
            filter,
            block,
            adjustments,
            spread: products.spread,
            score_min: products.score_min,
            price_from_percent: products.price_percent[0],
            price_until_percent: products.price_percent[1],
            kinship: products.kinship,
            taste: products.taste,
        });
        Ok(last(&self.file.rows))
    }

    /// The weights and pins of a row; those of products that the catalogue does not have are left out.
    fn adjustments(&mut self, products: &Products, variation: &VariationPlan) -> Result<Range, String> {
        let start = self.file.adjustments.len();
        let mut entries: Vec<_> = products.adjustments.iter().zip(&variation.adjustments).collect();
        // The first place first, as a row is filled.
        entries.sort_by_key(|(entry, _)| entry.item.as_ref().map(|_| entry.amount));
        for (entry, (filter, from_s, until_s)) in entries {
            let dense = |id: &Option<Spanned<String>>| match id {
                Some(id) => self.dense_ids.get(id.value.as_str()).copied().map(Some),
                None => Some(None),
            };
            let (Some(item), Some(when)) = (dense(&entry.item), dense(&entry.when)) else { continue };
            let filter = match filter {
                None => Ref::NONE,
                Some(condition) => self
                    .predicates
                    .filter(&mut self.file, condition)
                    .map_err(|problem| format!("a weight of a row: {}", problem.message))?,
            };
            let kind = if item.is_some() { AdjustmentKind::Pin } else { AdjustmentKind::Weigh };
            self.file.adjustments.push(record::Adjustment {
                kind: kind.code(),
                filter,
                amount: entry.amount,
                item: item.unwrap_or(0),
                when: when.map_or(Ref::NONE, Ref::to),
                from_s: *from_s,
                until_s: *until_s,
            });
        }
        Ok(run(start, &self.file.adjustments))
    }

    fn places(&mut self) {
        for place in places() {
            let (zone, country) = (self.file.strings.add(place.zone), self.file.strings.add(place.country));
            self.file.places.push(record::Place {
                zone,
                country,
                hemisphere: place.hemisphere.code(),
                climate: place.climate.code(),
            });
        }
    }

    /// Cards of the first products of each list that a row shows, so that a first homepage needs no
    /// items file.
    fn head_cards(&mut self, assortment: &Assortment) {
        let shown = |index: usize| {
            self.file
                .sources
                .iter()
                .any(|source| source.list.index().is_some_and(|list| list as usize == index))
        };
        let lists = self.lists.iter().enumerate().filter(|(index, _)| shown(*index));
        let mut heads: Vec<u32> =
            lists.flat_map(|(_, list)| list.items.iter().take(HEAD_CARDS).copied()).collect();
        heads.sort_unstable();
        heads.dedup();
        for dense in heads {
            let card = card(assortment, dense, &mut self.file.strings, &mut self.file.tags);
            self.file.head_cards.push(card);
            self.file.head_ids.push(dense);
        }
    }
}
