//! # A catalogue row that cannot be used
//!
//! A row of the product catalogue lacks its id or title, has a price that is no number, or has the id
//! of an earlier row. It is left out, counted, and the first few are shown.
//!
//! ## What to do
//!
//! Correct the export. Prices are major units with a point (`12.50`). A file without any good row is an
//! error; single bad rows are warnings.
