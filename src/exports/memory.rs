//! What is remembered, and how the shopper rules it.

use shelfwise_host::engine::pack::kinds::ConsentMode;
use wasm_bindgen::prelude::wasm_bindgen;

use super::Module;

#[wasm_bindgen]
impl Module {
    /// What the shopper allows: a `ConsentMode` code; an unknown one allows nothing.
    pub fn consent(&mut self, mode: u8) {
        self.driver.consent(ConsentMode::from_code(mode).unwrap_or(ConsentMode::Contextual));
    }

    /// What the shop or the shopper says: lines `key\tvalue`.
    pub fn profile(&mut self, fields: &str) {
        self.driver.profile(fields);
    }

    /// Erases everything, in every tab.
    pub fn forget(&mut self) {
        self.driver.forget();
    }

    /// Forgets one event, by its place in the export.
    pub fn forget_event(&mut self, index: u32) {
        self.driver.forget_event(index as usize);
    }

    /// Everything remembered: JSON.
    pub fn export(&self) -> String {
        self.driver.export()
    }
}
