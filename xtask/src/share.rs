//! What a part of the shopper's module costs: the Brotli bytes by which the module is smaller without the bodies of the part's
//! functions. The module is the shipped one with the names left in.
//!
//! A part is some modules of the project. Its functions are those that are defined in these modules, their closures, and the
//! instances of generic code of the standard library, or of what the whole project shares ([`SHARED`]), that were made for a
//! closure or a type of theirs. A function of another module is not the part's because a type of the part passes through it.
//! Of what the compiler inlined elsewhere nothing is counted, and all of what it inlined here is.

use std::error::Error;
use std::fs;
use std::ops::Range;
use std::path::Path;

use wasmparser::{BinaryReader, Name, NameSectionReader, Parser, Payload, TypeRef};

use crate::size::brotli_bytes;

/// Generic code that serves every part alike: records, files, sorting.
const SHARED: &[&str] = &[
    "shelfwise_pack::record::",
    "shelfwise_pack::sort::",
    "shelfwise_pack::file::",
    "shelfwise_pack::opened::",
];

/// Brotli bytes of the functions of `parts`: paths of modules without the hashes of crates, each with its last `::`.
pub fn brotli_share(module: &Path, parts: &[&str]) -> Result<usize, Box<dyn Error>> {
    let bytes = fs::read(module).map_err(|error| format!("{}: {error}", module.display()))?;
    let mut imported = 0;
    let mut bodies: Vec<Range<usize>> = Vec::new();
    let mut named: Vec<u32> = Vec::new();
    let mut names = 0..0;
    for payload in Parser::new(0).parse_all(&bytes) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.range()),
            Payload::CustomSection(section) if section.name() == "name" => {
                names = section.data_offset() - section.name().len() - 1
                    ..section.data_offset() + section.data().len();
                let reader = NameSectionReader::new(BinaryReader::new(section.data(), 0));
                for subsection in reader {
                    let Name::Function(functions) = subsection? else { continue };
                    for function in functions {
                        let function = function?;
                        if parts.contains(&owner(&without_hashes(function.name))) {
                            named.push(function.index);
                        }
                    }
                }
            }
            _ => {}
        }
    }
    if named.is_empty() {
        return Err(format!("{}: no function is named after {}", module.display(), parts.join(", ")).into());
    }
    let is_part = |at: usize| named.contains(&(at as u32 + imported));
    let part = bodies.iter().enumerate().filter(|(at, _)| is_part(*at)).map(|(_, body)| body.clone());
    let without = |ranges: &[Range<usize>]| {
        let kept = |at: &usize| !ranges.iter().any(|range| range.contains(at));
        (0..bytes.len()).filter(kept).map(|at| bytes[at]).collect::<Vec<u8>>()
    };
    let whole = brotli_bytes(&without(std::slice::from_ref(&names)))?;
    let rest = brotli_bytes(&without(&part.chain([names]).collect::<Vec<_>>()))?;
    Ok(whole.saturating_sub(rest))
}

/// The module that a function is of, as `shelfwise_engine::recommend::`: where it is defined; for an instance of generic code
/// of the standard library or of [`SHARED`] that of the last type or closure that it was made for; empty where there is none.
fn owner(name: &str) -> &str {
    let defined = name.trim_start_matches(['<', '&', '[']).trim_start_matches("mut ");
    let paths = modules(defined).filter(|path| !SHARED.contains(path));
    match modules(defined).next() {
        Some(first) if defined.starts_with(first) && !SHARED.contains(&first) => first,
        _ => paths.last().unwrap_or_default(),
    }
}

/// The modules of the project that a name speaks of, in its order.
fn modules(name: &str) -> impl Iterator<Item = &str> {
    name.match_indices("shelfwise").filter_map(move |(at, _)| {
        let path = &name[at..];
        let crate_end = path.find("::")? + 2;
        let end = crate_end + path[crate_end..].find("::")? + 2;
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b':';
        path[..end].bytes().all(is_plain).then_some(&path[..end])
    })
}

/// `shelfwise_engine[0123456789abcdef]::recommend::…` as the source says it: `shelfwise_engine::recommend::…`.
pub fn without_hashes(name: &str) -> String {
    let mut parts = name.split('[');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| match part.split_once(']') {
        Some((_, rest)) if rest.starts_with("::") => plain + rest,
        _ => plain + "[" + part,
    })
}

#[cfg(test)]
mod tests {
    use super::{owner, without_hashes};

    #[test]
    fn a_function_is_of_the_module_that_it_was_written_in_or_made_for() {
        let part = "shelfwise_engine::recommend::";
        for own in [
            "<shelfwise_engine::recommend::choose::Recommender>::recommend",
            "shelfwise_engine::recommend::choose::holds",
            "<shelfwise_engine::recommend::score::Candidate as core::cmp::Ord>::cmp",
            "core::ptr::drop_in_place::<shelfwise_engine::recommend::situation::Situation>",
            "<shelfwise_pack::sort::Ordered<shelfwise_engine::recommend::score::Candidate, core::cmp::Ord::cmp>>::less",
            "<core::iter::Map<shelfwise_pack::record::records<shelfwise_pack::core::List>::{closure#0}, shelfwise_engine::recommend::strategy::list::{closure#1}>>::next",
        ] {
            assert_eq!(owner(own), part, "{own}");
        }
        for other in [
            "shelfwise_engine::decide::pass::pass::<shelfwise_engine::recommend::page::OnPage>",
            "<core::iter::FilterMap<core::slice::Iter<shelfwise_engine::recommend::Pick>, shelfwise_host::driver::deciding::write::{closure#3}>>::next",
            "shelfwise_pack::columns::to_records",
            "<[u8] as core::cmp::PartialEq>::eq",
        ] {
            assert_ne!(owner(other), part, "{other}");
        }
    }

    #[test]
    fn hashes_of_crates_go_and_slices_stay() {
        assert_eq!(without_hashes("<a[12]::b::C as d[34]::E<[u8]>>::f"), "<a::b::C as d::E<[u8]>>::f");
        assert_eq!(without_hashes("plain::name::h1"), "plain::name::h1");
    }
}
