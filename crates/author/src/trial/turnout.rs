//! What shoppers got, counted, and how another version of the campaigns differs.

use std::collections::{BTreeMap, BTreeSet};

use crate::project::Project;

/// What one shopper gets on one day: the audiences they are in, and what each slot shows on the pages it stands on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lot {
    /// Names of audiences.
    pub audiences: BTreeSet<String>,
    /// Slot, campaign and variation.
    pub wins: BTreeSet<(String, String, String)>,
}

impl Lot {
    fn campaigns(&self) -> BTreeSet<&str> {
        self.wins.iter().map(|(_, campaign, _)| campaign.as_str()).collect()
    }

    fn audiences(&self) -> BTreeSet<&str> {
        self.audiences.iter().map(String::as_str).collect()
    }
}

/// Shoppers of something, before and after an edit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Shoppers, on any of their days.
    pub now: u32,
    /// Days of all shoppers.
    pub days: u32,
    /// Shoppers, when all come back at the end of the logs.
    pub at_end: u32,
    /// Shoppers who were never among them in the other version.
    pub gained: u32,
    /// Shoppers of the other version who never are.
    pub lost: u32,
}

/// All shoppers' lots, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Turnout {
    /// Shoppers replayed.
    pub shoppers: u32,
    /// Days on which they were decided for.
    pub days: u32,
    /// Those who get something else on any day than in the other version; 0 without one.
    pub changed: u32,
    /// By audience.
    pub audiences: BTreeMap<String, Count>,
    /// By campaign, won in any slot.
    pub campaigns: BTreeMap<String, Count>,
}

impl Turnout {
    /// Nobody yet, with a line for everything a project has.
    #[must_use]
    pub fn new(project: &Project) -> Self {
        let none = |id: &String| (id.clone(), Count::default());
        Self {
            audiences: project.audiences.iter().map(|audience| none(&audience.id.value)).collect(),
            campaigns: project.campaigns.iter().map(|campaign| none(&campaign.id.value)).collect(),
            ..Self::default()
        }
    }

    /// Counts a shopper's days, the last of which is the end of the logs; `other` is what they get in the
    /// other version.
    pub fn add(&mut self, lots: &[Lot], other: Option<&[Lot]>) {
        self.shoppers += 1;
        self.days += lots.len() as u32;
        let wins = |lots: &[Lot]| lots.iter().map(|lot| lot.wins.clone()).collect::<Vec<_>>();
        self.changed += u32::from(other.is_some_and(|other| wins(other) != wins(lots)));
        count(&mut self.campaigns, lots, other, Lot::campaigns);
        count(&mut self.audiences, lots, other, Lot::audiences);
    }

    /// Adds other shoppers' counts.
    pub fn merge(&mut self, other: &Self) {
        self.shoppers += other.shoppers;
        self.days += other.days;
        self.changed += other.changed;
        let pairs = [(&mut self.audiences, &other.audiences), (&mut self.campaigns, &other.campaigns)];
        for (counts, others) in pairs {
            for (name, other) in others {
                let count = counts.entry(name.clone()).or_default();
                count.now += other.now;
                count.days += other.days;
                count.at_end += other.at_end;
                count.gained += other.gained;
                count.lost += other.lost;
            }
        }
    }
}

fn count(
    counts: &mut BTreeMap<String, Count>,
    lots: &[Lot],
    other: Option<&[Lot]>,
    names: fn(&Lot) -> BTreeSet<&str>,
) {
    let all = |lots| <[Lot]>::iter(lots).flat_map(names).collect::<BTreeSet<&str>>();
    let mut of = |name: &str, change: &dyn Fn(&mut Count)| match counts.get_mut(name) {
        Some(count) => change(count),
        None => change(counts.entry(name.to_owned()).or_default()),
    };
    let now = all(lots);
    let before = other.map(all);
    for name in &now {
        let gained = before.as_ref().is_some_and(|before| !before.contains(name));
        of(name, &|count| (count.now, count.gained) = (count.now + 1, count.gained + u32::from(gained)));
    }
    for name in before.iter().flatten().filter(|name| !now.contains(*name)) {
        of(name, &|count| count.lost += 1);
    }
    for name in lots.iter().flat_map(names) {
        of(name, &|count| count.days += 1);
    }
    for name in lots.last().map(names).into_iter().flatten() {
        of(name, &|count| count.at_end += 1);
    }
}
