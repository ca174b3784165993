//! The shelfwise command.
fn main() {}
