//! The browser as host: two clocks, random numbers, local storage.

mod clock;
mod entropy;
mod storage;

pub use clock::PageClock;
pub use entropy::PageEntropy;
pub use storage::LocalStore;
