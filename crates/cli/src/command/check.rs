//! `shelfwise check`.

use std::fs;
use std::path::Path;

use shelfwise_author::release::{public_key, verify};

use crate::arguments::{Check, Format};
use crate::failure::Failure;
use crate::output::{checked, now_s, print_json, say};

/// Checks a project, or verifies a pack.
///
/// # Errors
/// The project has errors, or the pack does not verify.
pub fn run(check: &Check) -> Result<(), Failure> {
    if let (Some(pack), Some(public)) = (&check.pack, &check.public) {
        return verify_pack(pack, public);
    }
    let found = checked(&check.project, check.format, now_s())?;
    match check.format {
        Format::Json => print_json(&found),
        Format::Text => say(format!(
            "{} campaigns, {} audiences, {} blocks, {} scenarios, {} products: no errors",
            found.project.campaigns.len(),
            found.project.audiences.len(),
            found.project.blocks.len(),
            found.project.scenarios.len(),
            found.products.len(),
        )),
    }
}

fn verify_pack(pack: &Path, public: &str) -> Result<(), Failure> {
    let text = if Path::new(public).is_file() {
        fs::read_to_string(public)
            .map_err(|error| Failure::Machine(format!("cannot read {public}: {error}")))?
    } else {
        public.to_owned()
    };
    let key = public_key(&text).map_err(Failure::Usage)?;
    let latest = verify(pack, &key).map_err(Failure::Machine)?;
    if latest.expires <= now_s() {
        return Err(Failure::Machine(format!("{}: latest.json has expired; build again", pack.display())));
    }
    say(format!("{} {} version {} verifies", latest.shop, latest.channel, latest.version))
}
