//! The header, the section table and the strings: each rule has a file that breaks only that rule.

mod samples;

use shelfwise_pack::core::{Core, CoreBuilder, Meta};
use shelfwise_pack::items::Items;
use shelfwise_pack::kinds::FileKind;
use shelfwise_pack::limits;
use shelfwise_pack::record::{Range, Ref, Span, Str, Table};
use shelfwise_pack::{Error, ErrorCode, OpenedItems, crc32};

const SECTION_TABLE: usize = 20;
const SECTION_BYTES: usize = 12;

fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let sum = crc32(&bytes[16..]);
    bytes[12..16].copy_from_slice(&sum.to_le_bytes());
    bytes
}

/// The refusal of the items sample after a change, with its checksum made right again.
fn refusal(change: impl Fn(&mut Vec<u8>)) -> Option<(ErrorCode, u32)> {
    let mut bytes = samples::items().finish();
    change(&mut bytes);
    Items::open(&sealed(bytes)).err().map(|error| (error.code, error.offset))
}

fn set(bytes: &mut [u8], at: usize, value: u32) {
    bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
}

fn field(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

#[test]
fn header() {
    let bytes = samples::items().finish();
    assert_eq!(Items::open(&bytes[..19]).err(), Some(Error::at(ErrorCode::Truncated, 19)));
    assert_eq!(Items::open(&[]).err(), Some(Error::at(ErrorCode::Truncated, 0)));
    assert_eq!(refusal(|bytes| bytes[3] = b'f'), Some((ErrorCode::Magic, 0)));
    assert_eq!(refusal(|bytes| bytes[4] = 2), Some((ErrorCode::FormatVersion, 4)));
    assert_eq!(refusal(|bytes| bytes[5] = 1), Some((ErrorCode::FormatVersion, 4)));
    assert_eq!(refusal(|bytes| bytes[6] = FileKind::Core.code()), Some((ErrorCode::FileKind, 6)));
    let length = bytes.len() as u32;
    assert_eq!(refusal(|bytes| set(bytes, 8, length + 1)), Some((ErrorCode::Truncated, length)));
    assert_eq!(refusal(|bytes| set(bytes, 8, length - 1)), Some((ErrorCode::Truncated, length - 1)));
    let too_long = limits::FILE_BYTES_MAX as u32 + 1;
    assert_eq!(refusal(|bytes| set(bytes, 8, too_long)), Some((ErrorCode::Limit, 8)));
    assert_eq!(refusal(|bytes| set(bytes, 8, too_long - 1)), Some((ErrorCode::Truncated, length)));
    let mut damaged = bytes.clone();
    *damaged.last_mut().expect("bytes") ^= 1;
    assert_eq!(Items::open(&damaged).err(), Some(Error::at(ErrorCode::Checksum, 12)));
    assert_eq!(refusal(|bytes| bytes[18] = 1), Some((ErrorCode::SectionTable, 18)));
}

#[test]
fn a_file_of_only_a_header_opens_as_a_container() {
    let empty = CoreBuilder { strings: Default::default(), ..CoreBuilder::default() };
    let mut bytes = empty.finish()[..20].to_vec();
    bytes[16] = 0;
    set(&mut bytes, 8, 20);
    let refused = Core::open(&sealed(bytes)).err().map(|error| error.code);
    assert_eq!(refused, Some(ErrorCode::Count), "the meta record is missing, nothing before it");
}

#[test]
fn section_table() {
    let second = SECTION_TABLE + SECTION_BYTES;
    assert_eq!(refusal(|bytes| bytes[16] = 41), Some((ErrorCode::Limit, 16)));
    assert_eq!(refusal(|bytes| bytes[16] = 40), Some((ErrorCode::SectionTable, SECTION_TABLE as u32)));
    assert_eq!(
        refusal(|bytes| {
            bytes.truncate(40);
            set(bytes, 8, 40);
        }),
        Some((ErrorCode::SectionTable, 16)),
        "a table longer than the file"
    );
    assert_eq!(
        refusal(|bytes| bytes[second] = 1),
        Some((ErrorCode::SectionTable, second as u32)),
        "kinds repeat"
    );
    assert_eq!(
        refusal(|bytes| bytes[second] = 0),
        Some((ErrorCode::SectionTable, second as u32)),
        "kinds descend"
    );
    let moved = |by: i32| {
        refusal(move |bytes| {
            let offset = field(bytes, second + 4);
            set(bytes, second + 4, offset.wrapping_add_signed(by));
        })
    };
    assert_eq!(moved(1), Some((ErrorCode::SectionTable, second as u32)), "a gap");
    assert_eq!(moved(-1), Some((ErrorCode::SectionTable, second as u32)), "an overlap");
    let longer = refusal(|bytes| set(bytes, second + 8, u32::MAX));
    assert_eq!(longer, Some((ErrorCode::SectionTable, second as u32)), "past the file");
    let longer = refusal(|bytes| {
        let length = bytes.len() as u32;
        set(bytes, second + 8, length);
    });
    assert_eq!(longer, Some((ErrorCode::SectionTable, second as u32)), "as long as the file");
    let unclaimed = refusal(|bytes| {
        bytes.push(0);
        let length = bytes.len() as u32;
        set(bytes, 8, length);
    });
    assert_eq!(unclaimed, Some((ErrorCode::SectionTable, SECTION_TABLE as u32)), "bytes of no section");
    let size = refusal(|bytes| bytes[second + 2] += 1);
    assert_eq!(size, Some((ErrorCode::RecordSize, second as u32)));
}

#[test]
fn a_section_of_parts_of_records_is_refused() {
    // Moves the border between the meta record and the cards by one byte.
    let partial = refusal(|bytes| {
        let second = SECTION_TABLE + SECTION_BYTES;
        for (at, by) in [(SECTION_TABLE + 8, 1), (second + 4, 1), (second + 8, -1)] {
            let value = field(bytes, at);
            set(bytes, at, value.wrapping_add_signed(by));
        }
    });
    assert_eq!(partial, Some((ErrorCode::RecordSize, SECTION_TABLE as u32)));
}

/// An items file with these string offsets and bytes, nothing else but its meta record.
fn with_strings(offsets: &[u32], text: &[u8]) -> Option<ErrorCode> {
    let offsets: Vec<u8> = offsets.iter().flat_map(|offset| offset.to_le_bytes()).collect();
    let sections: [(u16, u16, &[u8]); 3] = [(1, 8, &[0; 8]), (0xFFF0, 4, &offsets), (0xFFF1, 1, text)];
    let mut bytes = b"SHLF\x01\0\x02\0\0\0\0\0\0\0\0\0\x03\0\0\0".to_vec();
    let mut offset = (SECTION_TABLE + 3 * SECTION_BYTES) as u32;
    for (kind, size, body) in sections {
        bytes.extend(kind.to_le_bytes());
        bytes.extend(size.to_le_bytes());
        bytes.extend(offset.to_le_bytes());
        bytes.extend((body.len() as u32).to_le_bytes());
        offset += body.len() as u32;
    }
    sections.iter().for_each(|(_, _, body)| bytes.extend_from_slice(body));
    let length = bytes.len() as u32;
    set(&mut bytes, 8, length);
    Items::open(&sealed(bytes)).err().map(|error| error.code)
}

#[test]
fn strings() {
    let long = vec![b'x'; limits::STRING_BYTES_MAX + 1];
    assert_eq!(with_strings(&[0, 0, 1, 3], "aé".as_bytes()), None);
    assert_eq!(with_strings(&[], b""), None, "no strings at all");
    assert_eq!(with_strings(&[0, 0, limits::STRING_BYTES_MAX as u32], &long[1..]), None);
    for (offsets, text, why) in [
        (&[0u32, 0, limits::STRING_BYTES_MAX as u32 + 1][..], long.as_slice(), "too long"),
        (&[0, 0, 2, 3], "aé".as_bytes(), "cuts a character"),
        (&[0, 0, 2], b"\xff\xff", "no UTF-8"),
        (&[0, 1, 2], b"ab", "the first is not empty"),
        (&[1, 1, 2], b"ab", "does not start at 0"),
        (&[0], b"", "an offset without a string"),
        (&[0, 0, 2, 1, 2], b"ab", "descending"),
        (&[0, 0, 3], b"ab", "past the bytes"),
        (&[0, 0, 1], b"ab", "bytes of no string"),
        (&[], b"ab", "bytes without offsets"),
    ] {
        assert_eq!(with_strings(offsets, text), Some(ErrorCode::String), "{why}");
    }
}

#[test]
fn equal_strings_are_stored_once() {
    let mut builder = CoreBuilder::default();
    assert_eq!(builder.strings.add(""), Str(0));
    let name = builder.strings.add("home.hero");
    assert_eq!(builder.strings.add("home.hero"), name);
    assert_ne!(builder.strings.add("home.row"), name);
    builder.meta = vec![Meta { shop: name, ..Meta::default() }];
    let bytes = builder.finish();
    let core = Core::open(&bytes).expect("valid");
    assert_eq!((core.strings.len(), core.text(name), core.text(Str(9))), (3, "home.hero", ""));
    assert!(!core.strings.is_empty());
    assert!(shelfwise_pack::file::Strings::default().is_empty());
    assert_eq!(core.text(Str(3)), "", "the end of the last string starts no other");
}

#[test]
fn texts_may_be_longer_than_tables() {
    let mut builder = CoreBuilder::default();
    for at in 0..200 {
        builder.strings.add(&format!("{at:08000}"));
    }
    builder.meta = vec![Meta::default()];
    let bytes = builder.finish();
    assert!(bytes.len() > limits::RECORDS_MAX);
    assert_eq!(Core::open(&bytes).err(), None);
}

#[test]
fn tables_are_total() {
    let bytes = [1u8, 0, 0, 0, 2, 0, 0, 0, 9];
    let table: Table<'_, u32> = Table::at(&bytes, Span { offset: 0, length: 9 });
    assert_eq!((table.len(), table.get(1), table.get(2), table.get(u32::MAX)), (2, Some(2), None, None));
    assert_eq!(table.iter().collect::<Vec<_>>(), [1, 2]);
    let range = |start, len| table.range(Range { start, len }).collect::<Vec<_>>();
    assert_eq!(range(1, 1), [2]);
    assert_eq!(range(1, 5), [2]);
    assert_eq!(range(5, 1), [] as [u32; 0]);
    assert_eq!(range(u32::MAX, u32::MAX), [] as [u32; 0]);
    assert!(!table.is_empty());
    assert!(Table::<'_, u32>::default().is_empty());
    let shifted: Table<'_, u32> = Table::at(&bytes, Span { offset: 4, length: 4 });
    assert_eq!((shifted.get(0), shifted.offset(1), shifted.bytes().len()), (Some(2), 8, 4));
    assert_eq!(shifted.span(), Span { offset: 4, length: 4 });
    assert!(Table::<'_, u32>::at(&bytes, Span { offset: 8, length: 4 }).is_empty(), "outside the file");
    assert!(Table::<'_, u32>::at(&bytes, Span { offset: u32::MAX, length: u32::MAX }).is_empty());
    assert_eq!(table.partition_point(|value| value < 2), 1);
    assert_eq!(table.partition_point(|value| value < 3), 2);
    assert_eq!(table.search(|value| value.cmp(&2)), Some(2));
    assert_eq!(table.search(|value| value.cmp(&0)), None);
    assert_eq!(table.search(|value| value.cmp(&3)), None);
    assert_eq!((Ref::NONE.index(), Ref::to(0).index(), Ref::default()), (None, Some(0), Ref::NONE));
    assert_eq!(Range { start: 2, len: 3 }.indices(), 2..5);
}

#[test]
fn opened_files_refuse_and_keep() {
    let mut bytes = samples::items().finish();
    let opened = OpenedItems::open(bytes.clone()).expect("sound");
    assert_eq!(opened.view().cards.len(), 50);
    assert_eq!(opened.view().meta.get(0).map(|meta| meta.first), Some(50));
    assert_eq!(opened.view().cards.get(0).map(|card| opened.view().text(card.item)), Some("a"));
    bytes.pop();
    let length = bytes.len();
    assert_eq!(OpenedItems::open(bytes).err(), Some(Error::at(ErrorCode::Truncated, length)));
}

#[test]
fn a_product_finds_its_files() {
    let meta = Meta { item_count: 100, shard_items: 30, index_files: 7, ..Meta::default() };
    let places = [0, 29, 30, 99, 100].map(|dense| meta.card_place(dense));
    assert_eq!(places, [Some((0, 0)), Some((0, 29)), Some((1, 0)), Some((3, 9)), None]);
    assert_eq!(meta.near_place(30), Some((1, 0)), "with the card");
    assert_eq!(meta.index_file("85123A"), Some(shelfwise_pack::index::hash("85123A") % 7));
    assert_eq!(Meta { index_files: 0, ..meta }.index_file("85123A"), None);
    assert_eq!(Meta { shard_items: 0, ..meta }.card_place(1), None);
    // FNV-1a's published vectors.
    assert_eq!(["", "a", "foobar"].map(shelfwise_pack::index::hash), [0x811c_9dc5, 0xe40c_292c, 0xbf9c_f968]);
}

#[test]
fn error_codes_are_listed_once_in_order() {
    let codes: Vec<u8> = ErrorCode::ALL.iter().map(|code| *code as u8).collect();
    assert_eq!(codes, (1..=codes.len() as u8).collect::<Vec<_>>());
    assert_eq!(Error::at(ErrorCode::Magic, usize::MAX).offset, u32::MAX);
}

#[test]
fn pages_of_directories_are_listed_by_pages_until_the_manifest_can_list_them() {
    use shelfwise_pack::directory::levels;
    let of = |files| levels(files).map(|level| (level.start, level.end)).collect::<Vec<_>>();
    assert_eq!(of(0), [(0, 0)]);
    assert_eq!(of(1), [(0, 1)]);
    assert_eq!(of(65), [(0, 2)]);
    assert_eq!(of(64 * 32), [(0, 32)]);
    assert_eq!(of(64 * 32 + 1), [(0, 33), (33, 34)]);
    assert_eq!(of(64 * 64 * 32 + 1), [(0, 2_049), (2_049, 2_082), (2_082, 2_083)]);
    assert_eq!(of(u32::MAX).len(), 5, "no number overflows");
}
