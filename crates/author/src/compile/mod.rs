//! A checked project, its catalogue and its knowledge to the files of a pack.
//!
//! *Invariants.* The same inputs give the same bytes: no clock, no map in random order. What comes out
//! opens with the pack's own readers, which is checked before it is given out.

mod assortment;
mod blocks;
mod bundles;
mod core;
mod filtered;
mod items;
mod lists;
mod priors;
pub mod similar;

use shelfwise_pack::columns::{to_columns, to_records};
use shelfwise_pack::core::Core;
use shelfwise_pack::index::Index;
use shelfwise_pack::items::Items;

pub use assortment::Assortment;

use crate::catalogue::Product;
use crate::plan::Plan;
use crate::project::Project;

/// What a release says about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Release {
    /// Pack version.
    pub version: u64,
    /// Release time, Unix seconds.
    pub issued_s: i64,
    /// End of validity, Unix seconds.
    pub expires_s: i64,
}

/// The files of a pack, before they are named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compiled {
    /// Core file.
    pub core: Vec<u8>,
    /// Items files, by number.
    pub items: Vec<Vec<u8>>,
    /// Index files, by number.
    pub index: Vec<Vec<u8>>,
}

impl Compiled {
    /// The files as they are published ([`shelfwise_pack::columns`]).
    #[must_use]
    pub fn in_columns(self) -> Self {
        self.each(|file| to_columns(&file))
    }

    /// The files as readers open them.
    #[must_use]
    pub fn in_records(self) -> Self {
        self.each(to_records)
    }

    fn each(self, turn: impl Fn(Vec<u8>) -> Vec<u8>) -> Self {
        let all = |files: Vec<Vec<u8>>| files.into_iter().map(&turn).collect();
        Self { core: turn(self.core), items: all(self.items), index: all(self.index) }
    }
}

/// How products lie in files. What is decided does not depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// As shoppers fetch them: small files, and an index that leads to them.
    Fetched,
    /// For one who holds them all: few files, no index.
    Held,
}

/// Compiles a project that has no errors.
///
/// # Errors
/// In words, when a limit of the format is passed or a file does not open again.
pub fn compile(
    project: &Project,
    plan: &Plan,
    products: &[Product],
    knowledge: Option<&[u8]>,
    release: Release,
    layout: Layout,
) -> Result<Compiled, String> {
    let mut assortment = Assortment::new(project, products, knowledge)?;
    similar::add(&mut assortment, similar::asked(project));
    assortment.parameters = priors::completed(&assortment.parameters);
    if layout == Layout::Held {
        items::hold(&mut assortment);
    }
    let compiled = Compiled {
        core: core::encode(project, plan, &assortment, release)?,
        items: items::encode_items(&assortment),
        index: if layout == Layout::Held { Vec::new() } else { items::encode_index(&assortment) },
    };
    verify(&compiled)?;
    Ok(compiled)
}

/// Opens every file as a shopper's module would.
///
/// # Errors
/// In words, which file does not open and why.
pub fn verify(compiled: &Compiled) -> Result<(), String> {
    let refused = |what: String, error: shelfwise_pack::Error| {
        format!("{what} does not open: {:?} at byte {}", error.code, error.offset)
    };
    let core = Core::open(&compiled.core).map_err(|error| refused("the core file".into(), error))?;
    let meta = core.meta.get(0).unwrap_or_default();
    for (number, bytes) in (0..).zip(&compiled.items) {
        let opened = Items::open(bytes).and_then(|file| file.belongs(&core, number));
        opened.map_err(|error| refused(format!("items file {number}"), error))?;
    }
    for (number, bytes) in (0..).zip(&compiled.index) {
        let opened = Index::open(bytes).and_then(|file| file.belongs(&meta, number));
        opened.map_err(|error| refused(format!("index file {number}"), error))?;
    }
    Ok(())
}
