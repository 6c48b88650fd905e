//! Papers of a made-up deal, in every form.

#![expect(clippy::unwrap_used, reason = "a test says by a panic that it failed")]

use std::collections::BTreeMap;
use std::io::Read;
use std::process::Command;

use jiff::civil::date;
use readback::packet::{Confirmation, Packet};
use readback::papers::{Block, DrawError, Form, Occasion, Paper, Readers, Templates, check, compose, draw};
use readback::transcript::Deal;

use crate::packets::lantern;
use crate::scripted;
use crate::support::service::fixture;

/// An occasion in which everything is known.
pub(crate) fn everything() -> Occasion {
    let mut occasion: Occasion = toml::from_str(include_str!("../templates/papers/occasion.toml")).unwrap();
    occasion.written_at = Some("2026-11-10T22:00:00Z".parse().unwrap());
    occasion
}

fn text(paper: Paper, packet: &Packet, occasion: &Occasion) -> String {
    let document = compose(paper, packet, occasion, &Templates::builtin()).unwrap();
    String::from_utf8(draw(paper, packet, occasion, &document, Form::Text).unwrap()).unwrap()
}

#[test]
fn every_paper_is_drawn_in_every_form_it_has_and_twice_the_same() {
    let (packet, occasion) = (scripted::packet(&lantern()), everything());
    for paper in Paper::ALL {
        let document = compose(paper, &packet, &occasion, &Templates::builtin()).unwrap();
        for form in Form::ALL {
            let drawn = draw(paper, &packet, &occasion, &document, form);
            if !paper.forms().contains(&form) {
                assert!(matches!(drawn, Err(DrawError::NoSuchForm { .. })), "{paper} {}", form.as_str());
                continue;
            }
            let drawn = drawn.unwrap();
            assert!(drawn.len() > 100, "{paper} {}", form.as_str());
            let again = draw(paper, &packet, &occasion, &document, form).unwrap();
            assert!(drawn == again, "{paper} {} is not the same twice", form.as_str());
        }
    }
}

#[test]
fn what_nobody_said_is_a_blank_with_its_question() {
    let empty = readback::packet::draft(&Deal::default(), &[], &Default::default(), &Default::default());
    for paper in Paper::ALL {
        let document = compose(paper, &empty, &Occasion::default(), &Templates::builtin()).unwrap();
        let blanks = document.blanks();
        assert!(!blanks.is_empty(), "{paper}");
        assert!(blanks.iter().all(|blank| blank.ask.ends_with('?') && !blank.field.is_empty()), "{blanks:?}");
        let lines = document.lines().join("\n");
        assert!(!lines.contains("none") && lines.contains("UNKNOWN"), "{paper}: {lines}");
    }
}

#[test]
fn templates_are_whole() {
    let packet = scripted::packet(&lantern());
    assert_eq!(check(&Templates::builtin(), &packet, &everything()), []);
}

#[test]
fn a_template_of_ones_own_stands_in_and_a_broken_one_is_named() {
    let packet = scripted::packet(&lantern());
    let with = |name: &str, text: &str| {
        let (templates, mut problems) =
            Templates::with(&BTreeMap::from([(name.to_owned(), text.to_owned())]));
        problems.extend(check(&templates, &packet, &everything()));
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        (templates, told.join("\n"))
    };
    let (templates, told) = with("slack-post", "# Ours\n\n{{ csm.name | ask(\"CSM\", \"Who?\") }} has it.\n");
    assert_eq!(told, "");
    let document = compose(Paper::SlackPost, &packet, &everything(), &templates).unwrap();
    assert_eq!(document.lines(), ["Ours", "Pip Laird has it."]);

    for (name, text, wanted) in [
        ("slack-post", "# A\n\n{{ csm.nickname }}\n", "line 3"),
        ("slack-post", "{% for x in %}", "slack-post.md"),
        ("slak-post", "# A\n", "no paper"),
        // A paper for customers has no red flags to speak of, whatever its template asks for.
        (
            "success-plan",
            "# A\n\n{% for person in stakeholders %}{{ person.stance }}{% endfor %}\n",
            "line 3",
        ),
        ("success-plan", "# A\n\n{{ account | safe }}\n", "safe"),
        ("welcome-mail", "# A\n\n{{ csm.email }}\n", "ask"),
    ] {
        let (_, told) = with(name, text);
        assert!(told.contains(wanted), "{text}: {told}");
    }
}

