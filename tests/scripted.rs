//! Calls written line by line, with what was found in them marked `[[so]]`.

#![expect(clippy::unwrap_used, reason = "what a test writes by hand is well formed")]

use jiff::civil::Date;
use readback::detect::{Attrs, ByRule, Detected, Finding, Provenance, Stakeholder, Turnover, Why};
use readback::ledger::{Ledger, ReadCall, fold, fold_and_before};
use readback::packet::{Packet, draft};
use readback::review::Reviewed;
use readback::rules::{
    Attitude, Category, CompetitorStatus, Firmness, ObjectionStatus, ObjectionType, PricingDirection,
    PricingType, RiskType, Role, StepSide, TechType,
};
use readback::transcript::{
    Call, Deal, Digest, KnownBy, Mark, Person, Problem, Quote, Side, Span, Speaker, SpeakerId, Timecode,
    Transcript, Turn,
};

/// Everybody who can speak, with their sides.
const CAST: &[(&str, &str, Side)] = &[
    ("Marcus Lee", "Account Executive", Side::Rep),
    ("Priya Nair", "Solutions Engineer", Side::Rep),
    ("Dana Whitfield", "VP of Operations", Side::Customer),
    ("Tom Becker", "IT Manager", Side::Customer),
    ("Ines Ruiz", "Delivery Lead", Side::Partner),
];

/// A call in the making.
#[derive(Clone, Debug)]
pub(crate) struct Scripted {
    pub(crate) transcript: Transcript,
    pub(crate) detected: Detected,
    pub(crate) problems: Vec<Problem>,
}

impl Scripted {
    pub(crate) fn call(id: &str, date: &str) -> Self {
        let speaker = |(name, title, side): &(&str, &str, Side)| Speaker {
            label: (*name).to_owned(),
            name: Some((*name).to_owned()),
            title: Some((*title).to_owned()),
            email: None,
            side: Some(*side),
            known_by: KnownBy::Metadata,
        };
        let call = Call {
            id: id.to_owned(),
            title: Some(format!("Call {id}")),
            started_at: Some(format!("{date}T10:00:00-05:00").parse().unwrap()),
            recording_url: Some(format!("https://rec.example/{id}")),
            ..Call::default()
        };
        let transcript = Transcript {
            call,
            speakers: CAST.iter().map(speaker).collect(),
            turns: Vec::new(),
            language: Some("en".to_owned().into()),
            source: Digest::of(id.as_bytes()),
        };
        Self { transcript, detected: Detected::default(), problems: Vec::new() }
    }

    /// Adds a turn; each `[[part]]` is a finding with the attributes of the same place in `attrs`.
    pub(crate) fn says(mut self, speaker: &str, line: &str, attrs: &[Attrs]) -> Self {
        let (text, parts) = parts(line);
        assert_eq!(parts.len(), attrs.len(), "parts and attributes of `{line}`");
        let turn = self.turn(speaker, text);
        for (range, attrs) in parts.into_iter().zip(attrs) {
            let quote = self.transcript.quote(Span::new(turn, range)).unwrap();
            self.find(quote, None, attrs.clone());
        }
        self
    }

    /// Adds a turn that is a finding as a whole and accepts the turn before.
    pub(crate) fn accepts(mut self, speaker: &str, line: &str, attrs: Attrs) -> Self {
        let before = self.transcript.turns.len() - 1;
        let asked = self.transcript.turns[before].text.len();
        let turn = self.turn(speaker, line.to_owned());
        let quote = self.transcript.quote(Span::new(turn, 0..line.len())).unwrap();
        let context = self.transcript.quote(Span::new(before, 0..asked));
        self.find(quote, context, attrs);
        self
    }

    /// Makes the last finding, an objection, answered by a turn of our side.
    pub(crate) fn answered(mut self, speaker: &str, line: &str) -> Self {
        let turn = self.turn(speaker, line.to_owned());
        let answer = self.transcript.quote(Span::new(turn, 0..line.len()));
        if let Some(Attrs::Objection { response, .. }) =
            self.detected.findings.last_mut().map(|last| &mut last.attrs)
        {
            *response = answer;
        }
        self
    }

    /// Adds a person who was named or spoke; the evidence is the first `words` of the call that read so.
    pub(crate) fn person(
        mut self,
        name: &str,
        title: Option<&str>,
        roles: &[Role],
        attitude: Attitude,
        words: &str,
    ) -> Self {
        let turns = self.transcript.turns.iter().enumerate();
        let found = turns
            .filter_map(|(turn, it)| it.text.find(words).map(|at| Span::new(turn, at..at + words.len())));
        let evidence: Vec<Quote> = found.take(1).filter_map(|span| self.transcript.quote(span)).collect();
        self.detected.stakeholders.push(Stakeholder {
            name: Some(name.to_owned()).filter(|name| !name.is_empty()),
            aliases: Vec::new(),
            title: title.map(str::to_owned),
            side: Side::Customer,
            roles: roles.to_vec(),
            attitude,
            shown_by: evidence.first().cloned().filter(|_| attitude != Attitude::Unknown),
            evidence,
            speaks: CAST.iter().any(|(known, _, _)| *known == name),
            turnover: None,
            testified: Vec::new(),
        });
        self
    }

