//! What a session's recommendations cost: `recommend_figures FOLDER [LOG]` prints one JSON object.
//!
//! Packs of 20,000 and 100,000 products are learnt and built as a merchant's are. Then shoppers with five viewed products ask
//! for ten of `for-you`, with no product file at hand, and fetch what is wanted until nothing is: `session5_br_bytes_*` is the
//! mean of the Brotli bytes (quality 11) of those files, which hold the neighbours and the cards; `session5_files_*` is how
//! many there are. Dense ids come from the page, as the build prints them. A pack of all products of the log is left in FOLDER
//! for `tests/figures/recommend.mjs`.
//!
//! LOG is a click log such as RetailRocket's: its most viewed 20,000 products, and for 100,000 three departments, each shopped
//! as the log is. Without one, or where it is too small, sessions of the same length wander about a synthetic catalogue.
//! Titles, prices and categories are those of the demo's catalogue, dealt out at random.

use std::alloc::System;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use shelfwise_author::build::check;
use shelfwise_author::compile::{Compiled, Release};
use shelfwise_author::engine::memory::Memory;
use shelfwise_author::engine::recommend::{Recommender, Request, Situation};
use shelfwise_author::engine::shelf::{Shelf, Want};
use shelfwise_author::engine::traits::{Context, Traits};
use shelfwise_author::pack::kinds::Strategy;
use shelfwise_author::pack::opened::{Opened, OpenedCore};
use shelfwise_author::project::Folder;
use shelfwise_learn::goods::CatalogueFile;
use shelfwise_learn::log::Source;
use shelfwise_learn::run::Options;
use shelfwise_learn::sessions::Sessions;
use shelfwise_learn::{Silent, evaluate};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const NOW_S: i64 = 1_800_000_000;
/// Products that a measured shopper has viewed.
const VIEWED: usize = 5;
/// Products of the row.
const CARDS: usize = 10;
/// Products that are ranked for the figures of time and allocations.
const TOP: usize = 20;
/// Shoppers that are measured.
const SHOPPERS: usize = 400;
/// Shoppers left for the figures of time.
const TIMED: usize = 400;

/// Sessions of product numbers: to learn from, and to measure on.
struct Log {
    train: Vec<Vec<u32>>,
    test: Vec<Vec<u32>>,
    items: usize,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("name a folder to work in")?);
    fs::create_dir_all(&folder)?;
    let real = arguments.next().map(|path| read(Path::new(&path))).transpose()?;
    let mut figures = Vec::new();
    for (name, items) in [("20k", 20_000), ("100k", 100_000)] {
        let log = match &real {
            Some(real) if real.items >= items => most_viewed(real, items),
            Some(real) if real.items * 3 >= items => departments(real, items, 3),
            _ => synthetic(items),
        };
        let pack = build(&folder.join(name), &log)?;
        let costs = costs(&pack, &log)?;
        let mean = |of: &dyn Fn(&(usize, usize)) -> usize| {
            costs.iter().map(of).sum::<usize>() as f64 / costs.len().max(1) as f64
        };
        figures.push(format!("\"session5_br_bytes_{name}\":{:.0}", mean(&|cost| cost.0)));
        figures.push(format!("\"session5_br_bytes_p95_{name}\":{}", costs[costs.len() * 95 / 100].0));
        figures.push(format!("\"session5_files_{name}\":{:.2}", mean(&|cost| cost.1)));
    }
    let log = real.unwrap_or_else(|| synthetic(36_000));
    let pack = build(&folder.join("timed"), &log)?;
    let allocations = leave(&folder.join("timed"), &pack, &log)?;
    figures.push(format!("\"recommend_allocations\":{allocations}"));
    println!("{{{}}}", figures.join(","));
    Ok(())
}

