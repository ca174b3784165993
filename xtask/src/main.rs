//! Build, size, bench, demo and test tasks.

fn main() {}
