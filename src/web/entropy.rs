//! Random numbers of the page.

use shelfwise_host::surroundings::Entropy;

/// `Math.random()`: writer ids and the id that experiments bucket by must differ, not be secret.
#[derive(Debug)]
pub struct PageEntropy;

impl Entropy for PageEntropy {
    fn next_u64(&mut self) -> u64 {
        let half = || (js_sys::Math::random() * 4_294_967_296.0) as u64;
        half() << 32 | half()
    }
}
