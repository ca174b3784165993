//! A Chromium for the browser tests: found, or installed.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run;

/// Where distributions and vendors put it.
const PLACES: &[&str] = &[
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/usr/bin/google-chrome-stable",
    "/opt/google/chrome/chrome",
    "/snap/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/// The variable that tests and figures read; set it to use a browser of your own.
pub const VARIABLE: &str = "SHELFWISE_CHROMIUM";

/// The path of a Chromium; installs one when there is none: by apt as root on Debian, else Playwright's.
pub fn chromium(root: &Path) -> Result<PathBuf, Box<dyn Error>> {
    if let Some(given) = std::env::var_os(VARIABLE) {
        let given = PathBuf::from(given);
        return if given.is_file() { Ok(given) } else { Err(format!("{VARIABLE} names no file").into()) };
    }
    if let Some(found) = installed(root) {
        return Ok(found);
    }
    if Path::new("/usr/bin/apt-get").is_file() && is_root() {
        eprintln!("no Chromium found: installing Debian's by apt-get");
        run(Command::new("apt-get").arg("update"))?;
        let install = ["install", "--yes", "--no-install-recommends", "chromium"];
        run(Command::new("apt-get").args(install).env("DEBIAN_FRONTEND", "noninteractive"))?;
    } else {
        eprintln!("no Chromium found: downloading Playwright's");
        run(Command::new("npx").args(["playwright-core", "install", "chromium"]).current_dir(root))?;
    }
    installed(root).ok_or_else(|| format!("no Chromium: install one, or set {VARIABLE} to its path").into())
}

fn installed(root: &Path) -> Option<PathBuf> {
    let found = PLACES.iter().map(PathBuf::from).find(|path| path.is_file());
    found.or_else(|| playwrights(root))
}

/// The browser that `playwright-core install` downloaded, if it did.
fn playwrights(root: &Path) -> Option<PathBuf> {
    let script = "import('playwright-core').then(p => console.log(p.chromium.executablePath()))";
    let output = Command::new("node").args(["--eval", script]).current_dir(root).output().ok()?;
    let path = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    path.is_file().then_some(path)
}

/// Whether this runs as root.
pub fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
