//! What the engine needs from its surroundings.

/// Two clocks. Neither can be trusted: the first may jump, the second may stand still while a tab is frozen.
pub trait Clock {
    /// Unix time, milliseconds.
    fn now_ms(&self) -> i64;
    /// Milliseconds since some fixed moment of this page; never goes back.
    fn monotonic_ms(&self) -> i64;
}

/// Unpredictable numbers.
pub trait Entropy {
    /// The next one.
    fn next_u64(&mut self) -> u64;
}

/// Why the store did not do what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// There is none, or the browser denies it.
    Blocked,
    /// There is no room for the value.
    Full,
}

/// A map from keys to texts that other tabs change at any time between two calls, that a crash may
/// set back, and that may fail at every call. Keys are without the shop's prefix, and only the shop's.
pub trait Store {
    /// All keys, in any order.
    ///
    /// # Errors
    /// [`StoreError::Blocked`].
    fn keys(&self) -> Result<Vec<String>, StoreError>;

    /// The text of a key, if there is one.
    ///
    /// # Errors
    /// [`StoreError::Blocked`].
    fn get(&self, key: &str) -> Result<Option<String>, StoreError>;

    /// Sets the text of a key.
    ///
    /// # Errors
    /// [`StoreError::Full`] when nothing was changed for want of room; [`StoreError::Blocked`].
    fn set(&mut self, key: &str, text: &str) -> Result<(), StoreError>;

    /// Removes a key, if it is there.
    ///
    /// # Errors
    /// [`StoreError::Blocked`].
    fn remove(&mut self, key: &str) -> Result<(), StoreError>;
}
