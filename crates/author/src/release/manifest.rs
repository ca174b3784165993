//! The bodies of `latest.json` and of manifests.

use serde::{Deserialize, Serialize};

/// Body of `latest.json`. Field order is the order in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Latest {
    /// Shop id.
    pub shop: String,
    /// Release channel.
    pub channel: String,
    /// Pack version.
    pub version: u64,
    /// The manifest.
    pub manifest: FileEntry,
    /// End of validity, Unix seconds.
    pub expires: i64,
    /// Campaigns that must not show any more.
    pub withdrawn: Vec<String>,
}

/// A file by path, hash and length.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Path in the folder.
    pub path: String,
    /// SHA-256, 64 hexadecimal digits.
    pub hash: String,
    /// Length, bytes.
    pub length: u64,
}

/// Body of a manifest. Field order is the order in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Shop id.
    pub shop: String,
    /// Release channel.
    pub channel: String,
    /// Pack version.
    pub version: u64,
    /// Release time, Unix seconds.
    pub issued: i64,
    /// End of validity, Unix seconds.
    pub expires: i64,
    /// Oldest SDK that reads the files.
    pub sdk_minimum: String,
    /// The core file and the directories.
    pub files: Vec<ManifestEntry>,
}

/// A file that a manifest lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestEntry {
    /// `core`, `directory-items` or `directory-index`.
    pub kind: String,
    /// Number among the files of its kind.
    pub number: u32,
    /// Path in the folder.
    pub path: String,
    /// SHA-256, 64 hexadecimal digits.
    pub hash: String,
    /// Length, bytes.
    pub length: u64,
}
