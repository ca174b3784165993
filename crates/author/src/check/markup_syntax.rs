//! # HTML that is not well formed
//!
//! A tag is never closed, closes nothing, or cannot be read. Browsers guess what was meant; a block
//! says it. Mistakes that change nothing are warnings.
//!
//! ```html
//! <div><p>Back for the garden?</div>
//! ```
//!
//! ## What to do
//!
//! Close every element, in the order they were opened. `<br>`, `<hr>`, `<img>` and `<source>` have no
//! end tag.
