//! A project with everything resolved: what the compiler encodes. Made by running all checks.

use std::collections::BTreeMap;

use shelfwise_pack::kinds::CampaignKind;

use crate::block::{Block, Part, read_block, read_parts};
use crate::cel::Condition;
use crate::check;
use crate::check::bad_schedule::Times;
use crate::conditions::Conditions;
use crate::diagnostic::{Diagnostic, Span, Spanned};
use crate::project::{AdjustmentEntry, Campaign, Content, Products, Project};

/// A project with everything resolved.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Blocks by path.
    pub blocks: BTreeMap<String, Block>,
    /// Campaigns, in the project's order.
    pub campaigns: Vec<CampaignPlan>,
    /// What conditions are compiled with.
    pub conditions: Conditions,
}

/// A campaign with everything resolved.
#[derive(Clone, Debug)]
pub struct CampaignPlan {
    /// Its kind, written or derived.
    pub kind: CampaignKind,
    /// Index of its slot.
    pub slot: Option<u32>,
    /// Its condition; none = everyone.
    pub audience: Option<Condition>,
    /// When it may show.
    pub times: Times,
    /// Its variations; at least one.
    pub variations: Vec<VariationPlan>,
}

/// A variation with everything resolved.
#[derive(Clone, Debug)]
pub struct VariationPlan {
    /// Id inside its campaign.
    pub id: String,
    /// Share, parts per million.
    pub weight_ppm: u32,
    /// What it shows; none = the merchant's own markup.
    pub content: Option<Content>,
    /// Filter of its row.
    pub filter: Option<Condition>,
    /// Weights and pins of its row, in the order written.
    pub adjustments: Vec<AdjustmentPlan>,
    /// Values for its block's bindings, by name.
    pub data: BTreeMap<String, Vec<Part>>,
}

/// A weight or pin, resolved: filter, first second, first second no more.
pub type AdjustmentPlan = (Option<Condition>, i64, i64);

/// A variation as its campaign means it: with the campaign's content where it has none of its own.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Id inside its campaign.
    pub id: Spanned<String>,
    /// Share as written.
    pub weight: Option<Spanned<f64>>,
    /// What it shows; none = the merchant's own markup.
    pub content: Option<Content>,
}

/// The id whose variation never takes its campaign's content.
const CONTROL: &str = "control";

/// The variations of a campaign: its own, or one called `default`.
#[must_use]
pub fn shown(campaign: &Campaign) -> Vec<Shown> {
    if campaign.variations.is_empty() {
        let id = Spanned::new("default".to_owned(), campaign.id.span);
        return vec![Shown { id, weight: None, content: Some(campaign.content.clone()) }];
    }
    let of = |variation: &crate::project::Variation| {
        let own = &variation.content;
        let base = if variation.id.value == CONTROL { Content::default() } else { campaign.content.clone() };
        let own_target = targets(own) > 0;
        let mut content = if own_target { own.clone() } else { Content { data: Vec::new(), ..base.clone() } };
        if own.products.is_some() && own.block.is_none() && own.template.is_none() {
            content.block.clone_from(&base.block);
            content.template.clone_from(&base.template);
        }
        content.data = base.data;
        for (name, value) in &own.data {
            content.data.retain(|(known, _)| known.value != name.value);
            content.data.push((name.clone(), value.clone()));
        }
        let content = (targets(&content) > 0).then_some(content);
        Shown { id: variation.id.clone(), weight: variation.weight.clone(), content }
    };
    campaign.variations.iter().map(of).collect()
}

/// How many things a content shows; a row and the block that shows it are one.
#[must_use]
pub fn targets(content: &Content) -> usize {
    let block = content.block.is_some() || content.template.is_some();
    let filled = usize::from(block || content.products.is_some());
    filled + usize::from(content.order.is_some()) + usize::from(content.event.is_some())
}

/// Runs every check of the project's own files and resolves it. With an error among the diagnostics the
/// plan is incomplete and must not be compiled. `now_s` is the release time, Unix seconds.
pub fn plan(project: &Project, now_s: i64, diagnostics: &mut Vec<Diagnostic>) -> Plan {
    check::duplicate_id::check(project, diagnostics);
    check::unknown_page::check(project, diagnostics);
    check::unknown_list::check(project, diagnostics);
    check::unfed_strategy::check(project, diagnostics);
    check::scenario::check(project, diagnostics);
    let conditions = Conditions::new(project, now_s, diagnostics);
    let hosts: Vec<&str> = project.shop.links.iter().map(|link| link.value.as_str()).collect();
    let blocks: BTreeMap<String, Block> = project
        .blocks
        .iter()
        .map(|(path, file)| {
            let text = project.sources.get(*file).map_or("", |source| source.text.as_str());
            (path.clone(), read_block(*file, text, &hosts, diagnostics))
        })
        .collect();
    let mut plan = Plan { blocks, conditions, campaigns: Vec::new() };
    for campaign in &project.campaigns {
        let resolved =
            plan_campaign(project, campaign, &plan.blocks, (&plan.conditions, &hosts), now_s, diagnostics);
        plan.campaigns.push(resolved);
    }
    check::unknown_trait::check(project, &plan, diagnostics);
    check::never_wins::check(project, &plan, diagnostics);
    check::audience_overlap::check(project, &plan.conditions, &plan, diagnostics);
    plan
}

