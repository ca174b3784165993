//! What ships, compressed as a CDN would, against `budgets.toml`.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::Path;

use crate::{share, wasm};

/// A figure's name, with its unit, and its value.
pub type Figures = BTreeMap<String, f64>;

/// What a first page view needs of `dist/`: figure and file. The inspector and the npm entries are not downloaded.
const SHIPPED: &[(&str, &str)] = &[
    ("wire_boot_br_bytes", "boot.js"),
    ("wire_js_br_bytes", "shelfwise.js"),
    ("wire_wasm_br_bytes", "shelfwise_bg.wasm"),
];

/// The module's other files (`split.rs`): what pages with products need, and what remembering and rarer conditions do.
const LATER: &[(&str, &str)] = &[
    ("wire_products_br_bytes", "shelfwise_products_bg.wasm"),
    ("wire_rest_br_bytes", "shelfwise_rest_bg.wasm"),
];

/// Parts of the script that a page fetches only when it comes to need one: a message to show, facts in JSON-LD, marks and
/// sources, prices to ask for, a template of the page's.
const LAZY: &[&str] = &["message.js", "json-ld.js", "marks.js", "fresh.js", "boot-templates.js"];

/// The modules that recommend: candidates, scores and rows, and neighbours as files have them. Not how files are opened and
/// sent, nor [`SHELF`].
const RECOMMEND: &[&str] =
    &["shelfwise_engine::recommend::", "shelfwise_pack::neighbours::", "shelfwise_pack::scoring::"];

/// The product files at hand, in which blocks, triggers and the traits of a page find products as rows do.
const SHELF: &[&str] = &["shelfwise_engine::shelf::"];

/// Length after Brotli, quality 11, window 22.
pub fn brotli_bytes(bytes: &[u8]) -> Result<usize, Box<dyn Error>> {
    let mut out = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut out, 1 << 16, 11, 22);
    writer.write_all(bytes)?;
    drop(writer);
    Ok(out.len())
}

/// Compressed length of a file; the error says how to make the file.
pub fn file_brotli_bytes(path: &Path) -> Result<usize, Box<dyn Error>> {
    let bytes =
        fs::read(path).map_err(|error| format!("{}: {error}; run `cargo xtask build`", path.display()))?;
    brotli_bytes(&bytes)
}

/// The sizes of what a first page view needs and their sum; of the module's other files; of the script's parts that are
/// fetched when needed; and of parts of the module's code.
pub fn sizes(root: &Path) -> Result<Figures, Box<dyn Error>> {
    let mut figures = Figures::new();
    let mut total = 0;
    for (figure, file) in SHIPPED {
        let bytes = file_brotli_bytes(&root.join("dist").join(file))?;
        total += bytes;
        figures.insert((*figure).to_owned(), bytes as f64);
    }
    figures.insert("wire_total_br_bytes".to_owned(), total as f64);
    for (figure, file) in LATER {
        let bytes = file_brotli_bytes(&root.join("dist").join(file))?;
        figures.insert((*figure).to_owned(), bytes as f64);
    }
    let mut lazy = 0;
    for file in LAZY {
        lazy += file_brotli_bytes(&root.join("dist").join(file))?;
    }
    figures.insert("wire_lazy_br_bytes".to_owned(), lazy as f64);
    for (figure, part) in [("recommend_code_br_bytes", RECOMMEND), ("shelf_code_br_bytes", SHELF)] {
        figures.insert(figure.to_owned(), share::brotli_share(&wasm::named(root), part)? as f64);
    }
    Ok(figures)
}

/// The budgets, all sections in one: past them the build fails.
pub fn budgets(root: &Path) -> Result<Figures, Box<dyn Error>> {
    let sections: BTreeMap<String, Figures> =
        toml::from_str(&fs::read_to_string(root.join("budgets.toml"))?)?;
    Ok(sections.into_values().flatten().collect())
}

/// One line for each figure above its budget.
pub fn excesses(figures: &Figures, budgets: &Figures) -> Vec<String> {
    let over = |(name, value): (&String, &f64)| {
        let budget = budgets.get(name)?;
        (value > budget).then(|| format!("{name} is {value}, its budget {budget}"))
    };
    figures.iter().filter_map(over).collect()
}

/// Prints the sizes of what `dist/` holds and fails past a budget.
pub fn check(root: &Path) -> Result<(), Box<dyn Error>> {
    let (figures, budgets) = (sizes(root)?, budgets(root)?);
    for (name, value) in &figures {
        let budget = budgets.get(name).map_or_else(|| "none".to_owned(), f64::to_string);
        println!("{name} {value} (budget {budget})");
    }
    let excesses = excesses(&figures, &budgets);
    if excesses.is_empty() { Ok(()) } else { Err(excesses.join("\n").into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budgets_are_those_that_were_promised() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("in the workspace");
        let budgets = budgets(root).expect("budgets.toml");
        let promised = [
            ("wire_total_br_bytes", 60_000.0),
            ("wire_boot_br_bytes", 1_200.0),
            ("decide_us_1000", 20.0),
            ("session5_br_bytes_20k", 2_600.0),
            ("session5_br_bytes_100k", 2_600.0),
            ("recommend_us_p50", 2.0),
            ("recommend_us_p99", 6.0),
            ("recommend_code_br_bytes", 4_500.0),
            ("default_frames_returning", 0.0),
            ("cls_returning", 0.0),
        ];
        for (name, most) in promised {
            assert!(budgets[name] <= most, "{name}");
        }
        assert!(budgets.values().all(|budget| *budget >= 0.0));
    }

    #[test]
    fn a_figure_past_its_budget_is_an_excess() {
        let one = |value| Figures::from([("a".to_owned(), value)]);
        assert!(excesses(&one(1.0), &one(1.0)).is_empty());
        assert_eq!(excesses(&one(1.5), &one(1.0)), ["a is 1.5, its budget 1"]);
        assert!(excesses(&one(1.5), &Figures::new()).is_empty());
    }

    #[test]
    fn compression_compresses() {
        let length = brotli_bytes(&[b'a'; 10_000]).expect("in memory");
        assert!((1..100).contains(&length), "{length}");
    }
}
