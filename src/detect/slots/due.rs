use super::date::{Anchor, DateMention, Precision};

/// Returns the mention that is the due date of a commitment made in `text`: not one that was taken back, not the
/// date of a condition, not the past, nothing that recurs. A day within a month that was named first wins over the month.
pub fn due<'m>(mentions: &'m [DateMention], text: &str) -> Option<&'m DateMention> {
    let binding = |mention: &&DateMention| {
        let open = !mention.past && !mention.recurring && !mention.conditional && !mention.retracted;
        open && text.get(mention.range.clone()).is_some()
    };
    let resolved = mentions.iter().filter(binding).find(|mention| mention.due.is_some());
    let event = || mentions.iter().filter(binding).find(|mention| matches!(mention.anchor, Anchor::Event(_)));
    let any = || mentions.iter().find(binding);
    let first = resolved.or_else(event).or_else(any)?;
    Some(mentions.iter().filter(binding).find(|later| refines(first, later)).unwrap_or(first))
}

fn refines(first: &DateMention, later: &DateMention) -> bool {
    let (Some(wide), Some(narrow)) = (first.due, later.due) else { return false };
    let finer = first.precision == Precision::Month && later.precision == Precision::Day;
    finer
        && later.range.start > first.range.start
        && (wide.year(), wide.month()) == (narrow.year(), narrow.month())
}
