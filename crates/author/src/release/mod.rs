//! A release: the files of a pack, named by their hashes, listed, signed, and put into a folder.
//!
//! *Invariants.* `latest.json` is replaced last and only when everything it leads to was read back from
//! the folder and verified. Versions only grow. Nothing that an unexpired manifest of the folder needs
//! is removed.

mod envelope;
mod folder;
mod key;
mod manifest;

use std::path::Path;

pub use envelope::{Role, open as open_envelope, seal};
pub use folder::{previous_version, verify};
pub use key::{Key, public_key};
pub use manifest::{FileEntry, Latest, Manifest, ManifestEntry};

use crate::compile::Compiled;
use folder::Staged;

/// Seconds in an hour.
const HOUR_S: i64 = 3_600;
/// How long a manifest is valid when nothing else is said, seconds.
pub const MANIFEST_VALID_S: i64 = 14 * 24 * HOUR_S;
/// Longest that `latest.json` may be valid, seconds.
pub const LATEST_VALID_S_MAX: i64 = 72 * HOUR_S;
/// Oldest SDK that reads these files.
const SDK_MINIMUM: &str = "0.1.0";

/// What a release says and where it belongs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Shop id.
    pub shop: String,
    /// Release channel.
    pub channel: String,
    /// Pack version.
    pub version: u64,
    /// Release time, Unix seconds.
    pub issued_s: i64,
    /// End of the manifest's validity, Unix seconds.
    pub expires_s: i64,
    /// End of `latest.json`'s validity, Unix seconds.
    pub latest_expires_s: i64,
    /// Ids of campaigns that must not show any more.
    pub withdrawn: Vec<String>,
}

/// What a release consists of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Path of each file in the folder and its bytes, `latest.json` first.
    pub files: Vec<(String, usize)>,
    /// Paths of old files that were removed.
    pub removed: Vec<String>,
}

/// Names, lists, signs and writes a release into a folder.
///
/// # Errors
/// In words: the folder cannot be written, holds another shop's pack or a version that is not older, or
/// what was written does not verify. `latest.json` is then still the one before.
pub fn write(folder: &Path, compiled: &Compiled, terms: &Terms, key: &Key) -> Result<Report, String> {
    check_terms(terms)?;
    if let Some(previous) = folder::previous(folder)? {
        if previous.shop != terms.shop || previous.channel != terms.channel {
            let (shop, channel) = (&previous.shop, &previous.channel);
            return Err(format!("the folder holds the pack of `{shop}`, channel `{channel}`; give another"));
        }
        if previous.version >= terms.version {
            return Err(format!(
                "the folder already holds version {}, and {} is not above it",
                previous.version, terms.version
            ));
        }
    }
    let staged = Staged::new(&compiled.clone().in_columns(), terms, key)?;
    staged.write_files(folder)?;
    staged.verify(folder, &key.public())?;
    staged.replace_latest(folder)?;
    let removed = folder::sweep(folder, terms.issued_s)?;
    Ok(Report { files: staged.sizes(), removed })
}

fn check_terms(terms: &Terms) -> Result<(), String> {
    // Above this a JSON number is no longer exact in a browser.
    const VERSION_MAX: u64 = (1 << 53) - 1;
    if terms.version == 0 || terms.version > VERSION_MAX {
        return Err(format!("a version lies between 1 and {VERSION_MAX}"));
    }
    if terms.expires_s <= terms.issued_s || terms.latest_expires_s <= terms.issued_s {
        return Err("a release must expire after it was issued".into());
    }
    if terms.latest_expires_s - terms.issued_s > LATEST_VALID_S_MAX {
        return Err("latest.json is valid for 72 hours at most".into());
    }
    Ok(())
}
