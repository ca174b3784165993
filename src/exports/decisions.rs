//! The pack and what is decided from it.

use wasm_bindgen::prelude::wasm_bindgen;

use super::Module;

#[wasm_bindgen]
impl Module {
    /// Opens a core file: 0, or why not (`Driver::core`).
    pub fn core(&mut self, bytes: Vec<u8>) -> u32 {
        let code = self.driver.core(bytes);
        let currency = self.driver.currency();
        let sample = currency.and_then(|(locale, currency)| crate::web::money_sample(locale, currency));
        if let Some(sample) = sample {
            self.driver.write_money(&sample);
        }
        code
    }

    /// Decides the named slots, one a line: JSON.
    pub fn decide(&mut self, slots: &str) -> String {
        self.driver.decide(slots)
    }

    /// The number of the named slots that show something: the pass alone.
    pub fn pass(&mut self, slots: &str) -> u32 {
        self.driver.pass(slots)
    }

    /// Decides what a trigger sets off: JSON.
    pub fn fire(&mut self, trigger: u8, value: u32) -> String {
        self.driver.fire(trigger, value)
    }

    /// Decides the next homepage and stores it for the boot snippet: JSON.
    pub fn prepare(&mut self) -> String {
        self.driver.prepare()
    }

    /// Campaigns withdrawn after the release, one id a line.
    pub fn withdrawn(&mut self, ids: &str) {
        self.driver.withdrawn(ids);
    }

    /// Forced variations: lines `campaign\tvariation`.
    pub fn force(&mut self, lines: &str) {
        self.driver.force(lines);
    }

    /// Takes in a product file or directory page: 0, or why not (`Driver::load`).
    pub fn load(&mut self, kind: &str, number: u32, bytes: Vec<u8>) -> u32 {
        self.driver.load(kind, number, bytes)
    }

    /// Files that would make the last decisions better: lines `kind\tnumber\tpath\tlength`.
    pub fn wants(&mut self) -> String {
        self.driver.wants()
    }

    /// Products by the named strategies, one a line: JSON cards.
    pub fn recommend(&mut self, strategies: &str, limit: u32, item: &str) -> String {
        self.driver.recommend(strategies, limit, item)
    }
}
