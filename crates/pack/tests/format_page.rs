//! `docs/format.md` says what the records say. `UPDATE_FORMAT=1 cargo test -p shelfwise-pack` rewrites it.

use std::fmt::Write;

use shelfwise_pack::file::SectionDoc;
use shelfwise_pack::{core, directory, index, items, kinds, knowledge, program};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/format.md");
const BEGIN: &str = "<!-- generated from crates/pack: do not edit below -->\n";

fn tables(out: &mut String) {
    let files: [(&str, u8, &[SectionDoc]); 5] = [
        ("Core file", 1, core::Core::SECTIONS),
        ("Items file", 2, items::Items::SECTIONS),
        ("Index file", 3, index::Index::SECTIONS),
        ("Directory file", 4, directory::Directory::SECTIONS),
        ("Knowledge file", 5, knowledge::Knowledge::SECTIONS),
    ];
    for (title, kind, sections) in files {
        writeln!(out, "\n## {title} (kind {kind})\n").unwrap();
        writeln!(out, "| code | section | record | bytes | holds |\n|---|---|---|---|---|").unwrap();
        for section in sections {
            let SectionDoc { code, name, record, record_bytes, doc, .. } = section;
            writeln!(out, "| {code} | `{name}` | {record} | {record_bytes} | {} |", cell(doc)).unwrap();
        }
        for section in sections.iter().filter(|section| !section.fields[0].name.is_empty()) {
            let heading = format!("\n### {} ({} bytes)\n", section.record, section.record_bytes);
            if out.contains(&heading) {
                continue;
            }
            writeln!(out, "{heading}").unwrap();
            writeln!(out, "| at | field | type | meaning |\n|---|---|---|---|").unwrap();
            let mut at = 0;
            for field in section.fields {
                writeln!(out, "| {at} | `{}` | {} | {} |", field.name, field.ty, cell(field.doc)).unwrap();
                at += field.size;
            }
        }
    }
}

fn codes(out: &mut String) {
    macro_rules! kinds {
        ($($module:ident::$name:ident)*) => {$(
            writeln!(out, "\n### {}\n\n| code | name | meaning |\n|---|---|---|", stringify!($name)).unwrap();
            for (code, name, doc) in $module::$name::DOCS {
                writeln!(out, "| {code} | {name} | {} |", cell(doc)).unwrap();
            }
        )*};
    }
    out.push_str("\n## Codes\n");
    kinds!(kinds::FileKind kinds::CampaignKind kinds::TriggerKind kinds::MessageKind kinds::ContentKind
        kinds::ConsentMode kinds::Zone kinds::Strategy kinds::ListKind kinds::NeighbourKind kinds::CutKind kinds::DiversityBy
        kinds::NodeKind kinds::PartKind kinds::ItemField kinds::Hemisphere kinds::Climate
        program::CompareOp program::ConstantKind);
}

/// A doc comment as a table cell: one line, links to code as code.
fn cell(doc: &str) -> String {
    doc.trim().replace('\n', " ").replace('|', "\\|").replace("[`", "`").replace("`]", "`")
}

#[test]
fn the_page_is_in_step_with_the_records() {
    let page = std::fs::read_to_string(PAGE).expect("docs/format.md");
    let (written, below) = page.split_once(BEGIN).expect("the marker line");
    let mut generated = String::new();
    tables(&mut generated);
    codes(&mut generated);
    if std::env::var_os("UPDATE_FORMAT").is_some() {
        std::fs::write(PAGE, format!("{written}{BEGIN}{generated}")).expect("writable");
    } else {
        assert!(
            below == generated,
            "docs/format.md is old: run UPDATE_FORMAT=1 cargo test -p shelfwise-pack"
        );
    }
}
