//! `history.*`: how often, when and in which order things were done.
//!
//! Answers come from the raw events where these reach, one scan of the events of the asked kind. What was
//! folded off the raw log is known by UTC day and by product only: it is added where the window reaches
//! that far, no field is filtered and the question can be answered from it ([`Reach::Days`]). Windows are
//! seconds back from now, `(now - window, now]`, the same in every time zone.

use std::cell::OnceCell;
use std::rc::Rc;

use crate::eval::{DAY_S, HistoryQuery, Instant, Value};
use crate::memory::limits::EVENTS_MAX;
use crate::memory::{Day, Event, EventKind, Memory, State};
use crate::pack::program::HistoryFunction;
use crate::value::{entries, find};
use shelfwise_pack::sort::sort_by;

/// Event kinds have codes below this.
const KINDS: usize = 64;
/// Most steps of a funnel.
pub const FUNNEL_STEPS_MAX: usize = 8;
/// The filter entry that limits how long a funnel may take, a duration; no event field.
pub const WITHIN: &str = "within";
/// Event fields that a filter may name.
pub const FILTER_FIELDS: &[&str] = &["item", "category", "brand", "text"];

/// Where an answer came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Raw events alone: exact to the second.
    Log,
    /// Raw events, and totals by day or product for what is older: exact to the UTC day.
    Days,
    /// Raw events alone, though the window reaches further back: a lower bound.
    Partial,
}

/// The history that questions go to. Shares the events with the memory; holds no copy.
#[derive(Clone, Debug)]
pub(super) struct History {
    events: Rc<Vec<Event>>,
    base: Rc<State>,
    now_s: i64,
    by_kind: OnceCell<ByKind>,
    same_item: OnceCell<Vec<u16>>,
}

/// Positions of the raw events, by kind, then in their order.
#[derive(Clone, Debug)]
struct ByKind {
    starts: [u16; KINDS + 1],
    positions: Vec<u16>,
}

impl ByKind {
    fn of(events: &[Event]) -> Self {
        let mut starts = [0u16; KINDS + 1];
        let code = |event: &Event| usize::from(event.kind.code()).min(KINDS - 1);
        for event in events {
            starts[code(event) + 1] += 1;
        }
        for at in 0..KINDS {
            starts[at + 1] += starts[at];
        }
        let mut next = starts;
        let mut positions = vec![0; events.len()];
        for (at, event) in events.iter().enumerate() {
            let place = &mut next[code(event)];
            positions[usize::from(*place)] = at as u16;
            *place += 1;
        }
        Self { starts, positions }
    }

    fn of_kind(&self, kind: EventKind) -> &[u16] {
        let at = usize::from(kind.code()).min(KINDS - 1);
        self.positions.get(self.starts[at].into()..self.starts[at + 1].into()).unwrap_or(&[])
    }
}

impl History {
    pub(super) fn of(memory: &Memory, now_s: i64) -> Self {
        let (events, base) = memory.shared();
        Self { events, base, now_s, by_kind: OnceCell::new(), same_item: OnceCell::new() }
    }

    /// The answer, and where it came from; no answer for the time of what never was, or a subject that is
    /// no event.
    pub(super) fn answer(&self, query: &HistoryQuery<'_>) -> (Option<Value<'static>>, Reach) {
        let after_s = self.now_s.saturating_sub(query.window_s.max(0));
        let oldest_s = self.events.first().map_or(self.now_s, |event| event.at_s);
        let beyond = after_s < oldest_s && !self.base.days.is_empty();
        let older = beyond && query.filter.is_empty();
        let asked = Asked { history: self, query, after_s, older };
        let (answer, days) = match query.function {
            HistoryFunction::Funnel => (asked.funnel(), false),
            HistoryFunction::Views => asked.pieces(false),
            HistoryFunction::Bought => asked.pieces(true),
            _ => match EventKind::from_name(query.subject) {
                Some(kind) => asked.events(kind),
                None => (None, false),
            },
        };
        let reach = match (beyond, days) {
            (false, _) => Reach::Log,
            (true, true) => Reach::Days,
            (true, false) => Reach::Partial,
        };
        (answer, reach)
    }

