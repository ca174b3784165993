//! What happens on the page.

use wasm_bindgen::prelude::wasm_bindgen;

use super::Module;

#[wasm_bindgen]
impl Module {
    /// A page is shown: lines `key\tvalue`.
    pub fn page(&mut self, fields: &str) {
        self.driver.page(fields);
    }

    /// Facts of the page that are new or others now: lines `key\tvalue`.
    pub fn note(&mut self, fields: &str) {
        self.driver.note(fields);
    }

    /// Tracks an event; the answer is a `Tracked` code.
    pub fn track(&mut self, kind: u8, text: &str, value_minor: f64, items: &str) -> u8 {
        self.driver.track(kind, text, value_minor as i64, items) as u8
    }

    /// Attention, milliseconds, and clicks, to this page and a product (or `""`).
    pub fn engaged(&mut self, item: &str, ms: u32, clicks: u16) {
        self.driver.engaged(item, ms, clicks);
    }

    /// Writes down the attention so far: the page is being hidden.
    pub fn leave(&mut self) {
        self.driver.leave();
    }

    /// A decision was really seen.
    pub fn exposed(&mut self, campaign: &str, variation: &str) {
        self.driver.exposed(campaign, variation);
    }

    /// Moves the clock by that many milliseconds from the real one: the inspector's time, and that of calls told again.
    pub fn shift_clock(&mut self, ms: f64) {
        self.driver.clock().shift_ms = ms as i64;
    }

    /// Housekeeping, every few seconds while idle.
    pub fn tick(&mut self) {
        self.driver.tick();
    }
}
