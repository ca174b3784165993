//! Old bytes are read for ever: the texts in `tests/compat` were written by the version that they name.

use shelfwise_host::engine::memory::{Event, EventKind, Memory};
use shelfwise_host::journal::{Coverage, Segment, Snapshot, Writer};

const NOW_S: i64 = 1_700_000_000;

/// One event of every kind that version 1 knew, with every field in use somewhere.
fn events() -> Vec<Event> {
    let event = |(at, kind): (i64, &EventKind)| {
        let mut event = Event::new(*kind, NOW_S + at * 60);
        match kind {
            EventKind::PageView => "/c/garden/".clone_into(&mut event.text),
            EventKind::Exposure | EventKind::SelectPromotion => "spring/été".clone_into(&mut event.text),
            EventKind::Purchase => "order-17".clone_into(&mut event.text),
            EventKind::SessionStart => "https://mail.example/\n/?utm_source=mail".clone_into(&mut event.text),
            EventKind::SetName => "Zoë".clone_into(&mut event.text),
            EventKind::SetUnit => "AQIDBAUGBwg".clone_into(&mut event.text),
            EventKind::Search => "mug".clone_into(&mut event.text),
            _ => {
                "85123A".clone_into(&mut event.item);
                "Garden".clone_into(&mut event.category);
            }
        }
        "Acme".clone_into(&mut event.brand);
        (event.price_minor, event.quantity, event.value_minor) = (255, 3, 765 - at * 100);
        event.engaged_ms = if *kind == EventKind::UserEngagement { 45_000 } else { 0 };
        event
    };
    let kinds = EventKind::ALL.iter().filter(|kind| matches!(kind.code(), 1..=19 | 40..=43));
    (0..).zip(kinds).map(event).collect()
}

fn segment() -> Segment {
    let writer = Writer(0x0000_0003_89ab_cdef);
    Segment { epoch: 2, writer, number: 5, appended_ms: 1_700_000_123_456, records: events() }
}

fn snapshot() -> Snapshot {
    let mut coverage = Coverage::default();
    coverage.extend(Writer(0x0000_0001_0000_0007), 0, 12);
    coverage.extend(Writer(0x0000_0003_89ab_cdef), 5, 4);
    let mut memory = Memory::default();
    events().iter().for_each(|event| memory.fold(event));
    Snapshot { epoch: 2, generation: 9, folded: 23, coverage, memory }
}

fn kept(name: &str) -> String {
    let path = [env!("CARGO_MANIFEST_DIR"), "/../../tests/compat/", name].concat();
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}")).trim().to_owned()
}

#[test]
fn a_segment_of_version_1_is_read() {
    assert_eq!(Segment::read(&kept("segment-v1.txt")), Ok(segment()));
}

#[test]
fn a_snapshot_of_version_1_is_read() {
    assert_eq!(Snapshot::read(&kept("snapshot-v1.txt")), Ok(snapshot()));
}

/// While version 1 is what is written, it is written as it always was.
#[test]
fn version_1_is_written_byte_for_byte() {
    assert_eq!(segment().text(), kept("segment-v1.txt"));
    assert_eq!(snapshot().text(), kept("snapshot-v1.txt"));
}