    /// Position of the first event about the same product, for each event.
    fn same_item(&self) -> &[u16] {
        self.same_item.get_or_init(|| {
            let mut order: Vec<u16> = (0..self.events.len() as u16).collect();
            let item = |at: &u16| self.events[usize::from(*at)].item.as_str();
            sort_by(&mut order, |a, b| item(a).cmp(item(b)).then(a.cmp(b)));
            let mut first = vec![0; order.len()];
            let mut previous = None;
            for at in order {
                let same = previous.filter(|before| item(before) == item(&at)).unwrap_or(at);
                first[usize::from(at)] = same;
                previous = Some(same);
            }
            first
        })
    }
}

/// How many there were, the first and the last of them.
#[derive(Default)]
struct Tally {
    count: i64,
    first_s: Option<i64>,
    last_s: Option<i64>,
}

impl Tally {
    fn note(&mut self, at_s: i64, count: i64) {
        self.count += count;
        self.first_s = Some(self.first_s.map_or(at_s, |first_s| first_s.min(at_s)));
        self.last_s = self.last_s.max(Some(at_s));
    }
}

/// One question.
struct Asked<'h, 'q> {
    history: &'h History,
    query: &'q HistoryQuery<'q>,
    after_s: i64,
    /// Whether totals of what was folded off the raw log count.
    older: bool,
}

