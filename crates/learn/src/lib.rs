//! Order and event logs to population knowledge.
