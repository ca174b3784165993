//! Memory, traits, conditions, decisions and recommendations as plain functions of values.
