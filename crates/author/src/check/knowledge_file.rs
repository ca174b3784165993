//! # A knowledge file that cannot be opened
//!
//! The file that `knowledge` names is damaged, is of another format version, or was not written by
//! `shelfwise learn`.
//!
//! ## What to do
//!
//! Run `shelfwise learn` again.
