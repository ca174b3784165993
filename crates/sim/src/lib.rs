//! A seeded simulator of browsers, tabs and faulty storage, for tests.
