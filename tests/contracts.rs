//! Promises held against signed papers (S-024, S-044, S-150).

use std::fs;
use std::path::Path;

use readback::ingest::contract;
use readback::ledger::Clauses;
use readback::transcript::{Contract, Deal, Digest};

use crate::support::service::{fixture, readback};

/// Where the labelled papers lie.
const PAPERS: [&str; 3] = ["deals/credit-union", "deals/climbing-walls", "contracts/bakery"];

/// What must at least come of the match over all labelled papers: today 0.96 and 0.70.
const PRECISION: f64 = 0.85;
const RECALL: f64 = 0.65;

fn deal(folder: &Path) -> Deal {
    let text = fs::read_to_string(folder.join("order-form.txt")).unwrap();
    let known = fs::read(folder.join("deal.json")).ok();
    let known: Deal = known.map(|json| serde_json::from_slice(&json).unwrap()).unwrap_or_default();
    let closed_at = known.closed_at.or_else(|| "2026-08-14T12:00:00+02:00".parse().ok());
    Deal { contracts: vec![paper(&text)], closed_at, ..known }
}

fn paper(text: &str) -> Contract {
    contract("order-form.txt", Digest::of(text.as_bytes()), text.to_owned())
}

#[test]
fn promises_find_the_clause_that_holds_them() {
    let (mut right, mut found, mut held, mut report) = (0, 0, 0, String::new());
    for folder in PAPERS {
        let folder = fixture(folder);
        let deal = deal(&folder);
        let clauses = Clauses::of(&deal);
        let labels = fs::read_to_string(folder.join("order-form.gold.tsv")).unwrap();
        for label in labels.lines().filter(|line| !line.starts_with('#')) {
            let mut fields = label.split('\t');
            let [wanted, due, said] = [(); 3].map(|()| fields.next().unwrap());
            let sayings: Vec<&str> = said.split(" | ").collect();
            let clause = clauses.find(&sayings, due.parse().ok());
            let got = clause.as_ref().map_or("-".to_owned(), |clause| {
                format!("{}{}", if clause.agrees { "" } else { "!" }, clause.number)
            });
            held += usize::from(wanted != "-");
            found += usize::from(got != "-");
            right += usize::from(wanted != "-" && got == wanted);
            if got != wanted {
                let shared = clause.map(|clause| format!("{:.2} {:?}", clause.confidence, clause.shared));
                report += &format!("{wanted} not {got}: {said} {shared:?}\n");
            }
        }
    }
    let (precision, recall) = (f64::from(right as u32) / found as f64, f64::from(right as u32) / held as f64);
    println!(
        "{right} right, {found} found, {held} held: precision {precision:.2}, recall {recall:.2}\n{report}"
    );
    assert!(
        precision >= PRECISION && recall >= RECALL,
        "precision {precision:.2}, recall {recall:.2}\n{report}"
    );
}

#[test]
fn clauses_are_the_words_of_the_paper() {
    for folder in PAPERS {
        let deal = deal(&fixture(folder));
        let paper = &deal.contracts[0];
        assert!(paper.clauses.len() > 12);
        let mut end = 0;
        for clause in &paper.clauses {
            assert!(clause.start >= end && !paper.words(clause).is_empty(), "{clause:?}");
            assert!(paper.text[end..clause.start].trim().is_empty(), "words between clauses of {folder}");
            end = clause.end;
        }
        assert!(paper.text[end..].trim().is_empty());
    }
}

#[test]
fn a_paper_beside_the_deal_is_held_against_its_promises() {
    let output = readback(&["draft", fixture("deals/credit-union").to_str().unwrap(), "--format", "json"]);
    let packet: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(packet["contracts"][0]["name"], "order-form.txt");
    let classes = packet["classes"].as_array().unwrap();
    assert_eq!(classes.len(), packet["ledger"]["promises"].as_array().unwrap().len());
    assert!(classes.iter().any(|class| class["class"] == "contractual" && class["held"] == "in_contract"));
    assert!(classes.iter().any(|class| class["held"] == "not_in_contract"));
}

/// A PDF of one page that shows `lines`.
pub(crate) fn pdf(lines: &[&str]) -> Vec<u8> {
    let shown: String = lines.iter().map(|line| format!("({line}) Tj 0 -16 Td ")).collect();
    let content = format!("BT /F1 11 Tf 50 760 Td {shown}ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    let (mut file, mut places) = ("%PDF-1.4\n".to_owned(), Vec::new());
    for (at, object) in objects.iter().enumerate() {
        places.push(file.len());
        file += &format!("{} 0 obj\n{object}\nendobj\n", at + 1);
    }
    let table = file.len();
    file += "xref\n0 6\n0000000000 65535 f \n";
    places.iter().for_each(|place| file += &format!("{place:010} 00000 n \n"));
    file += &format!("trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
    file.into_bytes()
}

#[test]
fn a_pdf_beside_the_deal_is_read_and_a_hostile_one_is_named_and_left() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    file("deal.json", br#"{"deal": "acme", "account": "Acme", "our_people": [{"name": "Marcus Lee"}]}"#);
    file(
        "01-intro.txt",
        b"Marcus Lee: We'll have the NetSuite sync live for you by the end of May.\nDana Whitfield: Good.\n",
    );
    file("contract.pdf", &pdf(&["1. The NetSuite sync is live by May 31, 2026.", "2. Fees are due."]));
    let path = folder.path().to_str().unwrap();
    let draft = || {
        let output = readback(&["draft", path, "--format", "json"]);
        let packet: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap(), packet)
    };
    let (_, _, packet) = draft();
    assert!(packet["contracts"][0]["clauses"].as_u64().unwrap() >= 2, "{}", packet["contracts"]);

    let nested = format!("%PDF-1.4\n1 0 obj\n{}", "[".repeat(2_000_000));
    let looped = String::from_utf8(pdf(&["x"])).unwrap().replace("/Kids [3 0 R]", "/Kids [2 0 R]");
    for hostile in [nested.into_bytes(), looped.into_bytes(), b"%PDF-1.7\n\xff\xfe\0\0".to_vec()] {
        file("contract.pdf", &hostile);
        let (code, said, packet) = draft();
        assert_eq!(code, Some(1), "{said}");
        assert!(
            said.contains("contract.pdf") && packet["contracts"].as_array().unwrap().is_empty(),
            "{said}"
        );
    }
}
