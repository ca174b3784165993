//! A browser with tabs: what happens, in which order, is up to the seed.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use shelfwise_host::engine::memory::{Event, EventKind};
use shelfwise_host::journal::{Journal, Kept, Segment, View};
use shelfwise_host::surroundings::{Clock, Entropy, Store, StoreError};

use crate::disk::{Disk, LOST_MS};
use crate::ledger::Ledger;
use crate::random::Random;

/// Most tabs at a time.
const TABS_MAX: usize = 4;
/// Things that happen in one seed.
const STEPS: u32 = 300;
/// Deepest nesting of operations inside others' accesses. With at most [`PAUSE_MS`] each, one operation
/// takes less than the ten seconds that the journal allows.
const DEPTH_MAX: u32 = 3;
const PAUSE_MS: u64 = 1_500;

/// What happened in a seed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Report {
    /// Records that the store acknowledged.
    pub stored: u32,
    /// Crashes, with or without torn keys.
    pub crashes: u32,
    /// Writes that found no room.
    pub full: u32,
    /// Erasures.
    pub erasures: u32,
    /// Databases that came back older or empty.
    pub rolled_back: u32,
    /// Snapshots written.
    pub snapshots: u32,
}

/// A tab: its journal, its own monotonic clock, and whether it is frozen.
struct Tab {
    journal: Journal,
    opened_ms: i64,
    frozen_ms: i64,
    awake: bool,
}

struct World {
    random: Random,
    disk: Disk,
    ledger: Ledger,
    report: Report,
    /// Time that really passed.
    time_ms: i64,
    /// The wall clock's difference from it.
    jump_ms: i64,
    acknowledged: BTreeMap<u64, i64>,
    depth: u32,
    tabs: Vec<Option<Tab>>,
}

/// One tab's hands on the world: its store, clock and entropy.
#[derive(Clone)]
struct Hands {
    world: Rc<RefCell<World>>,
    opened_ms: i64,
    frozen_ms: i64,
    /// The last write found no room: what is removed next makes some.
    full: bool,
}

impl Hands {
    /// Before an access: time passes, and once in `rarity` another tab does something.
    fn access(&self, rarity: u64) {
        let meddle = {
            let mut world = self.world.borrow_mut();
            world.time_ms += world.random.below(3) as i64;
            let meddle = world.depth < DEPTH_MAX && world.random.once_in(rarity);
            if meddle && world.random.once_in(3) {
                world.time_ms += world.random.below(PAUSE_MS) as i64;
            }
            meddle
        };
        if meddle {
            act(&self.world);
        }
    }
}

impl Clock for Hands {
    fn now_ms(&self) -> i64 {
        let world = self.world.borrow();
        world.time_ms + world.jump_ms
    }

    fn monotonic_ms(&self) -> i64 {
        self.world.borrow().time_ms - self.opened_ms - self.frozen_ms
    }
}

impl Entropy for Hands {
    fn next_u64(&mut self) -> u64 {
        self.world.borrow_mut().random.bits()
    }
}

impl Store for Hands {
    fn keys(&self) -> Result<Vec<String>, StoreError> {
        self.access(12);
        Ok(self.world.borrow().disk.keys())
    }

    fn get(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.access(16);
        Ok(self.world.borrow().disk.get(key).cloned())
    }

    fn set(&mut self, key: &str, text: &str) -> Result<(), StoreError> {
        self.access(6);
        let mut world = self.world.borrow_mut();
        let at_ms = world.time_ms;
        let fits = world.disk.put(key, Some(text), at_ms);
        self.full = !fits;
        world.report.full += u32::from(!fits);
        world.report.snapshots += u32::from(fits && key.starts_with("s:"));
        fits.then_some(()).ok_or(StoreError::Full)
    }

    fn remove(&mut self, key: &str) -> Result<(), StoreError> {
        self.access(3);
        let mut world = self.world.borrow_mut();
        if self.full {
            let segment = world.disk.get(key).and_then(|text| Segment::read(text).ok());
            let records: Vec<u64> = segment.iter().flat_map(|it| &it.records).filter_map(record_of).collect();
            world.ledger.open(&records);
        }
        let at_ms = world.time_ms;
        world.disk.put(key, None, at_ms);
        Ok(())
    }
}

fn record_of(event: &Event) -> Option<u64> {
    event.text.parse().ok()
}

/// Every record in the store, and how often.
fn there(disk: &Disk) -> BTreeMap<u64, u32> {
    let view = View::look(&Still(disk)).expect("a still disk can be read");
    let mut there = BTreeMap::new();
    for record in view.memory().events().iter().filter_map(record_of) {
        *there.entry(record).or_default() += 1;
    }
    there
}

/// The disk while nothing happens.
struct Still<'a>(&'a Disk);

impl Store for Still<'_> {
    fn keys(&self) -> Result<Vec<String>, StoreError> {
        Ok(self.0.keys())
    }
    fn get(&self, key: &str) -> Result<Option<String>, StoreError> {
        Ok(self.0.get(key).cloned())
    }
    fn set(&mut self, _: &str, _: &str) -> Result<(), StoreError> {
        Err(StoreError::Blocked)
    }
    fn remove(&mut self, _: &str) -> Result<(), StoreError> {
        Err(StoreError::Blocked)
    }
}

