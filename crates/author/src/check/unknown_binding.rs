//! # A binding that nothing fills
//!
//! A block shows a value that its campaign does not give, or a product's field outside of `data-
//! each="products"`, or a field that products do not have.
//!
//! ```html
//! <h2>{{ headlin }}</h2>
//! ```
//!
//! ## What to do
//!
//! Give the value under `data`, or correct the name. A value with a default (`{{ headline | Hello }}`)
//! may be left out.

use std::collections::BTreeMap;

use crate::block::{Block, Part};
use crate::check::code;
use crate::diagnostic::{Diagnostic, Span};
use crate::engine::recommend::STRATEGIES;
use crate::pack::kinds::ItemField;
use crate::plan::defaults;
use crate::project::Content;

/// The data of a variation, completed with the block's defaults; reports bindings that nothing fills
/// and values that nothing shows.
pub fn check(
    content: Option<&Content>,
    block: Option<&Block>,
    data: BTreeMap<String, (Span, Vec<Part>)>,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<String, Vec<Part>> {
    for part in data.values().flat_map(|(_, parts)| parts) {
        if let Part::Data { span, .. } | Part::Item { span, .. } = part {
            let message = "a value under `data` can show traits only";
            diagnostics.push(Diagnostic::error(code::unknown_binding, message).label(*span, "this binding"));
        }
    }
    let templated = content.is_some_and(|content| content.template.is_some());
    let mut values: BTreeMap<String, Vec<Part>> = BTreeMap::new();
    if let Some(block) = block {
        check_block(block, content, &data, diagnostics);
        for (name, default) in defaults(block) {
            values.insert(name.to_owned(), vec![Part::Literal(default.to_owned())]);
        }
    }
    for (name, (span, parts)) in data {
        let used = block.is_none_or(|block| uses(block, &name) || is_reason(block, &name));
        if !used && !templated {
            let message = format!("the block shows no `{name}`");
            let diagnostic = Diagnostic::warning(code::unknown_binding, message);
            diagnostics.push(diagnostic.label(span, "this value is never seen"));
        }
        values.insert(name, parts);
    }
    values
}

fn uses(block: &Block, wanted: &str) -> bool {
    block.parts().iter().any(|(part, _)| matches!(part, Part::Data { name, .. } if name == wanted))
}

/// Whether a value is what a block says of products that a strategy brought: `{{ item.reason }}`.
fn is_reason(block: &Block, name: &str) -> bool {
    let reason = ItemField::Reason.code();
    STRATEGIES.iter().any(|strategy| strategy.0 == name)
        && block.parts().iter().any(|(part, _)| matches!(part, Part::Item { field, .. } if field.code() == reason))
}

fn check_block(
    block: &Block,
    content: Option<&Content>,
    data: &BTreeMap<String, (Span, Vec<Part>)>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut told: Vec<&str> = Vec::new();
    for (part, each) in block.parts() {
        match part {
            Part::Data { name, default: None, span } if !data.contains_key(name) => {
                if told.contains(&name.as_str()) {
                    continue;
                }
                told.push(name);
                let message = format!("nothing fills `{name}`");
                let mut diagnostic = Diagnostic::error(code::unknown_binding, message)
                    .label(*span, "shown here")
                    .help(match crate::diagnostic::nearest(name, data.keys().map(String::as_str)) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => {
                            format!("give it under `data`, or write a default: `{{{{ {name} | text }}}}`")
                        }
                    });
                if let Some(block) = content.and_then(|content| content.block.as_ref()) {
                    diagnostic = diagnostic.label(block.span, "by this campaign");
                }
                diagnostics.push(diagnostic);
            }
            Part::Item { span, .. } if !each => {
                let message = "a product's field stands outside of `data-each=\"products\"`";
                diagnostics
                    .push(Diagnostic::error(code::unknown_binding, message).label(*span, "which product?"));
            }
            _ => {}
        }
    }
    let row = content.is_some_and(|content| content.products.is_some());
    if let Some(path) = content.and_then(|content| content.block.as_ref())
        && row != block.has_products()
    {
        let message = match row {
            true => "the block of this row shows no products",
            false => "this block shows products, and the campaign brings none",
        };
        let diagnostic = Diagnostic::error(code::unknown_binding, message).label(path.span, "this block");
        diagnostics.push(diagnostic.help("`data-each=\"products\"` and `products:` belong together"));
    }
}
