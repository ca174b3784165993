//! The folder of a pack: staged files, atomic writes, verification, and removal of old files.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use ed25519_dalek::VerifyingKey;
use sha2::{Digest, Sha256};
use shelfwise_pack::columns::to_records;
use shelfwise_pack::core::{Core, Meta};
use shelfwise_pack::directory::{
    Directory, DirectoryBuilder, DirectoryEntry, MANIFEST_PAGES, PAGE_FILES, levels,
};

use super::envelope::{self, Role, seal};
use super::key::{Key, hex};
use super::manifest::{FileEntry, Latest, Manifest, ManifestEntry};
use super::{SDK_MINIMUM, Terms};
use crate::compile::{Compiled, verify as verify_compiled};

/// Name of the file that leads to all others.
const LATEST: &str = "latest.json";
/// Older manifests that are kept, newest first, while they have not expired.
const MANIFESTS_KEPT: usize = 8;

/// Threads that write files.
const WRITERS: usize = 64;

/// A release that is complete in memory.
pub(super) struct Staged {
    /// Path and bytes of all files but `latest.json`.
    files: Vec<(String, Vec<u8>)>,
    latest: String,
}

fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// First 16 bytes of a hash, as names carry them.
fn short(hash: &[u8; 32]) -> String {
    hex(&hash[..16])
}

fn entry(bytes: &[u8]) -> DirectoryEntry {
    let hash = digest(bytes);
    let head: [u8; 16] = hash[..16].try_into().unwrap_or_default();
    DirectoryEntry { hash: u128::from_le_bytes(head), length: u32::try_from(bytes.len()).unwrap_or(u32::MAX) }
}

fn path_of(kind: &str, number: u32, bytes: &[u8]) -> String {
    format!("{kind}-{number}-{}.bin", short(&digest(bytes)))
}

fn listed(kind: &str, number: u32, path: String, bytes: &[u8]) -> ManifestEntry {
    let length = bytes.len() as u64;
    ManifestEntry { kind: kind.to_owned(), number, path, hash: hex(&digest(bytes)), length }
}

impl Staged {
    /// Names, lists and signs the files.
    pub(super) fn new(compiled: &Compiled, terms: &Terms, key: &Key) -> Result<Self, String> {
        let mut files = Vec::new();
        let mut entries = Vec::new();
        let path = format!("core-{}.bin", short(&digest(&compiled.core)));
        entries.push(listed("core", 0, path.clone(), &compiled.core));
        files.push((path, compiled.core.clone()));
        for (kind, numbered) in [("items", &compiled.items), ("index", &compiled.index)] {
            let named =
                (0..).zip(numbered).map(|(number, bytes)| (path_of(kind, number, bytes), bytes.clone()));
            let mut level: Vec<_> = named.collect();
            let (directory, mut first) = (format!("directory-{kind}"), 0);
            while !level.is_empty() {
                let pages = level.chunks(PAGE_FILES as usize).map(|part| {
                    let mut page = DirectoryBuilder::default();
                    page.entries.extend(part.iter().map(|(_, bytes)| entry(bytes)));
                    page.finish()
                });
                let pages =
                    (first..).zip(pages).map(|(number, bytes)| (path_of(&directory, number, &bytes), bytes));
                let pages: Vec<_> = pages.collect();
                files.append(&mut level);
                if pages.len() <= MANIFEST_PAGES as usize {
                    let top = (first..).zip(&pages);
                    entries.extend(
                        top.map(|(number, (path, bytes))| listed(&directory, number, path.clone(), bytes)),
                    );
                    files.extend(pages);
                    break;
                }
                first += pages.len() as u32;
                level = pages;
            }
        }
        let manifest = Manifest {
            shop: terms.shop.clone(),
            channel: terms.channel.clone(),
            version: terms.version,
            issued: terms.issued_s,
            expires: terms.expires_s,
            sdk_minimum: SDK_MINIMUM.to_owned(),
            files: entries,
        };
        let manifest = seal(Role::Manifest, &to_json(&manifest)?, key).into_bytes();
        let hash = digest(&manifest);
        let path = format!("manifest-{}.json", short(&hash));
        let latest = Latest {
            shop: terms.shop.clone(),
            channel: terms.channel.clone(),
            version: terms.version,
            manifest: FileEntry { path: path.clone(), hash: hex(&hash), length: manifest.len() as u64 },
            expires: terms.latest_expires_s.min(terms.expires_s),
            withdrawn: terms.withdrawn.clone(),
        };
        files.push((path, manifest));
        Ok(Self { files, latest: seal(Role::Latest, &to_json(&latest)?, key) })
    }

