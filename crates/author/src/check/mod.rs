//! The checks: one file each, whose module comment is its documentation page.
//!
//! `docs/checks/SW###.md` is generated from these comments; a test keeps them in step
//! (`UPDATE=1 cargo test -p shelfwise-author --test checks` writes them). Codes are never reused.

use crate::diagnostic::Code;

macro_rules! checks {
    ($($module:ident = $code:literal,)*) => {
        $(pub mod $module;)*

        /// Every check, by code: its code, and its file's name without extension.
        pub const ALL: &[(Code, &str)] = &[$((Code($code), stringify!($module)),)*];

        /// The codes by name, for those who report.
        pub mod code {
            use super::Code;
            $(
                #[doc = concat!("Code of [`super::", stringify!($module), "`].")]
                #[allow(non_upper_case_globals, reason = "the name is the module's")]
                pub const $module: Code = Code($code);
            )*
        }
    };
}

checks! {
    yaml_syntax = 1,
    unknown_key = 2,
    wrong_value = 3,
    missing_key = 4,
    missing_file = 5,
    duplicate_id = 6,
    unknown_page = 7,
    unknown_slot = 10,
    unknown_block = 11,
    weight_sum = 12,
    bad_schedule = 13,
    past_schedule = 14,
    zero_weight = 15,
    wrong_content = 16,
    unknown_list = 17,
    never_wins = 18,
    unreachable_cap = 19,
    condition_syntax = 20,
    unknown_trait = 21,
    condition_type = 22,
    condition_unsupported = 23,
    condition_constant = 24,
    audience_overlap = 25,
    unsafe_markup = 30,
    token_without_default = 31,
    unknown_binding = 32,
    markup_syntax = 33,
    empty_slot = 34,
    long_chain = 35,
    impossible_row = 36,
    pin_place = 37,
    unfed_strategy = 38,
    catalogue_row = 40,
    knowledge_file = 41,
    scenario = 50,
}
