//! Visits from a log that holds purchases: what was done before the order, and whether one came.

use shelfwise_pack::model::VisitSoFar;

use crate::error::Error;
use crate::groups::Interner;
use crate::log::{self, Field, Refusal, Source};
use crate::progress::Progress;

/// Bytes that an event takes while the log is read.
const EVENT_BYTES: u64 = 48;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    View,
    Add,
    Checkout,
    Search,
    Purchase,
    Other,
}

fn deed(name: &str) -> Deed {
    match name {
        "view_item" | "view" | "click" | "clicks" | "select_item" => Deed::View,
        "add_to_cart" | "addtocart" | "cart" | "carts" => Deed::Add,
        "begin_checkout" | "checkout" => Deed::Checkout,
        "search" => Deed::Search,
        "purchase" | "transaction" | "order" | "orders" | "buy" => Deed::Purchase,
        _ => Deed::Other,
    }
}

struct Act {
    session: u32,
    at_s: i64,
    item: u32,
    deed: Deed,
}

/// Every session up to its first purchase, and whether there was one; nothing for a log that has no
/// column of event names or no purchase at all.
///
/// # Errors
/// The file cannot be read, or it takes more than `bytes_max`.
pub fn read(
    source: &Source,
    bytes_max: u64,
    progress: &mut dyn Progress,
) -> Result<Vec<(VisitSoFar, bool)>, Error> {
    let (mut sessions, mut items) = (Interner::default(), Interner::default());
    let mut acts: Vec<Act> = Vec::new();
    log::read(source, &[Field::Session], progress, &mut |row| {
        if !row.has(Field::Event) {
            return Ok(());
        }
        let at_s = if row.text(Field::Time).is_empty() { 0 } else { row.time_s()? };
        let session = sessions.number(row.needed(Field::Session)?);
        let item = items.number(row.text(Field::Item));
        acts.push(Act { session, at_s, item, deed: deed(row.needed(Field::Event)?) });
        if acts.len() as u64 * EVENT_BYTES > bytes_max {
            let (path, row) = (source.path.clone(), acts.len() as u64);
            return Err(Refusal::Stop(Error::Memory { path, row, bytes_max }));
        }
        Ok(())
    })?;
    if !acts.iter().any(|act| act.deed == Deed::Purchase) {
        return Ok(Vec::new());
    }
    acts.sort_by_key(|act| (act.session, act.at_s));
    Ok(acts.chunk_by(|left, right| left.session == right.session).map(visit).collect())
}

fn visit(acts: &[Act]) -> (VisitSoFar, bool) {
    let order = acts.iter().position(|act| act.deed == Deed::Purchase);
    let before = &acts[..order.unwrap_or(acts.len())];
    let count = |deed: Deed| before.iter().filter(|act| act.deed == deed).count() as f64;
    let mut viewed: Vec<u32> =
        before.iter().filter(|act| act.deed == Deed::View).map(|act| act.item).collect();
    let views = viewed.len() as f64;
    viewed.sort_unstable();
    viewed.dedup();
    let lasted_s = before.last().map_or(0, |last| last.at_s - before[0].at_s);
    let visit = VisitSoFar {
        views,
        items: viewed.len() as f64,
        adds: count(Deed::Add),
        checkout: count(Deed::Checkout) > 0.0,
        searches: count(Deed::Search),
        minutes: lasted_s as f64 / 60.0,
    };
    (visit, order.is_some())
}
