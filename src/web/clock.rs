//! The page's clocks.

use shelfwise_host::surroundings::Clock;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

/// `Date.now()`, shifted on request, and `performance.now()`.
#[derive(Debug, Default)]
pub struct PageClock {
    /// Added to the wall clock, milliseconds.
    pub shift_ms: i64,
}

impl Clock for PageClock {
    fn now_ms(&self) -> i64 {
        js_sys::Date::now() as i64 + self.shift_ms
    }

    fn monotonic_ms(&self) -> i64 {
        now() as i64
    }
}
