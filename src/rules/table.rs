use bytes::Bytes;

use super::cursor::Cursor;

/// A stored weight is a whole number of these, in log-odds: weights lie between -16 and 16.
pub(crate) const UNIT: f32 = 1.0 / 2048.0;

/// Bytes of a row's head: its key and how many entries it has.
const HEAD: usize = 5;
/// Bytes of an entry: its column and its weight in units.
const ENTRY: usize = 3;
/// So many rows share a bucket: about two memory lines.
const SHARED: usize = 2;

/// Sparse rows of weights by key, read where they lie: in the binary itself, where they come with it. The keys are
/// hashes of evidence; the rows lie in the order of their keys, and a directory tells where the rows begin whose keys
/// begin with the same bits.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// How many bits of a key choose its bucket.
    bits: u32,
    rows: u32,
    /// Where each bucket begins in `stored`, and where the last ends.
    directory: Bytes,
    stored: Bytes,
}

/// A row before it is stored: its key, and its weights by column.
pub type Weighed = (u32, Vec<(u8, f32)>);

impl Table {
    /// Writes the table of `rows`; weights that round to zero are left out.
    pub fn write(mut rows: Vec<Weighed>, bytes: &mut Vec<u8>) {
        rows.sort_by_key(|(key, _)| *key);
        let stored = |(key, mut weights): Weighed| {
            weights.sort_by_key(|(column, _)| *column);
            let units = weights.into_iter().map(|(column, weight)| (column, (weight / UNIT).round() as i16));
            (key, units.filter(|(_, units)| *units != 0).collect::<Vec<_>>())
        };
        let rows: Vec<_> = rows.into_iter().map(stored).filter(|(_, units)| !units.is_empty()).collect();
        let bits = (rows.len() / SHARED).next_power_of_two().ilog2();
        let (mut directory, mut body) = (Vec::new(), Vec::new());
        let mut rest = rows.iter().peekable();
        for bucket in 0..1_u64 << bits {
            directory.extend((body.len() as u32).to_le_bytes());
            while let Some((key, units)) = rest.next_if(|(key, _)| bucket_of(*key, bits) == bucket) {
                body.extend(key.to_le_bytes());
                body.push(units.len() as u8);
                for (column, units) in units {
                    body.push(*column);
                    body.extend(units.to_le_bytes());
                }
            }
        }
        directory.extend((body.len() as u32).to_le_bytes());
        bytes.extend(bits.to_le_bytes());
        bytes.extend((rows.len() as u32).to_le_bytes());
        bytes.extend(directory);
        bytes.extend(body);
    }

    pub(super) fn read(bytes: &mut Cursor) -> Option<Self> {
        let bits = bytes.number().filter(|bits| *bits < u32::BITS)?;
        let rows = bytes.number()?;
        let directory = bytes.take((1_usize << bits).checked_add(1)?.checked_mul(4)?)?;
        let table = Self { bits, rows, directory, stored: Bytes::new() };
        let stored = bytes.take(table.border(1 << bits)?)?;
        Some(Self { stored, ..table })
    }

    /// Returns the weights of `key` in units, by column; none where nothing was learned of it.
    pub(crate) fn row(&self, key: u32) -> impl Iterator<Item = (u8, i16)> {
        let entries = self.entries(key).unwrap_or_default();
        entries
            .as_chunks::<ENTRY>()
            .0
            .iter()
            .map(|[column, low, high]| (*column, i16::from_le_bytes([*low, *high])))
    }

    fn entries(&self, key: u32) -> Option<&[u8]> {
        let bucket = bucket_of(key, self.bits) as usize;
        let mut rows = self.stored.get(self.border(bucket)?..self.border(bucket + 1)?)?;
        loop {
            let (head, rest) = rows.split_first_chunk::<HEAD>()?;
            let (entries, rest) = rest.split_at_checked(usize::from(head[4]) * ENTRY)?;
            if head[..4] == key.to_le_bytes() {
                return Some(entries);
            }
            rows = rest;
        }
    }

    /// Returns where a bucket begins.
    fn border(&self, bucket: usize) -> Option<usize> {
        let border = self.directory.get(bucket * 4..)?.first_chunk::<4>()?;
        Some(u32::from_le_bytes(*border) as usize)
    }

    /// Returns how many pieces of evidence it knows.
    pub fn len(&self) -> usize {
        self.rows as usize
    }

    /// Tells whether nothing was learned.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }
}

fn bucket_of(key: u32, bits: u32) -> u64 {
    u64::from(key) >> (u32::BITS - bits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn table(rows: Vec<Weighed>) -> Table {
        let mut bytes = Vec::new();
        Table::write(rows, &mut bytes);
        Table::read(&mut Cursor::new(bytes.into())).unwrap()
    }

    #[test]
    fn what_rounds_to_nothing_is_left_out() {
        let table = table(vec![(7, vec![(1, -0.5)]), (3, vec![(0, 1.25), (1, 0.0)]), (9, vec![(0, 0.0)])]);
        assert_eq!(table.len(), 2);
        assert_eq!(table.row(3).collect::<Vec<_>>(), [(0, 2560)]);
        assert_eq!(table.row(7).collect::<Vec<_>>(), [(1, -1024)]);
        assert_eq!(table.row(9).count() + table.row(0).count(), 0);
    }

    proptest! {
        #[test]
        fn every_row_is_found_again_and_no_other(
            rows in proptest::collection::btree_map(any::<u32>(), any::<u8>(), 0..200),
            other in any::<u32>(),
        ) {
            let table = table(rows.iter().map(|(key, column)| (*key, vec![(*column, 1.0)])).collect());
            for (key, column) in &rows {
                prop_assert_eq!(table.row(*key).collect::<Vec<_>>(), [(*column, 2048)]);
            }
            prop_assert!(rows.contains_key(&other) || table.row(other).next().is_none());
        }
    }
}