fn plan_campaign(
    project: &Project,
    campaign: &Campaign,
    blocks: &BTreeMap<String, Block>,
    (conditions, hosts): (&Conditions, &[&str]),
    now_s: i64,
    diagnostics: &mut Vec<Diagnostic>,
) -> CampaignPlan {
    let shown = shown(campaign);
    let kind = check::wrong_content::check(campaign, &shown, diagnostics);
    let times = check::bad_schedule::resolve(campaign, &project.shop, diagnostics);
    check::past_schedule::check(campaign, times.until_s, now_s, diagnostics);
    let shares = check::weight_sum::shares(campaign, &shown, diagnostics);
    check::zero_weight::check(&shown, diagnostics);
    check::unreachable_cap::check(campaign, diagnostics);
    if kind != CampaignKind::Rerank {
        check::empty_slot::check(project, &shown, diagnostics);
    }
    check::long_chain::check(&shown, diagnostics);
    let slot = campaign.slot.as_ref();
    let slot = slot.and_then(|slot| check::unknown_slot::resolve(project, slot, diagnostics));
    let audience = campaign.audience.as_ref().and_then(|audience| conditions.compile(audience, diagnostics));
    let (mut reported, mut reported_rows) = (Vec::new(), Vec::new());
    let variations = shown.into_iter().zip(shares).map(|(shown, weight_ppm)| {
        let content = shown.content.as_ref();
        let block = content.and_then(|content| content.block.as_ref());
        let block = block.and_then(|block| {
            let first = !reported.contains(&block.span);
            reported.push(block.span);
            check::unknown_block::resolve(blocks, block, first, diagnostics)
        });
        let data = content.map(|content| read_data(content, diagnostics)).unwrap_or_default();
        if let Some(block) = block {
            check::unsafe_markup::check_values(block, &data, hosts, diagnostics);
        }
        let data = check::unknown_binding::check(content, block, data, diagnostics);
        let row = content.and_then(|content| content.products.as_ref());
        let first = row.is_some_and(|row| !reported_rows.contains(&row.span));
        reported_rows.extend(row.map(|row| row.span));
        let mut again = Vec::new();
        let told = if first { &mut *diagnostics } else { &mut again };
        let (filter, adjustments) =
            row.map(|row| plan_row(project, row, conditions, now_s, told)).unwrap_or_default();
        VariationPlan { id: shown.id.value, weight_ppm, content: shown.content, filter, adjustments, data }
    });
    let variations = variations.collect();
    CampaignPlan { kind, slot, audience, times, variations }
}

/// A row's filter and its adjustments, resolved; reports what is wrong with the row.
fn plan_row(
    project: &Project,
    row: &Products,
    conditions: &Conditions,
    now_s: i64,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Option<Condition>, Vec<AdjustmentPlan>) {
    check::unknown_list::check_row(project, row, diagnostics);
    check::impossible_row::check(row, diagnostics);
    let filter = row.filter.as_ref().and_then(|text| {
        let filter = conditions.compile(text, diagnostics)?;
        check::condition_constant::check_filter(row, text, &filter, diagnostics);
        Some(filter)
    });
    let resolve = |entry: &AdjustmentEntry| {
        let filter = entry.filter.as_ref().and_then(|filter| conditions.compile(filter, diagnostics));
        if let Some(filter) = &filter {
            check::condition_constant::check_entry(entry, filter, diagnostics);
        }
        let (from_s, until_s) =
            check::bad_schedule::resolve_entry(entry, &project.shop.timezone.value, diagnostics);
        check::past_schedule::check_entry(entry, until_s, now_s, diagnostics);
        (filter, from_s, until_s)
    };
    let adjustments: Vec<_> = row.adjustments.iter().map(resolve).collect();
    let times: Vec<_> = adjustments.iter().map(|(_, from_s, until_s)| (*from_s, *until_s)).collect();
    check::pin_place::check(row, &times, now_s, diagnostics);
    (filter, adjustments)
}

fn read_data(content: &Content, diagnostics: &mut Vec<Diagnostic>) -> BTreeMap<String, (Span, Vec<Part>)> {
    let values = content.data.iter().map(|(name, value)| {
        let parts = read_parts(value, diagnostics);
        (name.value.clone(), (name.span, parts))
    });
    values.collect()
}

/// The bindings of a block's data fields that have a default: name and default.
#[must_use]
pub fn defaults(block: &Block) -> BTreeMap<&str, &str> {
    let parts = block.parts();
    parts
        .into_iter()
        .filter_map(|(part, _)| match part {
            Part::Data { name, default: Some(default), .. } => Some((name.as_str(), default.as_str())),
            _ => None,
        })
        .collect()
}