/// A tab that is awake and not in the middle of something does one operation.
fn act(world: &Rc<RefCell<World>>) {
    let (place, mut tab) = {
        let mut state = world.borrow_mut();
        let places = state.tabs.iter().enumerate();
        let idle: Vec<usize> =
            places.filter(|(_, tab)| tab.as_ref().is_some_and(|tab| tab.awake)).map(|(at, _)| at).collect();
        let chosen = state.random.below(idle.len() as u64) as usize;
        let Some(place) = idle.get(chosen).copied() else { return };
        let Some(tab) = state.tabs[place].take() else { return };
        state.depth += 1;
        (place, tab)
    };
    let Tab { opened_ms, frozen_ms, .. } = tab;
    let mut hands = Hands { world: Rc::clone(world), opened_ms, frozen_ms, full: false };
    let choice = world.borrow_mut().random.below(100);
    match choice {
        0..70 => append(&mut tab.journal, &mut hands),
        70..97 => {
            let (clock, mut entropy) = (hands.clone(), hands.clone());
            let _ = tab.journal.compact(&mut hands, &clock, &mut entropy);
        }
        97 => erase(&mut tab.journal, &mut hands),
        _ => {
            let _ = tab.journal.refresh(&mut hands);
        }
    }
    let mut state = world.borrow_mut();
    state.depth -= 1;
    state.tabs[place] = Some(tab);
}

fn append(journal: &mut Journal, hands: &mut Hands) {
    let world = Rc::clone(&hands.world);
    let record = world.borrow_mut().ledger.begin();
    let now_s = hands.now_ms().div_euclid(1000);
    let event = Event::new(EventKind::PageView, now_s).saying(&record.to_string());
    let (clock, mut entropy) = (hands.clone(), hands.clone());
    let kept = journal.append(event, hands, &clock, &mut entropy);
    let mut world = world.borrow_mut();
    let stored = matches!(kept, Kept::Stored { .. });
    world.ledger.end(record, stored);
    if stored {
        let at_ms = world.time_ms;
        world.acknowledged.insert(record, at_ms);
        world.report.stored += 1;
    }
}

fn erase(journal: &mut Journal, hands: &mut Hands) {
    let world = Rc::clone(&hands.world);
    let there = world.borrow_mut().ledger.erase_begins();
    let done = journal.erase(hands).is_ok();
    let mut world = world.borrow_mut();
    let now_ms = world.time_ms;
    world.ledger.erase_ends(&there, done, now_ms);
    world.report.erasures += 1;
}

impl World {
    fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let room = [200 << 10, 12 << 10, 3 << 10][random.below(3) as usize];
        Self {
            random,
            disk: Disk::new(room),
            ledger: Ledger::default(),
            report: Report::default(),
            time_ms: 1_700_000_000_000,
            jump_ms: 0,
            acknowledged: BTreeMap::new(),
            depth: 0,
            tabs: (0..TABS_MAX).map(|_| None).collect(),
        }
    }

    /// Everything that is not a tab's doing.
    fn befall(&mut self) -> Result<(), String> {
        match self.random.below(100) {
            0..40 => self.time_ms += self.random.below(4_000) as i64,
            40..52 => self.time_ms += 20_000 + self.random.below(40_000) as i64,
            52..56 => self.time_ms += self.random.below(3_600_000) as i64,
            56..72 => self.open_or_close(),
            72..82 => self.freeze_or_thaw(),
            82..86 => self.jump_ms += self.random.below(6 * 86_400_000) as i64 - 3 * 86_400_000,
            86..90 => self.disk.back_up(),
            90..98 => return self.crash(),
            98 if self.random.once_in(2) => self.roll_back(),
            _ => self.disk.room = [200 << 10, 12 << 10, 3 << 10][self.random.below(3) as usize],
        }
        Ok(())
    }

    fn open_or_close(&mut self) {
        let place = self.random.below(TABS_MAX as u64) as usize;
        let tab = Tab { journal: Journal::default(), opened_ms: self.time_ms, frozen_ms: 0, awake: true };
        self.tabs[place] = (!self.random.once_in(4)).then_some(tab);
    }

    /// A frozen tab's monotonic clock stands still for some of the time.
    fn freeze_or_thaw(&mut self) {
        let place = self.random.below(TABS_MAX as u64) as usize;
        let slept_ms = self.random.below(120_000) as i64;
        let Some(tab) = &mut self.tabs[place] else { return };
        tab.awake = !tab.awake;
        if tab.awake {
            self.time_ms += slept_ms;
            tab.frozen_ms += if slept_ms % 2 == 0 { slept_ms } else { 0 };
        }
    }

    fn crash(&mut self) -> Result<(), String> {
        self.report.crashes += 1;
        self.ledger.check(&there(&self.disk))?;
        let now_ms = self.time_ms;
        self.disk.crash(now_ms, &mut self.random);
        self.tabs.iter_mut().for_each(|tab| *tab = None);
        let acknowledged = &self.acknowledged;
        let lost = |record| acknowledged.get(&record).is_none_or(|at_ms| *at_ms >= now_ms - LOST_MS);
        self.ledger.settle(&there(&self.disk), now_ms - LOST_MS, lost)
    }

    fn roll_back(&mut self) {
        self.report.rolled_back += 1;
        self.disk.roll_back(&mut self.random);
        self.tabs.iter_mut().for_each(|tab| *tab = None);
        self.ledger.start_over(&there(&self.disk));
    }
}

/// Plays a seed.
///
/// # Errors
/// What went wrong, and after how many steps.
pub fn run(seed: u64) -> Result<Report, String> {
    let world = Rc::new(RefCell::new(World::new(seed)));
    for step in 0..STEPS {
        let failed = |error: String| format!("seed {seed}, step {step}: {error}");
        if world.borrow_mut().random.once_in(4) {
            world.borrow_mut().befall().map_err(failed)?;
        } else {
            act(&world);
        }
        let state = world.borrow();
        state.ledger.check(&there(&state.disk)).map_err(failed)?;
        if state.disk.used() > shelfwise_host::journal::USED_MAX {
            return Err(failed(format!("{} characters in use", state.disk.used())));
        }
    }
    let report = world.borrow().report;
    Ok(report)
}
