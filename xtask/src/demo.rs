//! `npm start`: from a fresh clone to a shop on 127.0.0.1, every step by the command that a merchant has.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{run, wasm};

/// The merchant's project that the demo shop is.
const PROJECT: &str = "www/store/shop";
/// Order lines that the shop learns from.
const ORDERS: &str = "data/online-retail-orders.csv.gz";
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
    let work = root.join("target/demo-project");
    fs::create_dir_all(&work)?;
    step("the shelfwise command");
    run(crate::cargo(root).args(["build", "--release", "--package", "shelfwise-cli"]))?;
    let keys = work.join("keys");
    if !keys.join("shelfwise.key").is_file() {
        step("a key for this demo");
        run(shelfwise(root).args(["keys", "new", "--out"]).arg(&keys))?;
    }
    step("learning from 541,909 order lines");
    let knowledge = work.join("knowledge.bin");
    if !newer(&knowledge, &root.join(ORDERS)) {
        run(shelfwise(root).args(["learn", ORDERS, "--out"]).arg(&knowledge))?;
    }
    step("the shop's pages");
    let mut pages = Command::new("node");
    pages.arg("www/store/build.mjs").current_dir(root);
    pages.args(["--catalogue", "data/catalogue.csv", "--orders", ORDERS, "--dist", "dist", "--key-file"]);
    run(pages.arg(keys.join("shelfwise.pub")).arg("--out").arg(site(root)))?;
    step("the signed pack");
    let mut pack = shelfwise(root);
    pack.args(["build", PROJECT, "--key"]).arg(keys.join("shelfwise.key"));
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
    let mut command = Command::new(target.join("release/shelfwise"));
    command.current_dir(root);
    command
}

/// Whether a made file is there and not older than what it was made from.
fn newer(made: &Path, from: &Path) -> bool {
    let modified = |path: &Path| fs::metadata(path).and_then(|meta| meta.modified());
    matches!((modified(made), modified(from)), (Ok(made), Ok(from)) if made >= from)
}
