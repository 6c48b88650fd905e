use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use sqlx::{ColumnIndex, Decode, Type, TypeInfo as _, ValueRef as _};

use super::{Error, stamp};
use crate::transcript::Digest;

/// A value that both engines hold alike. Nothing else crosses the border, so that one SQL text serves both.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Text(Option<String>),
    Number(Option<i64>),
    Bytes(Vec<u8>),
}

impl Value {
    /// Refuses what one of the engines cannot hold.
    pub(super) fn check(&self) -> Result<(), Error> {
        let has_nul = |text: &String| text.contains('\0');
        match self {
            Self::Text(text) if text.as_ref().is_some_and(has_nul) => Err(Error::Nul),
            _ => Ok(()),
        }
    }

    /// Returns `value` as JSON text.
    pub(crate) fn json(value: &impl Serialize) -> Result<Self, Error> {
        let text = serde_json::to_string(value)
            .map_err(|error| Error::Damaged(format!("a value cannot be written as JSON: {error}")))?;
        Ok(Self::Text(Some(text)))
    }
}

macro_rules! values {
    ($($from:ty => |$value:ident| $to:expr;)+) => {
        $(impl From<$from> for Value {
            fn from($value: $from) -> Self {
                $to
            }
        })+
    };
}

values! {
    &str => |text| Self::Text(Some(text.to_owned()));
    &String => |text| Self::Text(Some(text.clone()));
    String => |text| Self::Text(Some(text));
    Option<&str> => |text| Self::Text(text.map(str::to_owned));
    Option<String> => |text| Self::Text(text);
    i64 => |number| Self::Number(Some(number));
    u32 => |number| Self::Number(Some(number.into()));
    Timestamp => |time| Self::Text(Some(stamp::text(time)));
    Option<Timestamp> => |time| Self::Text(time.map(stamp::text));
    &Digest => |digest| Self::Text(Some(digest.as_str().to_owned()));
    Vec<u8> => |bytes| Self::Bytes(bytes);
}

/// Lists the values of a statement's `$1`, `$2`, … .
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::store::Value::from($value)),*] };
}
pub(crate) use args;

/// A row that was read, whichever engine it came from.
#[derive(Debug)]
pub(crate) struct Row(Vec<Value>);

impl Row {
    /// Reads every column of an engine's row.
    pub(super) fn read<R: sqlx::Row>(row: &R) -> Result<Self, sqlx::Error>
    where
        usize: ColumnIndex<R>,
        for<'r> String: Decode<'r, R::Database> + Type<R::Database>,
        for<'r> i64: Decode<'r, R::Database> + Type<R::Database>,
        for<'r> Vec<u8>: Decode<'r, R::Database> + Type<R::Database>,
    {
        let column = |at: usize| -> Result<Value, sqlx::Error> {
            let raw = row.try_get_raw(at)?;
            if raw.is_null() {
                return Ok(Value::Null);
            }
            match raw.type_info().name() {
                "INTEGER" | "INT8" => Ok(Value::Number(Some(row.try_get(at)?))),
                "BLOB" | "BYTEA" => Ok(Value::Bytes(row.try_get(at)?)),
                _ => Ok(Value::Text(Some(row.try_get(at)?))),
            }
        };
        Ok(Self((0..row.len()).map(column).collect::<Result<_, _>>()?))
    }

    pub(crate) fn text(&self, at: usize) -> Result<String, Error> {
        self.maybe_text(at)?.ok_or_else(|| self.odd(at))
    }

    pub(crate) fn maybe_text(&self, at: usize) -> Result<Option<String>, Error> {
        match self.0.get(at) {
            Some(Value::Text(text)) => Ok(text.clone()),
            Some(Value::Null) => Ok(None),
            _ => Err(self.odd(at)),
        }
    }

    pub(crate) fn number<N: TryFrom<i64>>(&self, at: usize) -> Result<N, Error> {
        match self.0.get(at) {
            Some(Value::Number(Some(number))) => N::try_from(*number).map_err(|_| self.odd(at)),
            _ => Err(self.odd(at)),
        }
    }

    pub(crate) fn bytes(&self, at: usize) -> Result<Vec<u8>, Error> {
        match self.0.get(at) {
            Some(Value::Bytes(bytes)) => Ok(bytes.clone()),
            _ => Err(self.odd(at)),
        }
    }

    pub(crate) fn json<T: DeserializeOwned>(&self, at: usize) -> Result<T, Error> {
        serde_json::from_str(&self.text(at)?)
            .map_err(|error| Error::Damaged(format!("column {at} holds no such JSON: {error}")))
    }

    pub(crate) fn time(&self, at: usize) -> Result<Timestamp, Error> {
        self.text(at)?.parse().map_err(|_| self.odd(at))
    }

    pub(crate) fn maybe_time(&self, at: usize) -> Result<Option<Timestamp>, Error> {
        self.maybe_text(at)?.map(|text| text.parse().map_err(|_| self.odd(at))).transpose()
    }

    pub(crate) fn parsed<T: std::str::FromStr>(&self, at: usize) -> Result<T, Error> {
        self.text(at)?.parse().map_err(|_| self.odd(at))
    }

    pub(crate) fn digest(&self, at: usize) -> Result<Digest, Error> {
        serde_json::from_value(self.text(at)?.into()).map_err(|_| self.odd(at))
    }

    fn odd(&self, at: usize) -> Error {
        Error::Damaged(format!("column {at} of a row holds what it cannot hold"))
    }
}
