//! Building and releasing: the same inputs give the same bytes, versions grow, nothing unverified is published.

mod shop;

use std::collections::BTreeMap;
use std::path::Path;

use shelfwise_author::build::check;
use shelfwise_author::compile::{Compiled, Release};
use shelfwise_author::pack::core::Core;
use shelfwise_author::pack::items::Items;
use shelfwise_author::pack::kinds::{CampaignKind, Zone};
use shelfwise_author::pack::knowledge::{KnowledgeBuilder, KnowledgeMeta, Parameter};
use shelfwise_author::release::{Key, Terms, previous_version, verify, write};

use shop::{NOW_S, files, overlay};

fn release(version: u64) -> Release {
    Release { version, issued_s: NOW_S, expires_s: NOW_S + 14 * 86_400 }
}

fn terms(version: u64, issued_s: i64) -> Terms {
    Terms {
        shop: "fixture".into(),
        channel: "live".into(),
        version,
        issued_s,
        expires_s: issued_s + 14 * 86_400,
        latest_expires_s: issued_s + 72 * 3_600,
        withdrawn: vec!["old-campaign".into()],
    }
}

fn compiled(version: u64) -> Compiled {
    check(&files(), NOW_S).compile(release(version)).unwrap()
}

fn key() -> Key {
    Key::from_seed([9; 32])
}

fn bytes_of(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
        .collect()
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for folder in [&one, &two] {
        write(folder.path(), &compiled(1), &terms(1, NOW_S), &key()).unwrap();
    }
    let (one, two) = (bytes_of(one.path()), bytes_of(two.path()));
    assert!(one.len() >= 6, "{:?}", one.keys());
    assert!(one == two);
}

#[test]
fn dayparts_go_with_the_clock_they_are_of() {
    let campaign = |times: &str| {
        let mut files = files();
        let text = format!(
            "id: late\nslot: home.hero\nblock: blocks/hero.html\ndata: {{ headline: Hi }}\nschedule: {times}\n"
        );
        files.insert("campaigns/late.yaml".into(), text.into_bytes());
        check(&files, NOW_S).compile(release(1)).unwrap()
    };
    let compiled = campaign("{ days: [mon-thu, sun], hours: [9-12, '22:00-02:00'] }");
    let core = Core::open(&compiled.core).unwrap();
    let parts: Vec<_> = core.dayparts.iter().collect();
    let late = core.campaigns.iter().position(|campaign| core.text(campaign.id) == "late").unwrap();
    assert!(parts.iter().all(|part| part.campaign as usize == late && part.days == 0b100_1111));
    let minutes: Vec<_> = parts.iter().map(|part| (part.from_min, part.until_min)).collect();
    assert_eq!(minutes, [(540, 720), (1_320, 1_560)]);
    // June and January in London.
    assert_eq!((core.shop_offset_min(NOW_S), core.shop_offset_min(NOW_S - 150 * 86_400)), (60, 0));

    let compiled = campaign("{ days: weekend, timezone: shopper }");
    let core = Core::open(&compiled.core).unwrap();
    assert_eq!(core.dayparts.get(0).unwrap().zone, Zone::Shopper.code());
    assert!(core.shop_clock.iter().next().is_none());
}

#[test]
fn total_caps_and_page_limits_are_written() {
    let mut files = files();
    let text = "id: late\nslot: home.hero\nblock: blocks/hero.html\ndata: { headline: Hi }\ncap: { exposures: 2, per: 1d, total: 9 }\n";
    files.insert("campaigns/late.yaml".into(), text.into());
    let shop = String::from_utf8(files["shop.yaml"].clone()).unwrap();
    files.insert("shop.yaml".into(), format!("{shop}page_limits: {{ offer: 2, message: 1 }}\n").into_bytes());
    let compiled = check(&files, NOW_S).compile(release(1)).unwrap().core;
    let core = Core::open(&compiled).unwrap();
    let cap = core.caps.get(0).unwrap();
    assert_eq!((core.caps.len(), cap.exposures, cap.window_s), (1, 9, 0));
    assert_eq!(core.text(core.campaigns.get(cap.campaign).unwrap().id), "late");
    let kinds = [CampaignKind::Offer, CampaignKind::Message, CampaignKind::Content];
    assert_eq!(kinds.map(|kind| core.page_limit(kind.code())), [Some(2), Some(1), None]);
    files.insert("shop.yaml".into(), format!("{shop}page_limits: {{ poster: 2 }}\n").into_bytes());
    assert_eq!(check(&files, NOW_S).diagnostics[0].message, "there is no kind of campaign `poster`");
}

