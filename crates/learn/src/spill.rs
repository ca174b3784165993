//! Sorting more than memory holds: sorted runs on disk, merged as they are read.
//!
//! Records have a total order and are written as they are; what comes out does not depend on how many runs there were.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;

use crate::error::Error;

/// Smallest buffer of a sorter, records: below it a run a handful of records long would be a file.
const RECORDS_MIN: usize = 1 << 10;
/// Bytes that are read from or written to a run at a time.
const BLOCK_BYTES: usize = 1 << 16;
/// Most runs that are merged at once; more are first merged into longer ones.
const RUNS_MAX: usize = 128;

/// A record that can be sorted and spilled.
pub trait Spilled: Copy + Ord + Send + 'static {
    /// Bytes on disk.
    const SIZE: usize;
    /// Appends exactly [`Self::SIZE`] bytes.
    fn write(&self, out: &mut Vec<u8>);
    /// Reads what [`Self::write`] wrote.
    fn read(bytes: &[u8]) -> Self;
    /// Takes in the record that follows, if both are one; else leaves both alone.
    fn absorb(&mut self, _next: &Self) -> bool {
        false
    }
}

/// Defines a record that is sorted by its fields in turn and lies on disk as they do, little-endian.
macro_rules! spilled {
    ($(#[$meta:meta])* $vis:vis struct $name:ident { $($(#[$doc:meta])* $seen:vis $field:ident: $ty:ty,)* } $($absorb:item)?) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        $vis struct $name { $($(#[$doc])* $seen $field: $ty,)* }

        impl $crate::spill::Spilled for $name {
            const SIZE: usize = 0 $(+ <$ty as shelfwise_pack::record::Record>::SIZE)*;

            fn write(&self, out: &mut Vec<u8>) {
                $(shelfwise_pack::record::Record::write(self.$field, out);)*
            }

            fn read(bytes: &[u8]) -> Self {
                let rest = bytes;
                $(let (field, rest) = rest.split_at(<$ty as shelfwise_pack::record::Record>::SIZE);
                let $field = <$ty as shelfwise_pack::record::Record>::read(field);)*
                debug_assert!(rest.is_empty());
                Self { $($field,)* }
            }

            $($absorb)?
        }
    };
}
pub(crate) use spilled;

/// A folder for runs; it goes when the last user of it does.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    runs: AtomicU64,
}

impl Folder {
    /// A folder of that name and the process's number; made when the first run is.
    #[must_use]
    pub fn new(beside: &Path) -> Arc<Self> {
        static FOLDERS: AtomicU64 = AtomicU64::new(0);
        let name =
            beside.file_name().map_or_else(|| "learn".into(), |name| name.to_string_lossy().into_owned());
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let path = beside.with_file_name(format!("{name}.spill-{}-{number}", std::process::id()));
        Arc::new(Self { path, runs: AtomicU64::new(0) })
    }

    /// A folder among the system's temporary files.
    #[must_use]
    pub fn temporary() -> Arc<Self> {
        Self::new(&std::env::temp_dir().join("shelfwise"))
    }

    /// Runs that were written so far.
    #[must_use]
    pub fn runs(&self) -> u64 {
        self.runs.load(Ordering::Relaxed)
    }

