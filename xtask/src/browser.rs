//! Browsers for the tests: found, or installed.

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
    if has_apt() {
        install(&["chromium"])?;
    } else {
        eprintln!("no Chromium found: downloading Playwright's");
        run(Command::new("npx").args(["playwright-core", "install", "chromium"]).current_dir(root))?;
    }
    installed(root).ok_or_else(|| format!("no Chromium: install one, or set {VARIABLE} to its path").into())
}

/// What `npm run test:browsers` runs beside Chromium: the program, the variable that names another, Debian's packages.
const OTHERS: &[(&str, &str, &[&str])] = &[
    ("/usr/bin/firefox-esr", "SHELFWISE_FIREFOX", &["firefox-esr"]),
    ("/usr/bin/WebKitWebDriver", "SHELFWISE_WEBKIT_DRIVER", &["webkit2gtk-driver", "xvfb"]),
];

/// Makes sure that there is a Firefox and a WebKit to test in; installs Debian's where they are missing.
pub fn others() -> Result<(), Box<dyn Error>> {
    for (program, variable, packages) in OTHERS {
        if Path::new(program).is_file() || std::env::var_os(variable).is_some() {
            continue;
        }
        if !has_apt() {
            return Err(
                format!("no {program}: install {}, or set {variable} to its path", packages[0]).into()
            );
        }
        install(packages)?;
    }
    Ok(())
}

fn has_apt() -> bool {
    Path::new("/usr/bin/apt-get").is_file() && is_root()
}

/// Installs packages of Debian's.
fn install(packages: &[&str]) -> Result<(), Box<dyn Error>> {
    eprintln!("installing Debian's {} by apt-get", packages.join(", "));
    run(Command::new("apt-get").arg("update"))?;
    let mut install = Command::new("apt-get");
    install.args(["install", "--yes", "--no-install-recommends"]).args(packages);
    run(install.env("DEBIAN_FRONTEND", "noninteractive"))
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
