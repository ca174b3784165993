//! How far a long run has come.

/// Told about the work that is done; the command draws a bar from it.
pub trait Progress {
    /// A stage begins. `total` is its size in `unit`s, 0 when unknown.
    fn stage(&mut self, name: &str, total: u64, unit: &str);
    /// So many units of the stage are done. Called at most every few thousand rows.
    fn advance(&mut self, done: u64);
}

/// Shows nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn stage(&mut self, _: &str, _: u64, _: &str) {}
    fn advance(&mut self, _: u64) {}
}