#[test]
fn the_introduction_has_all_its_slots_and_can_be_passed_on() {
    // S-038, S-039, S-040
    let said = text(Paper::IntroductionMail, &scripted::packet(&lantern()), &everything());
    for slot in [
        "Hi Dana,",
        "We lose about eleven hours a week",
        "I want order errors under one percent by September thirtieth.",
        "because she brought two credit unions of your size live last year",
        "Elk Prairie, eleven branches, live in nine weeks",
        "within 24 hours",
        "at the kickoff myself, Wednesday, 18 November 2026 at 13:00 (America/Chicago)",
        "nadia.brankovic@quillmere.example",
        "+1 312 555 0142",
        "not have to explain anything twice",
        "pass this on",
    ] {
        assert!(said.contains(slot), "{slot}: {said}");
    }
    assert!(!said.contains("UNKNOWN"), "{said}");
}

#[test]
fn papers_for_the_customer_leave_out_what_is_not_for_them() {
    let packet = scripted::packet(&lantern());
    let mut occasion = everything();
    for paper in Paper::ALL.into_iter().filter(|paper| paper.readers() == Readers::Customer) {
        let said = text(paper, &packet, &occasion);
        for secret in [
            "half a migration",
            "doubt the pickers",
            "Twenty percent",
            "fifteen percent",
            "Shipforge",
            "skeptical",
        ] {
            assert!(!said.contains(secret), "{paper} tells {secret}: {said}");
        }
    }
    // S-094: a disputed promise is hidden until it is settled.
    let training = packet.ledger.promises.iter().find(|it| it.summary.contains("night shift")).unwrap();
    let plan = text(Paper::SuccessPlan, &packet, &occasion);
    assert!(plan.contains("In-person training for the night shift"), "{plan}");
    occasion.disputed = vec![training.id.clone()];
    let plan = text(Paper::SuccessPlan, &packet, &occasion);
    assert!(!plan.contains("night shift"), "{plan}");
}

/// S-056: what somebody writes of a promise on day 30 mostly repeats it.
#[test]
fn what_the_customer_confirms_stays_in_their_plan() {
    let (packet, occasion) = (scripted::packet(&lantern()), everything());
    let (promises, metrics) = (&packet.ledger.promises, &packet.ledger.success_metrics);
    let promises = promises.iter().map(|it| (it.id.clone(), it.summary.clone()));
    let metrics = metrics.iter().map(|it| (it.id.clone(), it.said[0].words.quote.text().to_owned()));
    let confirmation = |(entry, words)| Confirmation {
        entry,
        met: true,
        words,
        by: "csm".to_owned(),
        on: date(2026, 6, 30),
    };
    let told: Vec<_> = promises.chain(metrics).map(confirmation).collect();
    let confirmed = packet.clone().confirmed(told, &packet.ledger.clone().into());
    let plan = text(Paper::SuccessPlan, &packet, &occasion);
    assert!(plan.contains("In-person training for the night shift"), "{plan}");
    assert_eq!(text(Paper::SuccessPlan, &confirmed, &occasion), plan);
}

