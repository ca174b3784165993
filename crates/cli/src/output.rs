//! Printing diagnostics and results.

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use shelfwise_author::build::{Checked, check};
use shelfwise_author::diagnostic::Severity;
use shelfwise_author::project::Folder;
use shelfwise_author::render;

use crate::arguments::Format;
use crate::failure::Failure;

/// Prints a line to standard output.
///
/// # Errors
/// Standard output is closed.
pub fn say(line: impl AsRef<str>) -> Result<(), Failure> {
    let written = writeln!(std::io::stdout(), "{}", line.as_ref());
    written.map_err(|error| Failure::Machine(format!("cannot write the output: {error}")))
}

/// Now, Unix seconds.
pub fn now_s() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// Reads and checks the project in a folder and prints what is wrong: as text to standard error, as
/// JSON to standard output.
///
/// # Errors
/// [`Failure::Project`] when there are errors.
pub fn checked(folder: &Path, format: Format, now_s: i64) -> Result<Checked, Failure> {
    let checked = check(&Folder::new(folder), now_s);
    match format {
        Format::Text => print_text(&checked)?,
        Format::Json if checked.has_errors() => print_json(&checked)?,
        Format::Json => {}
    }
    if checked.has_errors() { Err(Failure::Project) } else { Ok(checked) }
}

/// Prints all diagnostics as JSON to standard output.
///
/// # Errors
/// Standard output is closed.
pub fn print_json(checked: &Checked) -> Result<(), Failure> {
    say(format!("{:#}", render::json(&checked.diagnostics, checked.sources())))
}

fn print_text(checked: &Checked) -> Result<(), Failure> {
    let rich = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let style = render::Style { rich, width: 0 };
    let text = render::text(&checked.diagnostics, checked.sources(), style);
    let count = |severity| checked.diagnostics.iter().filter(|found| found.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let mut out = std::io::stderr();
    let summary =
        if errors + warnings > 0 { format!("{errors} errors, {warnings} warnings\n") } else { String::new() };
    write!(out, "{text}{summary}")
        .map_err(|error| Failure::Machine(format!("cannot write the output: {error}")))
}
