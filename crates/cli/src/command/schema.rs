//! `shelfwise schema`.

use std::fs;
use std::path::Path;

use shelfwise_author::schema;

use crate::arguments::Schema;
use crate::failure::Failure;
use crate::output::say;

/// Writes the schemas of the YAML files.
///
/// # Errors
/// The folder cannot be written.
pub fn run(arguments: &Schema) -> Result<(), Failure> {
    write_to(&arguments.folder)?;
    say(format!("wrote {} schemas to {}", schema::all().len(), arguments.folder.display()))
}

/// Writes the schemas into a folder, over older ones.
///
/// # Errors
/// The folder cannot be written.
pub fn write_to(folder: &Path) -> Result<(), Failure> {
    let failed =
        |error: std::io::Error| Failure::Machine(format!("cannot write {}: {error}", folder.display()));
    fs::create_dir_all(folder).map_err(failed)?;
    schema::all().into_iter().try_for_each(|(name, text)| fs::write(folder.join(name), text)).map_err(failed)
}