    /// Path and length of every file, `latest.json` first.
    pub(super) fn sizes(&self) -> Vec<(String, usize)> {
        let others = self.files.iter().map(|(path, bytes)| (path.clone(), bytes.len()));
        std::iter::once((LATEST.to_owned(), self.latest.len())).chain(others).collect()
    }

    /// Writes all files but `latest.json`; those that are there already stay untouched.
    pub(super) fn write_files(&self, folder: &Path) -> Result<(), String> {
        fs::create_dir_all(folder).map_err(|error| failed("create", folder, &error))?;
        let write = |(path, bytes): &(String, Vec<u8>)| {
            let target = folder.join(path);
            match fs::read(&target).is_ok_and(|found| found == *bytes) {
                true => Ok(()),
                false => write_atomically(&target, bytes),
            }
        };
        // Each file waits for the disk; many that wait together wait once.
        let share = self.files.len().div_ceil(WRITERS).max(1);
        std::thread::scope(|scope| {
            let writers: Vec<_> = self
                .files
                .chunks(share)
                .map(|files| scope.spawn(move || files.iter().try_for_each(write)))
                .collect();
            writers.into_iter().try_for_each(|writer| writer.join().expect("writing does not panic"))
        })
    }

    /// Reads everything back from the folder and verifies it, with the new `latest.json` in memory.
    pub(super) fn verify(&self, folder: &Path, public: &VerifyingKey) -> Result<(), String> {
        verify_text(folder, &self.latest, public).map(drop)
    }

    pub(super) fn replace_latest(&self, folder: &Path) -> Result<(), String> {
        write_atomically(&folder.join(LATEST), self.latest.as_bytes())
    }
}

fn to_json(body: &impl serde::Serialize) -> Result<String, String> {
    serde_json::to_string(body).map_err(|error| error.to_string())
}

fn failed(what: &str, path: &Path, error: &io::Error) -> String {
    format!("cannot {what} {}: {error}", path.display())
}

/// Writes a neighbour file, flushes it to the disk and renames it into place.
fn write_atomically(target: &Path, bytes: &[u8]) -> Result<(), String> {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let beside = target.with_file_name(format!(".{name}.{}.part", std::process::id()));
    let write = || -> io::Result<()> {
        let mut file = fs::File::create(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, target)
    };
    write().map_err(|error| {
        // The neighbour may not exist; the first error is the one that matters.
        let _ = fs::remove_file(&beside);
        failed("write", target, &error)
    })
}

/// The version of the pack in a folder; none when there is no pack.
///
/// # Errors
/// In words, when there is a `latest.json` that cannot be read.
pub fn previous_version(folder: &Path) -> Result<Option<u64>, String> {
    Ok(previous(folder)?.map(|latest| latest.version))
}

/// The body of the folder's `latest.json`, unverified: it may be signed with an older key.
pub(super) fn previous(folder: &Path) -> Result<Option<Latest>, String> {
    let path = folder.join(LATEST);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed("read", &path, &error)),
    };
    let body = envelope::parts(&text).and_then(|(_, _, body)| serde_json::from_str(body).ok());
    body.map(Some).ok_or_else(|| format!("{} is no latest.json of a pack; remove it", path.display()))
}

/// Verifies a whole folder as a reader would: signatures, hashes, lengths, and that every file opens.
/// Answers the latest body. Expiry is left to the caller, who knows the time.
///
/// # Errors
/// In words, the first thing that does not hold.
pub fn verify(folder: &Path, public: &VerifyingKey) -> Result<Latest, String> {
    let path = folder.join(LATEST);
    let text = fs::read_to_string(&path).map_err(|error| failed("read", &path, &error))?;
    verify_text(folder, &text, public)
}