/// Who is against us is introduced by a title ("he's the founder"), which is no secret.
#[test]
fn customers_get_their_plan_though_somebody_is_against_it() {
    for deal in ["climbing-walls", "credit-union"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_readback"));
        let output = command.args(["paper", "success-plan"]).arg(fixture(&format!("deals/{deal}"))).output();
        let output = output.unwrap();
        assert!(!output.stdout.is_empty(), "{deal}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn a_leak_by_way_of_the_occasion_is_refused_with_its_line() {
    let packet = scripted::packet(&lantern());
    for leak in [
        "their last vendor had left them with half of a migration",
        "fifteen percent off for two years",
        "T\u{43e}m is skeptical",
    ] {
        let mut occasion = everything();
        occasion.milestones[1].what = Some(leak.to_owned());
        let refused = compose(Paper::SuccessPlan, &packet, &occasion, &Templates::builtin());
        let Err(DrawError::Leak { leaks, .. }) = refused else { panic!("{leak} passed") };
        assert!(leaks.iter().any(|found| found.line == leak), "{leaks:?}");
        let shown = compose(Paper::JointPlan, &packet, &occasion, &Templates::builtin());
        assert!(shown.is_ok(), "an internal paper may say it");
    }
}

#[test]
fn red_flags_stand_on_their_own_page_only() {
    // S-079
    let (packet, occasion) = (scripted::packet(&lantern()), everything());
    assert!(text(Paper::RedFlags, &packet, &occasion).contains("half a migration"));
    assert!(!text(Paper::Packet, &packet, &occasion).contains("half a migration"));
}

#[test]
fn agendas_keep_their_minutes() {
    // S-043, S-132, S-159
    let (packet, occasion) = (scripted::packet(&lantern()), everything());
    for (paper, minutes, total) in [
        (Paper::AlignmentAgenda, vec![15, 10, 10, 5, 5], 45),
        (Paper::AlignmentCall, vec![10, 10, 10, 5], 35),
    ] {
        let document = compose(paper, &packet, &occasion, &Templates::builtin()).unwrap();
        let found: Vec<u32> = document
            .blocks
            .iter()
            .filter_map(|block| match block {
                Block::Heading { level: 2, text } => text[0].text.split(' ').next()?.parse().ok(),
                _ => None,
            })
            .collect();
        assert_eq!(found, minutes, "{paper}");
        let event = draw(paper, &packet, &occasion, &document, Form::Ics).unwrap();
        let event = String::from_utf8(event).unwrap();
        assert!(event.contains("DTSTART:20261112T150000Z"), "{event}");
        let end = if total == 45 { "DTEND:20261112T154500Z" } else { "DTEND:20261112T153500Z" };
        assert!(event.contains(end), "{event}");
    }
    let document = compose(Paper::KickoffAgenda, &packet, &occasion, &Templates::builtin()).unwrap();
    let Some(Block::Table { rows, .. }) = document.blocks.iter().find(|it| matches!(it, Block::Table { .. }))
    else {
        panic!("{document:?}")
    };
    let minutes: Vec<u32> = rows.iter().map(|row| row[0][0].text.parse().unwrap()).collect();
    assert_eq!(minutes, [5, 10, 15, 10, 5, 5]);
    let event = draw(Paper::KickoffAgenda, &packet, &occasion, &document, Form::Ics).unwrap();
    let event = String::from_utf8(event).unwrap();
    assert!(event.contains("DTEND:20261118T195000Z") && event.contains("\r\n"), "{event}");
    assert!(event.lines().all(|line| line.len() <= 75), "{event}");
}

#[test]
fn a_mail_is_a_draft_that_mail_programs_read() {
    let packet = scripted::packet(&lantern());
    let mut occasion = everything();
    occasion.csm.name = Some("Zoë Łuczak\r\nBcc: evil@x.example".to_owned());
    let document = compose(Paper::IntroductionMail, &packet, &occasion, &Templates::builtin()).unwrap();
    let mail = draw(Paper::IntroductionMail, &packet, &occasion, &document, Form::Eml).unwrap();
    let mail = String::from_utf8(mail).unwrap();
    let (head, _) = mail.split_once("\r\n\r\n").unwrap();
    assert!(head.is_ascii(), "{head}");
    for line in
        ["From: \"Nadia Brankovic\" <nadia.brankovic@quillmere.example>", "X-Unsent: 1", "MIME-Version: 1.0"]
    {
        assert!(head.contains(line), "{line}: {head}");
    }
    assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
    assert!(mail.lines().all(|line| line.len() <= 998), "RFC 5322, 2.1.1");

    occasion.ae.email = None;
    let refused = draw(Paper::IntroductionMail, &packet, &occasion, &document, Form::Eml);
    assert!(matches!(refused, Err(DrawError::Missing { field: "ae.email", .. })), "{refused:?}");
    occasion.ae.email = Some("not an address".to_owned());
    let refused = draw(Paper::IntroductionMail, &packet, &occasion, &document, Form::Eml);
    assert!(matches!(refused, Err(DrawError::Wrong { field: "ae.email", .. })), "{refused:?}");
}

/// Words that would be something else if they were not taken as text.
const HOSTILE: &str =
    "<script>alert(1)</script> [x](javascript:alert(1)) =2+5 & \u{202E}evil {{ 7*7 }} | \"'";

#[test]
fn hostile_words_are_text_in_every_form() {
    let packet = scripted::packet(&lantern());
    let mut occasion = everything();
    occasion.milestones[0].what = Some(HOSTILE.to_owned());
    occasion.packet_url = Some("javascript:alert(1)".to_owned());
    let document = compose(Paper::JointPlan, &packet, &occasion, &Templates::builtin()).unwrap();
    let file = |form| draw(Paper::JointPlan, &packet, &occasion, &document, form).unwrap();
    let shown = HOSTILE.replace('\u{202E}', "[U+202E]");

    let html = String::from_utf8(file(Form::Html)).unwrap();
    assert!(!html.contains("<script") && !html.contains("href=\"javascript") && !html.contains('\u{202E}'));
    assert!(html.contains("&#60;script&#62;"), "{html}");
    let markdown = String::from_utf8(file(Form::Md)).unwrap();
    assert!(markdown.contains(r"\<script\>alert(1)\</script\> \[x\](javascript:alert(1))"), "{markdown}");
    assert!(String::from_utf8(file(Form::Text)).unwrap().contains(&shown));
    assert!(docx_text(&file(Form::Docx)).contains(&shown));
    let pdf = pdf_text(&file(Form::Pdf));
    assert!(shown.split(' ').all(|word| pdf.contains(word)), "{pdf}");
    let post = compose(Paper::SlackPost, &packet, &occasion, &Templates::builtin()).unwrap();
    let html = draw(Paper::SlackPost, &packet, &occasion, &post, Form::Html).unwrap();
    assert!(!String::from_utf8(html).unwrap().contains("href"));
}

#[test]
fn docx_and_pdf_say_what_the_paper_says() {
    let (packet, occasion) = (scripted::packet(&lantern()), everything());
    for paper in [Paper::Packet, Paper::SuccessPlan, Paper::AlignmentAgenda, Paper::JointPlan] {
        let document = compose(paper, &packet, &occasion, &Templates::builtin()).unwrap();
        let docx = draw(paper, &packet, &occasion, &document, Form::Docx).unwrap();
        let pdf = draw(paper, &packet, &occasion, &document, Form::Pdf).unwrap();
        let close = |text: &str| text.split_whitespace().collect::<String>();
        let (docx, pdf) = (docx_text(&docx), close(&pdf_text(&pdf)));
        for line in document.lines() {
            assert!(close(&docx).contains(&close(&line)), "{paper}, docx: {line}\n{docx}");
            // A cell's lines stand beside those of its neighbours.
            for word in line.split_whitespace() {
                assert!(pdf.contains(word), "{paper}, pdf: {word} of {line}\n{pdf}");
            }
        }
    }
}

#[test]
fn docx_has_real_headings_lists_and_tables() {
    let (packet, occasion) = (scripted::packet(&lantern()), everything());
    let document = compose(Paper::SuccessPlan, &packet, &occasion, &Templates::builtin()).unwrap();
    let docx = draw(Paper::SuccessPlan, &packet, &occasion, &document, Form::Docx).unwrap();
    let body = part(&docx, "word/document.xml");
    for (piece, wanted) in [("Heading1", 1), ("<w:tbl>", 5), ("<w:numPr>", 3)] {
        assert!(body.matches(piece).count() >= wanted, "{piece}: {body}");
    }
    let styles = part(&docx, "word/styles.xml");
    assert!(styles.contains("heading 1") && styles.contains("w:outlineLvl"), "{styles}");
}

#[test]
fn letters_that_the_pdf_font_lacks_are_numbers_and_the_pdf_says_so() {
    let packet = scripted::packet(&lantern());
    let mut occasion = everything();
    occasion.csm.name = Some("王 Łukasz Νίκος Олена".to_owned());
    let document = compose(Paper::JointPlan, &packet, &occasion, &Templates::builtin()).unwrap();
    let text = pdf_text(&draw(Paper::JointPlan, &packet, &occasion, &document, Form::Pdf).unwrap());
    assert!(
        text.contains("[U+738B]") && text.contains("no shapes for some of its letters (U+738B)"),
        "{text}"
    );
    assert!(text.contains("Łukasz") && text.contains("Νίκος") && text.contains("Олена"), "{text}");
}

/// Returns a part of a DOCX.
fn part(docx: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(docx)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// Returns the text of a DOCX, a line for each paragraph.
fn docx_text(docx: &[u8]) -> String {
    let body = part(docx, "word/document.xml");
    let mut reader = quick_xml::Reader::from_str(&body);
    let mut text = String::new();
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Text(words) => text.push_str(&words),
            quick_xml::events::Event::GeneralRef(name) => {
                let name = format!("&{};", &*name);
                text.push_str(&quick_xml::escape::unescape(&name).unwrap());
            }
            quick_xml::events::Event::End(end) if end.name().as_ref() == "w:p" => text.push('\n'),
            quick_xml::events::Event::Eof => return text,
            _ => {}
        }
    }
}

/// Returns the text of a PDF of ours by its own tables from shapes to letters.
fn pdf_text(pdf: &[u8]) -> String {
    let raw: String = pdf.iter().map(|byte| char::from(*byte)).collect();
    let letters: Vec<BTreeMap<u16, char>> = raw
        .split("beginbfchar")
        .skip(1)
        .map(|table| {
            let table = table.split("endbfchar").next().unwrap();
            let codes: Vec<u16> =
                table.split(['<', '>']).filter_map(|code| u16::from_str_radix(code, 16).ok()).collect();
            codes.chunks(2).map(|pair| (pair[0], char::from_u32(pair[1].into()).unwrap())).collect()
        })
        .collect();
    let mut text = String::new();
    for shown in raw.split("BT\n").skip(1) {
        let shown = shown.split("ET").next().unwrap();
        let font: usize = shown.split("/F").nth(1).unwrap()[..1].parse().unwrap();
        for code in string(shown).chunks(2) {
            text.push(letters[font][&u16::from_be_bytes([code[0], code[1]])]);
        }
        text.push('\n');
    }
    text
}

/// Returns the bytes of the first string in a piece of a PDF: `(…)` with escapes, or `<…>` in hexadecimal digits.
fn string(piece: &str) -> Vec<u8> {
    let at = piece.find(['(', '<']).unwrap();
    let rest = &piece[at + 1..];
    if piece[at..].starts_with('<') {
        let hex = rest.split('>').next().unwrap();
        return hex
            .as_bytes()
            .chunks(2)
            .map(|it| u8::from_str_radix(std::str::from_utf8(it).unwrap(), 16).unwrap())
            .collect();
    }
    let rest = &rest[..rest.rfind(") Tj").or_else(|| rest.rfind(")Tj")).unwrap()];
    let mut letters = rest.chars();
    let mut bytes = Vec::new();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            bytes.push(letter as u8);
            continue;
        }
        match letters.next().unwrap() {
            'n' => bytes.push(b'\n'),
            'r' => bytes.push(b'\r'),
            't' => bytes.push(b'\t'),
            'b' => bytes.push(8),
            'f' => bytes.push(12),
            digit @ '0'..='7' => {
                let octal: String = [digit].into_iter().chain(letters.by_ref().take(2)).collect();
                bytes.push(u8::from_str_radix(&octal, 8).unwrap());
            }
            other => bytes.push(other as u8),
        }
    }
    bytes
}