impl<'h> Asked<'h, '_> {
    /// Hands over the events of a kind in the window that pass the filter, with their positions, latest first.
    fn latest(&self, kind: EventKind, seen: &mut dyn FnMut(usize, &'h Event)) {
        let by_kind = self.history.by_kind.get_or_init(|| ByKind::of(&self.history.events));
        for at in by_kind.of_kind(kind).iter().rev() {
            let event = &self.history.events[usize::from(*at)];
            // Within one day the clock may have gone back.
            if event.at_s <= self.after_s.saturating_sub(DAY_S) {
                break;
            }
            if self.passes(event) {
                seen(usize::from(*at), event);
            }
        }
    }

    fn passes(&self, event: &Event) -> bool {
        let holds = |(field, wanted): (&Value<'_>, &Value<'_>)| {
            let Value::Str(field) = field else { return false };
            let own = match &**field {
                "item" => &event.item,
                "category" => &event.category,
                "brand" => &event.brand,
                "text" => &event.text,
                name => return name == WITHIN,
            };
            match wanted {
                Value::Str(text) => **text == **own,
                Value::List(list) => list.iter().any(|entry| entry.equals(&Value::text(own))),
                _ => false,
            }
        };
        event.at_s > self.after_s && event.at_s <= self.history.now_s && entries(self.query.filter).all(holds)
    }

    /// Count, sum, first, last and distinct.
    fn events(&self, kind: EventKind) -> (Option<Value<'static>>, bool) {
        let is_order = kind == EventKind::Purchase;
        match self.query.function {
            HistoryFunction::Sum => return self.sum(kind),
            HistoryFunction::Distinct => return (Some(Value::Int(self.distinct(kind))), false),
            _ => {}
        }
        let (mut own, mut older) = (Tally::default(), Tally::default());
        self.latest(kind, &mut |_, event| own.note(event.at_s, 1));
        self.days(kind, &mut |at_s, day| older.note(at_s, if is_order { 1 } else { day.count(kind).into() }));
        let profile = &self.history.base.profile;
        if is_order {
            own.count = self.orders();
            if self.older && self.after_s < profile.first_order_s && profile.orders > 0 {
                older.count = profile.orders.into();
            }
        }
        let time = |at_s: Option<i64>| at_s.map(|s| Value::Timestamp(Instant { s, ns: 0 }));
        let answer = match self.query.function {
            HistoryFunction::First => time(older.first_s.or(own.first_s)),
            HistoryFunction::Last => time(own.last_s.or(older.last_s)),
            _ => Some(Value::Int(own.count + older.count)),
        };
        (answer, self.older)
    }

    /// Hands over the days with events of a kind that are no longer raw: their beginning, no earlier than the window.
    fn days(&self, kind: EventKind, seen: &mut dyn FnMut(i64, &Day)) {
        for day in self.history.base.days.iter().filter(|day| self.older && day.count(kind) > 0) {
            let start_s = i64::from(day.day) * DAY_S;
            if start_s.saturating_add(DAY_S) > self.after_s {
                seen(start_s.max(self.after_s), day);
            }
        }
    }

    /// Orders in the window: the lines of one order lie together and say its id.
    fn orders(&self) -> i64 {
        let mut before: Option<&str> = None;
        let mut count = 0;
        self.latest(EventKind::Purchase, &mut |_, event| {
            count += i64::from(event.text.is_empty() || before != Some(&event.text));
            before = Some(&event.text);
        });
        // An order of which some lines are still raw is among the older ones already.
        let profile = &self.history.base.profile;
        let split = self.older && profile.orders > 0 && before == Some(&profile.last_order);
        count - i64::from(split)
    }

    /// Value in minor units: the events' own, else price times pieces; of orders under a filter that of
    /// the lines which pass.
    fn sum(&self, kind: EventKind) -> (Option<Value<'static>>, bool) {
        let is_order = kind == EventKind::Purchase;
        let whole = is_order && self.query.filter.is_empty();
        let value = |event: &Event| match event.value_minor {
            value if whole || (value != 0 && !is_order) => value,
            _ => i64::from(event.price_minor) * i64::from(event.quantity.max(1)),
        };
        let mut sum = 0_i64;
        self.latest(kind, &mut |_, event| sum = sum.saturating_add(value(event)));
        if is_order {
            self.days(kind, &mut |_, day| sum = sum.saturating_add(day.spend_minor));
        }
        (Some(Value::Int(sum)), self.older && is_order)
    }

    /// Different products among the raw events of a kind.
    fn distinct(&self, kind: EventKind) -> i64 {
        let same = self.history.same_item();
        let mut seen = [0u64; EVENTS_MAX / 64 + 1];
        self.latest(kind, &mut |at, event| {
            if let (Some(word), false) = (seen.get_mut(usize::from(same[at]) / 64), event.item.is_empty()) {
                *word |= 1 << (same[at] % 64);
            }
        });
        seen.iter().map(|word| i64::from(word.count_ones())).sum()
    }

    /// Views of a product, or pieces of it bought less those given back; older ones whole where the
    /// window reaches the first event about it, else at least the newest.
    fn pieces(&self, bought: bool) -> (Option<Value<'static>>, bool) {
        let item = self.query.subject;
        let mut own = 0_i64;
        let mut add = |kind, sign: i64| {
            self.latest(kind, &mut |_, event| {
                let pieces = if bought { event.quantity.max(1).into() } else { 1 };
                own += if event.item == item { sign * pieces } else { 0 };
            });
        };
        if bought {
            add(EventKind::Purchase, 1);
            add(EventKind::Refund, -1);
        } else {
            add(EventKind::ViewItem, 1);
        }
        let known = self.history.base.items.iter().find(|known| self.older && known.item == item);
        let older = known.map_or(0, |known| {
            let (total, newest_s) =
                if bought { (known.bought, known.bought_s) } else { (known.views, known.last_s) };
            let whole = known.first_s > self.after_s;
            i64::from(if whole { total } else { total.min(u16::from(newest_s > self.after_s)) })
        });
        (Some(Value::Int((own + older).max(0))), self.older)
    }

    /// Whether the steps happened in this order, and within the filter's `within` from first to last.
    fn funnel(&self) -> Option<Value<'static>> {
        let mut kinds = [EventKind::PageView; FUNNEL_STEPS_MAX];
        let steps = kinds.get_mut(..self.query.steps.len()).filter(|steps| !steps.is_empty())?;
        for (kind, step) in steps.iter_mut().zip(self.query.steps) {
            let Value::Str(name) = step else { return None };
            *kind = EventKind::from_name(name)?;
        }
        let within_s = match find(self.query.filter, &Value::text(WITHIN)) {
            Some(Value::Duration(within)) => within.s,
            _ => i64::MAX,
        };
        // For each step the latest beginning of a chain that got this far: no other can finish sooner.
        let mut begun_s = [None::<i64>; FUNNEL_STEPS_MAX];
        for event in self.history.events.iter().filter(|event| self.passes(event)) {
            for step in (0..steps.len()).rev().filter(|step| steps[*step] == event.kind) {
                let begun = if step == 0 { Some(event.at_s) } else { begun_s[step - 1] };
                let begun = begun.filter(|from_s| event.at_s.saturating_sub(*from_s) <= within_s);
                begun_s[step] = begun.max(begun_s[step]);
            }
        }
        Some(Value::Bool(begun_s[steps.len() - 1].is_some()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Midnight, so that windows of days are whole days.
    const NOW_S: i64 = 1_800_057_600;

    fn folded(days: i64) -> Memory {
        let mut memory = Memory::default();
        for day in (0..days).rev() {
            for (kind, item) in [(EventKind::ViewItem, "a"), (EventKind::Purchase, "b")] {
                let mut event = Event::new(kind, NOW_S - day * DAY_S - 10).about(item);
                event.quantity = 2;
                if kind == EventKind::Purchase {
                    event.text = format!("order-{day}");
                    event.value_minor = 500;
                }
                memory.fold(&event);
            }
        }
        memory
    }

    fn ask(
        memory: &Memory,
        function: HistoryFunction,
        subject: &str,
        days: Option<i64>,
    ) -> (Option<i64>, Reach) {
        answer(&History::of(memory, NOW_S), function, subject, days.map_or(i64::MAX, |days| days * DAY_S))
    }

    fn answer(
        history: &History,
        function: HistoryFunction,
        subject: &str,
        window_s: i64,
    ) -> (Option<i64>, Reach) {
        let query = HistoryQuery { function, subject, steps: &[], window_s, filter: &[] };
        let (value, reach) = history.answer(&query);
        let number = value.map(|value| match value {
            Value::Int(number) => number,
            Value::Timestamp(at) => at.s,
            other => panic!("{other:?}"),
        });
        (number, reach)
    }

    #[test]
    fn beyond_the_raw_events_days_and_products_answer() {
        use HistoryFunction::{Bought, Count, Distinct, First, Last, Sum, Views};
        let memory = folded(420);
        let raw = memory.events().len() as i64 / 2;
        assert!((100..400).contains(&raw), "{raw}");
        let is = |function, subject, days, value, reach| {
            assert_eq!(ask(&memory, function, subject, days), (Some(value), reach), "{function:?} {days:?}");
        };
        is(Count, "view_item", Some(50), 50, Reach::Log);
        is(Count, "view_item", Some(raw + 20), raw + 20, Reach::Days);
        is(Count, "purchase", Some(raw + 20), raw + 20, Reach::Days);
        is(Count, "purchase", None, 420, Reach::Days);
        is(Sum, "purchase", Some(raw + 20), (raw + 20) * 500, Reach::Days);
        is(Sum, "view_item", Some(raw + 20), 0, Reach::Partial);
        is(Views, "a", None, 420, Reach::Days);
        is(Bought, "b", None, 840, Reach::Days);
        is(Bought, "b", Some(raw + 20), raw * 2 + 1, Reach::Days);
        is(Bought, "a", None, 0, Reach::Days);
        is(Distinct, "view_item", None, 1, Reach::Partial);
        is(Last, "purchase", None, NOW_S - 10, Reach::Days);
        let (first, reach) = ask(&memory, First, "view_item", None);
        let kept = NOW_S - (raw + 120) * DAY_S;
        assert!(first.unwrap() < NOW_S - raw * DAY_S && first.unwrap() > kept - 2 * DAY_S, "{first:?}");
        assert_eq!(reach, Reach::Days);
    }

    #[test]
    fn totals_answer_no_question_with_a_filter() {
        let memory = folded(420);
        let raw = memory.events().iter().filter(|event| event.kind == EventKind::ViewItem).count() as i64;
        let filter = [Value::text("item"), Value::text("a")];
        let query = HistoryQuery {
            function: HistoryFunction::Count,
            subject: "view_item",
            steps: &[],
            window_s: i64::MAX,
            filter: &filter,
        };
        let (value, reach) = History::of(&memory, NOW_S).answer(&query);
        assert_eq!((format!("{value:?}"), reach), (format!("Some(Int({raw}))"), Reach::Partial));
    }

    /// Answers for windows that begin at that second, and one before.
    fn around(memory: &Memory, function: HistoryFunction, subject: &str, at_s: i64) -> [(i64, Reach); 2] {
        [at_s, at_s - 1].map(|after_s| {
            let history = History::of(memory, NOW_S);
            let (value, reach) = answer(&history, function, subject, NOW_S - after_s);
            (value.expect("a number"), reach)
        })
    }

    #[test]
    fn a_window_begins_after_its_first_second_and_ends_with_now() {
        let events = [NOW_S - 100, NOW_S, NOW_S + 1].map(|at_s| Event::new(EventKind::Search, at_s));
        let mut memory = Memory::default();
        events.iter().for_each(|event| memory.fold(event));
        let search = |at_s| around(&memory, HistoryFunction::Count, "search", at_s);
        assert_eq!(search(NOW_S - 100), [(1, Reach::Log), (2, Reach::Log)]);
        assert_eq!(search(NOW_S), [(0, Reach::Log), (1, Reach::Log)]);
    }

    #[test]
    fn totals_count_once_the_window_reaches_past_the_oldest_raw_event() {
        let memory = folded(420);
        let oldest = &memory.events()[0];
        let raw = memory.events().iter().filter(|event| event.kind == oldest.kind).count() as i64;
        let [at, before] = around(&memory, HistoryFunction::Count, oldest.kind.name(), oldest.at_s);
        assert_eq!(at, (raw - 1, Reach::Log), "it is not in the window that begins with it");
        assert_eq!(before.1, Reach::Days);
        assert!(before.0 >= raw);
    }

    #[test]
    fn a_day_of_totals_counts_until_its_last_second_is_out_of_the_window() {
        let memory = folded(420);
        let (_, base) = memory.shared();
        let day = &base.days[base.days.len() / 2];
        let ends_s = i64::from(day.day + 1) * DAY_S;
        for (function, subject, worth) in [
            (HistoryFunction::Count, "view_item", day.count(EventKind::ViewItem).into()),
            (HistoryFunction::Sum, "purchase", day.spend_minor),
        ] {
            let [after, within] = around(&memory, function, subject, ends_s);
            assert!(worth > 0);
            assert_eq!((within.0 - after.0, within.1), (worth, Reach::Days), "{subject}");
        }
    }

    #[test]
    fn all_orders_count_once_the_window_reaches_past_the_first() {
        let memory = folded(420);
        let first_s = memory.shared().1.profile.first_order_s;
        let [at, before] = around(&memory, HistoryFunction::Count, "purchase", first_s);
        assert_eq!(before, (420, Reach::Days));
        assert!(at.0 < 420, "by days, of which the oldest are gone: {}", at.0);
    }

    #[test]
    fn orders_without_a_name_are_no_part_of_an_older_one() {
        let mut memory = Memory::default();
        for view in 0..900 {
            memory.fold(&Event::new(EventKind::ViewItem, NOW_S - 100 * DAY_S + view).about("a"));
        }
        memory.fold(&Event::new(EventKind::Purchase, NOW_S - 10).about("a"));
        assert_eq!(ask(&memory, HistoryFunction::Count, "purchase", None), (Some(1), Reach::Days));
        assert_eq!(memory.shared().1.profile.orders, 0);
    }

    #[test]
    fn totals_of_a_product_count_whole_from_its_first_event_and_one_from_its_newest() {
        let memory = folded(420);
        let (_, base) = memory.shared();
        for (function, kind, item, pieces) in [
            (HistoryFunction::Views, EventKind::ViewItem, "a", 1),
            (HistoryFunction::Bought, EventKind::Purchase, "b", 2),
        ] {
            let raw = pieces * memory.events().iter().filter(|event| event.kind == kind).count() as i64;
            let known = base.items.iter().find(|known| known.item == item).expect(item);
            let bought = function == HistoryFunction::Bought;
            let (total, newest_s) =
                if bought { (known.bought, known.bought_s) } else { (known.views, known.last_s) };
            let [after, with_newest] = around(&memory, function, item, newest_s);
            assert_eq!((after.0, with_newest.0), (raw, raw + 1), "{item}");
            let [some, whole] = around(&memory, function, item, known.first_s);
            assert_eq!((some.0, whole.0), (raw + 1, raw + i64::from(total)), "{item}");
            assert!(total > 1);
        }
    }

    #[test]
    fn a_clock_that_went_back_by_less_than_a_day_hides_nothing() {
        // Asked for the last 1,000 seconds; the later event has a time before those.
        let counted = |back_s: i64| {
            let times = [NOW_S - 500, NOW_S - 1_000 - back_s];
            let events = times.map(|at_s| Event::new(EventKind::Search, at_s)).to_vec();
            let history = History { events: Rc::new(events), ..History::of(&Memory::default(), NOW_S) };
            answer(&history, HistoryFunction::Count, "search", 1_000).0
        };
        assert_eq!((counted(DAY_S - 1), counted(DAY_S)), (Some(1), Some(0)));
    }

    #[test]
    fn an_order_half_of_which_is_raw_counts_once() {
        let mut memory = Memory::default();
        for line in 0..900 {
            memory.fold(&Event::new(EventKind::Purchase, NOW_S - 1_000 + line).about("a").saying("one"));
        }
        assert!(memory.events().len() < 900);
        assert_eq!(ask(&memory, HistoryFunction::Count, "purchase", None), (Some(1), Reach::Days));
    }

    #[test]
    fn questions_share_the_memory_instead_of_copying_it() {
        let memory = folded(30);
        let history = History::of(&memory, NOW_S);
        assert!(std::ptr::eq(history.events.as_ptr(), memory.events().as_ptr()));
    }
}
