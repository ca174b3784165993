//! `shelfwise doctor`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use shelfwise_author::build::check;
use shelfwise_author::doctor::{self, Finding, State};
use shelfwise_author::project::Folder;
use shelfwise_author::release::{Key, verify};

use crate::arguments::{Doctor, Format};
use crate::command::keys;
use crate::command::test::world;
use crate::failure::Failure;
use crate::output::{now_s, say};

/// Endings of pages and templates.
const PAGES: [&str; 9] = ["html", "htm", "liquid", "php", "twig", "tpl", "phtml", "jsx", "tsx"];
/// Most pages that are read; a static shop has one for each product, all of one template.
const PAGES_MAX: usize = 2_000;

/// Looks at everything that a build and a shop's pages need, and says what to do.
///
/// # Errors
/// Something does not work, or the output is closed.
pub fn run(doctor: &Doctor) -> Result<(), Failure> {
    let now_s = doctor.time.unwrap_or_else(now_s);
    let checked = check(&Folder::new(&doctor.project), now_s);
    let mut findings = vec![doctor::project(&checked)];
    if !checked.has_errors() {
        findings.push(doctor::scenarios(&checked, &world(&checked, now_s)?, now_s));
    }
    findings.push(doctor::knowledge(&checked, now_s));
    let key = doctor.key.clone().unwrap_or_else(|| doctor.project.join("keys/shelfwise.key"));
    let key = keys::read(&key);
    findings.push(of_key(&key));
    if let (Some(folder), Ok(key)) = (&doctor.pack, &key) {
        findings.push(match verify(folder, &key.public()) {
            Ok(latest) => doctor::pack(&checked, &latest, now_s),
            Err(message) => Finding { of: "pack", state: State::Bad, message },
        });
    }
    if let Some(folder) = &doctor.site {
        let mut pages = BTreeMap::new();
        read(folder, folder, &mut pages).map_err(|error| {
            Failure::Machine(format!("cannot read the pages in {}: {error}", folder.display()))
        })?;
        let public = key.as_ref().ok().map(Key::public_text);
        findings.extend(doctor::site(&checked, &pages, public.as_deref()));
    }
    print(doctor.format, &findings)?;
    if findings.iter().any(|found| found.state == State::Bad) { Err(Failure::Project) } else { Ok(()) }
}

fn of_key(key: &Result<Key, Failure>) -> Finding {
    let (state, message) = match key {
        Ok(key) => (State::Good, format!("{}, public half {}", key.id(), key.public_text().trim())),
        Err(Failure::Usage(message) | Failure::Machine(message)) => (State::Bad, message.clone()),
        Err(Failure::Project) => (State::Bad, "cannot be read".into()),
    };
    Finding { of: "key", state, message }
}

/// Adds the pages below a folder, by their path in `root`. Links are not followed.
fn read(root: &Path, folder: &Path, pages: &mut BTreeMap<String, String>) -> std::io::Result<()> {
    let mut entries: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (path, kind) = (entry.path(), entry.file_type()?);
        if pages.len() >= PAGES_MAX {
            return Ok(());
        }
        if kind.is_dir() {
            read(root, &path, pages)?;
        } else if kind.is_file()
            && path.extension().is_some_and(|end| PAGES.iter().any(|known| end == *known))
        {
            let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
            pages.insert(name, String::from_utf8_lossy(&fs::read(&path)?).into_owned());
        }
    }
    Ok(())
}

fn print(format: Format, findings: &[Finding]) -> Result<(), Failure> {
    if format == Format::Json {
        let findings = findings.iter().map(|found| {
            serde_json::json!({ "of": found.of, "state": found.state.name(), "message": found.message })
        });
        return say(format!("{:#}", serde_json::Value::from_iter(findings)));
    }
    findings
        .iter()
        .try_for_each(|found| say(format!("{:<4}  {:<9}  {}", found.state.name(), found.of, found.message)))
}