fn verify_text(folder: &Path, text: &str, public: &VerifyingKey) -> Result<Latest, String> {
    let inside = |what: &str, reason: String| format!("{what}: {reason}");
    let body = envelope::open(Role::Latest, text, public).map_err(|reason| inside(LATEST, reason))?;
    let latest: Latest = serde_json::from_str(body).map_err(|error| inside(LATEST, error.to_string()))?;
    let entry = &latest.manifest;
    let manifest = read_verified(folder, &entry.path, &entry.hash, entry.length)?;
    let manifest = String::from_utf8(manifest).map_err(|error| inside(&entry.path, error.to_string()))?;
    let body = envelope::open(Role::Manifest, &manifest, public);
    let body = body.map_err(|reason| inside(&entry.path, reason))?;
    let manifest: Manifest =
        serde_json::from_str(body).map_err(|error| inside(&entry.path, error.to_string()))?;
    if (&manifest.shop, &manifest.channel, manifest.version)
        != (&latest.shop, &latest.channel, latest.version)
    {
        return Err(inside(&entry.path, "shop, channel or version differ from latest.json".into()));
    }
    let known = |kind: &str| matches!(kind, "core" | "directory-items" | "directory-index");
    if let Some(stranger) = manifest.files.iter().find(|listed| !known(&listed.kind)) {
        return Err(inside(&entry.path, format!("lists a file of the unknown kind `{}`", stranger.kind)));
    }
    let mut compiled = Compiled { core: read_core(folder, &manifest)?, ..Compiled::default() };
    let meta = meta_of(&compiled.core)?;
    for (kind, files, into) in
        [("items", meta.items_files(), &mut compiled.items), ("index", meta.index_files, &mut compiled.index)]
    {
        let levels = listed_in(folder, &manifest, kind, files)?;
        for file in levels.last().into_iter().flatten() {
            into.push(file.read(folder)?);
        }
        if into.len() != files as usize {
            return Err(inside(&entry.path, format!("leads to {} {kind} files of {files}", into.len())));
        }
    }
    verify_compiled(&compiled.in_records())?;
    Ok(latest)
}

fn read_verified(folder: &Path, path: &str, hash: &str, length: u64) -> Result<Vec<u8>, String> {
    if path.contains(['/', '\\']) {
        return Err(format!("`{path}` leads out of the folder"));
    }
    let bytes = fs::read(folder.join(path)).map_err(|error| failed("read", &folder.join(path), &error))?;
    if bytes.len() as u64 != length || hex(&digest(&bytes)) != hash {
        return Err(format!("{path} does not have the length and hash that were signed"));
    }
    Ok(bytes)
}

/// The core file that a manifest lists.
fn read_core(folder: &Path, manifest: &Manifest) -> Result<Vec<u8>, String> {
    let core = manifest.files.iter().find(|listed| listed.kind == "core");
    let core = core.ok_or("the manifest lists no core file")?;
    read_verified(folder, &core.path, &core.hash, core.length)
}

fn refused(what: &str, error: shelfwise_pack::Error) -> String {
    format!("{what} does not open: {:?} at byte {}", error.code, error.offset)
}

/// What the core says of the catalogue; of a core that does not open, why.
fn meta_of(core: &[u8]) -> Result<Meta, String> {
    let core = to_records(core.to_vec());
    let opened = Core::open(&core).map_err(|error| refused("the core file", error))?;
    Ok(opened.meta.get(0).unwrap_or_default())
}

/// A file, and what its bytes must be.
struct Listed {
    path: String,
    entry: DirectoryEntry,
}

impl Listed {
    fn read(&self, folder: &Path) -> Result<Vec<u8>, String> {
        let path = folder.join(&self.path);
        let bytes = fs::read(&path).map_err(|error| failed("read", &path, &error))?;
        match entry(&bytes) == self.entry {
            true => Ok(bytes),
            false => Err(format!("{} does not have the length and hash that were signed", self.path)),
        }
    }
}

