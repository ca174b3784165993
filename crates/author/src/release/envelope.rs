//! The signed envelope around `latest.json` and manifests.
//!
//! `{"signature":"<88 base64>","key":"<16 hex>","signed":BODY}`, byte for byte: a reader cuts the body
//! out by position, verifies its bytes, and only then parses them. No canonicalisation.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, VerifyingKey};

use super::key::{Key, key_id};

/// Domain separation: what signatures of this format begin with.
const DOMAIN: &[u8] = b"shelfwise-pack-v1\0";
const SIGNATURE_CHARS: usize = 88;
const KEY_CHARS: usize = 16;

/// What a signed body is; it is signed too, so that one cannot stand for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// `latest.json`.
    Latest,
    /// A manifest.
    Manifest,
}

impl Role {
    fn name(self) -> &'static [u8] {
        match self {
            Self::Latest => b"latest",
            Self::Manifest => b"manifest",
        }
    }
}

fn message(role: Role, body: &[u8]) -> Vec<u8> {
    [DOMAIN, role.name(), b"\0", body].concat()
}

/// Signs a body and puts it into its envelope.
#[must_use]
pub fn seal(role: Role, body: &str, key: &Key) -> String {
    let signature = STANDARD.encode(key.sign(&message(role, body.as_bytes())));
    format!("{{\"signature\":\"{signature}\",\"key\":\"{}\",\"signed\":{body}}}", key.id())
}

/// The parts of an envelope: signature, key id and body, unverified.
pub(super) fn parts(text: &str) -> Option<(&str, &str, &str)> {
    let rest = text.strip_prefix("{\"signature\":\"")?;
    let (signature, rest) = rest.split_at_checked(SIGNATURE_CHARS)?;
    let rest = rest.strip_prefix("\",\"key\":\"")?;
    let (key, rest) = rest.split_at_checked(KEY_CHARS)?;
    let body = rest.strip_prefix("\",\"signed\":")?.strip_suffix('}')?;
    Some((signature, key, body))
}

/// The body of an envelope whose signature holds.
///
/// # Errors
/// In words: no envelope, another key, or a signature that does not hold.
pub fn open<'a>(role: Role, text: &'a str, public: &VerifyingKey) -> Result<&'a str, String> {
    let (signature, key, body) = parts(text).ok_or("this is no signed envelope")?;
    if key != key_id(public) {
        return Err(format!("it is signed with the key {key}, and {} was expected", key_id(public)));
    }
    let bytes = STANDARD.decode(signature).ok().and_then(|bytes| Signature::from_slice(&bytes).ok());
    let signature = bytes.ok_or("its signature cannot be read")?;
    public
        .verify_strict(&message(role, body.as_bytes()), &signature)
        .map_err(|_| "its signature does not hold")?;
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_body_opens_and_a_changed_one_does_not() {
        let key = Key::from_seed([1; 32]);
        let text = seal(Role::Latest, "{\"version\":1}", &key);
        assert_eq!(open(Role::Latest, &text, &key.public()), Ok("{\"version\":1}"));
        assert!(open(Role::Manifest, &text, &key.public()).is_err());
        assert!(open(Role::Latest, &text.replace(":1}", ":2}"), &key.public()).is_err());
        assert!(open(Role::Latest, &text, &Key::from_seed([2; 32]).public()).is_err());
        assert!(open(Role::Latest, "{}", &key.public()).is_err());
    }
}
