use std::hash::{BuildHasherDefault, Hasher};

/// A map that hashes by FNV-1a: words are short and are looked up once each in a call. A flood of chosen collisions
/// cannot arise, as nothing of a transcript is ever put into such a map.
pub(crate) type WordMap<T> = std::collections::HashMap<Box<str>, T, BuildHasherDefault<Fnv>>;

/// The FNV-1a hash.
#[derive(Clone, Copy)]
pub(crate) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

/// The FNV-1a hash in 32 bits, by which words are known in files of weights.
pub(crate) fn fnv32(word: &str) -> u32 {
    word.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
