//! `shelfwise keys new|show`.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use shelfwise_author::release::Key;

use crate::arguments::{Keys, KeysCommand};
use crate::failure::Failure;
use crate::output::say;

/// Makes or shows a key.
///
/// # Errors
/// The file exists already, cannot be written or read, or is no key.
pub fn run(keys: &Keys) -> Result<(), Failure> {
    match &keys.command {
        KeysCommand::New { file } => new(file),
        KeysCommand::Show { file } => say(read(file)?.public_text()),
    }
}

/// Reads a key file.
///
/// # Errors
/// It cannot be read, or is no key.
pub fn read(file: &Path) -> Result<Key, Failure> {
    let text = fs::read_to_string(file).map_err(|error| {
        Failure::Machine(format!(
            "cannot read the key {}: {error}; `shelfwise keys new` makes one",
            file.display()
        ))
    })?;
    Key::parse(&text).map_err(|reason| Failure::Machine(format!("{}: {reason}", file.display())))
}

fn new(file: &Path) -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::Machine(format!("cannot write {}: {error}", file.display()));
    let mut seed = [0; 32];
    getrandom::fill(&mut seed)
        .map_err(|error| Failure::Machine(format!("the system gives no random numbers: {error}")))?;
    let key = Key::from_seed(seed);
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(failed)?;
        let ignore = folder.join(".gitignore");
        if folder.file_name().is_some_and(|name| name == "keys") && !ignore.exists() {
            fs::write(&ignore, "*\n").map_err(failed)?;
        }
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).and_then(|mut out| out.write_all(key.to_text().as_bytes())).map_err(failed)?;
    let public = file.with_extension("pub");
    fs::write(&public, format!("{}\n", key.public_text())).map_err(failed)?;
    say(format!("wrote {} (keep it secret) and {}", file.display(), public.display()))?;
    say(format!("data-key=\"{}\"", key.public_text()))
}
