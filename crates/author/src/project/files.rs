//! Where a project's files come from: a folder, or memory (the studio, tests).

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// Read access to a project's files; paths are relative to its root, with `/`.
pub trait Files {
    /// Paths of the files directly in a folder with that extension (no dot), sorted bytewise.
    fn list(&self, folder: &str, extension: &str) -> Vec<String>;

    /// The bytes of a file.
    ///
    /// # Errors
    /// Those of the file system; `NotFound` when there is no such file.
    fn read(&self, path: &str) -> io::Result<Vec<u8>>;
}

/// A project in a folder of the file system.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The project whose `shop.yaml` lies in `root`.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }
}

impl Files for Folder {
    fn list(&self, folder: &str, extension: &str) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.root.join(folder)) else { return Vec::new() };
        let mut found: Vec<String> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| Path::new(name).extension().is_some_and(|found| found == extension))
            .map(|name| format!("{folder}/{name}"))
            .collect();
        found.sort();
        found
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        std::fs::read(self.root.join(path))
    }
}

impl Files for BTreeMap<String, Vec<u8>> {
    fn list(&self, folder: &str, extension: &str) -> Vec<String> {
        let inside = |path: &&String| {
            path.strip_prefix(folder)
                .and_then(|rest| rest.strip_prefix('/'))
                .is_some_and(|name| !name.contains('/') && name.ends_with(&format!(".{extension}")))
        };
        self.keys().filter(inside).cloned().collect()
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}
