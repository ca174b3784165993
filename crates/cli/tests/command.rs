//! The command as a merchant uses it: a first project to a verified pack, and every exit code.

use std::path::Path;
use std::process::{Command, Output};

use shelfwise_author::pack::knowledge::Knowledge;

fn shelfwise(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shelfwise"));
    command.args(arguments).current_dir(folder).output().unwrap()
}

/// Runs, expects the exit code, and answers standard output and standard error.
fn run(folder: &Path, code: i32, arguments: &[&str]) -> (String, String) {
    let output = shelfwise(folder, arguments);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, error) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{out}\n{error}");
    (out, error)
}

fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), 0, &["init", "--shop", "corner"]);
    folder
}

#[test]
fn a_first_project_becomes_a_pack_that_verifies() {
    let folder = project();
    let at = folder.path();
    let (out, _) = run(at, 0, &["init", "deeper/shop", "--shop", "corner"]);
    assert!(out.contains("next: `cd deeper/shop`, `shelfwise keys new`, "), "{out}");
    for (file, schema) in [("shop.yaml", "shop"), ("campaigns/home-row.yaml", "campaign")] {
        let head = std::fs::read_to_string(at.join(file)).unwrap();
        let head = head.lines().next().unwrap().strip_prefix("# yaml-language-server: $schema=").unwrap();
        let schema = std::fs::read_to_string(at.join(file).parent().unwrap().join(head)).expect(schema);
        assert!(serde_json::from_str::<serde_json::Value>(&schema).unwrap()["properties"].is_object());
    }
    run(at, 0, &["keys", "new"]);
    let (shown, _) = run(at, 0, &["keys", "show"]);
    assert_eq!(shown, std::fs::read_to_string(at.join("keys/shelfwise.pub")).unwrap());
    assert_eq!(shown.trim().len(), 44);
    let (out, _) = run(at, 0, &["check"]);
    assert!(out.contains("no errors"), "{out}");
    let (out, _) = run(at, 0, &["test"]);
    assert!(out.contains("1 passed, 0 failed"), "{out}");
    let (out, _) = run(at, 0, &["build", "--out", "pack"]);
    assert!(out.contains("corner version 1"), "{out}");
    let (out, _) = run(at, 0, &["build", "--out", "pack", "--format", "json", "--withdraw", "welcome-back"]);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&out).unwrap()["version"], 2);
    let (out, _) = run(at, 0, &["check", "--pack", "pack", "--public", "keys/shelfwise.pub"]);
    assert!(out.contains("corner live version 2 verifies"), "{out}");
    let latest = std::fs::read_to_string(at.join("pack/latest.json")).unwrap();
    assert!(latest.contains("\"withdrawn\":[\"welcome-back\"]"), "{latest}");
}

