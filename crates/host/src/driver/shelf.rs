//! Product files: which are wanted, under which path, and taking them in.

use super::{Desk, Driver};
use crate::engine::digits;
use crate::engine::pack::core::Meta;
use crate::engine::pack::directory::{PAGE_FILES, levels};
use crate::engine::pack::{Error, Opened, OpenedDirectory, OpenedIndex, OpenedItems};
use crate::engine::shelf::Want;
use crate::journal::hex;
use crate::surroundings::{Clock, Entropy, Store};

/// [`Driver::load`]'s answer to a kind that it does not know.
pub const UNKNOWN_FILE_KIND: u32 = 202;
/// [`Driver::load`]'s answer while no core file is open.
pub const NO_CORE: u32 = 203;

/// A page of a directory of product files.
pub(super) struct Page {
    /// Of the files that it lists: `items` or `index`.
    kind: &'static str,
    number: u32,
    directory: OpenedDirectory,
}

impl<C: Clock, E: Entropy, S: Store> Driver<C, E, S> {
    /// Takes in a file of kind `items`, `index`, `directory-items` or `directory-index`. The answer is
    /// as that of [`Self::core`].
    pub fn load(&mut self, kind: &str, number: u32, bytes: Vec<u8>) -> u32 {
        let Some(loaded) = &mut self.loaded else { return NO_CORE };
        let core = loaded.core.view();
        let meta = core.meta.get(0).unwrap_or_default();
        let result: Result<(), Error> = match kind {
            "items" => Opened::open(bytes).and_then(|file: OpenedItems| {
                file.view().belongs(&core, number)?;
                loaded.desk.shelf.add_items(number, file);
                loaded.desk.taken.push(Want::Items(number));
                Ok(())
            }),
            "index" => Opened::open(bytes).and_then(|file: OpenedIndex| {
                file.view().belongs(&meta, number)?;
                loaded.desk.shelf.add_index(number, &file);
                loaded.desk.taken.push(Want::Index(number));
                Ok(())
            }),
            "directory-items" | "directory-index" => Opened::open(bytes).map(|directory| {
                let kind = if kind == "directory-items" { "items" } else { "index" };
                loaded.desk.pages.retain(|page| page.kind != kind || page.number != number);
                loaded.desk.pages.push(Page { kind, number, directory });
            }),
            _ => return UNKNOWN_FILE_KIND,
        };
        self.changed();
        result.map_or_else(|error| super::refusal(&error), |()| 0)
    }

    /// Files that would make the last decisions and rows better: lines `kind\tnumber\tpath\tlength`.
    /// A directory page that lists one comes first; its path is empty where the manifest has it.
    pub fn wants(&mut self) -> String {
        let Some(loaded) = &mut self.loaded else { return String::new() };
        let meta = loaded.core.view().meta.get(0).unwrap_or_default();
        let known = loaded.moment.as_ref().map_or(&[][..], |moment| &moment.situation.wants);
        let Desk { recommender, pages, wants, taken, .. } = &mut loaded.desk;
        wants.add_all(known);
        wants.add_all(recommender.wants());
        wants.retain(|want| !taken.contains(want));
        if wants.is_empty() { String::new() } else { paths(wants, pages, &meta) }
    }
}

/// Where the wanted files are.
#[inline(never)]
fn paths(wants: &[Want], pages: &[Page], meta: &Meta) -> String {
    let mut lines = Vec::new();
    'wants: for want in wants.iter() {
        let (name, files, number) = match *want {
            Want::Items(number) => ("items", meta.items_files(), number),
            Want::Index(number) => ("index", meta.index_files, number),
        };
        let page = |number| pages.iter().find(|known| known.kind == name && known.number == number);
        // The file, or else the page that lists it, or else the page that lists that.
        let (mut head, mut wanted, mut at) = ("", number, number);
        let mut listed = None;
        for level in levels(files) {
            let above = level.start + at / PAGE_FILES;
            if let Some(known) = page(above) {
                let Some(entry) = known.directory.view().entries.get(at % PAGE_FILES) else {
                    continue 'wants;
                };
                listed = Some(entry);
                break;
            }
            (head, wanted, at) = ("directory-", above, at / PAGE_FILES);
        }
        let number = decimal(wanted);
        let (mut path, mut length) = (String::new(), 0);
        if let Some(entry) = listed {
            let hash = entry.hash.swap_bytes();
            let hash = hex((hash >> 64) as u64, 16) + &hex(hash as u64, 16);
            path = [head, name, "-", &number, "-", &hash, ".bin"].concat();
            length = entry.length;
        }
        let line = [head, name, "\t", &number, "\t", &path, "\t", &decimal(length), "\n"].concat();
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines.concat()
}

fn decimal(value: u32) -> String {
    let mut text = String::new();
    digits::push(&mut text, value.into(), 1);
    text
}
