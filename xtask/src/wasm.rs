//! From the root crate to `dist/`: cargo, wasm-bindgen as a library, binaryen, then the bundles of `js/`.
//!
//! Two modules are built from one crate: the shopper's (three files from `shelfwise_bg.wasm` on) and the inspector's
//! (`shelfwise_inspect_bg.wasm`, feature `inspect`), see `docs/adr/0007-the-inspector-is-a-second-build.md`.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use wasm_bindgen_cli_support::Bindgen;

use crate::{glue, split};

/// One of the two modules.
struct Variant {
    /// File stem of the module and of its glue.
    name: &'static str,
    /// Cargo features of the root crate.
    features: &'static str,
    /// Folder of the glue, under `target/glue`.
    folder: &'static str,
    /// Whether every byte counts: [`SMALL_STD`], [`SMALL_FLAGS`], short names in the glue.
    shopper: bool,
}

const VARIANTS: [Variant; 2] = [
    Variant { name: "shelfwise", features: "", folder: "runtime", shopper: true },
    Variant { name: "shelfwise_inspect", features: "inspect", folder: "inspect", shopper: false },
];

/// The shopper's module in three files (`split.rs`), beside the whole one.
const FILES: [&str; 3] = ["first.wasm", "products.wasm", "rest.wasm"];

/// Passes of binaryen: smallest code; the features are those that every browser since 2021 has. Control flow
/// is flattened and made anew, which compresses better, and so does code that stays a function though it is
/// called once. The lowest kilobyte is the far end of the stack, so that no address there is ever right. Never
/// `--traps-never-happen`: it would take the bounds checks out.
const OPTIMISE: &[&str] =
    &["--one-caller-inline-max-function-size", "20", "--flatten", "--rereloop", "-Oz", "-Oz"];

/// What a pass must know of the module.
const GIVEN: &[&str] = &[
    "--low-memory-unused",
    "--enable-bulk-memory",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Takes out what no browser reads.
const STRIP: &[&str] = &["--strip-debug", "--strip-producers", "--strip-target-features"];

/// A standard library compiled with the module, for size: the one that rustup ships writes panic messages.
const SMALL_STD: &[&str] = &["-Z", "build-std=std,panic_abort", "-Z", "build-std-features=optimize_for_size"];
/// A panic is one `unreachable` instruction: no message, and no code that would write it.
const SMALL_FLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort";

/// Builds both modules and every bundle into `dist/` under `root`; installs the npm packages first when
/// they are missing. Errors name the command that failed. Cost: a release build, half a minute when cold.
pub fn build(root: &Path) -> Result<(), Box<dyn Error>> {
    install_packages(root)?;
    for variant in &VARIANTS {
        build_variant(root, variant)?;
    }
    run(Command::new("node").arg("js/build/bundle.mjs").current_dir(root))
}

/// `npm ci`, when `node_modules` is missing or older than the lock file.
pub fn install_packages(root: &Path) -> Result<(), Box<dyn Error>> {
    let stamp = root.join("node_modules/.package-lock.json");
    let fresh = match (modified(&stamp), modified(&root.join("package-lock.json"))) {
        (Some(installed), Some(locked)) => installed >= locked,
        (installed, _) => installed.is_some(),
    };
    if fresh {
        return Ok(());
    }
    run(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(root))
}

fn modified(path: &Path) -> Option<std::time::SystemTime> {
    fs::metadata(path).and_then(|meta| meta.modified()).ok()
}

fn build_variant(root: &Path, variant: &Variant) -> Result<(), Box<dyn Error>> {
    let target = target_directory(root);
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // As the only crate type: beside an rlib, cargo leaves link-time optimisation out.
    cargo.args(["rustc", "--package", "shelfwise", "--lib", "--profile", "wasm", "--crate-type", "cdylib"]);
    // A cdylib's file has no hash in its name: two feature sets in one folder would overwrite each other.
    let cargo_folder = target.join("wasm").join(variant.folder);
    cargo.args(["--target", "wasm32-unknown-unknown", "--target-dir"]).arg(&cargo_folder);
    cargo.current_dir(root);
    if !variant.features.is_empty() {
        cargo.args(["--features", variant.features]);
    }
    if variant.shopper {
        // The pinned compiler is a stable one, and lets its own standard library be built only when told so.
        cargo.args(SMALL_STD).env("RUSTC_BOOTSTRAP", "1");
        cargo.env_remove("CARGO_ENCODED_RUSTFLAGS").env("RUSTFLAGS", SMALL_FLAGS);
    }
    run(&mut cargo)?;

    let compiled = cargo_folder.join("wasm32-unknown-unknown/wasm/shelfwise.wasm");
    let folder = target.join("glue").join(variant.folder);
    fs::create_dir_all(&folder)?;
    bind(&compiled, &folder, variant)?;

    let bound = folder.join(format!("{}_bg.wasm", variant.name));
    if !variant.shopper {
        optimise(root, &bound, &bound, &[OPTIMISE, STRIP])?;
    } else {
        glue::shorten(&bound, &folder.join(format!("{}.js", variant.name)))?;
        let named = named(root);
        optimise(root, &bound, &named, &[OPTIMISE, &["-g"]])?;
        optimise(root, &named, &bound, &[STRIP])?;
        for (file, bytes) in FILES.iter().zip(split::split(&fs::read(&named)?)?) {
            let path = folder.join(file);
            fs::write(&path, bytes)?;
            optimise(root, &path, &path, &[&["-Oz"], STRIP])?;
        }
    }

    // The bundles and the type check import the glue from one place, whatever cargo's target directory is.
    let glue = root.join("target/glue").join(variant.folder);
    if glue != folder {
        fs::create_dir_all(&glue)?;
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            fs::copy(&path, glue.join(path.file_name().unwrap_or_default()))?;
        }
    }
    Ok(())
}

/// Writes `<name>.js`, `<name>.d.ts` and `<name>_bg.wasm`, the shopper's with names. The glue has no default path of the module:
/// every entry of `js/` says itself where its module is and which hash it must have.
fn bind(compiled: &Path, folder: &Path, variant: &Variant) -> Result<(), Box<dyn Error>> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(compiled).out_name(variant.name).web(true)?;
    bindgen.typescript(true).omit_default_module_path(true);
    bindgen.remove_name_section(!variant.shopper).remove_producers_section(true);
    bindgen.generate(folder)?;
    Ok(())
}

/// The shopper's module as [`build`] left it, whole, with the names of its functions.
pub fn named(root: &Path) -> PathBuf {
    target_directory(root).join("glue").join(VARIANTS[0].folder).join("named.wasm")
}

/// Runs lists of binaryen's passes.
fn optimise(root: &Path, from: &Path, to: &Path, passes: &[&[&str]]) -> Result<(), Box<dyn Error>> {
    let mut command = Command::new("node");
    command.arg("node_modules/binaryen/bin/wasm-opt").arg(from).args(GIVEN).args(passes.concat());
    run(command.arg("-o").arg(to).current_dir(root))
}

fn target_directory(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |path| root.join(path))
}

fn run(command: &mut Command) -> Result<(), Box<dyn Error>> {
    let status = command.status().map_err(|error| format!("cannot start {command:?}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} failed: {status}").into()) }
}