#[test]
fn model_parameters_go_to_packs_that_predict() {
    let mut knowledge = KnowledgeBuilder { meta: vec![KnowledgeMeta::default()], ..Default::default() };
    for (name, value) in [("bgnbd.alpha", 4.5_f64), ("bgnbd.r", 0.25), ("zz.tuned", 1.0)] {
        let name = knowledge.strings.add(name);
        knowledge.parameters.push(Parameter { name, value: value.to_bits() });
    }
    let mut files = files();
    files.insert("knowledge.bin".into(), knowledge.finish());
    let shop = String::from_utf8(files["shop.yaml"].clone()).unwrap() + "knowledge: knowledge.bin\n";
    files.insert("shop.yaml".into(), shop.into_bytes());
    let core = |files: &BTreeMap<String, Vec<u8>>| check(files, NOW_S).compile(release(1)).unwrap().core;
    let silent = core(&files);
    assert_eq!(Core::open(&silent).unwrap().parameters.len(), 0);
    files.insert("audiences/own.yaml".into(), b"new: visitor.lifecycle == 'new'\n".to_vec());
    let predicting = core(&files);
    let predicting = Core::open(&predicting).unwrap();
    // Beside what was learnt, the prior of the model that was not.
    assert_eq!((predicting.parameter("bgnbd.alpha"), predicting.parameters.len()), (Some(4.5), 2 + 7));
    assert_eq!(predicting.parameter("session-intent.intercept"), Some(-4.5));
}

#[test]
fn the_shops_own_traits_are_typed() {
    let with = |condition: &str| {
        let mut files = files();
        let shop = String::from_utf8(files["shop.yaml"].clone()).unwrap();
        let shop = format!("{shop}custom: {{ tier: string, points: int }}\n");
        files.insert("shop.yaml".into(), shop.into_bytes());
        files.insert("audiences/own.yaml".into(), format!("own: {condition}\n").into_bytes());
        let scenario = "context: { custom.tier: '3', custom.points: 7 }\nexpect: { home.hero: none }\n";
        files.insert("scenarios/own.yaml".into(), scenario.into());
        check(&files, NOW_S).diagnostics
    };
    assert_eq!(with("custom.tier == '3' && custom.points > 5"), []);
    assert_eq!(with("custom.tier > 5")[0].code.to_string(), "SW022");
    assert_eq!(with("custom.teir == '3'")[0].help.as_deref(), Some("did you mean `custom.tier`?"));
}

#[test]
fn the_core_holds_what_the_files_say() {
    let compiled = compiled(7);
    let core = Core::open(&compiled.core).unwrap();
    let meta = core.meta.get(0).unwrap();
    assert_eq!((core.text(meta.shop), meta.version, meta.item_count), ("fixture", 7, 24));
    assert_eq!(meta.free_shipping_minor, 4_000);
    let ids: Vec<&str> = core.campaigns.iter().map(|campaign| core.text(campaign.id)).collect();
    let expected = [
        "garden-return",
        "welcome-back",
        "home-picks",
        "blocks-garden-first",
        "bar-shipping",
        "chat",
        "offer-cold",
    ];
    assert_eq!(ids, expected);
    let kinds: Vec<u8> = core.campaigns.iter().map(|campaign| campaign.kind).collect();
    assert_eq!(kinds, [1, 1, 3, 2, 5, 7, 6]);
    let garden = core.campaigns.get(0).unwrap();
    assert_eq!((garden.cap_exposures, garden.cap_window_s, garden.priority), (5, 604_800, 10));
    assert_eq!(garden.from_s, 1_772_323_200);
    let weights: Vec<u32> = core.variations.range(garden.variations).map(|found| found.weight_ppm).collect();
    assert_eq!(weights, [500_000, 500_000]);
    let chat = core.triggers.get(core.campaigns.get(5).unwrap().trigger.index().unwrap()).unwrap();
    assert_eq!((core.text(chat.event), chat.threshold), ("shop:open-chat", 60));
    assert!(!core.places.is_empty(), "a campaign speaks of place.climate");
    let items = Items::open(&compiled.items[0]).unwrap();
    let out_of_stock: Vec<&str> =
        items.cards.iter().filter(|card| card.flags == 0).map(|card| items.text(card.item)).collect();
    assert_eq!(out_of_stock, ["1007"]);
}

#[test]
fn places_are_left_out_where_nothing_speaks_of_them() {
    let mut files = overlay("checks/SW010/good");
    for (name, bytes) in &mut files {
        if name.ends_with(".yaml") {
            let text = String::from_utf8(bytes.clone()).unwrap();
            *bytes = text.replace("place.climate == \"continental\"", "cart.count > 3").into_bytes();
        }
    }
    files.remove("scenarios/garden.yaml");
    let checked = check(&files, NOW_S);
    let compiled = checked.compile(release(1)).unwrap();
    assert!(Core::open(&compiled.core).unwrap().places.is_empty());
}

#[test]
fn versions_only_grow_and_unchanged_shards_keep_their_names() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(previous_version(folder.path()), Ok(None));
    let first = write(folder.path(), &compiled(3), &terms(3, NOW_S), &key()).unwrap();
    assert_eq!(previous_version(folder.path()), Ok(Some(3)));
    for version in [2, 3] {
        let refused = write(folder.path(), &compiled(version), &terms(version, NOW_S), &key());
        assert!(refused.unwrap_err().contains("not above"));
    }
    let second = write(folder.path(), &compiled(4), &terms(4, NOW_S), &key()).unwrap();
    let items = |files: &[(String, usize)]| {
        files
            .iter()
            .map(|(path, _)| path.clone())
            .filter(|path| path.starts_with("items-"))
            .collect::<Vec<_>>()
    };
    assert_eq!(items(&first.files), items(&second.files));
    assert!(
        write(folder.path(), &compiled(5), &Terms { shop: "other".into(), ..terms(5, NOW_S) }, &key())
            .is_err()
    );
    let latest = verify(folder.path(), &key().public()).unwrap();
    assert_eq!((latest.version, latest.withdrawn), (4, vec!["old-campaign".to_owned()]));
}

