//! Every maximum of the format. A file beyond one of them is refused before anything is read.

/// Longest file of any kind, in bytes.
pub const FILE_BYTES_MAX: usize = 8 << 20;
/// Most sections a file may have.
pub const SECTIONS_MAX: usize = 40;
/// Longest single string, in bytes.
pub const STRING_BYTES_MAX: usize = 8 << 10;
/// Most campaigns in a core file.
pub const CAMPAIGNS_MAX: usize = 20_000;
/// Most records of any other one kind.
pub const RECORDS_MAX: usize = 1 << 20;
/// Deepest nesting of a block's elements.
pub const BLOCK_DEPTH_MAX: usize = 24;
/// Most nodes in one block.
pub const BLOCK_NODES_MAX: usize = 512;
/// Deepest value stack of a condition program.
pub const STACK_DEPTH_MAX: usize = 32;
/// Longest program, in bytes.
pub const PROGRAM_BYTES_MAX: usize = 16 << 10;
/// Most products in one items file.
pub const SHARD_ITEMS_MAX: usize = 2_048;
