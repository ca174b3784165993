//! # A binding that nothing fills
//!
//! A block shows a value that its campaign does not give, or a product's field outside of `data-
//! each="products"`, or a field that products do not have.
//!
//! ```html
//! <h2>{{ headlin }}</h2>
//! ```
//!
//! ## What to do
//!
//! Give the value under `data`, or correct the name. A value with a default (`{{ headline | Hello }}`)
//! may be left out.
