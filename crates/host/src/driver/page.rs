//! Facts of the page, as the page side gives them.

use super::Driver;
use crate::engine::memory::{Event, EventKind};
use crate::engine::traits::Context;
use crate::surroundings::{Clock, Entropy, Store};

impl<C: Clock, E: Entropy, S: Store> Driver<C, E, S> {
    /// A page is shown: lines `key\tvalue`, with the keys of [`Context`] (`type` for its page type,
    /// `url_query` for its query, `custom.*` for the shop's own, a trait's code for the others that the page side
    /// hands in). Unknown keys are ignored. Tracks a page view.
    pub fn page(&mut self, fields: &str) {
        self.leave();
        self.facts(fields);
        self.context.shown_s = self.now_s();
        let mut event = Event::new(EventKind::PageView, self.now_s()).saying(&self.context.path);
        event.category.clone_from(&self.context.category);
        self.remember(event);
    }

    /// Replaces the facts of the page without tracking anything; the inspector acts as others with it.
    pub fn facts(&mut self, fields: &str) {
        fields.clone_into(&mut self.fields);
        self.context = self.read_facts();
        self.referrer.clone_from(&self.context.referrer);
        self.changed();
    }

    /// The facts as they were given: no scrolling, no attention yet. Read anew rather than copied, which
    /// is more code.
    pub(super) fn read_facts(&self) -> Context {
        let referrer = self.referrer.clone();
        let mut context = Context { consent: Some(self.consent), referrer, ..Context::default() };
        set_all(&mut context, &self.fields);
        context
    }

    /// Facts of the page that are new or others now, as in [`Self::page`].
    pub fn note(&mut self, fields: &str) {
        set_all(&mut self.context, fields);
        self.changed();
    }

    /// Puts in the referrer and landing query of this visit.
    pub(super) fn add_visit(&self, context: &mut Context) {
        let visit = &self.memory().state().visit;
        context.referrer.clone_from(&visit.referrer);
        let query = visit.landing.split_once('?').map_or("", |(_, query)| query);
        query.clone_into(&mut context.landing_query);
    }
}

fn set_all(context: &mut Context, fields: &str) {
    for (key, value) in fields.lines().filter_map(|line| line.split_once('\t')) {
        set(context, key, value);
    }
}

fn set(context: &mut Context, key: &str, value: &str) {
    let text = match key {
        "type" => &mut context.page,
        "path" => &mut context.path,
        "url_query" => &mut context.query,
        "category" => &mut context.category,
        "item" => &mut context.item,
        "search" => &mut context.search,
        "language" => &mut context.language,
        "timezone" => &mut context.timezone,
        "country" => &mut context.country,
        "os" => &mut context.os,
        "browser" => &mut context.browser,
        "referrer" => &mut context.referrer,
        _ => return set_number(context, key, value),
    };
    value.clone_into(text);
}

fn set_number(context: &mut Context, key: &str, value: &str) {
    match key {
        "utc_offset_min" => context.utc_offset_min = number(value),
        "viewport_width" => context.viewport_width = number(value),
        "touch" => context.touch = value == "1",
        "scroll_percent" => context.scroll_percent = number(value),
        _ => {
            let value = value.to_owned();
            match key.strip_prefix("custom.") {
                Some(name) => {
                    context.custom.retain(|said| said.0 != name);
                    context.custom.push((name.to_owned(), value));
                }
                None => {
                    let code = number(key);
                    match context.facts.iter_mut().find(|fact| fact.0 == code) {
                        Some(fact) => fact.1 = value,
                        None => context.facts.push((code, value)),
                    }
                }
            }
        }
    }
}

/// The integer of a text. Here alone, because parsing is compiled anew for every type of integer.
fn integer(text: &str) -> Option<i64> {
    text.parse().ok()
}

/// That integer, or 0 where there is none or the type cannot hold it.
pub(super) fn number<N: TryFrom<i64> + Default>(text: &str) -> N {
    integer(text).and_then(|value| value.try_into().ok()).unwrap_or_default()
}