/// What a manifest leads to of a kind: the pages that it lists itself, those that these list, and so on; last the files.
fn listed_in(folder: &Path, manifest: &Manifest, kind: &str, files: u32) -> Result<Vec<Vec<Listed>>, String> {
    let directory = format!("directory-{kind}");
    let mut top = Vec::new();
    for listed in manifest.files.iter().filter(|listed| listed.kind == directory) {
        let bytes = read_verified(folder, &listed.path, &listed.hash, listed.length)?;
        top.push(Listed { path: listed.path.clone(), entry: entry(&bytes) });
    }
    let mut all = vec![top];
    let firsts: Vec<u32> = levels(files).map(|level| level.start).collect();
    for at in (0..firsts.len()).rev() {
        let (name, first) = if at == 0 { (kind, 0) } else { (&directory[..], firsts[at - 1]) };
        let mut below = Vec::new();
        for page in all.last().into_iter().flatten() {
            let bytes = page.read(folder)?;
            let opened = Directory::open(&bytes).map_err(|error| refused(&page.path, error))?;
            for entry in opened.entries.iter() {
                let number = first + below.len() as u32;
                let path = format!("{name}-{number}-{}.bin", hex(&entry.hash.to_le_bytes()));
                below.push(Listed { path, entry });
            }
        }
        all.push(below);
    }
    Ok(all)
}

/// Paths of all files that a manifest leads to, itself apart; none of a kind with a gap in it.
fn reachable(folder: &Path, manifest: &Manifest) -> Vec<String> {
    let mut paths: Vec<String> = manifest.files.iter().map(|listed| listed.path.clone()).collect();
    let meta = read_core(folder, manifest).and_then(|core| meta_of(&core)).unwrap_or_default();
    for (kind, files) in [("items", meta.items_files()), ("index", meta.index_files)] {
        let levels = listed_in(folder, manifest, kind, files).unwrap_or_default();
        paths.extend(levels.into_iter().flatten().map(|listed| listed.path));
    }
    paths
}

/// Removes what no kept manifest needs: kept are the latest, and the newest others that have not expired.
pub(super) fn sweep(folder: &Path, now_s: i64) -> Result<Vec<String>, String> {
    let Some(latest) = previous(folder)? else { return Ok(Vec::new()) };
    let paths = pack_files(folder)?;
    let mut manifests: Vec<(u64, &String, Manifest)> = Vec::new();
    for path in paths.iter().filter(|path| path.starts_with("manifest-")) {
        let text = fs::read_to_string(folder.join(path)).unwrap_or_default();
        let body = envelope::parts(&text).and_then(|(_, _, body)| serde_json::from_str(body).ok());
        if let Some(manifest) = body {
            let manifest: Manifest = manifest;
            if *path == latest.manifest.path || manifest.expires > now_s {
                manifests.push((manifest.version, path, manifest));
            }
        }
    }
    manifests.sort_by_key(|(version, path, _)| (std::cmp::Reverse(*version), *path));
    let mut needed: BTreeSet<String> = BTreeSet::new();
    for (_, path, manifest) in manifests.into_iter().take(MANIFESTS_KEPT + 1) {
        needed.insert(path.clone());
        needed.extend(reachable(folder, &manifest));
    }
    let removed: Vec<String> = paths.into_iter().filter(|path| !needed.contains(path)).collect();
    for path in &removed {
        let path = folder.join(path);
        fs::remove_file(&path).map_err(|error| failed("remove", &path, &error))?;
    }
    Ok(removed)
}

/// Names of the folder's files that a build wrote, sorted; `latest.json` and strangers are not among them.
fn pack_files(folder: &Path) -> Result<Vec<String>, String> {
    let entries = fs::read_dir(folder).map_err(|error| failed("read", folder, &error))?;
    let ours = |name: &String| {
        let stem = name.strip_suffix(".bin").or_else(|| name.strip_suffix(".json"));
        let hash = stem.and_then(|stem| stem.rsplit_once('-')).map_or("", |(_, hash)| hash);
        let known = ["manifest-", "core-", "directory-", "items-", "index-"];
        hash.len() == 32
            && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
            && known.iter().any(|head| name.starts_with(head))
    };
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(ours).collect();
    names.sort();
    Ok(names)
}
