//! `shelfwise build`.

use shelfwise_author::compile::Release;
use shelfwise_author::release::{LATEST_VALID_S_MAX, Report, Terms, previous_version, write};

use crate::arguments::{Build, Format};
use crate::command::keys;
use crate::failure::Failure;
use crate::output::{checked, now_s, say};

/// Checks, compiles, signs and writes a pack.
///
/// # Errors
/// The project has errors, the key cannot be read, or the folder cannot be written.
pub fn run(build: &Build) -> Result<(), Failure> {
    let issued_s = build.time.unwrap_or_else(now_s);
    let project = checked(&build.project, build.format, issued_s)?;
    let key = keys::read(&build.key)?;
    let previous = previous_version(&build.out).map_err(Failure::Machine)?;
    let version = build.version.unwrap_or_else(|| previous.map_or(1, |version| version.saturating_add(1)));
    let expires_s = issued_s.saturating_add(i64::from(build.days) * 86_400);
    let latest_valid_s = (i64::from(build.hours) * 3_600).min(LATEST_VALID_S_MAX);
    let terms = Terms {
        shop: project.project.shop.shop.value.clone(),
        channel: project.project.shop.channel.value.clone(),
        version,
        issued_s,
        expires_s,
        latest_expires_s: issued_s.saturating_add(latest_valid_s),
        withdrawn: build.withdrawn.clone(),
    };
    let release = Release { version, issued_s, expires_s };
    let compiled = project.compile(release).map_err(Failure::Machine)?;
    let report = write(&build.out, &compiled, &terms, &key).map_err(Failure::Machine)?;
    print(build, &terms, &report)
}

fn print(build: &Build, terms: &Terms, report: &Report) -> Result<(), Failure> {
    let bytes: usize = report.files.iter().map(|(_, bytes)| bytes).sum();
    if build.format == Format::Json {
        let files: Vec<_> = report
            .files
            .iter()
            .map(|(path, bytes)| serde_json::json!({ "path": path, "bytes": bytes }))
            .collect();
        return say(format!(
            "{:#}",
            serde_json::json!({
                "shop": terms.shop,
                "channel": terms.channel,
                "version": terms.version,
                "expires": terms.expires_s,
                "files": files,
                "removed": report.removed,
            })
        ));
    }
    for kind in ["latest", "manifest", "core", "directory", "items", "index"] {
        let of: Vec<usize> = report
            .files
            .iter()
            .filter(|(path, _)| path.split(['-', '.']).next() == Some(kind))
            .map(|(_, bytes)| *bytes)
            .collect();
        if !of.is_empty() {
            say(format!("{kind:>10}  {:>4} files  {:>9} bytes", of.len(), of.iter().sum::<usize>()))?;
        }
    }
    let removed = report.removed.len();
    say(format!(
        "{} version {}: {bytes} bytes in {}{}",
        terms.shop,
        terms.version,
        build.out.display(),
        if removed > 0 { format!(", {removed} old files removed") } else { String::new() }
    ))
}
