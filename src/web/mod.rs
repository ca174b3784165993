//! The browser as host: two clocks, random numbers, local storage,
//! the shopper's way of writing prices.

#[cfg(target_family = "wasm")]
mod allocator;
mod clock;
mod entropy;
mod money;
mod storage;

pub use clock::PageClock;
pub use entropy::PageEntropy;
pub use money::money_sample;
pub use storage::LocalStore;