fn read(path: &Path) -> Result<Log, Box<dyn Error>> {
    let sessions = Sessions::read(&Source::new(path), &|item| Some(item.to_owned()), 8 << 30, &mut Silent)?;
    let (train, valid, test) = evaluate::split_sessions(&sessions);
    let plain = |groups: &shelfwise_learn::groups::Groups| -> Vec<Vec<u32>> {
        groups.iter().map(|(_, items)| items.to_vec()).collect()
    };
    Ok(Log {
        train: [plain(&train), plain(&valid)].concat(),
        test: plain(&test),
        items: sessions.items.len(),
    })
}

/// The sessions of the most viewed products.
fn most_viewed(log: &Log, items: usize) -> Log {
    let mut views = vec![0_u32; log.items];
    log.train.iter().flatten().for_each(|item| views[*item as usize] += 1);
    let mut order: Vec<u32> = (0..log.items as u32).collect();
    order.sort_by_key(|item| (std::cmp::Reverse(views[*item as usize]), *item));
    let mut number = vec![None; log.items];
    for (at, item) in order.iter().take(items).enumerate() {
        number[*item as usize] = Some(at as u32);
    }
    let keep = |sessions: &[Vec<u32>]| -> Vec<Vec<u32>> {
        let kept = |session: &Vec<u32>| session.iter().filter_map(|item| number[*item as usize]).collect();
        sessions.iter().map(kept).filter(|session: &Vec<u32>| session.len() > 1).collect()
    };
    Log { train: keep(&log.train), test: keep(&log.test), items }
}

/// The same shop several times, side by side.
fn departments(log: &Log, items: usize, count: usize) -> Log {
    let one = most_viewed(log, items.div_ceil(count).min(log.items));
    let shifted = |sessions: &[Vec<u32>]| -> Vec<Vec<u32>> {
        let all = sessions.iter().flat_map(|session| {
            (0..count).map(|department| {
                session.iter().map(|item| item * count as u32 + department as u32).collect::<Vec<u32>>()
            })
        });
        all.map(|session| session.into_iter().filter(|item| (*item as usize) < items).collect()).collect()
    };
    Log { train: shifted(&one.train), test: shifted(&one.test), items }
}

/// A small generator of numbers without a pattern (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % most.max(1) as u64) as usize
    }

    /// Small numbers more often than large ones.
    fn skewed(&mut self, most: usize) -> usize {
        self.below(most).min(self.below(most)).min(self.below(most))
    }
}

/// Sessions of two to twelve views that stay in a topic of 12 to 60 products, three quarters of the time.
fn synthetic(items: usize) -> Log {
    let mut chance = Chance(items as u64);
    let mut topics: Vec<std::ops::Range<usize>> = Vec::new();
    let mut from = 0;
    while from < items {
        let until = (from + 12 + chance.below(48)).min(items);
        topics.push(from..until);
        from = until;
    }
    let mut session = || -> Vec<u32> {
        let mut topic = topics[chance.skewed(topics.len())].clone();
        let length = 2 + chance.skewed(11);
        let mut views = Vec::with_capacity(length);
        while views.len() < length {
            views.push((topic.start + chance.skewed(topic.len())) as u32);
            if chance.below(12) == 0 {
                topic = topics[chance.skewed(topics.len())].clone();
            }
        }
        views
    };
    let train = (0..items * 4).map(|_| session()).collect();
    Log { train, test: (0..SHOPPERS * 8).map(|_| session()).collect(), items }
}

/// Product id of a number: digits without order.
fn id(number: u32) -> String {
    (100_000 + (u64::from(number) * 611_953 + 77_777) % 900_001).to_string()
}