#[test]
fn a_partner_may_be_named_though_a_call_speaks_of_them() {
    let call = scripted::Scripted::call("lantern-01", "2026-03-10").says(
        "Dana",
        "[[Corbel runs it for us, Corbel Partners.]]",
        &[scripted::competitor("Corbel", readback::rules::CompetitorStatus::Evaluated)],
    );
    let packet = scripted::packet(&[call]);
    assert!(text(Paper::SuccessPlan, &packet, &everything()).contains("Corbel Partners"));
    let mut occasion = everything();
    occasion.partner.company = None;
    occasion.first_value.what = Some("Corbel Partners run it for you".to_owned());
    let refused = compose(Paper::WelcomeMail, &packet, &occasion, &Templates::builtin());
    assert!(matches!(refused, Err(DrawError::Leak { .. })), "{refused:?}");
}

#[test]
fn words_in_a_partner_s_fields_are_not_free_for_papers() {
    let secret = "[[Corbel's rollout went over its budget, and the steering committee hated it.]]";
    let competitor = scripted::competitor("Corbel", readback::rules::CompetitorStatus::Evaluated);
    let packet = scripted::packet(&[scripted::Scripted::call("lantern-01", "2026-03-10").says(
        "Dana",
        secret,
        &[competitor],
    )]);
    let mut occasion = everything();
    let near = "the steering committee and the budget of the rollout";
    occasion.first_value.what = Some(near.to_owned());
    occasion.partner.company = Some("Corbel Partners, over the budget of the rollout".to_owned());
    occasion.partner.deal_owner = Some(near.to_owned());
    occasion.partner.implementation_lead = Some(near.to_owned());
    let refused = compose(Paper::WelcomeMail, &packet, &occasion, &Templates::builtin());
    assert!(matches!(refused, Err(DrawError::Leak { .. })), "{refused:?}");
}
