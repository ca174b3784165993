//! `npm start`: from a fresh clone to a shop on 127.0.0.1, every step by the command that a merchant has.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{run, wasm};

/// The merchant's project that the demo shop is.
const PROJECT: &str = "www/store/shop";
/// Order lines that the shop learns from.
const ORDERS: &str = "data/online-retail-orders.csv.gz";
/// The products of the demo shop.
const CATALOGUE: &str = "data/catalogue.csv";
/// What was learnt; `shop.yaml` of the project points there.
const KNOWLEDGE: &str = "target/knowledge.bin";
/// Port of the demo shop, on 127.0.0.1.
const PORT: &str = "8787";

/// Where the static site goes.
pub fn site(root: &Path) -> PathBuf {
    root.join("target/demo")
}

/// Builds modules, knowledge, site and pack. Cost: a few minutes in a fresh clone, seconds afterwards.
pub fn build(root: &Path) -> Result<(), Box<dyn Error>> {
    step("modules and bundles");
    wasm::build(root)?;
    build_on_modules(root)
}

/// The same when `dist/` is built.
pub fn build_on_modules(root: &Path) -> Result<(), Box<dyn Error>> {
    step("the shelfwise command");
    run(crate::cargo(root).args(["build", "--package", "shelfwise-cli"]))?;
    let key = root.join("target/demo-keys/shelfwise.key");
    if !key.is_file() {
        step("a key for this demo");
        run(shelfwise(root).args(["keys", "new"]).arg(&key))?;
    }
    step("learning from 541,909 order lines");
    run(shelfwise(root).args(["learn", "--orders", ORDERS, "--catalogue", CATALOGUE, "--out", KNOWLEDGE]))?;
    step("the shop's pages");
    let mut pages = Command::new("node");
    pages.arg("www/store/build.mjs").current_dir(root);
    pages.args(["--catalogue", CATALOGUE, "--orders", ORDERS, "--dist", "dist", "--key-file"]);
    run(pages.arg(key.with_extension("pub")).arg("--out").arg(site(root)))?;
    step("the signed pack");
    let mut pack = shelfwise(root);
    pack.args(["build", PROJECT, "--key"]).arg(key);
    run(pack.arg("--out").arg(site(root).join("pack")))
}

/// Serves the site until it is stopped.
pub fn serve(root: &Path) -> Result<(), Box<dyn Error>> {
    println!("\nThe demo shop: http://127.0.0.1:{PORT}/   (stop with Ctrl-C)");
    run(shelfwise(root).arg("serve").arg(site(root)).args(["--port", PORT]))
}

fn step(name: &str) {
    println!("\n=== {name}");
}

/// The merchant's command, in the project's root.
fn shelfwise(root: &Path) -> Command {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |path| root.join(path));
    let mut command = Command::new(target.join("debug/shelfwise"));
    command.current_dir(root);
    command
}
