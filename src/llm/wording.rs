//! Words by what they have in common, where a question or a claim looks for the entries that it is about.

use std::collections::BTreeMap;

use super::token::{Token, tokens};

/// Words are the same that begin so: "promise", "promised".
const STEM: usize = 5;
/// Words that ask or join and say nothing of what is asked for, in four languages.
const ASKING: &str = "what when who whom whose where which why how did do does done is are was were will would can could \
    should have has had been be being am the a an and or but so if then than as at of on in to for by with from about any \
    some our us we they them their it its this that these those i me my mine hes she say said tell told me you your yours \
    there theres not no yes just also one all only very really well ok okay um right good get got goes go going give want \
    need like know think make way thing things somebody everybody youd youre youll weve wed ill im ive id thats its whats \
    whos wheres der die das den dem ein eine einen und oder wir uns unser ihr ihre sie ich es ist sind wird werden war mit \
    von fur bis auf zu zum zur im in dass nicht auch noch wer was wann wo wie warum welche welcher welches haben hat hatten \
    konnen le la les un une des et ou nous vous je on est sont sera avec pour de du au aux dans sur que qui quoi quand \
    comment pourquoi quel quelle quels quelles ne pas el los las una y o usted ustedes yo es son sera con para del al en \
    por que quien cuando donde como cual cuales nos nuestro su sus no";

/// Returns the words of `text` in lower case, without diacritics and apostrophes.
pub fn words(text: &str) -> Vec<String> {
    tokens(text).into_iter().map(|token: Token| token.folded).collect()
}

/// The words of a question, each with how much it tells among the texts that may answer.
pub struct Wanted {
    rarity: BTreeMap<String, f64>,
}

impl Wanted {
    /// Weighs `wanted`, the words of a question, by how few of `texts` hold them.
    pub fn among<T: AsRef<[String]>>(wanted: Vec<String>, texts: &[T]) -> Self {
        let weight = |word: &str| {
            let holders = texts.iter().filter(|words| holds(words.as_ref(), word)).count();
            (1.0 + texts.len() as f64 / (1.0 + holders as f64)).ln()
        };
        let telling = wanted.into_iter().filter(|word| tells(word));
        Self {
            rarity: telling.map(|word| (weight(&word), word)).map(|(weight, word)| (word, weight)).collect(),
        }
    }

    /// Returns how much of what the question's words weigh is in `words`, 0 to 1, and how many of them are.
    pub fn share(&self, words: &[String]) -> (f64, usize) {
        let whole: f64 = self.rarity.values().sum();
        let held: Vec<f64> =
            self.rarity.iter().filter(|(word, _)| holds(words, word)).map(|(_, weight)| *weight).collect();
        if held.is_empty() { (0.0, 0) } else { (held.iter().sum::<f64>() / whole, held.len()) }
    }

    /// Returns the words that tell what is asked for.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.rarity.keys().map(String::as_str)
    }

    /// Returns how many words tell what is asked for.
    pub fn len(&self) -> usize {
        self.rarity.len()
    }

    /// Tells whether none does.
    pub fn is_empty(&self) -> bool {
        self.rarity.is_empty()
    }
}

fn tells(word: &str) -> bool {
    !ASKING.split_whitespace().any(|asking| asking == word)
}

/// Tells whether `words` hold `word`, or words that it is the initials of ("sso").
fn holds(words: &[String], word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    let stem = word.char_indices().nth(STEM - 1).map(|(at, last)| &word[..at + last.len_utf8()]);
    let same = |other: &String| other == word || stem.is_some_and(|stem| other.starts_with(stem));
    let initials = |run: &[String]| run.iter().zip(&letters).all(|(word, letter)| word.starts_with(*letter));
    words.iter().any(same)
        || ((2..=5).contains(&letters.len())
            && letters.len() > 2
            && words.windows(letters.len()).any(initials))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_and_other_forms_of_a_word_find_it() {
        let words = words("single sign-on was promised");
        assert!(holds(&words, "sso") && holds(&words, "promises") && !holds(&words, "audit"));
    }
}