    fn create(&self) -> Result<(PathBuf, File), Error> {
        std::fs::create_dir_all(&self.path).map_err(|source| Error::io(&self.path, source))?;
        let path = self.path.join(format!("{}.run", self.runs.fetch_add(1, Ordering::Relaxed)));
        let file = File::create(&path).map_err(|source| Error::io(&path, source))?;
        Ok((path, file))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.runs() > 0 {
            // Nothing to be done about a folder that does not go.
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

/// Collects records; spills them as sorted runs while a second thread sorts, at most so many bytes at a time.
#[derive(Debug)]
pub struct Sorter<T: Spilled> {
    folder: Arc<Folder>,
    /// Records of one buffer; two are in use at a time.
    records_max: usize,
    buffer: Vec<T>,
    runs: Vec<PathBuf>,
    spilling: Option<JoinHandle<Result<PathBuf, Error>>>,
}

impl<T: Spilled> Sorter<T> {
    /// A sorter that holds at most `bytes_max` bytes of records.
    #[must_use]
    pub fn new(folder: &Arc<Folder>, bytes_max: u64) -> Self {
        let records_max = (bytes_max / 2 / size_of::<T>() as u64) as usize;
        Self {
            folder: Arc::clone(folder),
            records_max: records_max.max(RECORDS_MIN),
            buffer: Vec::new(),
            runs: Vec::new(),
            spilling: None,
        }
    }

    /// Adds a record.
    ///
    /// # Errors
    /// A run cannot be written.
    pub fn push(&mut self, record: T) -> Result<(), Error> {
        if self.buffer.len() == self.records_max {
            self.spill()?;
        }
        if self.buffer.len() == self.buffer.capacity() {
            // Doubling, but never beyond what is allowed.
            let more = self.buffer.len().max(RECORDS_MIN).min(self.records_max - self.buffer.len());
            self.buffer.reserve_exact(more);
        }
        self.buffer.push(record);
        Ok(())
    }

    /// Adds all records of another sorter, which come after those of this one where they are equal.
    ///
    /// # Errors
    /// A run cannot be written.
    pub fn append(&mut self, mut other: Self) -> Result<(), Error> {
        self.settle()?;
        other.settle()?;
        if self.runs.is_empty()
            && other.runs.is_empty()
            && self.buffer.len() + other.buffer.len() <= 2 * self.records_max
        {
            self.buffer.append(&mut other.buffer);
            return Ok(());
        }
        self.spill()?;
        other.spill()?;
        self.settle()?;
        other.settle()?;
        self.runs.append(&mut other.runs);
        Ok(())
    }

    fn spill(&mut self) -> Result<(), Error> {
        self.settle()?;
        if self.buffer.is_empty() {
            return Ok(());
        }
        let capacity = self.buffer.capacity();
        let full = std::mem::replace(&mut self.buffer, Vec::with_capacity(capacity));
        let folder = Arc::clone(&self.folder);
        self.spilling = Some(std::thread::spawn(move || {
            let mut full = full;
            full.sort_unstable();
            write_run(&folder, full.into_iter().map(Ok))
        }));
        Ok(())
    }

    /// Waits for the run that is being written.
    fn settle(&mut self) -> Result<(), Error> {
        if let Some(spilling) = self.spilling.take() {
            self.runs.push(spilling.join().expect("sorting does not panic")?);
        }
        Ok(())
    }

    /// All records in order, those that are one made one.
    ///
    /// # Errors
    /// A run cannot be written or read.
    pub fn sorted(mut self) -> Result<Sorted<T>, Error> {
        self.settle()?;
        if self.runs.is_empty() {
            let middle = self.buffer.len() / 2;
            let second = self.buffer.split_off(middle);
            let mut halves = [std::mem::take(&mut self.buffer), second];
            std::thread::scope(|scope| {
                for half in &mut halves {
                    scope.spawn(|| half.sort_unstable());
                }
            });
            let runs = halves.map(|half| Run::Held(half.into_iter())).into();
            return Sorted::new(runs, Arc::clone(&self.folder));
        }
        self.spill()?;
        self.settle()?;
        while self.runs.len() > RUNS_MAX {
            let first: Vec<PathBuf> = self.runs.drain(..RUNS_MAX).collect();
            let merged = Sorted::<T>::new(open(&first)?, Arc::clone(&self.folder))?;
            self.runs.insert(0, write_run(&self.folder, merged)?);
            for path in first {
                std::fs::remove_file(&path).map_err(|source| Error::io(&path, source))?;
            }
        }
        Sorted::new(open(&self.runs)?, Arc::clone(&self.folder))
    }
}

fn open<T: Spilled>(paths: &[PathBuf]) -> Result<Vec<Run<T>>, Error> {
    let open = |path: &PathBuf| {
        let file = File::open(path).map_err(|source| Error::io(path, source))?;
        Ok(Run::Stored(BufReader::with_capacity(BLOCK_BYTES, file), path.clone()))
    };
    paths.iter().map(open).collect()
}

fn write_run<T: Spilled>(
    folder: &Folder,
    records: impl Iterator<Item = Result<T, Error>>,
) -> Result<PathBuf, Error> {
    let (path, file) = folder.create()?;
    let mut out = BufWriter::with_capacity(BLOCK_BYTES, file);
    let mut bytes = Vec::with_capacity(T::SIZE);
    let mut put = |record: &T| {
        bytes.clear();
        record.write(&mut bytes);
        out.write_all(&bytes)
    };
    let fail = |source| Error::io(&path, source);
    let mut held: Option<T> = None;
    for record in records {
        let record = record?;
        if let Some(before) = &mut held {
            if before.absorb(&record) {
                continue;
            }
            put(before).map_err(fail)?;
        }
        held = Some(record);
    }
    held.as_ref().map_or(Ok(()), put).map_err(fail)?;
    out.flush().map_err(fail)?;
    Ok(path)
}

enum Run<T> {
    Held(std::vec::IntoIter<T>),
    Stored(BufReader<File>, PathBuf),
}

impl<T: Spilled> Run<T> {
    fn next(&mut self, bytes: &mut Vec<u8>) -> Result<Option<T>, Error> {
        match self {
            Self::Held(records) => Ok(records.next()),
            Self::Stored(reader, path) => {
                bytes.resize(T::SIZE, 0);
                match reader.read_exact(bytes) {
                    Ok(()) => Ok(Some(T::read(bytes))),
                    Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Ok(None),
                    Err(source) => Err(Error::io(path, source)),
                }
            }
        }
    }
}

/// Records in order, as they are merged from their runs.
pub struct Sorted<T: Spilled> {
    runs: Vec<Run<T>>,
    /// The next record of each run; equal records in the order of the runs.
    heads: BinaryHeap<Reverse<(T, usize)>>,
    bytes: Vec<u8>,
    /// Keeps the runs until they are read.
    _folder: Arc<Folder>,
}

impl<T: Spilled> Sorted<T> {
    fn new(mut runs: Vec<Run<T>>, folder: Arc<Folder>) -> Result<Self, Error> {
        let mut bytes = Vec::new();
        let mut heads = BinaryHeap::with_capacity(runs.len());
        for (at, run) in runs.iter_mut().enumerate() {
            heads.extend(run.next(&mut bytes)?.map(|record| Reverse((record, at))));
        }
        Ok(Self { runs, heads, bytes, _folder: folder })
    }

    fn merge(&mut self) -> Result<Option<T>, Error> {
        let Some(mut head) = self.heads.peek_mut() else { return Ok(None) };
        let Reverse((record, at)) = *head;
        match self.runs[at].next(&mut self.bytes)? {
            Some(next) => *head = Reverse((next, at)),
            None => drop(std::collections::binary_heap::PeekMut::pop(head)),
        }
        Ok(Some(record))
    }

    fn one(&mut self) -> Result<Option<T>, Error> {
        let Some(mut record) = self.merge()? else { return Ok(None) };
        while let Some(Reverse((next, _))) = self.heads.peek() {
            if !record.absorb(next) {
                break;
            }
            self.merge()?;
        }
        Ok(Some(record))
    }
}

impl<T: Spilled> Iterator for Sorted<T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.one().transpose()
    }
}

/// Records in the order they came, read as often as asked; on disk where memory does not hold them.
#[derive(Debug)]
pub struct Tape<T: Spilled> {
    folder: Arc<Folder>,
    records_max: usize,
    held: Vec<T>,
    stored: Option<(PathBuf, BufWriter<File>)>,
}

impl<T: Spilled> Tape<T> {
    /// A tape that holds at most `bytes_max` bytes of records.
    #[must_use]
    pub fn new(folder: &Arc<Folder>, bytes_max: u64) -> Self {
        // A growing list may be held twice.
        let records_max = (bytes_max / 2 / size_of::<T>() as u64) as usize;
        let folder = Arc::clone(folder);
        Self { folder, records_max: records_max.max(RECORDS_MIN), held: Vec::new(), stored: None }
    }

