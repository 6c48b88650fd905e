//! A watched folder: what a recorder drops there is a delivered call.

use std::fs;
use std::io::Write;

use crate::support::service::Service;

const CALL: &str = "Mira Holt: Hi, this is Mira from Holt Bakeries.\nOla Berg: Morning. We'll have the till sync live \
                    by the end of June.\nMira Holt: Good, the night shift will be glad.\n";

#[test]
fn a_dropped_recording_is_a_call_a_half_written_one_is_waited_for_and_a_bad_one_is_set_aside() {
    let (data, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let deal = folder.path().join("holt");
    fs::create_dir(&deal).unwrap();
    fs::write(deal.join("deal.json"), r#"{"deal": "holt", "account": "Holt Bakeries"}"#).unwrap();
    let service = Service::start(data.path(), &[], &["--watch", folder.path().to_str().unwrap()]);

    let mut growing = fs::File::create(deal.join("01-intro.txt")).unwrap();
    let (first, rest) = CALL.split_at(60);
    growing.write_all(first.as_bytes()).unwrap();
    fs::write(folder.path().join("photo.png"), b"\x89PNG\r\n\x1a\n0000").unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1200));
    growing.write_all(rest.as_bytes()).unwrap();
    drop(growing);

    let found = service.wait("/v1/search?q=%22till%20sync%22", |found| found["total"] == 1);
    assert_eq!(found["hits"][0]["call"], "holt-01-intro");
    assert_eq!(found["hits"][0]["account"], "Holt Bakeries");
    let (_, call) = service.get("/v1/calls/holt-01-intro");
    assert_eq!(call["version"], 1, "the half-written file was not taken: {call:#}");

    let aside = folder.path().join("set-aside");
    let reason = aside.join("photo.png.reason.txt");
    let until = std::time::Instant::now() + std::time::Duration::from_secs(10);
    while !reason.exists() && std::time::Instant::now() < until {
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    let reason = fs::read_to_string(reason).unwrap();
    assert!(reason.contains("expected") && reason.contains("PNG"), "{reason}");
    assert!(!folder.path().join("photo.png").exists());
    assert_eq!(service.get("/v1/calls").1["items"].as_array().unwrap().len(), 1);
}
