//! One file per subcommand.

pub mod build;
pub mod check;
pub mod doctor;
pub mod evaluate;
pub mod explain;
pub mod init;
pub mod keys;
pub mod learn;
pub mod replay;
pub mod schema;
pub mod serve;
pub mod test;
