//! The key that signs a shop's packs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

/// First word of a key file.
const HEAD: &str = "shelfwise-secret-key-1";

/// A signing key. Its text form is one line: a head word and the seed in base64.
#[derive(Clone)]
pub struct Key {
    signing: SigningKey,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Key({})", self.id())
    }
}

impl Key {
    /// The key of a seed of 32 random bytes.
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self { signing: SigningKey::from_bytes(&seed) }
    }

    /// Reads a key file's text.
    ///
    /// # Errors
    /// In words, when it is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let seed = text.trim().strip_prefix(HEAD).map(str::trim);
        let seed = seed.and_then(|seed| STANDARD.decode(seed).ok()).and_then(|seed| seed.try_into().ok());
        seed.map(Self::from_seed).ok_or_else(|| "this is no shelfwise key file".into())
    }

    /// The key file's text. Keep it secret.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{HEAD} {}\n", STANDARD.encode(self.signing.to_bytes()))
    }

    /// The public key in base64, as in the script tag's `data-key`.
    #[must_use]
    pub fn public_text(&self) -> String {
        STANDARD.encode(self.public().to_bytes())
    }

    /// The public key.
    #[must_use]
    pub fn public(&self) -> VerifyingKey {
        self.signing.verifying_key()
    }

    /// Short name: the first 8 bytes of the public key's SHA-256, in hex.
    #[must_use]
    pub fn id(&self) -> String {
        key_id(&self.public())
    }

    pub(super) fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.signing.sign(bytes).to_bytes()
    }
}

/// Reads a public key in base64.
///
/// # Errors
/// In words, when it is none.
pub fn public_key(text: &str) -> Result<VerifyingKey, String> {
    let bytes: Option<[u8; 32]> = STANDARD.decode(text.trim()).ok().and_then(|bytes| bytes.try_into().ok());
    let key = bytes.and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
    key.ok_or_else(|| "this is no Ed25519 public key in base64".into())
}

/// Short name of a public key.
pub(super) fn key_id(public: &VerifyingKey) -> String {
    hex(&Sha256::digest(public.to_bytes())[..8])
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_survive_their_text() {
        let key = Key::from_seed([7; 32]);
        let again = Key::parse(&key.to_text()).unwrap();
        assert_eq!(again.public_text(), key.public_text());
        assert_eq!(public_key(&key.public_text()).unwrap(), key.public());
        assert_eq!(key.id().len(), 16);
        assert!(Key::parse("shelfwise-secret-key-1 AAAA").is_err());
        assert!(Key::parse("").is_err());
    }

    #[test]
    fn debug_output_hides_the_seed() {
        let key = Key::from_seed([7; 32]);
        assert!(!format!("{key:?}").contains("7, 7"));
    }
}
