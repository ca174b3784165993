//! Why a run ended without a result. Every message says what to do.

use std::fmt;
use std::path::{Path, PathBuf};

/// Why `learn` could not go on.
#[non_exhaustive]
#[derive(Debug)]
pub enum Error {
    /// A file could not be read or written.
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A column that is needed is not in the header.
    MissingColumn {
        /// Which file.
        path: PathBuf,
        /// The field that has no column.
        field: &'static str,
        /// Names that would have been understood.
        accepted: Vec<String>,
        /// Names that the header has.
        found: Vec<String>,
    },
    /// Not one row of the file was usable.
    OnlyBadRows {
        /// Which file.
        path: PathBuf,
        /// Rows read.
        rows: u64,
        /// The first few refusals.
        first: Vec<String>,
    },
    /// The file has no row at all.
    Empty {
        /// Which file.
        path: PathBuf,
    },
    /// A rule file is not what it should be.
    Rule {
        /// Which file.
        path: PathBuf,
        /// Line, counted from 1.
        line: u64,
        /// What is wrong with it.
        message: String,
    },
    /// The log needs more memory than is allowed, all sorting and counting left to disk.
    Memory {
        /// Which file.
        path: PathBuf,
        /// Row that no longer fitted.
        row: u64,
        /// Bytes that are allowed.
        bytes_max: u64,
    },
    /// Options or input that nothing can be learnt from.
    Option {
        /// What to change.
        message: String,
    },
}

impl Error {
    pub(crate) fn io(path: &Path, source: std::io::Error) -> Self {
        Self::Io { path: path.to_owned(), source }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { path, source } => write!(out, "{}: {source}", path.display()),
            Self::MissingColumn { path, field, accepted, found } => write!(
                out,
                "{}: no column for the {field}; looked for {}, the header has {}; name yours with `--column {field}=NAME` \
                 (`--session-column` for clicks, `--catalogue-column` for a catalogue)",
                path.display(),
                accepted.join(", "),
                if found.is_empty() { "nothing".to_owned() } else { found.join(", ") },
            ),
            Self::OnlyBadRows { path, rows, first } => write!(
                out,
                "{}: none of its {rows} rows could be used; the first: {}",
                path.display(),
                first.join("; ")
            ),
            Self::Empty { path } => {
                write!(out, "{}: the file has no rows; export at least one", path.display())
            }
            Self::Rule { path, line, message } => write!(out, "{}:{line}: {message}", path.display()),
            Self::Memory { path, row, bytes_max } => write!(
                out,
                "{}: row {row} no longer fits into the {} MiB allowed; raise `--memory` or give fewer months",
                path.display(),
                bytes_max >> 20
            ),
            Self::Option { message } => out.write_str(message),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