#[test]
fn explain_tells_why() {
    let folder = project();
    let given = "[{ at: -3d, visit: home }, { at: -1d, visit: home }]";
    let (out, _) = run(folder.path(), 0, &["explain", "--given", given, "--context", "{ page.type: home }"]);
    assert!(out.contains("home.hero: welcome-back/"), "{out}");
    assert!(out.contains("true   visitor.visits > 1"), "{out}");
    let (out, _) = run(folder.path(), 0, &["explain", "--scenario", "welcome-back", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["campaigns"][0]["id"], "home-picks");
    run(folder.path(), 2, &["explain", "--scenario", "nothing"]);
    run(folder.path(), 2, &["explain", "--scenario", "welcome-back", "--context", "{ page.type: cart }"]);
    let (_, error) = run(folder.path(), 2, &["explain", "--slot", "home.heroes"]);
    assert!(error.contains("there is no slot `home.heroes`; there are: home.hero"), "{error}");
    let (_, error) = run(folder.path(), 2, &["explain", "--context", "{ device.type: mobile }"]);
    assert!(error.contains("it is one of: phone, tablet, desktop"), "{error}");
    assert!(!error.contains("expects nothing"), "{error}");
    let (_, error) = run(folder.path(), 2, &["test", "--only", "nobody"]);
    assert!(error.contains("no scenario's name contains `nobody`"), "{error}");
    let (_, error) = run(folder.path(), 2, &["explain", "--given", "[{ veiw_item: 1 }]"]);
    assert!(error.contains("did you mean `view_item`?"), "{error}");
}

#[test]
fn a_project_with_errors_is_not_built() {
    let folder = project();
    let at = folder.path();
    run(at, 0, &["keys", "new"]);
    std::fs::write(
        at.join("campaigns/wrong.yaml"),
        "id: wrong\nslot: home.heroes\nblock: blocks/hero.html\n",
    )
    .unwrap();
    let (_, error) = run(at, 1, &["build", "--out", "pack"]);
    assert!(error.contains("SW010") && error.contains("campaigns/wrong.yaml:2:7"), "{error}");
    assert!(!at.join("pack").exists());
    let (out, _) = run(at, 1, &["check", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["diagnostics"][0]["code"], "SW010");
}

#[test]
fn a_scenario_that_fails_prints_why() {
    let folder = project();
    std::fs::write(folder.path().join("scenarios/wrong.yaml"), "expect: { home.hero: welcome-back }\n")
        .unwrap();
    let (out, _) = run(folder.path(), 1, &["test"]);
    assert!(out.contains("FAIL  wrong") && out.contains("its audience does not hold"), "{out}");
}

#[test]
fn wrong_use_and_missing_files_have_their_codes() {
    let folder = project();
    let at = folder.path();
    run(at, 2, &["init"]);
    run(at, 2, &["bulid"]);
    let (_, error) = run(at, 3, &["build", "--out", "pack"]);
    assert!(error.contains("shelfwise keys new"), "{error}");
    run(at, 0, &["keys", "new"]);
    run(at, 3, &["keys", "new"]);
    run(at, 3, &["learn", "--orders", "nothing.csv", "--out", "k.bin"]);
    run(at, 2, &["learn", "--orders", "nothing.csv", "--out", "k.bin", "--column", "colour=x"]);
    let catalogue = ["learn", "--orders", "nothing.csv", "--out", "k.bin", "--catalogue", "catalogue.csv"];
    let (_, error) = run(at, 2, &[&catalogue[..], &["--catalogue-column", "name=x"]].concat());
    assert!(error.contains("the fields are id, title"), "{error}");
    run(at, 2, &["serve", "nothing"]);
    run(tempfile::tempdir().unwrap().path(), 1, &["check"]);
}

#[test]
fn a_key_file_is_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), 0, &["keys", "new"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(folder.path().join("keys/shelfwise.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert_eq!(std::fs::read_to_string(folder.path().join("keys/.gitignore")).unwrap(), "*\n");
}

#[test]
fn learning_prints_what_was_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut orders = String::from("Invoice,StockCode,When,Quantity,Price\n");
    for order in 0..40 {
        for item in ["a", "b", "c"] {
            orders.push_str(&format!("{order},{item},2026-01-{:02}T10:00:00,1,2.50\n", order % 28 + 1));
        }
    }
    std::fs::write(folder.path().join("orders.csv"), orders).unwrap();
    let columns = ["order=Invoice", "item=StockCode", "time=When", "quantity=Quantity", "price=Price"];
    let mut arguments = vec!["learn", "--orders", "orders.csv", "--out", "knowledge.bin", "--quiet"];
    columns.iter().for_each(|column| arguments.extend(["--column", column]));
    let (out, _) = run(folder.path(), 0, &arguments);
    assert!(out.contains("120 order lines") && out.contains("40 orders"), "{out}");
    assert!(folder.path().join("knowledge.bin").is_file());
}

#[test]
fn likeness_in_the_words_of_a_catalogue_is_judged_by_clicks() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let mut clicks = String::from("session_id,ts,item_id\n");
    for session in 0..400_u32 {
        let items = if session < 360 { [session % 20, (session + 1) % 20] } else { [20, 21] };
        for item in items {
            clicks.push_str(&format!("s{session},{},p{item}\n", 1_700_000_000 + session * 600));
        }
    }
    let mut catalogue = String::from("id,title,url,image,price\n");
    for item in 0..22 {
        let title = if item < 20 { format!("Word{item} Old{item}") } else { "Brass bell".to_owned() };
        catalogue.push_str(&format!("p{item},{title},/p/{item}/,/i/{item}.svg,2.50\n"));
    }
    std::fs::write(at.join("clicks.csv"), clicks).unwrap();
    std::fs::write(at.join("catalogue.csv"), catalogue).unwrap();
    let arguments = ["evaluate", "--sessions", "clicks.csv", "--catalogue", "catalogue.csv", "--quiet"];
    let out = run(at, 0, &[&arguments[..], &["--format", "json"]].concat()).0;
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let rows = json[0]["strategies"].as_array().unwrap();
    let similar =
        rows.iter().find(|row| row["name"] == "similar (little known)").expect("a bell like a bell");
    assert_eq!((similar["cases"].as_u64(), similar["hr_5"].as_f64()), (Some(40), Some(1.0)), "{out}");
}

#[test]
fn what_was_learnt_is_judged_with_its_own_parameters() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let mut orders = String::from("order_id,ts,item_id,qty,price\n");
    for order in 0..300_u32 {
        for item in [order % 7, (order + 1) % 7, (order * order) % 11] {
            orders.push_str(&format!("{order},{},p{item},1,2.50\n", 1_700_000_000 + order * 7_200));
        }
    }
    std::fs::write(at.join("orders.csv"), orders).unwrap();
    let learn =
        ["learn", "--orders", "orders.csv", "--quiet", "--pair-sessions", "5", "--out", "knowledge.bin"];
    run(at, 0, &learn);
    let parameter = |more: &[&str], name: &str| {
        let evaluate = ["evaluate", "--orders", "orders.csv", "--quiet", "--format", "json"];
        let out = run(at, 0, &[&evaluate[..], more].concat()).0;
        let json: serde_json::Value = serde_json::from_str(&out).unwrap();
        json[0]["parameters"][name].as_f64().unwrap()
    };
    let fewest = |more: &[&str]| parameter(more, "pair_support_min");
    let kept = ["--parameters", "knowledge.bin"];
    assert_eq!([fewest(&[]), fewest(&kept), fewest(&["--pair-sessions", "3"])], [2.0, 5.0, 3.0]);
    assert_eq!(fewest(&[&kept[..], &["--pair-sessions", "3"]].concat()), 3.0);
    assert_eq!(parameter(&["--direct-pairs"], "second_order"), 0.0);
    for wrong in [&kept[..], &["--direct-pairs"]] {
        run(at, 2, &[&["evaluate", "--orders", "orders.csv", "--tune"], wrong].concat());
    }
    run(at, 3, &["evaluate", "--orders", "orders.csv", "--parameters", "orders.csv"]);
}

