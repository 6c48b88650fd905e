use crate::ledger::Citation;
use crate::transcript::Timecode;

use super::note::{self, Note};
use super::visible::visible;
use super::{Audience, Gap, Item, Line, Packet, Section, item};

/// Returns the packet as Markdown that reads well unrendered too. Words of the calls come out as text, whatever
/// they hold.
pub fn markdown(packet: &Packet) -> String {
    let mut page = Page::default();
    page.head(packet);
    page.changed(packet);
    page.questions(packet);
    packet.sections.iter().for_each(|section| page.section(section));
    page.set_aside(packet);
    page.calls(packet);
    page.problems(packet);
    page.text
}

#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn line(&mut self, line: impl AsRef<str>) {
        self.text.push_str(line.as_ref());
        self.text.push('\n');
    }

    fn heading(&mut self, level: usize, title: &str) {
        let gap = if self.text.ends_with("\n\n") { "" } else { "\n" };
        self.line(format!("{gap}{} {title}\n", "#".repeat(level)));
    }

    fn head(&mut self, packet: &Packet) {
        let account = Some(packet.deal.account.as_str()).filter(|name| !name.is_empty());
        self.line(format!("# Handoff: {}\n", escape(account.unwrap_or("account UNKNOWN"))));
        let done = packet.completeness;
        let closed = packet.deal.closed_at.map_or("UNKNOWN".to_owned(), |time| time.date().to_string());
        self.line(format!(
            "Deal {} · closed {closed} · {} calls",
            escape(&packet.deal.id),
            packet.calls.len()
        ));
        self.line(format!(
            "{} of {} required fields have evidence ({} %)",
            done.evidenced, done.required, done.percent
        ));
    }

    fn changed(&mut self, packet: &Packet) {
        let Some(last) = packet.calls.last() else { return };
        self.heading(2, "What the last call changed");
        self.line(format!(
            "{} ({})\n",
            escape(last.display()),
            last.date.map_or("no date".to_owned(), |d| d.to_string())
        ));
        self.line(format!("{}\n", packet.in_short()));
        // What is only counted has been told by the line above.
        for change in packet.changed.iter().filter(|change| change.name.is_some() || change.words.is_some()) {
            let name = change.name.as_ref().map(|name| format!(": {}", escape(name))).unwrap_or_default();
            let words =
                change.words.as_ref().map(|words| format!(" — {}", spoken(words))).unwrap_or_default();
            let more = Some(change.more).filter(|more| *more > 0);
            let more = more.map(|more| format!(" *and {more} more*")).unwrap_or_default();
            self.line(format!("- **{}**{name}{words}{more}", change.what));
        }
        if packet.changed.is_empty() {
            self.line("Nothing.");
        }
    }

    fn questions(&mut self, packet: &Packet) {
        if packet.gaps.is_empty() {
            return;
        }
        self.heading(2, &format!("Questions for {}", packet.asked_on()));
        for gap in &packet.gaps {
            self.line(question(gap));
        }
    }

    fn section(&mut self, section: &Section) {
        if section.is_empty() {
            return;
        }
        self.heading(2, section.title);
        if let Some(assigned) = &section.assigned {
            self.line(format!("Answered for by {} until {}\n", escape(&assigned.owner), assigned.due));
        }
        if section.audience == Audience::RedFlags {
            self.line("**Red flags: for AE, CSM and CS manager only.**\n");
        }
        section.items.iter().for_each(|item| self.item(item));
        self.notes(section.answers.iter().flat_map(note::answered));
        for gap in &section.gaps {
            self.line(format!("- {}: **{}** · ask: {}", gap.field, gap.value, gap.ask));
        }
    }

    fn item(&mut self, item: &Item) {
        let name = item.name.as_ref().map(|name| format!("**{}**", escape(name)));
        let facts = item.facts.iter().map(|fact| format!("{}: {}", fact.name, escape(&fact.value)));
        let head: Vec<_> = name.into_iter().chain(facts).collect();
        if !head.is_empty() {
            self.line(format!("{}\n", head.join(" · ")));
        }
        for (at, line) in item.lines.iter().enumerate() {
            if at > 0 {
                self.line(">");
            }
            self.quote(line);
        }
        self.line("");
        self.notes(item.review.iter().flat_map(note::notes));
    }

    fn notes(&mut self, notes: impl Iterator<Item = Note>) {
        for note in notes {
            self.line(format!("- *{}:* {}", escape(&note.label), escape(&note.text)));
        }
    }

    /// Writes what people rejected, and what they decided about lines that are gone.
    fn set_aside(&mut self, packet: &Packet) {
        if packet.rejected.is_empty() && packet.lost.is_empty() {
            return;
        }
        self.heading(2, "Set aside");
        for line in &packet.rejected {
            let words = line.was.words.first().map(quoted).or_else(|| line.was.name.as_deref().map(escape));
            self.line(format!("{} {}\n", item::words(line.was.kind.as_str()), words.unwrap_or_default()));
            self.notes(note::notes(&line.review).into_iter());
        }
        self.notes(packet.lost.iter().map(note::lost));
    }

    fn quote(&mut self, line: &Line) {
        let label = line.label().map(|label| format!("*{label}:* ")).unwrap_or_default();
        self.line(format!("> {label}“{}”  ", escape(line.words.quote.text())));
        self.line(format!("> — {}", attribution(&line.words)));
    }

    fn calls(&mut self, packet: &Packet) {
        self.heading(2, "Calls");
        for call in &packet.calls {
            let date = call.date.map_or("no date".to_owned(), |date| date.to_string());
            let language = call.language.as_ref().map_or("language unknown", |language| language.as_str());
            let (title, id) = (escape(call.display()), escape(&call.id));
            self.line(format!("- {date} · {title} · {id} · {} · {}", escape(language), call.digest.short()));
        }
    }

    fn problems(&mut self, packet: &Packet) {
        if packet.problems.is_empty() {
            return;
        }
        self.heading(2, "Problems");
        for found in &packet.problems {
            self.line(format!("- {}: {}", escape(&found.call), escape(&found.problem.message)));
        }
    }
}

