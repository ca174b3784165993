//! The page's clocks.

use shelfwise_host::surroundings::Clock;

/// `Date.now()`, shifted on request, and `performance.now()`.
#[derive(Debug, Default)]
pub struct PageClock {
    /// Added to the wall clock, milliseconds: the inspector moves time.
    pub shift_ms: i64,
}

impl Clock for PageClock {
    fn now_ms(&self) -> i64 {
        js_sys::Date::now() as i64 + self.shift_ms
    }

    fn monotonic_ms(&self) -> i64 {
        let performance = web_sys::window().and_then(|window| window.performance());
        performance.map_or(0, |performance| performance.now() as i64)
    }
}