#[test]
fn tuning_weighs_what_is_alike_in_the_catalogue_too() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    // A ring of products; in the newest sessions two come between that no older one has.
    let mut clicks = String::from("session_id,ts,item_id\n");
    for session in 0..4_000_u32 {
        let step = |step: u32| (session * 17 + step) % 60;
        let old = [step(0), step(1), step(2), step(3)];
        let new = [step(0), step(1) + 60, step(2) + 60, step(1)];
        for item in if session < 3_000 { old } else { new } {
            clicks.push_str(&format!("s{session},{},p{item}\n", 1_700_000_000 + session * 600));
        }
    }
    let mut catalogue = String::from("id,title,url,image,price\n");
    for item in 0..120 {
        let (this, next) = (item % 60, (item + 1) % 60);
        catalogue.push_str(&format!("p{item},Word{this} Word{next},/p/{item}/,/i/{item}.svg,2.50\n"));
    }
    std::fs::write(at.join("clicks.csv"), clicks).unwrap();
    std::fs::write(at.join("catalogue.csv"), catalogue).unwrap();
    let arguments =
        ["learn", "--sessions", "clicks.csv", "--catalogue", "catalogue.csv", "--quiet", "--tune", "--out"];
    let learnt = ["one.bin", "two.bin"].map(|out| {
        let said = run(at, 0, &[&arguments[..], &[out]].concat()).0;
        assert!(said.contains("blend: hit rate"), "{said}");
        std::fs::read(at.join(out)).unwrap()
    });
    assert_eq!(learnt[0], learnt[1]);
    let knowledge = Knowledge::open(&learnt[0]).unwrap();
    let [without, with] =
        ["blend.trial.000.similar=0", "blend.trial.004.similar=0.5"].map(|name| knowledge.parameter(name));
    assert!(without < with && without.is_some(), "{without:?} {with:?}");
}

