//! Bytes that are read from the front, and numbers of one to five bytes among them: seven bits a byte, least first; the high bit
//! says that more follow.

/// Bytes that are read from the front.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bytes<'a>(pub &'a [u8]);

impl<'a> Bytes<'a> {
    /// The next bytes; none when there are not so many.
    pub(crate) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// None when it does not end within five bytes or 32 bits.
    #[inline(always)]
    pub(crate) fn varint(&mut self) -> Option<u32> {
        // Most are of one byte.
        if let [byte @ 0..=127, rest @ ..] = self.0 {
            self.0 = rest;
            return Some((*byte).into());
        }
        self.long_varint()
    }

    /// [`Self::varint`] where most are of more bytes than one.
    #[inline(always)]
    pub(crate) fn long_varint(&mut self) -> Option<u32> {
        let (value, rest) = long_varint(self.0)?;
        self.0 = rest;
        Some(value)
    }
}

#[inline(never)]
fn long_varint(mut bytes: &[u8]) -> Option<(u32, &[u8])> {
    let mut value = 0;
    for shift in [0, 7, 14, 21, 28] {
        let (byte, rest) = bytes.split_first()?;
        bytes = rest;
        value |= u32::from(byte & 127) << shift;
        if *byte < 128 {
            return (shift < 28 || *byte < 16).then_some((value, rest));
        }
    }
    None
}

#[cfg(feature = "encode")]
pub(crate) fn varint(mut value: u32, out: &mut Vec<u8>) {
    while value > 127 {
        out.push(value as u8 | 128);
        value >>= 7;
    }
    out.push(value as u8);
}
