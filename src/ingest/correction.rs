use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::transcript::Side;

/// What a person says of a speaker; it wins over whatever the system found out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Correction {
    /// The recorder's label of the speaker, to the letter; empty for the rows that name nobody.
    pub label: String,
    /// The person's name.
    pub name: Option<String>,
    /// The person's side.
    pub side: Option<Side>,
    /// The person's job title.
    pub title: Option<String>,
    /// The label of the speaker who is the same person; this label's rows become theirs.
    pub merge_into: Option<String>,
}