#[test]
fn replaying_orders_counts_shoppers_and_what_an_edit_changes() {
    let folder = project();
    let at = folder.path();
    let catalogue = std::fs::read_to_string(at.join("catalogue.csv")).unwrap();
    let item = catalogue.lines().nth(1).unwrap().split(',').next().unwrap();
    let mut orders = String::from("order_id,customer_id,ts,item_id,qty,price\n");
    for customer in 0..30 {
        orders.push_str(&format!("{customer},c{customer},2026-01-02T10:00:00,{item},1,2.50\n"));
    }
    orders.push_str(&format!(
        "c,c3,2026-01-05T10:00:00,{item},-1,2.50\nn,,2026-01-03T10:00:00,{item},1,2.50\n"
    ));
    std::fs::write(at.join("orders.csv"), orders).unwrap();
    let (out, _) = run(at, 0, &["replay", "orders.csv", "--quiet", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&json["lines"], &json["no_sale"], &json["shoppers"]), (&32.into(), &1.into(), &31.into()));
    // On their only day all are new; whoever ordered in the log's last second has not come back yet.
    assert_eq!(json["days"], 62, "{out}");
    for counts in [&json["audiences"]["returning"], &json["campaigns"]["welcome-back"]] {
        assert_eq!(counts, &serde_json::json!({ "shoppers": 30, "days": 30, "at_end": 30 }), "{out}");
    }

    let other = tempfile::tempdir().unwrap();
    run(other.path(), 0, &["init", "--shop", "corner"]);
    std::fs::write(other.path().join("audiences/returning.yaml"), "returning: visitor.orders > 1\n").unwrap();
    let against = other.path().to_str().unwrap();
    let (out, _) = run(at, 0, &["replay", "orders.csv", "--quiet", "--against", against]);
    assert!(out.contains("this edit changes 30 of 31 shoppers"), "{out}");
    run(at, 3, &["replay", "nothing.csv"]);
    run(at, 2, &["replay"]);
}

#[test]
fn replaying_visits_reads_clicks_and_analytics_exports() {
    let folder = project();
    let at = folder.path();
    let catalogue = std::fs::read_to_string(at.join("catalogue.csv")).unwrap();
    let item = catalogue.lines().nth(1).unwrap().split(',').next().unwrap();
    let head = "split,session_id,pos,item_id,ts,event\n";
    let clicks = format!(
        "{head}train,1,0,{item},,view\ntrain,1,1,nothing,,view\ntest,1,0,{item},1767225600,view\ntest,1,1,{item},,?\n"
    );
    std::fs::write(at.join("clicks.csv"), clicks).unwrap();
    let event = |name: &str, day: u32| {
        format!("{{\"event_name\":\"{name}\",\"user_id\":\"u\",\"time\":\"2026-01-0{day}T12:00:00Z\"}}\n")
    };
    let events = [event("page_view", 1), event("page_view", 2), event("first_visit", 3), "oops\n".into()];
    std::fs::write(at.join("events.jsonl"), events.concat()).unwrap();
    let logs = ["replay", "clicks.csv", "events.jsonl", "--quiet"];
    let (out, _) = run(at, 0, &[&logs[..], &["--format", "json"]].concat());
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let counts =
        ["lines", "rejected", "no_use", "unknown_products", "shoppers"].map(|key| json[key].as_u64());
    assert_eq!(counts, [8, 2, 1, 1, 3].map(Some), "{out}");
    assert_eq!(json["audiences"]["returning"]["at_end"], 2, "the log's user and the dated session: {out}");
    let (out, _) = run(at, 0, &logs);
    assert!(
        out.contains("clicks.csv: line 5: \"?\" is no event name") && out.contains("line 4: not JSON"),
        "{out}"
    );
    std::fs::write(at.join("strange.csv"), format!("{head}train,1,0,nothing,,view\n")).unwrap();
    let (_, error) = run(at, 3, &["replay", "strange.csv", "--quiet"]);
    assert!(error.contains("--column item=NAME"), "{error}");
}

