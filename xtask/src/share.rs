//! What a part of the shopper's module costs: the Brotli bytes by which the module is smaller without the bodies of the part's
//! functions. The module is the shipped one with the names left in; of what was inlined elsewhere nothing is counted.

use std::error::Error;
use std::fs;
use std::ops::Range;
use std::path::Path;

use wasmparser::{BinaryReader, Name, NameSectionReader, Parser, Payload, TypeRef};

use crate::size::brotli_bytes;

/// Brotli bytes of the functions whose names hold one of `parts`, paths of modules without the hashes of crates.
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
                        let name = without_hashes(function.name);
                        if parts.iter().any(|part| name.contains(part)) {
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

/// `shelfwise_engine[0123456789abcdef]::recommend::…` as the source says it: `shelfwise_engine::recommend::…`.
fn without_hashes(name: &str) -> String {
    let mut parts = name.split('[');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| match part.split_once(']') {
        Some((_, rest)) if rest.starts_with("::") => plain + rest,
        _ => plain + "[" + part,
    })
}

#[cfg(test)]
mod tests {
    use super::without_hashes;

    #[test]
    fn hashes_of_crates_go_and_slices_stay() {
        assert_eq!(without_hashes("<a[12]::b::C as d[34]::E<[u8]>>::f"), "<a::b::C as d::E<[u8]>>::f");
        assert_eq!(without_hashes("plain::name::h1"), "plain::name::h1");
    }
}
