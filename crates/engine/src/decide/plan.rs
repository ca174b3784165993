//! An index over a pack's campaigns, built once after loading, so that a pass costs a few nanoseconds a
//! campaign.
//!
//! Audiences are conjunctions of shared predicates. Campaigns whose audiences begin with the same
//! predicates share a path in a prefix tree: a pass walks the tree and leaves out everything behind a
//! predicate that does not hold. Comparisons are lined up by the trait that they look at, so that a pass
//! asks for each trait once.

use crate::pack::core::{Campaign, Core, Predicate};
use shelfwise_pack::sort::{sort, sort_by};

/// "No index" in the compact tables.
pub(super) const NONE: u32 = u32::MAX;

/// A predicate of the prefix tree and all campaigns behind it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub predicate: u32,
    /// Index of the next node that is not behind this one.
    pub end: u32,
    /// First of its campaigns in `order`.
    pub first: u32,
    /// Past the campaigns whose audience is complete here.
    pub complete: u32,
    /// Past the last campaign behind it.
    pub last: u32,
}

/// What a pass needs of a campaign once its audience holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub slot: u32,
    pub rank: u32,
    pub experiment: u32,
    pub group: u32,
    pub trigger: u32,
    pub cap_exposures: u32,
    pub variations_start: u32,
    pub variations_len: u32,
    /// Code of its [`crate::pack::kinds::CampaignKind`].
    pub kind: u8,
}

/// A campaign's path through the tree: a run of ordered predicates.
struct Path {
    /// Its first two steps, for quick comparison.
    head: u64,
    campaign: u32,
    start: u32,
    end: u32,
}

/// The index. Size: some 50 bytes a campaign and 20 a tree node.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub(super) predicates: Vec<Predicate>,
    /// Predicates that compare a trait with a constant, by trait and key.
    pub(super) comparisons: Vec<u32>,
    pub(super) entries: Vec<Entry>,
    /// Campaigns by descending priority, then ascending index.
    pub(super) by_rank: Vec<u32>,
    /// Campaigns in tree order; the first `everyone` have no audience.
    pub(super) order: Vec<u32>,
    pub(super) everyone: u32,
    pub(super) nodes: Vec<Node>,
    pub(super) slots: usize,
}

impl Plan {
    /// Builds the index. Cost: O(c log c) for c campaigns; well below a millisecond for a thousand.
    #[must_use]
    pub fn new(core: &Core) -> Self {
        let predicates: Vec<Predicate> = core.predicates.iter().collect();
        let campaigns: Vec<Campaign> = core.campaigns.iter().collect();
        let mut by_rank: Vec<u32> = (0..campaigns.len() as u32).collect();
        let place = |at: &u32| (std::cmp::Reverse(campaigns[*at as usize].priority), *at);
        sort_by(&mut by_rank, |a, b| place(a).cmp(&place(b)));
        let mut entries: Vec<Entry> = campaigns.iter().map(Entry::new).collect();
        for (rank, at) in by_rank.iter().enumerate() {
            entries[*at as usize].rank = rank as u32;
        }
        let mut plan = Self { predicates, entries, by_rank, slots: core.slots.len(), ..Self::default() };
        plan.line_up_comparisons();
        plan.grow_tree(core, &campaigns);
        plan
    }

    fn line_up_comparisons(&mut self) {
        let predicates = &self.predicates;
        let compares = |at: &u32| predicates[*at as usize].op != 0;
        self.comparisons = (0..predicates.len() as u32).filter(compares).collect();
        let subject = |at: &u32| {
            let predicate = &predicates[*at as usize];
            (predicate.trait_code, predicate.key.0, *at)
        };
        sort_by(&mut self.comparisons, |a, b| subject(a).cmp(&subject(b)));
    }

