//! Campaigns as code to pack: YAML, CEL, HTML blocks and every diagnostic.
