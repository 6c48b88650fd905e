use super::Fold;
use crate::review::line::Part;
use crate::review::reviewed::FieldAnswer;
use crate::review::{Answer, Decision, Line, Remark, Stated, lint};

impl Fold<'_> {
    pub(super) fn answer(
        &mut self,
        field: &str,
        about: Option<&str>,
        answer: &Answer,
        decision: &Decision,
    ) -> bool {
        let about = match about {
            Some(entry) if self.position(entry).is_none() => return false,
            about => about.map(|entry| self.reviewed.current(entry).to_owned()),
        };
        let words = match answer {
            Answer::Quoted { words } => words.cite(self.calls),
            _ => None,
        };
        let warnings = match answer {
            Answer::Stated { text } => lint::field(field, text, decision.day()),
            _ => Vec::new(),
        };
        self.reviewed.answers.retain(|it| (it.field.as_str(), &it.about) != (field, &about));
        let (field, answer, signed) = (field.to_owned(), answer.clone(), decision.into());
        self.reviewed.answers.push(FieldAnswer { field, about, answer, signed, words, warnings });
        true
    }

    pub(super) fn remark(&mut self, entry: &str, part: Part, text: &str, decision: &Decision) -> bool {
        let Some(kind) = self.kind_of(entry) else { return false };
        let said = Stated::new(text, None, true, decision);
        let id = self.reviewed.current(entry).to_owned();
        self.line(&id, kind).thread.push(Remark { part, to: None, said });
        true
    }

    pub(super) fn reply(&mut self, to: uuid::Uuid, text: &str, decision: &Decision) -> bool {
        let said = Stated::new(text, None, true, decision);
        let begun = |line: &&mut Line| line.thread.iter().any(|remark| remark.said.signed.decision == to);
        let Some(line) = self.reviewed.lines.values_mut().find(begun) else { return false };
        line.thread.push(Remark { part: Part::Reply, to: Some(to), said });
        true
    }
}
