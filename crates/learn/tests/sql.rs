//! Counts that come from elsewhere: the same knowledge as from the log itself, and what is said about wrong ones.
//! `npm run test:sql` and its like run the query in real engines.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use shelfwise_learn::goods::CatalogueFile;
use shelfwise_learn::groups::Groups;
use shelfwise_learn::kept::Kept;
use shelfwise_learn::log::{Field, Source};
use shelfwise_learn::pairs;
use shelfwise_learn::sessions::Sessions;
use shelfwise_learn::shares::Shares;
use shelfwise_learn::spill::Folder;
use shelfwise_learn::sql::{Dialect, Query, fingerprint};
use shelfwise_learn::weights::Weights;
use shelfwise_learn::{Error, Options, Silent, run};

fn folder(test: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("shelfwise-sql-{test}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Sessions that walk among forty products; every fifth buys what it saw last.
fn log() -> String {
    let mut text = "session_id,ts,item_id,event\n".to_owned();
    for session in 0..400u64 {
        let at_s = 1_000_000 + session * 30;
        for step in 0..2 + session % 4 {
            let item = (session * 7 + step * step) % 40;
            writeln!(text, "{session},{},i{item},view", at_s + step).unwrap();
            if session % 5 == 0 && step == 1 + session % 4 {
                writeln!(text, "{session},{},i{item},purchase", at_s + 90).unwrap();
            }
        }
    }
    text
}

/// The query's result, counted here.
fn counts(log: &Path, [views_weights, conversions]: [Weights; 2]) -> String {
    let all = |item: &str| Some(item.to_owned());
    let mut sessions = Sessions::read(&Source::new(log), &all, 1 << 30, &mut Silent).unwrap();
    let views = sessions.take_views();
    let items = sessions.items.len();
    let marks = [views_weights, conversions].map(|weights| fingerprint(&Shares::new(&weights)));
    let mut out =
        format!("kind,item,other,weight,shared,witness\nweights,{},{},{},0,0\n", marks[0], marks[1], 0);
    let id = |number: u32| &sessions.items[number as usize];
    let supports = views.supports(items);
    for (item, support) in (0..).zip(&supports) {
        let seen = views.iter().flat_map(|(_, items)| items).filter(|seen| **seen == item).count();
        writeln!(out, "item,{},,{seen},{support},0", id(item)).unwrap();
    }
    for (entry, support) in (0..).zip(sessions.bought.supports(items * 2)) {
        let kind = ["buyer-viewed", "buyer-bought"][entry as usize % 2];
        writeln!(out, "{kind},{},,0,{support},0", id(entry / 2)).unwrap();
    }
    let mut pairs = |kind: &str,
                     groups: &Groups,
                     weights: &Weights,
                     halves: u32,
                     wanted: &(dyn Fn(u32, u32) -> bool + Sync)| {
        for pair in pairs::count(groups, weights, wanted, &Folder::temporary(), 1 << 20).unwrap() {
            let pair = pair.unwrap();
            let [row, other] = [pair.row, pair.other].map(|number| id(number / halves));
            // The last rows first: their order must not matter.
            out.insert_str(
                38,
                &format!("{kind},{row},{other},{},{},{}\n", pair.weight, pair.shared, pair.first),
            );
        }
    };
    pairs("viewed", &views, &views_weights, 1, &|row, other| row != other);
    let wanted =
        |row: u32, other: u32| row.is_multiple_of(2) && !other.is_multiple_of(2) && row / 2 != other / 2;
    pairs("bought", &sessions.bought, &conversions, 2, &wanted);
    for (visit, count) in &sessions.visits {
        let (checkout, bought) = (u8::from(visit.checkout), u8::from(visit.bought));
        let numbers = [visit.views, visit.items, visit.adds].map(|number| number.to_string()).join(" ");
        writeln!(
            out,
            "visit,{numbers} {checkout} {} {} {bought},,0,{count},0",
            visit.searches, visit.lasted_s
        )
        .unwrap();
    }
    out
}

fn learn(options: &Options) -> Result<Vec<u8>, Error> {
    run(options, &mut Silent).map(|_| std::fs::read(&options.out).unwrap())
}

#[test]
fn counts_give_the_knowledge_that_the_log_gives() {
    let folder = folder("same");
    let path = folder.join("log.csv");
    std::fs::write(&path, log()).unwrap();
    let mut options = Options::new(folder.join("knowledge.bin"));
    options.sessions = Some(Source::new(&path));
    let read = learn(&options).unwrap();

    let result = counts(&path, [Weights::SESSION, Weights::VIEWED_THEN_BOUGHT]);
    let parts = folder.join("parts");
    std::fs::create_dir_all(&parts).unwrap();
    let (header, rows) = result.split_at(38);
    let (first, second) = rows.split_at(rows.match_indices('\n').nth(500).unwrap().0 + 1);
    std::fs::write(parts.join("part-0.csv"), format!("{}{second}", header.to_uppercase())).unwrap();
    std::fs::write(parts.join("part-1.csv"), format!("{header}{first}")).unwrap();
    std::fs::write(parts.join("_SUCCESS"), "").unwrap();
    options.sessions = None;
    options.counts = Some(parts);
    for memory_bytes_max in [1 << 30, 1] {
        options.memory_bytes_max = memory_bytes_max;
        assert!(learn(&options).unwrap() == read, "with {memory_bytes_max} bytes");
    }
}

#[test]
fn what_a_sample_was_tuned_to_counts_in_the_warehouse_too() {
    let folder = folder("kept");
    let path = folder.join("log.csv");
    std::fs::write(&path, log()).unwrap();
    let mut options = Options::new(folder.join("knowledge.bin"));
    options.sessions = Some(Source::new(&path));
    options.tune = Some(1);
    let report = run(&options, &mut Silent).unwrap();
    let kept = Kept::read(&options.out).unwrap();
    assert_eq!(kept.views, report.tuned[1].best.weights);
    assert_eq!(kept.scoring, report.tuned[1].best.scoring);
    assert_eq!(kept.conversions, report.tuned[2].best.weights);
    assert_ne!(kept.views, Weights::SESSION, "the walk of this log is no shop's");

    (options.tune, options.out) = (None, folder.join("again.bin"));
    options.keep(&kept);
    let read = learn(&options).unwrap();
    std::fs::write(folder.join("counts.csv"), counts(&path, [kept.views, kept.conversions])).unwrap();
    (options.sessions, options.counts) = (None, Some(folder.join("counts.csv")));
    assert!(learn(&options).unwrap() == read);
    assert_eq!(Kept::read(&options.out).unwrap(), kept);
    options.views.backward += 0.25;
    assert!(learn(&options).unwrap_err().to_string().contains("counted with other weights"));
    assert!(Kept::read(&path).unwrap_err().to_string().contains("log.csv is no knowledge file"));
}

#[test]
fn wrong_counts_are_errors_that_say_what_to_do() {
    let folder = folder("wrong");
    let header = "kind,item,other,weight,shared,witness\n";
    let marks =
        [Weights::SESSION, Weights::VIEWED_THEN_BOUGHT].map(|weights| fingerprint(&Shares::new(&weights)));
    let good = format!("{header}weights,{},{},9,1,0\nitem,tea,,1,1,0\n", marks[0], marks[1]);
    let mut options = Options::new(folder.join("knowledge.bin"));
    options.counts = Some(folder.join("counts.csv"));
    let said = |options: &Options, text: &str| {
        std::fs::write(options.counts.as_ref().unwrap(), text).unwrap();
        learn(options).map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(said(&options, &good), Ok(()));
    for (text, expected) in [
        (good.replace(&marks[0], "0000000000000000"), "counted with other weights; print the query again"),
        (header.to_owned(), "no row of kind `weights`"),
        (good.replace("witness", "x"), "no column witness"),
        (good.replace("item,tea", "tea,tea"), "gives no rows of kind \"tea\""),
        (good.replace("1,1,0", "1,one,0"), "\"one\" is no whole number"),
        (good.replace("1,1,0", "1,-1,0"), "-1 is beyond what can be counted"),
        (good.replace("item,tea", "visit,1 2 3"), "\"1 2 3\" is no visit"),
    ] {
        let message = said(&options, &text).unwrap_err();
        assert!(message.contains(expected) && message.contains("counts.csv"), "{message}");
    }
    options.tune = Some(1);
    assert!(said(&options, &good).unwrap_err().contains("tune on the log"));
    options.tune = None;
    options.counts = Some(folder.join("nothing"));
    std::fs::create_dir_all(folder.join("nothing")).unwrap();
    assert!(learn(&options).unwrap_err().to_string().contains("no .csv, .csv.gz or .parquet"));
    std::fs::write(folder.join("bad.parquet"), "no such thing").unwrap();
    options.counts = Some(folder.join("bad.parquet"));
    assert!(learn(&options).unwrap_err().to_string().contains("bad.parquet"));
    options.sessions = Some(Source::new(folder.join("log.csv")));
    assert!(learn(&options).unwrap_err().to_string().contains("not both"));
}

#[test]
fn products_that_the_catalogue_does_not_have_are_left_out_and_named() {
    let folder = folder("catalogue");
    let marks =
        [Weights::SESSION, Weights::VIEWED_THEN_BOUGHT].map(|weights| fingerprint(&Shares::new(&weights)));
    let rows =
        "item,tea,,2,2,0\nitem,cup,,2,2,0\nitem,mat,,1,1,0\nviewed,tea,cup,99,2,0\nviewed,mat,cup,9,1,0\n";
    let text =
        format!("kind,item,other,weight,shared,witness\nweights,{},{},5,2,0\n{rows}", marks[0], marks[1]);
    std::fs::write(folder.join("counts.csv"), text).unwrap();
    std::fs::write(folder.join("catalogue.csv"), "id,title\ntea,Tea\ncup,Cup\n").unwrap();
    let mut options = Options::new(folder.join("knowledge.bin"));
    (options.counts, options.catalogue) =
        (Some(folder.join("counts.csv")), Some(CatalogueFile::new(folder.join("catalogue.csv"))));
    let report = run(&options, &mut Silent).unwrap();
    assert_eq!((report.items, report.clicks.rows, report.clicks.rejected), (2, 5, 1));
    assert!(report.to_string().contains("mat: not in the catalogue"), "{report}");
}

#[test]
fn every_dialect_has_its_own_way_and_no_column_is_ignored() {
    let mut query = Query {
        dialect: Dialect::BigQuery,
        table: "`shop.clicks`".to_owned(),
        columns: [(Field::Item, "sku".to_owned()), (Field::Event, "event_name".to_owned())].into(),
        catalogue: Some("products".to_owned()),
        views: Weights::SESSION,
        conversions: Weights::VIEWED_THEN_BOUGHT,
    };
    for dialect in Dialect::ALL {
        query.dialect = dialect;
        let text = query.text().unwrap();
        assert_eq!(Dialect::from_name(dialect.name()), Some(dialect));
        assert_eq!(text.contains("UNNEST"), dialect == Dialect::BigQuery);
        assert_eq!(text.contains("COLLATE \"C\""), dialect == Dialect::Postgres);
        for part in ["FROM `shop.clicks` WHERE", "CAST(sku AS", "event_name IN ('purchase'", "FROM products)"]
        {
            assert!(text.contains(part), "{part} in {text}");
        }
    }
    query.columns.insert(Field::Price, "price".to_owned());
    assert!(query.text().unwrap_err().to_string().contains("no use for a price column"));
}
