//! Whether two wordings agree in what must not differ: figures, denials, degrees of certainty and names.

use super::token::Token;

/// Words that turn a sentence round or bind it less, in the four languages that are read, folded.
const TURNING: &str = "not no never none nothing nobody neither nor without cannot cant wont dont doesnt didnt isnt \
    arent wasnt werent couldnt shouldnt wouldnt havent hasnt unless except only would could should must may \
    might shall maybe perhaps probably nicht kein keine keinen keiner keinem nie niemals nichts niemand weder noch ohne \
    ausser wurde konnte soll sollte muss musste darf durfte vielleicht wohl ne pas jamais rien personne \
    aucun aucune ni sans sauf peut pourrait doit devrait peutetre nunca nada nadie ningun ninguna ninguno tampoco sin \
    salvo puede podria debe deberia quiza quizas";

/// Figures in words, in the four languages, folded; small ones are what is misquoted most.
const FIGURES: &str = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen \
    sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million \
    billion half quarter double twice first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth \
    thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth dozen null eins zwei drei vier funf sechs sieben \
    acht neun zehn elf zwolf dreizehn vierzehn funfzehn sechzehn siebzehn achtzehn neunzehn zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig hundert tausend halb un \
    deux trois quatre cinq sept huit neuf dix onze douze treize quatorze quinze seize vingt trente quarante cinquante \
    soixante cent mille demi dos tres cuatro cinco seis siete ocho nueve diez once doce quince veinte treinta cuarenta \
    cincuenta sesenta setenta ochenta noventa cien ciento mil medio monday tuesday wednesday thursday friday saturday \
    sunday january february march april june july august september october november december montag dienstag mittwoch \
    donnerstag freitag samstag sonntag januar februar marz mai juni juli oktober dezember lundi mardi mercredi jeudi \
    vendredi samedi dimanche janvier fevrier mars avril juin juillet aout septembre octobre novembre decembre lunes \
    martes miercoles jueves viernes sabado domingo enero febrero abril mayo junio julio agosto septiembre octubre \
    noviembre diciembre";

/// A figure in words of so many letters may have an ending.
const INFLECTED: usize = 6;

/// Tells whether figures, denials, degrees of certainty and names of both wordings are the same, as often and in the
/// same order.
pub(super) fn agree(quote: &[Token], said: &[Token]) -> bool {
    critical(quote).eq(critical(said)) && names(quote, said) && names(said, quote)
}

fn critical(tokens: &[Token]) -> impl Iterator<Item = &str> {
    tokens.iter().map(|token| token.folded.as_str()).filter(|word| is_critical(word))
}

fn is_critical(word: &str) -> bool {
    let listed = |list: &str| list.split_whitespace().any(|other| other == word);
    // "vierzehnten", "fourteenths".
    let figure = |other: &str| word == other || (other.len() >= INFLECTED && word.starts_with(other));
    word.chars().any(char::is_numeric) || FIGURES.split_whitespace().any(figure) || listed(TURNING)
}

/// Tells whether every name of `one`, a capital inside a sentence, is a word of the other.
fn names(one: &[Token], other: &[Token]) -> bool {
    let mut named = one.iter().filter(|token| token.capital && !token.opens && token.folded.len() > 1);
    named.all(|name| other.iter().any(|token| token.folded == name.folded))
}

#[cfg(test)]
mod tests {
    use super::super::token::tokens;
    use super::*;

    #[test]
    fn what_must_not_differ_must_not() {
        let cases = [
            ("we will have it in March", "we will have it in march", true),
            ("we'll ship 15 units", "we'll ship 50 units", false),
            ("we can do that", "we can't do that", false),
            ("we will do that", "we might do that", false),
            ("that is for Dana to say", "that is for Lonnie to say", false),
            ("three gates by Friday", "two gates by Friday", false),
            ("live by the fifteenth", "live by the fourteenth", false),
            ("bis zum vierzehnten", "bis zum fünfzehnten", false),
            ("das machen wir nicht", "das machen wir", false),
            ("so we send the long list", "we send the list", true),
        ];
        for (quote, said, wanted) in cases {
            assert_eq!(agree(&tokens(quote), &tokens(said)), wanted, "{quote} / {said}");
        }
    }
}
