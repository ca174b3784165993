//! # Content that does not fit the kind
//!
//! What a campaign brings does not belong to its kind: an `order` in a message, a row without a block
//! to show it in, a trigger campaign without `event`, `taste` on a row that reorders no grid, or two contents at once.
//!
//! ```yaml
//! slot: home.blocks
//! order: [garden, kitchen]
//! block: blocks/spring.html   # which of the two?
//! ```
//!
//! ## What to do
//!
//! Keep one content. `block` swaps a slot, `order` reorders its blocks, `products` with `block` fills a
//! row (`kind: rerank` reorders the products of a grid by it and needs no `block`), `event` is dispatched when a `trigger` fires.
//! `taste` does nothing without `kind: rerank`, which is a warning; the rest are errors.

use shelfwise_pack::kinds::CampaignKind;

use crate::check::code;
use crate::diagnostic::{Diagnostic, Span};
use crate::plan::{Shown, targets};
use crate::project::{Campaign, Content, kebab};

/// The kind of a campaign, as written or as its content says; reports content that does not fit.
pub fn check(campaign: &Campaign, shown: &[Shown], diagnostics: &mut Vec<Diagnostic>) -> CampaignKind {
    let derived = derive(campaign, shown);
    let kind = campaign.kind.as_ref().map_or(derived, |kind| kind.value);
    let mut refuse = |span: Span, message: &str, help: &str| {
        let diagnostic = Diagnostic::error(code::wrong_content, message).label(span, "in this campaign");
        diagnostics.push(diagnostic.help(help));
    };
    let id = campaign.id.span;
    let contents: Vec<&Content> = shown.iter().filter_map(|shown| shown.content.as_ref()).collect();
    if contents.iter().all(|content| targets(content) == 0) {
        refuse(id, "this campaign shows nothing", "give it a `block`, `order`, `products` or `event`");
        return kind;
    }
    if contents.iter().any(|content| targets(content) > 1) {
        refuse(
            id,
            "a variation shows two things at once",
            "keep one of `block`, `order`, `products` and `event`",
        );
    }
    let unfit = contents.iter().any(|content| !fits(kind, content));
    if unfit {
        let message = format!("what this campaign brings is nothing for the kind `{}`", kebab(kind));
        let at = campaign.kind.as_ref().map_or(id, |kind| kind.span);
        refuse(
            at,
            &message,
            "content and offer bring a `block`, layout an `order`, products a row, trigger an `event`",
        );
    }
    if kind != CampaignKind::Rerank {
        diagnostics.extend(tasteless(&contents));
    }
    let mut refuse = |span: Span, message: &str, help: &str| {
        let diagnostic = Diagnostic::error(code::wrong_content, message).label(span, "in this campaign");
        diagnostics.push(diagnostic.help(help));
    };
    let rowless = |content: &&Content| {
        content.products.is_some() && content.block.is_none() && content.template.is_none()
    };
    // The server rendered the products of a grid; only their order is brought.
    if kind != CampaignKind::Rerank && contents.iter().any(rowless) {
        refuse(id, "a row has no block to show it in", "add `block: blocks/product-row.html`");
    }
    let free = matches!(kind, CampaignKind::Message | CampaignKind::Trigger);
    if !free && campaign.slot.is_none() && campaign.trigger.is_none() {
        refuse(id, "this campaign has no place", "give it a `slot`, or a `trigger` and `message: overlay`");
    }
    if kind == CampaignKind::Message && campaign.message.is_none() {
        refuse(id, "this message does not say how it is shown", "add `message: bar`, `overlay` or `toast`");
    }
    if free && campaign.slot.is_some() {
        let at = campaign.slot.as_ref().map_or(id, |slot| slot.span);
        refuse(at, "a message or trigger has no slot", "remove `slot`");
    }
    kind
}

/// `taste` of rows that are no reranked grid, each told once.
fn tasteless(contents: &[&Content]) -> Vec<Diagnostic> {
    let mut at: Vec<Span> =
        contents.iter().filter_map(|content| content.products.as_ref()?.taste_at).collect();
    at.sort_unstable();
    at.dedup();
    let warning = |span| {
        Diagnostic::warning(code::wrong_content, "`taste` does nothing in this row: it reorders no grid")
            .label(span, "for `kind: rerank` alone")
            .help("remove it, or add `kind: rerank` to order the products of a grid that the page has")
    };
    at.into_iter().map(warning).collect()
}

fn derive(campaign: &Campaign, shown: &[Shown]) -> CampaignKind {
    let any = |test: fn(&Content) -> bool| shown.iter().filter_map(|shown| shown.content.as_ref()).any(test);
    if campaign.message.is_some() {
        CampaignKind::Message
    } else if any(|content| content.event.is_some()) {
        CampaignKind::Trigger
    } else if any(|content| content.products.is_some()) {
        CampaignKind::Products
    } else if any(|content| content.order.is_some()) {
        CampaignKind::Layout
    } else {
        CampaignKind::Content
    }
}

fn fits(kind: CampaignKind, content: &Content) -> bool {
    let block = content.block.is_some() || content.template.is_some();
    match kind {
        CampaignKind::Content | CampaignKind::Offer => block && content.products.is_none(),
        CampaignKind::Message => block,
        CampaignKind::Layout => content.order.is_some(),
        CampaignKind::Products | CampaignKind::Rerank => content.products.is_some(),
        CampaignKind::Trigger => content.event.is_some(),
    }
}
