use bytes::Bytes;

/// Bytes that are read from the front; what is taken of them is shared, not copied.
pub(super) struct Cursor(Bytes);

impl Cursor {
    pub(super) fn new(bytes: Bytes) -> Self {
        Self(bytes)
    }

    pub(super) fn take(&mut self, count: usize) -> Option<Bytes> {
        (count <= self.0.len()).then(|| self.0.split_to(count))
    }

    pub(super) fn number(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(*self.take(4)?.first_chunk()?))
    }
}