    /// Orders every audience the same way (comparisons before programs, common predicates first), so that
    /// paths are shared, then lays the tree out in preorder.
    fn grow_tree(&mut self, core: &Core, campaigns: &[Campaign]) {
        let mut uses = vec![0u32; self.predicates.len()];
        for predicate in core.conjuncts.iter() {
            if let Some(count) = uses.get_mut(predicate as usize) {
                *count += 1;
            }
        }
        let mut position: Vec<u32> = (0..self.predicates.len() as u32).collect();
        let cost = |at: &u32| {
            let is_program = self.predicates[*at as usize].op == 0;
            (is_program, std::cmp::Reverse(uses[*at as usize]), *at)
        };
        sort_by(&mut position, |a, b| cost(a).cmp(&cost(b)));
        let mut place = vec![0u32; position.len()];
        for (at, predicate) in position.iter().enumerate() {
            place[*predicate as usize] = at as u32;
        }
        let mut flat: Vec<u32> = Vec::with_capacity(core.conjuncts.len());
        let mut keyed: Vec<Path> = Vec::with_capacity(campaigns.len());
        for (at, campaign) in campaigns.iter().enumerate() {
            let start = flat.len();
            flat.extend(
                core.conjuncts.range(campaign.audience).filter_map(|it| place.get(it as usize).copied()),
            );
            sort(&mut flat[start..]);
            let step = |depth: usize| flat.get(start + depth).map_or(0, |at| u64::from(*at) + 1);
            let head = step(0) << 32 | step(1);
            keyed.push(Path { head, campaign: at as u32, start: start as u32, end: flat.len() as u32 });
        }
        let path = |key: &Path| &flat[key.start as usize..key.end as usize];
        sort_by(&mut keyed, |a, b| {
            a.head.cmp(&b.head).then_with(|| path(a).cmp(path(b))).then(a.campaign.cmp(&b.campaign))
        });
        let mut open: Vec<(u32, u32)> = Vec::new();
        for key in &keyed {
            let path = path(key);
            let shared = open.iter().zip(path).take_while(|(step, at)| step.1 == **at).count();
            self.close(&mut open, shared);
            for at in &path[shared..] {
                let first = self.order.len() as u32;
                open.push((self.nodes.len() as u32, *at));
                let predicate = position[*at as usize];
                self.nodes.push(Node { predicate, end: 0, first, complete: first, last: first });
            }
            self.order.push(key.campaign);
            match open.last() {
                Some((node, _)) => self.nodes[*node as usize].complete += 1,
                None => self.everyone += 1,
            }
        }
        self.close(&mut open, 0);
    }

    /// Ends the path's nodes beyond a depth.
    fn close(&mut self, open: &mut Vec<(u32, u32)>, depth: usize) {
        let end = self.nodes.len() as u32;
        let last = self.order.len() as u32;
        for (node, _) in open.drain(depth..) {
            let node = &mut self.nodes[node as usize];
            node.end = end;
            node.last = last;
        }
    }
}

impl Entry {
    fn new(campaign: &Campaign) -> Self {
        Self {
            slot: campaign.slot.index().unwrap_or(NONE),
            rank: 0,
            experiment: campaign.experiment.index().unwrap_or(NONE),
            group: campaign.group.index().unwrap_or(NONE),
            trigger: campaign.trigger.index().unwrap_or(NONE),
            cap_exposures: campaign.cap_exposures,
            variations_start: campaign.variations.start,
            variations_len: campaign.variations.len,
            kind: campaign.kind,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Plan;
    use crate::pack::core::{Campaign, CoreBuilder, Predicate, Variation};
    use crate::pack::kinds::{CampaignKind, ContentKind};
    use crate::pack::program::{CompareOp, ConstantKind, Instruction, Op};
    use crate::pack::record::Range;
    use crate::pack::{Opened, OpenedCore};

    #[test]
    fn a_path_asks_comparisons_before_programs_and_common_ones_first() {
        let mut core = CoreBuilder::default();
        core.meta.push(Default::default());
        Instruction { op: Op::True, a: 0, b: 0 }.encode(&mut core.code);
        let len = core.code.len() as u32;
        core.predicates.push(Predicate { code: Range { start: 0, len }, ..Predicate::default() });
        for value in [1, 2] {
            let (op, constant) = (CompareOp::Equal.code(), ConstantKind::Int.code());
            core.predicates.push(Predicate { op, constant, trait_code: 1, value, ..Predicate::default() });
        }
        for conjuncts in [&[0, 1, 2][..], &[0, 2], &[0]] {
            let start = core.conjuncts.len() as u32;
            core.conjuncts.extend(conjuncts);
            let audience = Range { start, len: conjuncts.len() as u32 };
            let variations = Range { start: core.variations.len() as u32, len: 1 };
            let content = ContentKind::Control.code();
            core.variations.push(Variation { content, ..Variation::default() });
            let kind = CampaignKind::Content.code();
            core.campaigns.push(Campaign { kind, audience, variations, ..Campaign::default() });
        }
        let opened: OpenedCore = Opened::open(core.finish()).expect("a core file");
        let plan = Plan::new(&opened.view());
        let path: Vec<u32> = plan.nodes.iter().map(|node| node.predicate).collect();
        assert_eq!(path, [2, 1, 0, 0, 0], "the campaign of three, that of two, that of one");
        assert_eq!(plan.comparisons, [1, 2]);
    }
}