    /// Makes the last person one who left, or joined, as the first `words` of the call that read so tell.
    pub(crate) fn moved(mut self, turnover: Turnover, words: &str) -> Self {
        let turns = self.transcript.turns.iter().enumerate();
        let mut found = turns.filter_map(|(turn, it)| {
            Some(Span::new(turn, it.text.find(words)?..it.text.find(words)? + words.len()))
        });
        let quote = found.next().and_then(|span| self.transcript.quote(span)).unwrap();
        self.detected.stakeholders.last_mut().unwrap().turnover = Some((turnover, quote));
        self
    }

    pub(crate) fn read(&self) -> ReadCall<'_> {
        ReadCall { transcript: &self.transcript, detected: &self.detected, problems: &self.problems }
    }

    fn turn(&mut self, speaker: &str, text: String) -> usize {
        let turn = self.transcript.turns.len();
        let at = CAST.iter().position(|(name, _, _)| name.split(' ').next() == Some(speaker)).unwrap();
        let start = Some(Timecode(turn as u64 * 15_000));
        let marks = vec![Mark { at: 0, start, end: None }];
        self.transcript.turns.push(Turn { speaker: SpeakerId(at as u32), text, marks, language: None });
        turn
    }

    fn find(&mut self, quote: Quote, context: Option<Quote>, attrs: Attrs) {
        let speaker = self.transcript.turns[quote.span().turn as usize].speaker;
        self.detected.findings.push(Finding {
            side: self.transcript.speakers[speaker.index()].side,
            quote,
            context,
            speaker,
            attrs,
            confidence: 0.9,
            provenance: Provenance {
                call: self.transcript.call.id.clone(),
                transcript: Digest::of(b"transcript"),
                rules: Some(ByRule { rule: "en/by-hand".to_owned(), rule_digest: Digest::of(b"rule") }),
                model: None,
            },
            why: Why::default(),
        });
    }
}

fn parts(line: &str) -> (String, Vec<std::ops::Range<usize>>) {
    let (mut text, mut parts) = (String::new(), Vec::new());
    for (at, piece) in line.split("[[").enumerate() {
        if at == 0 {
            text.push_str(piece);
            continue;
        }
        let (inside, after) = piece.split_once("]]").unwrap();
        parts.push(text.len()..text.len() + inside.len());
        text.push_str(inside);
        text.push_str(after);
    }
    (text, parts)
}

pub(crate) fn deal() -> Deal {
    Deal {
        id: "lantern-2026".to_owned(),
        account: "Lantern Foods".to_owned(),
        our_company: "Routewise".to_owned(),
        our_people: vec![Person { name: "Marcus Lee".to_owned(), title: None }],
        closed_at: Some("2026-05-29T16:00:00-05:00".parse().unwrap()),
        ..Deal::default()
    }
}

pub(crate) fn ledger(calls: &[Scripted]) -> Ledger {
    fold(&deal(), &calls.iter().map(Scripted::read).collect::<Vec<_>>())
}

pub(crate) fn packet(calls: &[Scripted]) -> Packet {
    let read: Vec<_> = calls.iter().map(Scripted::read).collect();
    drafted(&read, &fold(&deal(), &read).into())
}

/// Returns the packet of what was read and reviewed.
pub(crate) fn drafted(read: &[ReadCall], reviewed: &Reviewed) -> Packet {
    let (_, before) = fold_and_before(&deal(), read);
    draft(&deal(), read, reviewed, &before)
}

fn date(text: &str) -> Option<Date> {
    (!text.is_empty()).then(|| text.parse().unwrap())
}

/// A promise; `due` is an ISO date or empty.
pub(crate) fn promise(category: Category, due: &str) -> Attrs {
    Attrs::Promise { category, firmness: Firmness::Firm, due: date(due), due_text: None, condition: None }
}

pub(crate) fn step(owner: &str, due: &str) -> Attrs {
    let side = Some(StepSide::Rep);
    Attrs::NextStep { side, owner: Some(owner.to_owned()), due: date(due), due_text: None }
}

pub(crate) fn objection(kind: ObjectionType, status: ObjectionStatus) -> Attrs {
    Attrs::Objection { kind, status, response: None }
}

/// A metric; empty values were not said.
pub(crate) fn metric(name: &str, baseline: &str, target: &str, deadline: &str) -> Attrs {
    let said = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Attrs::SuccessMetric {
        metric: said(name),
        baseline: said(baseline),
        target: said(target),
        deadline: date(deadline),
        deadline_text: None,
        owner: None,
    }
}

pub(crate) fn competitor(name: &str, status: CompetitorStatus) -> Attrs {
    Attrs::Competitor { name: Some(name.to_owned()), status }
}

pub(crate) fn discount(direction: PricingDirection, value: &str) -> Attrs {
    Attrs::Pricing { kind: PricingType::Discount, direction, value: Some(value.to_owned()) }
}

pub(crate) fn risk(kind: RiskType) -> Attrs {
    Attrs::Risk { kind }
}

pub(crate) fn tool(name: &str) -> Attrs {
    Attrs::TechEnvironment { kind: TechType::ToolInUse, name: Some(name.to_owned()) }
}
