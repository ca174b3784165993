//! Holding an opened file: the bytes and their validated layout in one value, without self-reference.

use std::marker::PhantomData;

use crate::columns::to_records;
use crate::error::Error;
use crate::file::Sections;
use crate::kinds::FileKind;
use crate::record::{Record, Span, Table};
use crate::rules::Section;

/// A file kind, as [`Opened`] needs it. Implemented for every reader of this crate.
pub trait File {
    /// What the header must say.
    const KIND: FileKind;
    /// The sections, in the reader's order.
    const SECTIONS: &'static [Section];
    /// The borrowed reader.
    type View<'a>;

    /// The reader over bytes that were opened before; total for other bytes too, but then without meaning.
    fn view<'a>(bytes: &'a [u8], spans: &[Span]) -> Self::View<'a>;

    /// Checks what the rules of single fields do not say.
    ///
    /// # Errors
    /// The first thing that does not hold, with its offset.
    fn check(view: &Self::View<'_>) -> Result<(), Error>;
}

/// Opens and validates untrusted bytes: where the sections lie, and the reader.
pub(crate) fn open<F: File>(bytes: &[u8]) -> Result<(Vec<Span>, F::View<'_>), Error> {
    let spans = Sections::open(bytes, F::KIND)?.spans(F::SECTIONS)?;
    let view = F::view(bytes, &spans);
    F::check(&view)?;
    Ok((spans, view))
}

/// The owned bytes of a file that was validated once; [`view`](Self::view) borrows the reader again.
///
/// For whoever keeps a pack longer than a call, such as the wasm module:
/// `let core: OpenedCore = Opened::open(bytes)?; … core.view().meta`.
#[derive(Clone, Debug)]
pub struct Opened<F> {
    bytes: Vec<u8>,
    spans: Vec<Span>,
    file: PhantomData<F>,
}

impl<F: File> Opened<F> {
    /// Lays bytes in columns out in records, validates them and keeps them. Cost: that of the file's `open`; allocates one span a section.
    ///
    /// # Errors
    /// The first thing that does not hold, with its offset; the bytes are dropped.
    pub fn open(bytes: Vec<u8>) -> Result<Self, Error> {
        let bytes = to_records(bytes);
        let (spans, _) = open::<F>(&bytes)?;
        Ok(Self { bytes, spans, file: PhantomData })
    }

    /// The reader. Cost: two comparisons a section; nothing is validated again.
    #[must_use]
    #[inline(never)]
    pub fn view(&self) -> F::View<'_> {
        F::view(&self.bytes, &self.spans)
    }

    /// One section, by its place in [`File::SECTIONS`], without the others of the view; empty when there is no such.
    pub(crate) fn table<R: Record>(&self, section: usize) -> Table<'_, R> {
        // Behind the two of the strings.
        let span = section.checked_add(2).and_then(|at| self.spans.get(at)).copied();
        Table::at(&self.bytes, span.unwrap_or_default())
    }

    /// The bytes of the file.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// An owned core file.
pub type OpenedCore = Opened<crate::core::Core<'static>>;
/// An owned items file.
pub type OpenedItems = Opened<crate::items::Items<'static>>;
/// An owned index file.
pub type OpenedIndex = Opened<crate::index::Index<'static>>;
/// An owned directory file.
pub type OpenedDirectory = Opened<crate::directory::Directory<'static>>;
