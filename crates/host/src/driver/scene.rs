//! What a page's conditions and blocks ask: the shopper's traits and the page's product.

use crate::engine::card::OnPage;
use crate::engine::pack::core::Core;
use crate::engine::shelf::Shelf;

use super::Moment;

/// The traits of the page of this moment.
pub(super) fn on_page<'a>(core: &'a Core<'a>, shelf: &'a Shelf, moment: &'a Moment) -> OnPage<'a> {
    let card = moment.situation.current.and_then(|dense| shelf.card(core, dense));
    OnPage::new(&moment.traits, core, card, moment.now_s)
}
