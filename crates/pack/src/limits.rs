//! Every maximum of the format. A file beyond one of them is refused before anything is read.

/// Longest published file of any kind, in bytes.
pub const FILE_BYTES_MAX: usize = 8 << 20;
/// Longest knowledge file, in bytes; it stays with the merchant.
pub const KNOWLEDGE_BYTES_MAX: usize = (2 << 30) - 1;
/// Most sections a file may have.
pub const SECTIONS_MAX: usize = 40;
/// Longest single string, in bytes.
pub const STRING_BYTES_MAX: usize = 8 << 10;
/// Most campaigns in a core file.
pub const CAMPAIGNS_MAX: usize = 20_000;
/// Most records of any other one kind in a published file.
pub const RECORDS_MAX: usize = 1 << 20;
/// Most products in a catalogue.
pub const ITEMS_MAX: usize = 16 << 20;
/// Most products in one items file.
pub const SHARD_ITEMS_MAX: usize = 2_048;
/// Most decimal digits of a currency's minor unit.
pub const CURRENCY_EXPONENT_MAX: u8 = 4;
/// Most predicates in one audience.
pub const CONJUNCTS_MAX: usize = 256;
/// Most variations of one campaign.
pub const VARIATIONS_MAX: usize = 256;
/// The whole of a share, parts per million.
pub const WEIGHT_PPM_MAX: u32 = 1_000_000;
/// Most values that one variation gives to its block.
pub const DATA_MAX: usize = 256;
/// Most block names in one layout order.
pub const ORDER_NAMES_MAX: usize = 256;
/// Most weights and pins of one row.
pub const ADJUSTMENTS_MAX: usize = 256;
/// Most steps of one fallback chain.
pub const SOURCES_MAX: usize = 32;
/// Deepest nesting of a block's nodes; a top-level node has depth 1.
pub const BLOCK_DEPTH_MAX: usize = 24;
/// Most nodes in one block.
pub const BLOCK_NODES_MAX: usize = 512;
/// Most attributes of one element.
pub const ATTRS_MAX: usize = 32;
/// Most parts of one text or attribute value.
pub const PARTS_MAX: usize = 64;
/// Most tags of one product.
pub const TAGS_MAX: usize = 64;
/// Most neighbours in one row of one product.
pub const NEIGHBOURS_MAX: usize = 512;
/// Most products of one bundle.
pub const BUNDLE_ITEMS_MAX: usize = 8;
/// Strongest neighbour score; the weakest is 1.
pub const SCORE_MAX: u8 = 15;
/// Deepest value stack of a condition program.
pub const STACK_DEPTH_MAX: usize = 32;
/// Longest program, in bytes.
pub const PROGRAM_BYTES_MAX: usize = 16 << 10;