fn question(gap: &Gap) -> String {
    let about = match gap.about.len() {
        0 => String::new(),
        number => format!(" ({number})"),
    };
    let due = gap.due.map(|due| format!(" by {due}")).unwrap_or_default();
    format!("- [ ] {}{about}: {} *{}{due}*", gap.field, gap.ask, escape(&gap.owner))
}

fn quoted(words: &Citation) -> String {
    format!("“{}” ({})", escape(words.quote.text()), attribution(words))
}

/// Returns words of the call at hand with who says them and when.
fn spoken(words: &Citation) -> String {
    let time = words.start_ms.map(|ms| format!(", {}", Timecode(ms))).unwrap_or_default();
    format!("“{}” ({}{time})", escape(words.quote.text()), escape(&words.speaker))
}

fn attribution(words: &Citation) -> String {
    let side = words.side.map(|side| format!(" ({side})")).unwrap_or_default();
    let date = words.date.map(|date| format!(", {date}")).unwrap_or_default();
    let time = words.start_ms.map(|ms| format!(", {}", Timecode(ms))).unwrap_or_default();
    let call = words.call_title.as_deref().unwrap_or(&words.call);
    format!("{}{side}{date}{time}, {}", escape(&words.speaker), escape(call))
}

/// Returns `text` so that Markdown shows it as it is: no markup, no tags, no links, one line.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    let text = visible(text);
    let mut before = '\0';
    for (at, c) in text.char_indices() {
        let special =
            matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '#' | '$');
        let link =
            (c == ':' && text[at..].starts_with("://")) || (c == '.' && before.eq_ignore_ascii_case(&'w'));
        let opens = at == 0 && matches!(c, '-' | '+' | '=');
        if special || link || opens {
            escaped.push('\\');
        }
        escaped.push(c);
        before = c;
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_words_come_out_as_text() {
        let cases = [
            ("<script>alert(1)</script>", r"\<script\>alert(1)\</script\>"),
            ("[x](javascript:alert(1))", r"\[x\](javascript:alert(1))"),
            ("![x](https://evil.example/p.png)", r"!\[x\](https\://evil.example/p.png)"),
            ("a | b `c` *d* __e__", r"a \| b \`c\` \*d\* \_\_e\_\_"),
            ("www.evil.example", r"www\.evil.example"),
            ("one\n# two\n\n> three", r"one \# two  \> three"),
            ("it's 22% – “really”", "it's 22% – “really”"),
        ];
        for (words, wanted) in cases {
            assert_eq!(escape(words), wanted);
        }
    }
}
