//! Reads a whole project: every file, every mistake in it, in one go.

use super::campaign::read_campaign;
use super::fields::Fields;
use super::files::Files;
use super::model::{Audience, Project, Scenario};
use super::scenario::read_scenario;
use super::shop::read_shop;
use crate::check::code;
use crate::diagnostic::{Diagnostic, FileId, Span};
use crate::yaml::{self, Node, Value};

/// Longest file of a project that is read, bytes.
pub const FILE_BYTES_MAX: usize = 1 << 20;

/// A project and what was found wrong while reading it.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// What could be read.
    pub project: Project,
    /// What was found wrong, by file.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads `shop.yaml`, campaigns, audiences, blocks and scenarios. Never fails: what is missing or
/// wrong is a diagnostic, and everything else is read. Cost: linear in the files' bytes.
#[must_use]
pub fn read(files: &dyn Files) -> Read {
    let mut read = Read::default();
    let mut fields = Fields::default();
    read_shop_file(files, &mut read.project, &mut fields);
    for path in yaml_files(files, "audiences") {
        for (_, node) in documents(files, &path, &mut read.project, &mut fields) {
            read_audiences(&node, &mut read.project, &mut fields);
        }
    }
    for path in yaml_files(files, "campaigns") {
        for (file, node) in documents(files, &path, &mut read.project, &mut fields) {
            let campaign = read_campaign(file, &node, &mut fields);
            read.project.campaigns.extend(campaign);
        }
    }
    for path in files.list("blocks", "html") {
        if let Some(text) = text_of(files, &path, &mut read.project, &mut fields, false) {
            read.project.blocks.insert(path, text.0);
        }
    }
    for path in yaml_files(files, "scenarios") {
        let stem = path.rsplit('/').next().unwrap_or(&path);
        let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem).to_owned();
        let found = documents(files, &path, &mut read.project, &mut fields);
        let several = found.len() > 1;
        for (at, (file, node)) in found.into_iter().enumerate() {
            let name = if several { format!("{stem} #{}", at + 1) } else { stem.clone() };
            let scenario: Option<Scenario> = read_scenario(file, name, &node, &mut fields);
            read.project.scenarios.extend(scenario);
        }
    }
    read.diagnostics = fields.diagnostics;
    read
}

fn yaml_files(files: &dyn Files, folder: &str) -> Vec<String> {
    let mut paths = files.list(folder, "yaml");
    paths.extend(files.list(folder, "yml"));
    paths.sort();
    paths
}

fn read_shop_file(files: &dyn Files, project: &mut Project, fields: &mut Fields) {
    let found = documents(files, "shop.yaml", project, fields);
    match found.as_slice() {
        [(file, node), ..] => project.shop = read_shop(*file, node, fields),
        [] if fields.diagnostics.is_empty() => {
            let file = project.sources.add("shop.yaml", "");
            let diagnostic = Diagnostic::error(code::missing_key, "shop.yaml says nothing");
            fields.report(diagnostic.label(Span::new(file, 0..0), "add `shop:`, `currency:` and `slots:`"));
        }
        [] => {}
    }
}

/// The text of a file, put into the sources; a diagnostic when it cannot be read.
fn text_of(
    files: &dyn Files,
    path: &str,
    project: &mut Project,
    fields: &mut Fields,
    needed: bool,
) -> Option<(FileId, String)> {
    let bytes = match files.read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let file = project.sources.add(path, "");
            let diagnostic = Diagnostic::error(code::missing_file, format!("cannot read {path}: {error}"));
            let help = if needed { "`shelfwise init` writes a first one" } else { "check the file's rights" };
            fields.report(diagnostic.label(Span::new(file, 0..0), "looked for here").help(help));
            return None;
        }
    };
    let text = String::from_utf8(bytes).ok().filter(|text| text.len() <= FILE_BYTES_MAX);
    let Some(text) = text else {
        let file = project.sources.add(path, "");
        let message = format!("{path} is no UTF-8 text, or longer than {FILE_BYTES_MAX} bytes");
        fields.refuse(code::yaml_syntax, Span::new(file, 0..0), message, "cannot be read");
        return None;
    };
    let file = project.sources.add(path, text.clone());
    Some((file, text))
}

fn documents(
    files: &dyn Files,
    path: &str,
    project: &mut Project,
    fields: &mut Fields,
) -> Vec<(FileId, Node)> {
    let Some((file, text)) = text_of(files, path, project, fields, path == "shop.yaml") else {
        return Vec::new();
    };
    match yaml::read(file, &text) {
        Ok(nodes) => nodes.into_iter().map(|node| (file, node)).collect(),
        Err(diagnostic) => {
            fields.report(*diagnostic);
            Vec::new()
        }
    }
}

/// A file of audiences: `{ id, when }`, a list of those, or a mapping of names to conditions.
fn read_audiences(node: &Node, project: &mut Project, fields: &mut Fields) {
    let single = |node: &Node| match &node.value {
        Value::Map(entries) => entries.iter().any(|entry| entry.key == "id"),
        _ => false,
    };
    match &node.value {
        Value::List(nodes) => {
            for node in nodes {
                project.audiences.extend(read_audience(node, fields));
            }
        }
        _ if single(node) => project.audiences.extend(read_audience(node, fields)),
        _ => {
            let Some(map) = fields.open_map(node, "an audience file") else { return };
            for entry in map.entries() {
                if let Some(condition) = fields.source_text(&entry.node) {
                    let id = crate::diagnostic::Spanned::new(entry.key.clone(), entry.key_span);
                    project.audiences.push(Audience { id, condition });
                }
            }
        }
    }
}

fn read_audience(node: &Node, fields: &mut Fields) -> Option<Audience> {
    let map = fields.map(node, "an audience", &["id", "when"])?;
    let id = fields.required(map, "an audience", "id").and_then(|node| fields.text(node));
    let condition = fields.required(map, "an audience", "when").and_then(|node| fields.source_text(node));
    Some(Audience { id: id?, condition: condition? })
}
