//! From a project's files to the files of a pack, with every mistake on the way.

use std::collections::{BTreeMap, HashSet};

use crate::catalogue::{Product, currency_exponent, read_catalogue};
use crate::check::{code, scenario, unknown_list};
use crate::compile::{Compiled, Layout, Release, compile};
use crate::diagnostic::{Code, Diagnostic, Sources, Spanned, has_errors};
use crate::plan::{Plan, plan};
use crate::project::{Files, Project, read};

/// A project that was read and checked, with its catalogue and knowledge.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// The project.
    pub project: Project,
    /// The project with everything resolved.
    pub plan: Plan,
    /// The catalogue's products; none when it has errors.
    pub products: Vec<Product>,
    /// The knowledge file's bytes.
    pub knowledge: Option<Vec<u8>>,
    /// Everything found wrong, errors first.
    pub diagnostics: Vec<Diagnostic>,
}

impl Checked {
    /// Whether something stops a build.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        has_errors(&self.diagnostics)
    }

    /// The texts that diagnostics point into.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.project.sources
    }

    /// Compiles the project, as it is published.
    ///
    /// # Errors
    /// In words: the project has errors, a limit of the format is passed, or the knowledge does not open.
    pub fn compile(&self, release: Release) -> Result<Compiled, String> {
        self.compile_as(release, Layout::Fetched)
    }

    /// Compiles the project in a layout.
    ///
    /// # Errors
    /// As [`Self::compile`].
    pub fn compile_as(&self, release: Release, layout: Layout) -> Result<Compiled, String> {
        if self.has_errors() {
            return Err("the project has errors".into());
        }
        compile(&self.project, &self.plan, &self.products, self.knowledge.as_deref(), release, layout)
    }
}

/// Reads and checks everything that a build needs. Never fails: all that is wrong is a diagnostic.
/// `now_s` is the release time, Unix seconds.
#[must_use]
pub fn check(files: &dyn Files, now_s: i64) -> Checked {
    let read = read(files);
    let mut checked = Checked { project: read.project, diagnostics: read.diagnostics, ..Checked::default() };
    checked.plan = plan(&checked.project, now_s, &mut checked.diagnostics);
    read_products(files, &mut checked);
    read_knowledge(files, &mut checked);
    for found in &mut checked.diagnostics {
        let spans = found.labels.iter_mut().map(|label| &mut label.span);
        for span in spans.chain(found.fix.iter_mut().map(|fix| &mut fix.span)) {
            *span = checked.project.sources.fit(*span);
        }
    }
    checked.diagnostics.sort_by_key(|found| {
        (found.severity, found.labels.first().map(|label| (label.span.file, label.span.start)), found.code)
    });
    checked.diagnostics.dedup();
    checked
}

fn read_products(files: &dyn Files, checked: &mut Checked) {
    let Some(catalogue) = checked.project.shop.catalogue.clone() else { return };
    let Some(bytes) = read_named(files, &catalogue.file, code::missing_file, checked) else { return };
    let columns: BTreeMap<String, String> =
        catalogue.columns.into_iter().map(|(field, column)| (field, column.value)).collect();
    let exponent = currency_exponent(&checked.project.shop.currency.value);
    let sources = &mut checked.project.sources;
    let name = &catalogue.file.value;
    checked.products = read_catalogue(name, &bytes, &columns, exponent, sources, &mut checked.diagnostics);
    if checked.products.is_empty() {
        return;
    }
    let ids: HashSet<&str> = checked.products.iter().map(|product| product.item.as_str()).collect();
    unknown_list::check_products(&checked.project, &ids, &mut checked.diagnostics);
    scenario::check_products(&checked.project, &checked.products, &ids, &mut checked.diagnostics);
}

fn read_knowledge(files: &dyn Files, checked: &mut Checked) {
    let Some(path) = checked.project.shop.knowledge.clone() else { return };
    let Some(bytes) = read_named(files, &path, code::missing_file, checked) else { return };
    if let Err(error) = shelfwise_pack::knowledge::Knowledge::open(&bytes) {
        let message = format!("`{}` cannot be opened: {:?} at byte {}", path.value, error.code, error.offset);
        let diagnostic = Diagnostic::error(code::knowledge_file, message);
        checked
            .diagnostics
            .push(diagnostic.label(path.span, "this file").help("run `shelfwise learn` again"));
        return;
    }
    checked.knowledge = Some(bytes);
}

fn read_named(
    files: &dyn Files,
    path: &Spanned<String>,
    code: Code,
    checked: &mut Checked,
) -> Option<Vec<u8>> {
    match files.read(&path.value) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            let message = format!("cannot read `{}`: {error}", path.value);
            let diagnostic = Diagnostic::error(code, message).label(path.span, "named here");
            checked.diagnostics.push(diagnostic.help("paths are relative to the project's folder"));
            None
        }
    }
}
