//! # A personal token without a default
//!
//! A binding shows a trait that may be absent, and does not say what stands there then: a shopper
//! without a name would read "Hello , welcome back".
//!
//! ```html
//! <p>Hello {{ visitor.first_name }}</p>
//! ```
//!
//! ## What to do
//!
//! Write a default behind a bar: `{{ visitor.first_name | there }}`.
