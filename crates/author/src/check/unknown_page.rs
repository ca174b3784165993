//! # A page that the shop does not have
//!
//! A slot of `shop.yaml` stands on a kind of page that no page of the shop can be, so that nothing in it
//! could ever show.
//!
//! ```yaml
//! slots: [ { name: home.hero, page: hoem } ]
//! ```
//!
//! ## What to do
//!
//! Take one of: home, category, product, search, wishlist, cart, checkout, thank-you, other; or leave `page`
//! out for a slot that stands on several. Pages say what they are in `data-shelf-page`.

use crate::check::code;
use crate::diagnostic::Diagnostic;
use crate::engine::traits;
use crate::project::Project;

/// The kinds of pages there are.
pub fn pages() -> impl Iterator<Item = &'static str> {
    traits::find("page.type").map_or("", |found| found.range).split_whitespace()
}

/// Looks at the pages of all slots.
pub fn check(project: &Project, diagnostics: &mut Vec<Diagnostic>) {
    for page in project.shop.slots.iter().filter_map(|slot| slot.page.as_ref()) {
        if !pages().any(|known| known == page.value) {
            let message = format!("no page of a shop is a `{}`", page.value);
            let diagnostic = Diagnostic::error(code::unknown_page, message)
                .label(page.span, "no such page")
                .help(format!("one of: {}", pages().collect::<Vec<_>>().join(", ")));
            diagnostics.push(diagnostic.nearest(page.span, &page.value, pages()));
        }
    }
}
