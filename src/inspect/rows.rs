//! Rows of given moments: `tests/conformance/rows.json` and the replay beside it go through here.

use shelfwise_host::engine::pack::core::exclude;
use shelfwise_host::engine::pack::{Opened, OpenedItems};
use shelfwise_host::engine::recommend::{Pick, Request};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

use super::given::{Given, Moment, json};

#[wasm_bindgen]
impl Given {
    /// Takes in a product file.
    pub fn items(&mut self, number: u32, bytes: Vec<u8>) -> Result<(), JsError> {
        let refused = |error| JsError::new(&format!("{error:?}"));
        let file: OpenedItems = Opened::open(bytes).map_err(refused)?;
        file.view().belongs(&self.core.view(), number).map_err(refused)?;
        self.shelf.add_items(number, file);
        Ok(())
    }

    /// Fills rows of the pack, by index, for one page in turn: `[[[id], [why]]]`. `reminder`: what was just viewed may come
    /// again.
    pub fn rows(&mut self, rows: &[u32], reminder: bool) -> JsValue {
        let Self { core, shelf, recommender, moment: Some(Moment { traits, situation, .. }), .. } = self
        else {
            return JsValue::NULL;
        };
        let core = core.view();
        recommender.new_page();
        let id = |dense| shelf.card(&core, dense).map_or("", |card| card.item());
        let why = |pick: &Pick| {
            let because = pick.because.map_or(String::new(), |dense| format!(" {}", id(dense)));
            format!("{}{because}", pick.reason())
        };
        let filled = rows.iter().map(|row| {
            let mut request = Request::of_row(&core, &core.rows.get(*row).unwrap_or_default());
            if reminder {
                request.exclude |= exclude::REMINDERS;
            }
            let picks = recommender.recommend(&core, shelf, situation, traits, &request);
            let ids: Vec<&str> = picks.iter().map(|pick| id(pick.dense)).collect();
            (ids, picks.iter().map(why).collect::<Vec<_>>())
        });
        json(&filled.collect::<Vec<_>>())
    }
}
