//! # A product list or product that is not there
//!
//! A row names a manual list that `shop.yaml` does not have, or a manual list names a product that the
//! catalogue does not have.
//!
//! ```yaml
//! products: { strategy: [manual:gifts] }   # shop.yaml: lists: { gifts: [85123A] }
//! ```
//!
//! ## What to do
//!
//! Correct the name, or add the list under `lists` in `shop.yaml`. A product that is not in the
//! catalogue is a warning: it is left out.