/// Learns and builds, as `shelfwise learn` and `shelfwise build` do.
fn build(folder: &Path, log: &Log) -> Result<Compiled, Box<dyn Error>> {
    fs::create_dir_all(folder.join("campaigns"))?;
    let demo = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/catalogue.csv"))?;
    let rows: Vec<&str> = demo.lines().skip(1).filter(|line| !line.contains('"')).collect();
    let mut catalogue = "id,title,url,image,brand,category,price,in_stock\n".to_owned();
    let mut chance = Chance(7);
    for number in 0..log.items as u32 {
        let fields: Vec<&str> = rows[chance.below(rows.len())].split(',').collect();
        let (id, title, category, price) = (id(number), fields[1], fields[5], fields[6]);
        writeln!(catalogue, "{id},{title},/p/{id}/,/img/{id}.svg,,{category},{price},true")?;
    }
    fs::write(folder.join("catalogue.csv"), catalogue)?;
    let mut clicks = "session_id,item_id,event\n".to_owned();
    for (session, items) in log.train.iter().enumerate() {
        for item in items {
            writeln!(clicks, "{session},{},view", id(*item))?;
        }
    }
    fs::write(folder.join("clicks.csv"), clicks)?;
    fs::write(
        folder.join("shop.yaml"),
        "shop: figures\ncurrency: GBP\ncatalogue: catalogue.csv\nknowledge: knowledge.bin\nslots: [home.row]\n",
    )?;
    fs::write(
        folder.join("campaigns/row.yaml"),
        "id: row\nslot: home.row\ntemplate: row\nproducts: { strategy: [for-you, best-sellers], limit: 10 }\n",
    )?;
    let mut options = Options::new(folder.join("knowledge.bin"));
    options.sessions = Some(Source::new(folder.join("clicks.csv")));
    options.catalogue = Some(CatalogueFile::new(folder.join("catalogue.csv")));
    eprintln!("{}: {}", folder.display(), shelfwise_learn::run(&options, &mut Silent)?);
    let checked = check(&Folder::new(folder), NOW_S);
    if checked.has_errors() {
        return Err(format!("the figures' own shop has mistakes: {:?}", checked.diagnostics).into());
    }
    let release = Release { version: 1, issued_s: NOW_S, expires_s: NOW_S + 86_400 };
    Ok(checked.compile(release)?)
}

/// What a shopper asks for, and the answer that files at hand allow.
struct Shop {
    core: OpenedCore,
    dense: BTreeMap<String, u32>,
}

impl Shop {
    fn new(pack: &Compiled) -> Result<Self, Box<dyn Error>> {
        let refused = |error| format!("a file that was built does not open: {error:?}");
        let core: OpenedCore = Opened::open(pack.core.clone()).map_err(refused)?;
        let mut dense = BTreeMap::new();
        for bytes in &pack.items {
            let file: shelfwise_author::pack::opened::OpenedItems =
                Opened::open(bytes.clone()).map_err(refused)?;
            let view = file.view();
            let first = view.meta.get(0).unwrap_or_default().first;
            dense.extend(
                (first..).zip(view.cards.iter()).map(|(at, card)| (view.text(card.item).to_owned(), at)),
            );
        }
        Ok(Self { core, dense })
    }

    /// The last products of a session, newest first; none when there are fewer.
    fn viewed(&self, session: &[u32]) -> Option<Vec<u32>> {
        let mut viewed: Vec<u32> = Vec::new();
        for item in session.iter().rev() {
            let dense = *self.dense.get(&id(*item))?;
            if viewed.len() < VIEWED && !viewed.contains(&dense) {
                viewed.push(dense);
            }
        }
        (viewed.len() == VIEWED).then_some(viewed)
    }

    /// The files that a shopper who asks for so many products ends up with, and the allocations of one more call.
    fn fetched(
        &self,
        pack: &Compiled,
        viewed: Vec<u32>,
        limit: usize,
    ) -> Result<(BTreeSet<u32>, usize), Box<dyn Error>> {
        let core = self.core.view();
        let mut shelf = Shelf::new(&core);
        let traits = Traits::derive(&Memory::default(), &Context::default(), &core, NOW_S);
        let situation = Situation { session: viewed.len(), viewed, now_s: NOW_S, ..Situation::default() };
        let request = Request::of_strategies(&[Strategy::ForYou], limit);
        let mut recommender = Recommender::default();
        let mut fetched = BTreeSet::new();
        loop {
            recommender.new_page();
            recommender.recommend(&core, &shelf, &situation, &traits, &request);
            let missing = |want: &Want| match want {
                Want::Items(number) => Some(*number),
                Want::Index(_) => None,
            };
            let wants = recommender.wants().iter().filter_map(missing);
            let wants: Vec<u32> = wants.filter(|number| fetched.insert(*number)).collect();
            if wants.is_empty() {
                break;
            }
            for number in wants {
                let file = Opened::open(pack.items[number as usize].clone());
                shelf.add_items(number, file.map_err(|error| format!("items file {number}: {error:?}"))?);
            }
        }
        let mut call = || {
            recommender.new_page();
            recommender.recommend(&core, &shelf, &situation, &traits, &request);
        };
        call();
        let region = Region::new(ALLOCATOR);
        call();
        let change = region.change();
        Ok((fetched, change.allocations + change.reallocations))
    }
}

