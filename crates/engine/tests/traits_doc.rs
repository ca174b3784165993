//! `docs/traits.md` is the table of traits: run with `UPDATE=1` to write it again.

use std::fmt::Write;

use shelfwise_engine::pack::kinds::ConsentMode;
use shelfwise_engine::traits::{TRAITS, by_code, find};

fn page() -> String {
    let mut page = String::from(
        "# Traits\n\nEvery value an audience can speak of, generated from `crates/engine/src/traits/table.rs` (`UPDATE=1 cargo test -p \
         shelfwise-engine --test traits_doc`).\n\n*Consent* is what a shopper must allow before a trait knows more than this page view. \
         Keyed traits are written `affinity.category[\"Garden\"]`.\n",
    );
    let mut group = "";
    for def in TRAITS {
        let own = def.path.split('.').next().unwrap_or("");
        if own != group {
            group = own;
            let head =
                "| trait | type | unit | range | consent | source | meaning |\n|---|---|---|---|---|---|---|";
            write!(page, "\n## {group}\n\n{head}\n").unwrap();
        }
        let consent = match def.consent {
            ConsentMode::Contextual => "none",
            _ => "remember",
        };
        let (kind, source) = (def.kind.name(), def.source.name());
        let (path, unit, range, doc) = (def.path, def.unit, def.range, def.doc);
        writeln!(page, "| `{path}` | {kind} | {unit} | {range} | {consent} | {source} | {doc} |").unwrap();
    }
    page
}

#[test]
fn the_page_is_in_step_with_the_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/traits.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, page()).unwrap();
    }
    let known = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        known == page(),
        "docs/traits.md is out of step: run UPDATE=1 cargo test -p shelfwise-engine --test traits_doc"
    );
}

#[test]
fn codes_ascend_and_paths_differ() {
    assert!(TRAITS.is_sorted_by(|before, after| before.code < after.code));
    for def in TRAITS {
        assert_eq!(find(def.path), Some(def));
        assert_eq!(by_code(def.code), Some(def));
        assert!(def.code < 256, "the table of values is dense");
    }
    assert_eq!(find("visitor.visit"), None);
    assert_eq!(by_code(0), None);
}
