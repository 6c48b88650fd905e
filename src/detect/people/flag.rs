//! What a language's lexicon knows of a word, as bits.

macro_rules! bits {
    ($($name:ident)+) => { bits!(@ 0u32, $($name)+); };
    (@ $n:expr, $name:ident $($rest:ident)*) => { pub(super) const $name: u32 = 1 << ($n); bits!(@ $n + 1, $($rest)*); };
    (@ $n:expr,) => {};
}
bits! {
    GIVEN COMMON PLACE DAY HONORIFIC PARTICLE DETERMINER POSSESSIVE YOURS PRONOUN PLACE_BEFORE ORGANISATION
    KIN PET PRIVATE HEAD SINGLE MODIFIED TAIL STOP FIRST_PERSON THIRD_PARTY CUE IDIOM AND NEGATION SPELT COMPOUND
}