#[test]
fn old_files_stay_while_they_are_valid_and_go_then() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("robots.txt"), "stay").unwrap();
    write(folder.path(), &compiled(1), &terms(1, NOW_S), &key()).unwrap();
    let report = write(folder.path(), &compiled(2), &terms(2, NOW_S + 86_400), &key()).unwrap();
    assert!(report.removed.is_empty(), "{:?}", report.removed);
    let report = write(folder.path(), &compiled(3), &terms(3, NOW_S + 20 * 86_400), &key()).unwrap();
    let heads: Vec<&str> = report.removed.iter().filter_map(|path| path.split('-').next()).collect();
    assert_eq!(heads, ["core", "core", "manifest", "manifest"]);
    verify(folder.path(), &key().public()).unwrap();
    assert!(folder.path().join("robots.txt").exists());
    let parts = bytes_of(folder.path()).into_keys().filter(|name| name.ends_with(".part")).count();
    assert_eq!(parts, 0);
}

#[test]
fn a_changed_byte_anywhere_is_found() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &compiled(1), &terms(1, NOW_S), &key()).unwrap();
    for (name, bytes) in bytes_of(folder.path()) {
        let path = folder.path().join(&name);
        for at in [0, bytes.len() / 2, bytes.len() - 1] {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            std::fs::write(&path, &changed).unwrap();
            assert!(verify(folder.path(), &key().public()).is_err(), "{name} byte {at}");
        }
        std::fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
        assert!(verify(folder.path(), &key().public()).is_err(), "{name} cut");
        std::fs::write(&path, &bytes).unwrap();
    }
    verify(folder.path(), &key().public()).unwrap();
    assert!(verify(folder.path(), &Key::from_seed([8; 32]).public()).is_err());
}

#[test]
fn a_damaged_pack_is_never_published() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &compiled(1), &terms(1, NOW_S), &key()).unwrap();
    let before = std::fs::read(folder.path().join("latest.json")).unwrap();
    let mut damaged = compiled(2);
    let middle = damaged.core.len() / 2;
    damaged.core[middle] ^= 1;
    assert!(write(folder.path(), &damaged, &terms(2, NOW_S), &key()).is_err());
    assert!(std::fs::read(folder.path().join("latest.json")).unwrap() == before);
    let short = Terms { latest_expires_s: NOW_S + 73 * 3_600, ..terms(2, NOW_S) };
    assert!(write(folder.path(), &compiled(2), &short, &key()).unwrap_err().contains("72 hours"));
}

#[test]
fn many_products_become_many_shards_and_pages() {
    let mut files = files();
    let mut catalogue = String::from("id,title,price\n1001,One,1\n1003,Three,1\n1006,Six,1\n");
    for at in 0..9_000 {
        catalogue.push_str(&format!("p{at},Product {at},1.{:02}\n", at % 100));
    }
    files.insert("catalogue.csv".into(), catalogue.into_bytes());
    let checked = check(&files, NOW_S);
    assert!(!checked.has_errors());
    let compiled = checked.compile(release(1)).unwrap();
    assert_eq!((compiled.items.len(), compiled.index.len()), (3377, 18));
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &compiled, &terms(1, NOW_S), &key()).unwrap();
    let names = bytes_of(folder.path());
    // 53 pages for 3377 files, and one for the pages; the manifest lists that one, and the index's, and the core.
    assert_eq!(names.keys().filter(|name| name.starts_with("directory-items-")).count(), 54);
    let manifest = names.iter().find(|(name, _)| name.starts_with("manifest-")).expect("there is one").1;
    assert_eq!(String::from_utf8_lossy(manifest).matches(r#""kind":"#).count(), 3);
    verify(folder.path(), &key().public()).unwrap();

    // A page that is not what the page above says is found.
    let (page, bytes) = names.iter().find(|(name, _)| name.starts_with("directory-items-7-")).unwrap();
    std::fs::write(folder.path().join(page), b"SHLF").unwrap();
    assert!(verify(folder.path(), &key().public()).unwrap_err().contains(page));
    std::fs::write(folder.path().join(page), bytes).unwrap();

    // What only an expired manifest leads to goes, page by page.
    let later = NOW_S + 90 * 86_400;
    let report = write(folder.path(), &self::compiled(2), &terms(2, later), &key()).unwrap();
    assert_eq!(report.removed.iter().filter(|name| name.starts_with("directory-items-")).count(), 54);
    assert_eq!(report.removed.iter().filter(|name| name.starts_with("items-")).count(), 3377);
    verify(folder.path(), &key().public()).unwrap();
}
