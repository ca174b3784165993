//! Recommended rows, as JSON cards for the page side.

use super::deciding::listed;
use super::{Desk, Driver, Moment};
use crate::engine::pack::core::Core;
use crate::engine::pack::kinds::Strategy;
use crate::engine::recommend::{Pick, Request};
use crate::engine::shelf::Shelf;
use crate::json::Json;
use crate::surroundings::{Clock, Entropy, Store};

/// Most products of a row that the page asks for.
const LIMIT_MAX: usize = 50;

impl<C: Clock, E: Entropy, S: Store> Driver<C, E, S> {
    /// At most `limit` products by the named strategies (one a line, in order of preference) around a
    /// product (or `""`: around what the shopper did): a JSON list of cards, or nothing at all where no strategy has any of
    /// these names.
    pub fn recommend(&mut self, strategies: &str, limit: u32, item: &str) -> String {
        let request = Request::named(strategies, LIMIT_MAX.min(limit as usize));
        if request.sources().is_empty() {
            return String::new();
        }
        listed(self.run(|core, moment, _, desk| row(core, moment, desk, &request, item)))
    }
}

#[inline(never)]
fn row(core: &Core<'_>, moment: &Moment, desk: &mut Desk, request: &Request, item: &str) -> String {
    let Desk { shelf, recommender, wants, .. } = desk;
    let mut situation = moment.situation.clone();
    if !item.is_empty() {
        wants.add(shelf.want_for_item(core, item));
        situation.turn_to(core, shelf, shelf.dense(core, item));
    }
    let picks = recommender.recommend(core, shelf, &situation, &moment.traits, request);
    let mut json = Json::default();
    write_cards(&mut json, core, shelf, picks);
    json.finish()
}

impl<C: Clock, E: Entropy, S: Store> Driver<C, E, S> {
    /// [`Self::recommend`] by one strategy, without its answer: how many products there are; 0 for a code that is no
    /// strategy's. For figures and checks.
    pub fn rank(&mut self, strategy: u8, limit: u32) -> u32 {
        let strategy = Strategy::from_code(strategy);
        let request = Request::of_strategies(strategy.as_slice(), LIMIT_MAX.min(limit as usize));
        self.run(|core, moment, _, desk| {
            let Desk { shelf, recommender, .. } = desk;
            recommender.new_page();
            recommender.recommend(core, shelf, &moment.situation, &moment.traits, &request).len() as u32
        })
    }
}

/// The cards of a row. Prices are minor units; `because` is the product it goes with.
pub(super) fn write_cards(json: &mut Json, core: &Core<'_>, shelf: &Shelf, picks: &[Pick]) {
    json.list(|json| {
        for pick in picks {
            let Some(card) = shelf.card(core, pick.dense) else { continue };
            json.object(|json| {
                json.text("id", card.item());
                json.text("title", card.title());
                json.text("url", &card.url());
                json.text("image", &card.image());
                json.text("brand", card.brand());
                json.text("category", card.category());
                json.integer("price_minor", card.card.price_minor.into());
                json.integer("compare_at_minor", card.card.compare_at_minor.into());
                json.text("strategy", pick.reason());
                if let Some(other) = pick.because.and_then(|dense| shelf.card(core, dense)) {
                    json.text("because", other.title());
                }
            });
        }
    });
}
