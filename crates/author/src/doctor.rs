//! Whether a project is fit to be built and published: the project itself, its scenarios, knowledge, key, pack, and the
//! pages that show it. Files are read by the caller.

use std::collections::{BTreeMap, BTreeSet};

use shelfwise_pack::knowledge::Knowledge;

use crate::build::Checked;
use crate::diagnostic::{Severity, nearest};
use crate::release::Latest;
use crate::trial::{World, untested};

/// Knowledge older than this misses what sells now, days.
pub const KNOWLEDGE_DAYS_MAX: i64 = 30;
/// A pack that is valid for less needs a build now, hours.
pub const PACK_HOURS_MIN: i64 = 12;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// As it should be.
    Good,
    /// Works, and could be better.
    Weak,
    /// Does not work.
    Bad,
}

impl State {
    /// Its word in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Good => "ok",
            Self::Weak => "weak",
            Self::Bad => "BAD",
        }
    }
}

/// What was found about one thing, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub of: &'static str,
    /// How it is.
    pub state: State,
    /// In words.
    pub message: String,
}

fn finding(of: &'static str, state: State, message: impl Into<String>) -> Finding {
    Finding { of, state, message: message.into() }
}

/// The project's diagnostics, counted.
#[must_use]
pub fn project(checked: &Checked) -> Finding {
    let count = |severity| checked.diagnostics.iter().filter(|found| found.severity == severity).count();
    match (count(Severity::Error), count(Severity::Warning)) {
        (0, 0) => {
            let (campaigns, products) = (checked.project.campaigns.len(), checked.products.len());
            finding("project", State::Good, format!("{campaigns} campaigns, {products} products"))
        }
        (0, warnings) => {
            finding("project", State::Weak, format!("{warnings} warnings: run `shelfwise check`"))
        }
        (errors, _) => finding("project", State::Bad, format!("{errors} errors: run `shelfwise check`")),
    }
}

/// The scenarios of a project without errors, played at `now_s`.
#[must_use]
pub fn scenarios(checked: &Checked, world: &World, now_s: i64) -> Finding {
    let all = &checked.project.scenarios;
    let failed = all.iter().filter(|scenario| !world.play(scenario, now_s).mismatches.is_empty()).count();
    let (within, without) = untested(&checked.project);
    let untested: BTreeSet<&str> = within.into_iter().chain(without).collect();
    match (failed, all.len(), untested.len()) {
        (0, 0, _) => finding("scenarios", State::Weak, "none: write what campaigns must do into scenarios/"),
        (0, count, 0) => finding("scenarios", State::Good, format!("{count} pass")),
        (0, count, _) => {
            let names = untested.into_iter().collect::<Vec<_>>().join(", ");
            finding("scenarios", State::Weak, format!("{count} pass; without `in:` or `not_in:` are {names}"))
        }
        _ => finding("scenarios", State::Bad, format!("{failed} fail: run `shelfwise test`")),
    }
}

/// How old the knowledge is at `now_s`.
#[must_use]
pub fn knowledge(checked: &Checked, now_s: i64) -> Finding {
    let opened = checked.knowledge.as_deref().and_then(|bytes| Knowledge::open(bytes).ok());
    let Some(meta) = opened.and_then(|opened| opened.meta.get(0)) else {
        return finding(
            "knowledge",
            State::Weak,
            "none: run `shelfwise learn`, and name its file in shop.yaml",
        );
    };
    let days = now_s.saturating_sub(meta.until_s).div_euclid(86_400);
    let orders = meta.orders;
    match days {
        ..=KNOWLEDGE_DAYS_MAX => {
            finding("knowledge", State::Good, format!("{orders} orders, the newest {} days ago", days.max(0)))
        }
        _ => {
            let message =
                format!("the newest of {orders} orders is {days} days old: run `shelfwise learn` again");
            finding("knowledge", State::Weak, message)
        }
    }
}

/// Whether a pack that verified is this project's, and for how long it is valid.
#[must_use]
pub fn pack(checked: &Checked, latest: &Latest, now_s: i64) -> Finding {
    let shop = &checked.project.shop;
    let (id, channel) = (&shop.shop.value, &shop.channel.value);
    if (&latest.shop, &latest.channel) != (id, channel) {
        let message = format!("it is of {} {}, not of {id} {channel}", latest.shop, latest.channel);
        return finding("pack", State::Bad, message);
    }
    let hours = latest.expires.saturating_sub(now_s).div_euclid(3_600);
    let version = latest.version;
    match hours {
        PACK_HOURS_MIN.. => {
            finding("pack", State::Good, format!("version {version}, valid for {hours} hours"))
        }
        0.. => {
            finding("pack", State::Weak, format!("version {version} expires in {hours} hours: build again"))
        }
        _ => finding("pack", State::Bad, format!("version {version} has expired: build again")),
    }
}

/// Whether the shop's pages or templates, by path, have the project's slots, no others, and the key `public`.
#[must_use]
pub fn site(checked: &Checked, pages: &BTreeMap<String, String>, public: Option<&str>) -> Vec<Finding> {
    let known: Vec<&str> = checked.project.shop.slots.iter().map(|slot| slot.name.value.as_str()).collect();
    let mut found: BTreeMap<&str, &str> = BTreeMap::new();
    for (path, text) in pages {
        attributes(text, "data-shelf-slot").for_each(|slot| _ = found.entry(slot).or_insert(path));
    }
    let mut findings = Vec::new();
    for slot in known.iter().filter(|slot| !found.contains_key(*slot)) {
        let message = format!("no page has data-shelf-slot=\"{slot}\": its campaigns never show");
        findings.push(finding("site", State::Bad, message));
    }
    // What a template computes cannot be looked up.
    let written = found.iter().filter(|(slot, _)| !slot.contains(['{', '$', '<', '%']));
    for (slot, path) in written.filter(|(slot, _)| !known.contains(slot)) {
        let near = nearest(slot, known.iter().copied());
        let near = near.map_or(String::new(), |near| format!(": did you mean `{near}`?"));
        findings.push(finding("site", State::Weak, format!("{path}: shop.yaml has no slot `{slot}`{near}")));
    }
    let keys: BTreeSet<&str> = pages.values().flat_map(|text| attributes(text, "data-key")).collect();
    if let Some(public) = public.filter(|public| !keys.is_empty() && !keys.contains(public.trim())) {
        let message = format!("no page's data-key is this key's public half, {}", public.trim());
        findings.push(finding("site", State::Bad, message));
    }
    if findings.is_empty() {
        findings.push(finding(
            "site",
            State::Good,
            format!("{} pages have all {} slots", pages.len(), known.len()),
        ));
    }
    findings
}

/// The quoted values of an attribute in any text, a template of any language.
fn attributes<'t>(text: &'t str, name: &str) -> impl Iterator<Item = &'t str> {
    let name = name.to_owned();
    text.match_indices('=').filter_map(move |(at, _)| {
        let quote = text[at + 1..].chars().next().filter(|letter| matches!(letter, '"' | '\''))?;
        let before = text[..at].strip_suffix(name.as_str())?;
        let apart = before.ends_with(|letter: char| letter.is_whitespace());
        apart.then(|| text[at + 2..].split(quote).next())?
    })
}