/// Bytes and files of each measured shopper, ascending.
fn costs(pack: &Compiled, log: &Log) -> Result<Vec<(usize, usize)>, Box<dyn Error>> {
    let shop = Shop::new(pack)?;
    let sent = pack.clone().in_columns();
    let mut known: BTreeMap<u32, usize> = BTreeMap::new();
    let mut costs = Vec::new();
    let step = (log.test.len() / (SHOPPERS * 8)).max(1);
    for viewed in log.test.iter().step_by(step).filter_map(|session| shop.viewed(session)).take(SHOPPERS) {
        let files = shop.fetched(pack, viewed, CARDS)?.0;
        let bytes = files.iter().map(|number| {
            *known.entry(*number).or_insert_with(|| brotli_bytes(&sent.items[*number as usize]))
        });
        costs.push((bytes.sum(), files.len()));
    }
    if costs.is_empty() {
        return Err("no session of the log has five products".into());
    }
    costs.sort_unstable();
    Ok(costs)
}

/// Leaves the pack for the module, and for each timed shopper a line of what was viewed, oldest first, and of the product
/// and index files that such a shopper has; answers the allocations of their warm calls.
fn leave(folder: &Path, pack: &Compiled, log: &Log) -> Result<usize, Box<dyn Error>> {
    let shop = Shop::new(pack)?;
    fs::write(folder.join("core.bin"), &pack.core)?;
    let meta = shop.core.view().meta.get(0).unwrap_or_default();
    let mut shoppers = String::new();
    let (mut needed, mut allocations) = (BTreeSet::new(), 0);
    let found = log.test.iter().filter_map(|session| Some((session, shop.viewed(session)?)));
    for (session, viewed) in found.take(TIMED) {
        let mut items: Vec<u32> = Vec::new();
        session.iter().rev().for_each(|item| {
            if items.len() < VIEWED && !items.contains(item) {
                items.push(*item);
            }
        });
        let (fetched, allocated) = shop.fetched(pack, viewed, TOP)?;
        allocations += allocated;
        let ids: Vec<String> = items.iter().rev().map(|item| id(*item)).collect();
        let index: BTreeSet<u32> = ids.iter().filter_map(|id| meta.index_file(id)).collect();
        let numbers = |files: &BTreeSet<u32>| files.iter().map(u32::to_string).collect::<Vec<_>>().join(" ");
        writeln!(shoppers, "{}\t{}\t{}", ids.join(" "), numbers(&fetched), numbers(&index))?;
        needed.extend(fetched.into_iter().map(|number| ("files", number)));
        needed.extend(index.into_iter().map(|number| ("index", number)));
    }
    for kind in ["files", "index"] {
        // Files of an older pack would not belong to this one.
        if folder.join(kind).exists() {
            fs::remove_dir_all(folder.join(kind))?;
        }
        fs::create_dir_all(folder.join(kind))?;
    }
    for (kind, number) in needed {
        let files = if kind == "files" { &pack.items } else { &pack.index };
        fs::write(folder.join(kind).join(number.to_string()), &files[number as usize])?;
    }
    fs::write(folder.join("shoppers.tsv"), shoppers)?;
    Ok(allocations)
}

fn brotli_bytes(bytes: &[u8]) -> usize {
    let mut packed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &*bytes, &mut packed, &parameters).expect("memory does not fail");
    packed.len()
}
