//! What kind of log a file is, and reading logs of one JSON object a line.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::sync::atomic::Ordering;

use crate::error::Error;
use crate::log::{Field, Opened, ROWS_PER_REPORT, Refusal, Source, Tally, map_columns, open};
use crate::progress::Progress;

/// What a log holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// CSV with a line for each product of an order.
    Orders,
    /// CSV with a line for each click of a session.
    Sessions,
    /// One JSON object a line, each an event.
    Json,
}

/// What a log holds, told by its first byte or its header.
///
/// # Errors
/// The file cannot be read, or its header names neither orders nor sessions.
pub fn shape(source: &Source) -> Result<Shape, Error> {
    let fail = |error| Error::io(&source.path, error);
    let mut reader = BufReader::new(open(&source.path)?.reader);
    let first = reader.fill_buf().map_err(fail)?;
    let first = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first);
    if first.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{') {
        return Ok(Shape::Json);
    }
    let header = csv::ReaderBuilder::new().flexible(true).from_reader(reader).headers().cloned();
    let header = header.map_err(|error| fail(std::io::Error::other(error)))?;
    let columns = map_columns(source, &header, &[Field::Item])?;
    match (columns[Field::Order as usize], columns[Field::Session as usize]) {
        (Some(_), _) => Ok(Shape::Orders),
        (None, Some(_)) => Ok(Shape::Sessions),
        (None, None) => map_columns(source, &header, &[Field::Order]).map(|_| Shape::Orders),
    }
}

/// Reads a log line by line, plain or gzip, leaving out empty lines; the visitor may refuse a line or stop.
/// Memory: one line.
///
/// # Errors
/// The file cannot be read, there is no line, or no line was usable.
pub fn read_lines(
    path: &Path,
    progress: &mut dyn Progress,
    visit: &mut dyn FnMut(&str) -> Result<(), Refusal>,
) -> Result<Tally, Error> {
    let Opened { reader, length, taken } = open(path)?;
    progress.stage(&format!("reading {}", path.display()), length, "bytes");
    let mut reader = BufReader::with_capacity(1 << 16, reader);
    let mut tally = Tally::default();
    let (mut line, mut number) = (Vec::new(), 0);
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line).map_err(|source| Error::io(path, source))? == 0 {
            break;
        }
        number += 1;
        let seen = match std::str::from_utf8(&line) {
            Ok(text) if text.trim().is_empty() => continue,
            Ok(text) => visit(text.trim().trim_start_matches('\u{feff}')),
            Err(_) => Err("not UTF-8 text".to_owned().into()),
        };
        tally.rows += 1;
        match seen {
            Ok(()) => {}
            Err(Refusal::Row(reason)) => tally.reject(number, &reason),
            Err(Refusal::Stop(error)) => return Err(error),
        }
        if tally.rows % ROWS_PER_REPORT == 0 {
            progress.advance(taken.swap(0, Ordering::Relaxed));
        }
    }
    progress.advance(taken.swap(0, Ordering::Relaxed));
    tally.usable(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    fn file(name: &str, text: &str) -> Source {
        let path = std::env::temp_dir().join(format!("shelfwise-lines-{name}-{}", std::process::id()));
        std::fs::write(&path, text).unwrap();
        Source::new(path)
    }

    #[test]
    fn a_log_tells_what_it_is_by_its_beginning() {
        let of = |text: &str| {
            let source = file("shape", text);
            let found = shape(&source);
            std::fs::remove_file(&source.path).unwrap();
            found
        };
        assert_eq!(of("{\"event_name\":\"page_view\"}\n").unwrap(), Shape::Json);
        assert_eq!(of("\u{feff} {}").unwrap(), Shape::Json);
        assert_eq!(of("order_id,session_id,item_id,ts\n").unwrap(), Shape::Orders);
        assert_eq!(of("split,session_id,pos,item_id,ts,event\n").unwrap(), Shape::Sessions);
        assert!(matches!(of("item_id,ts\n"), Err(Error::MissingColumn { field: "order", .. })));
        assert!(matches!(of("session_id,ts\n"), Err(Error::MissingColumn { field: "item", .. })));
    }

    #[test]
    fn lines_are_read_refused_and_counted() {
        let source = file("some", "a\n\n  b  \nbad\n");
        let mut seen = Vec::new();
        let tally = read_lines(&source.path, &mut Silent, &mut |line| {
            if line == "bad" {
                return Err("no good".to_owned().into());
            }
            seen.push(line.to_owned());
            Ok(())
        });
        let tally = tally.unwrap();
        assert_eq!((tally.rows, tally.rejected, tally.first), (3, 1, vec!["line 4: no good".to_owned()]));
        assert_eq!(seen, ["a", "b"]);
        let refuse = &mut |_: &str| Err(Refusal::Row("no".into()));
        assert!(matches!(read_lines(&source.path, &mut Silent, refuse), Err(Error::OnlyBadRows { .. })));
        std::fs::write(&source.path, "\n").unwrap();
        assert!(matches!(read_lines(&source.path, &mut Silent, refuse), Err(Error::Empty { .. })));
        std::fs::remove_file(&source.path).unwrap();
    }
}
