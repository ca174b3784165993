//! What JavaScript can call, one file a concern.

mod decisions;
mod memory;
mod page;

use shelfwise_host::driver::Driver;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::web::{LocalStore, PageClock, PageEntropy};

/// One page view of one shop. See [`Driver`] for what each call does.
#[wasm_bindgen]
pub struct Module {
    pub(crate) driver: Driver<PageClock, PageEntropy, LocalStore>,
}

#[wasm_bindgen]
impl Module {
    /// A page view in contextual mode, with nothing loaded. `shop` is the id in the pack.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(shop: &str) -> Self {
        Self { driver: Driver::new(shop, PageClock::default(), PageEntropy, LocalStore::new(shop)) }
    }
}