    /// Adds a record.
    ///
    /// # Errors
    /// What does not fit into memory cannot be written.
    pub fn push(&mut self, record: T) -> Result<(), Error> {
        self.held.push(record);
        if self.held.len() == self.records_max { self.spill() } else { Ok(()) }
    }

    /// Ends the tape: it can be read now.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub fn finish(&mut self) -> Result<(), Error> {
        if self.stored.is_some() {
            self.spill()?;
            self.held = Vec::new();
        }
        let Some((path, out)) = &mut self.stored else { return Ok(()) };
        out.flush().map_err(|source| Error::io(path, source))
    }

    fn spill(&mut self) -> Result<(), Error> {
        if self.stored.is_none() {
            let (path, file) = self.folder.create()?;
            self.stored = Some((path, BufWriter::with_capacity(BLOCK_BYTES, file)));
        }
        let Some((path, out)) = &mut self.stored else { return Ok(()) };
        let mut bytes = Vec::with_capacity(T::SIZE);
        for record in self.held.drain(..) {
            bytes.clear();
            record.write(&mut bytes);
            out.write_all(&bytes).map_err(|source| Error::io(path, source))?;
        }
        Ok(())
    }

    /// All records, from the first.
    ///
    /// # Errors
    /// What lies on disk cannot be read.
    pub fn iter(&self) -> Result<impl Iterator<Item = Result<T, Error>>, Error> {
        let paths: Vec<PathBuf> = self.stored.iter().map(|(path, _)| path.clone()).collect();
        let mut run = open::<T>(&paths)?.pop();
        let mut bytes = Vec::new();
        let stored = std::iter::from_fn(move || run.as_mut()?.next(&mut bytes).transpose());
        Ok(stored.chain(self.held.iter().copied().map(Ok)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    spilled! {
        struct Word {
            word: u64,
            count: u32,
        }

        fn absorb(&mut self, next: &Self) -> bool {
            let same = self.word == next.word;
            self.count += if same { next.count } else { 0 };
            same
        }
    }

    fn sorted(count: u64, bytes_max: u64) -> (Vec<Word>, u64, PathBuf) {
        let folder = Folder::temporary();
        let [mut first, mut second] = [0, 1].map(|_| Sorter::new(&folder, bytes_max));
        for at in 0..count {
            let half = if at < count / 2 { &mut first } else { &mut second };
            half.push(Word { word: at.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 52, count: 1 }).unwrap();
        }
        first.append(second).unwrap();
        let all = first.sorted().unwrap().collect::<Result<_, _>>().unwrap();
        (all, folder.runs(), folder.path.clone())
    }

    #[test]
    fn runs_on_disk_give_what_memory_gives_and_leave_nothing_behind() {
        let (held, none, _) = sorted(300_000, 1 << 30);
        let (spilled, runs, path) = sorted(300_000, 1);
        assert_eq!(none, 0);
        assert!(runs > 2 * RUNS_MAX as u64, "{runs}");
        assert_eq!(held, spilled);
        assert_eq!(held.iter().map(|word| u64::from(word.count)).sum::<u64>(), 300_000);
        assert!(held.is_sorted_by(|left, right| left.word < right.word));
        assert!(!path.exists());
    }

    #[test]
    fn a_tape_gives_back_what_came_as_often_as_asked() {
        for (bytes_max, runs) in [(1 << 30, 0), (1, 1)] {
            let folder = Folder::temporary();
            let mut tape = Tape::new(&folder, bytes_max);
            let words: Vec<Word> = (0..5_000).map(|at| Word { word: 5_000 - at, count: at as u32 }).collect();
            words.iter().for_each(|word| tape.push(*word).unwrap());
            tape.finish().unwrap();
            for _ in 0..2 {
                assert_eq!(tape.iter().unwrap().collect::<Result<Vec<_>, _>>().unwrap(), words);
            }
            assert_eq!(folder.runs(), runs);
        }
    }

    #[test]
    fn nothing_sorted_is_nothing() {
        assert_eq!(sorted(0, 1).0, []);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_an_error_with_its_name() {
        let mut sorter = Sorter::new(&Folder::new(Path::new("/dev/null/knowledge")), 1);
        let pushed =
            (0..=2 * RECORDS_MIN as u64 + 1).try_for_each(|at| sorter.push(Word { word: at, count: 1 }));
        let error = pushed.and_then(|()| sorter.sorted().map(|_| ())).unwrap_err().to_string();
        assert!(error.contains("/dev/null/knowledge.spill-"), "{error}");
    }
}
