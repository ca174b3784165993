//! The driver: sequences load, fold, decide and save for one page view.

mod boot;
mod deciding;
mod export;
mod money;
mod occasion;
mod page;
mod rehearsal;
mod rows;
mod scene;
mod shelf;
mod tracking;

use std::rc::Rc;

use crate::engine::content::Money;
use crate::engine::decide::{Scratch, State};
use crate::engine::memory::Memory;
use crate::engine::pack::kinds::ConsentMode;
use crate::engine::pack::{Error, Opened, OpenedCore};
use crate::engine::recommend::{Recommender, Situation};
use crate::engine::shelf::{Shelf, Want, Wants};
use crate::engine::traits::{Context, Traits};
use crate::journal::Journal;
use crate::surroundings::{Clock, Entropy, Store};

pub use money::MONEY_SAMPLE;
pub use shelf::{NO_CORE, UNKNOWN_FILE_KIND};
pub use tracking::Tracked;

use tracking::Attention;

/// [`Driver::core`]'s answer to a pack of another shop: no [`crate::engine::pack::ErrorCode`] has it.
pub const WRONG_SHOP: u32 = 200;
/// [`Driver::core`]'s answer to a pack whose validity has ended.
pub const EXPIRED: u32 = 201;

/// The opened pack.
struct Loaded {
    core: OpenedCore,
    desk: Desk,
    /// Traits and the like, until an event, a fact of the page or the second changes.
    moment: Option<Moment>,
}

/// What passes over one pack reuse.
struct Desk {
    scratch: Scratch,
    /// The slots last asked for: their names, one a line, and their indices.
    asked: (String, Rc<[u32]>),
    shelf: Shelf,
    /// How prices are written.
    money: Money,
    recommender: Recommender,
    pages: Vec<shelf::Page>,
    /// Files that were missed, and files that were taken in.
    wants: Wants,
    taken: Vec<Want>,
}

/// What one moment's passes share.
struct Moment {
    now_s: i64,
    traits: Traits,
    state: State,
    situation: Situation,
}

/// One page view of one shop.
///
/// `store` is not touched, not even read, while consent is [`ConsentMode::Contextual`].
pub struct Driver<C, E, S> {
    shop: String,
    clock: C,
    entropy: E,
    store: S,
    consent: ConsentMode,
    journal: Journal,
    /// What happened on this page alone: all that may change what is shown before
    /// [`ConsentMode::Personalise`].
    page: Memory,
    /// The facts of the page as given, and as read.
    fields: String,
    context: Context,
    referrer: String,
    attention: Attention,
    loaded: Option<Box<Loaded>>,
    withdrawn: Vec<String>,
    forced: Vec<(String, String)>,
    /// The inspector acts as another shopper: nothing is stored.
    rehearsing: bool,
}

impl<C: Clock, E: Entropy, S: Store> Driver<C, E, S> {
    /// A page view in contextual mode, with nothing loaded.
    pub fn new(shop: &str, clock: C, entropy: E, store: S) -> Self {
        Self {
            shop: shop.to_owned(),
            clock,
            entropy,
            store,
            consent: ConsentMode::Contextual,
            journal: Journal::default(),
            page: Memory::default(),
            fields: String::new(),
            context: Context::default(),
            referrer: String::new(),
            attention: Attention::default(),
            loaded: None,
            withdrawn: Vec::new(),
            forced: Vec::new(),
            rehearsing: false,
        }
    }

    /// Opens a core file. 0 = done, else the error's code and its offset shifted by 8 bits (saturating
    /// at 24 bits), [`WRONG_SHOP`] or [`EXPIRED`]; what was loaded before stays.
    pub fn core(&mut self, bytes: Vec<u8>) -> u32 {
        let core: OpenedCore = match Opened::open(bytes) {
            Ok(core) => core,
            Err(error) => return refusal(&error),
        };
        let view = core.view();
        let meta = view.meta.get(0).unwrap_or_default();
        if view.text(meta.shop) != self.shop {
            return WRONG_SHOP;
        }
        if meta.expires_s <= self.now_s() {
            return EXPIRED;
        }
        let desk = Desk {
            scratch: Scratch::new(&view),
            asked: Default::default(),
            shelf: Shelf::new(&view),
            money: Money::plain(&view),
            recommender: Recommender::default(),
            pages: Vec::new(),
            wants: Wants::default(),
            taken: Vec::new(),
        };
        self.loaded = Some(Box::new(Loaded { core, desk, moment: None }));
        0
    }

    /// Locale and currency, as the pack says; none without a pack.
    #[must_use]
    pub fn currency(&self) -> Option<(&str, &str)> {
        let core = self.loaded.as_ref()?.core.view();
        let meta = core.meta.get(0)?;
        Some((core.text(meta.locale), core.text(meta.currency)))
    }

    /// How prices are written, by the shopper's way of writing [`MONEY_SAMPLE`]; without it `GBP 12.50`.
    pub fn write_money(&mut self, sample: &str) {
        if let Some(loaded) = &mut self.loaded {
            money::read(&mut loaded.desk.money, sample);
        }
    }

    /// What the shopper allows from now on. Raising it from contextual reads the store and saves what
    /// happened on this page; lowering it to contextual erases everything in every tab.
    pub fn consent(&mut self, mode: ConsentMode) {
        let before = std::mem::replace(&mut self.consent, mode);
        self.context.consent = Some(mode);
        self.changed();
        if self.rehearsing {
            return;
        }
        if mode == ConsentMode::Contextual {
            if before != mode {
                self.erase();
                self.clear();
            }
        } else if before == ConsentMode::Contextual {
            let _ = self.journal.refresh(&mut self.store);
            self.journal.save(&mut self.store, &self.clock, &mut self.entropy);
            self.name_unit();
        }
        if mode == ConsentMode::Remember {
            let _ = self.store.remove(boot::KEY);
        }
    }

    /// Erases everything that is remembered, in every tab; consent stays as it is. In contextual mode
    /// there is nothing but this page's memory.
    pub fn forget(&mut self) {
        if self.stores() {
            self.erase();
        } else {
            self.journal = Journal::default();
        }
        self.clear();
    }

    fn erase(&mut self) {
        let _ = self.journal.erase(&mut self.store);
    }

    fn clear(&mut self) {
        self.page = Memory::default();
        self.attention = Attention::default();
        self.changed();
    }

    /// What may change what is shown.
    #[must_use]
    pub fn memory(&self) -> &Memory {
        if self.consent >= ConsentMode::Personalise { self.journal.memory() } else { &self.page }
    }

    /// All that is remembered.
    #[must_use]
    pub fn remembered(&self) -> &Memory {
        self.journal.memory()
    }

    /// The clock; the inspector shifts it.
    pub fn clock(&mut self) -> &mut C {
        self.changed();
        &mut self.clock
    }

    /// Housekeeping, to be called every few seconds while the page is idle: takes in what other tabs
    /// did, and clears up.
    pub fn tick(&mut self) {
        if self.stores() {
            let _ = self.journal.compact(&mut self.store, &self.clock, &mut self.entropy);
            self.changed();
        }
    }

    fn now_s(&self) -> i64 {
        self.clock.now_ms().div_euclid(1000)
    }

    fn changed(&mut self) {
        if let Some(loaded) = &mut self.loaded {
            loaded.moment = None;
        }
    }
}

/// An error's code, and its offset shifted by 8 bits.
fn refusal(error: &Error) -> u32 {
    u32::from(error.code as u8) | error.offset.min(0xff_ffff) << 8
}
