//! `shelfwise init`.

use std::fs;
use std::path::Path;

use crate::arguments::Init;
use crate::command::schema;
use crate::failure::Failure;
use crate::output::say;

/// Path and text of each file of a first project; `{shop}` is replaced.
const FILES: &[(&str, &str)] = &[
    ("shop.yaml", include_str!("../../template/shop.yaml")),
    ("catalogue.csv", include_str!("../../template/catalogue.csv")),
    ("audiences/returning.yaml", include_str!("../../template/returning.yaml")),
    ("campaigns/welcome-back.yaml", include_str!("../../template/welcome-back.yaml")),
    ("campaigns/home-row.yaml", include_str!("../../template/home-row.yaml")),
    ("blocks/hero.html", include_str!("../../template/hero.html")),
    ("blocks/product-row.html", include_str!("../../template/product-row.html")),
    ("scenarios/welcome-back.yaml", include_str!("../../template/welcome-back-scenario.yaml")),
    (".gitignore", "keys/\n"),
];

/// Writes a first project.
///
/// # Errors
/// The folder holds a project already, or cannot be written.
pub fn run(init: &Init) -> Result<(), Failure> {
    let id_fits = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    if init.shop.is_empty() || !init.shop.chars().all(id_fits) {
        return Err(Failure::Usage(format!("`{}` is no shop id: letters, digits, - and _", init.shop)));
    }
    if init.folder.join("shop.yaml").exists() {
        return Err(Failure::Usage(format!("{} holds a shop.yaml already", init.folder.display())));
    }
    for (path, text) in FILES {
        write(&init.folder.join(path), &text.replace("{shop}", &init.shop))?;
    }
    schema::write_to(&init.folder.join("schema"))?;
    say(format!("wrote a first project to {}", init.folder.display()))?;
    let next = "`shelfwise keys new`, `shelfwise check`, `shelfwise test`, `shelfwise build --out pack`";
    match init.folder.as_path() {
        here if here == Path::new(".") => say(format!("next: {next}")),
        folder => say(format!("next: `cd {}`, {next}", folder.display())),
    }
}

/// Writes a file unless it is there already.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let failed =
        |error: std::io::Error| Failure::Machine(format!("cannot write {}: {error}", path.display()));
    if path.exists() {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, text).map_err(failed)
}
