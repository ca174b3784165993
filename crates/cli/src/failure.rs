//! Why a command did not do what it was asked.

use std::io::Write as _;
use std::process::ExitCode;

/// Why a command failed; it decides the exit code.
#[derive(Debug, PartialEq, Eq)]
pub enum Failure {
    /// The project has errors, or a scenario failed; they were printed. Code 1.
    Project,
    /// The command was used wrongly. Code 2.
    Usage(String),
    /// A file, the network or the machine is in the way. Code 3.
    Machine(String),
}

impl Failure {
    /// The documented exit code.
    pub fn code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Project => 1,
            Self::Usage(_) => 2,
            Self::Machine(_) => 3,
        })
    }

    /// Prints what is not printed yet.
    pub fn print(&self) {
        if let Self::Usage(message) | Self::Machine(message) = self {
            // With standard error closed there is nowhere left to say it.
            let _ = writeln!(std::io::stderr(), "error: {message}");
        }
    }
}