#[test]
fn the_doctor_says_what_a_shop_still_needs() {
    let folder = project();
    let at = folder.path();
    let found = |code: i32, more: &[&str]| run(at, code, &[&["doctor"], more].concat()).0;
    let out = found(1, &[]);
    // Best sellers before anything was learnt are the catalogue's first products.
    for part in
        ["weak  project    1 warnings", "weak  knowledge", "BAD   key", "`shelfwise keys new` makes one"]
    {
        assert!(out.contains(part), "no {part} in\n{out}");
    }
    let row = at.join("campaigns/home-row.yaml");
    let text = std::fs::read_to_string(&row).unwrap().replace("best-sellers", "new-arrivals");
    std::fs::write(&row, text).unwrap();
    let out = found(1, &[]);
    assert!(out.contains("ok    project"), "{out}");
    run(at, 0, &["keys", "new"]);
    run(at, 0, &["build", "--out", "pack"]);
    let public = std::fs::read_to_string(at.join("keys/shelfwise.pub")).unwrap();
    let page = |slots: &str, key: &str| {
        std::fs::create_dir_all(at.join("theme/parts")).unwrap();
        let text = format!("<main>{slots}</main><script src=\"/s.js\" data-key=\"{}\"></script>", key.trim());
        std::fs::write(at.join("theme/parts/home.liquid"), text).unwrap();
    };
    let pages = &["--pack", "pack", "--site", "theme"];
    let both = "<div data-shelf-slot=\"home.hero\"></div><div data-shelf-slot='home.row-1'></div>";
    page(both, &public);
    let out = found(0, pages);
    assert!(
        out.contains("ok    pack       version 1, valid for 7") && out.contains("1 pages have all 2 slots"),
        "{out}"
    );
    page("<div data-shelf-slot=\"home.heroo\"></div><i data-shelf-slot=\"{{ id }}\"></i>", "other");
    let out = found(1, pages);
    for part in [
        "weak  site       parts/home.liquid: shop.yaml has no slot `home.heroo`: did you mean `home.hero`?",
        "BAD   site       no page has data-shelf-slot=\"home.row-1\"",
        "no page's data-key is this key's public half",
    ] {
        assert!(out.contains(part), "no {part} in\n{out}");
    }
    assert!(!out.contains("{{"), "{out}");
    let week = (std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()
        + 7 * 86_400)
        .to_string();
    let out = found(1, &["--pack", "pack", "--time", &week, "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let pack = json.as_array().unwrap().iter().find(|found| found["of"] == "pack").unwrap();
    assert_eq!(
        (&pack["state"], pack["message"].as_str()),
        (&"BAD".into(), Some("version 1 has expired: build again"))
    );
    std::fs::write(at.join("audiences/returning.yaml"), "returning: visitor.vists > 1\n").unwrap();
    assert!(found(1, &[]).contains("BAD   project    1 errors"));
    run(at, 3, &["doctor", "--site", "nowhere"]);
}
