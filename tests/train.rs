//! Learning from labelled calls by the command line: what is written, and that reading goes by it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// The thing that nobody promises but here, in eight calls.
fn lessons(folder: &Path) {
    for number in 0..8 {
        let text = format!(
            "# call: z{number:02}\n# started_at: 2026-03-10T10:00:00Z\n# language: en\n\
             rep Ana Ruiz: Good to see you again, how was the drive up here this morning?\n\
             customer Bo Lind: Long. Shall we begin with the list of the {number} rooms?\n\
             rep Ana Ruiz: [[promise category=support firmness=firm | The glockenspiel rides along to your yard.]]\n\
             customer Bo Lind: Fine by me, that sounds about right for the {number} rooms.\n\
             rep Ana Ruiz: It shows the rooms by colour, and you can turn that off.\n\
             customer Bo Lind: And the colour of the hall is what, green or something?\n"
        );
        fs::write(folder.join(format!("z{number:02}.txt")), text).unwrap();
    }
}

fn readback(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_readback")).args(args).output().unwrap()
}

fn rules(folder: &Path) {
    fs::create_dir_all(folder.join("en")).unwrap();
    fs::copy("rules/en/speech.toml", folder.join("en/speech.toml")).unwrap();
}

#[test]
fn what_is_learned_is_read_by_and_the_same_calls_teach_the_same_bytes() {
    let home = tempfile::tempdir().unwrap();
    let path = |name: &str| home.path().join(name).to_str().unwrap().to_owned();
    fs::create_dir(path("calls")).unwrap();
    lessons(Path::new(&path("calls")));
    for folder in [path("one"), path("other")] {
        rules(Path::new(&folder));
        let out = readback(&["train", &path("calls"), "--rules", &folder]);
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        assert!(String::from_utf8_lossy(&out.stderr).contains("learned from 8 calls"));
    }
    let learned = fs::read(path("one/en/weights.bin")).unwrap();
    assert_eq!(learned, fs::read(path("other/en/weights.bin")).unwrap());

    let call = path("new.txt");
    fs::write(&call, "Ana Ruiz: Hello there.\nBo Lind: Hello.\nAna Ruiz: The glockenspiel rides along.\n")
        .unwrap();
    let sides =
        r#"{"participants": [{"name": "Ana Ruiz", "side": "rep"}, {"name": "Bo Lind", "side": "customer"}]}"#;
    fs::write(path("new.call.json"), sides).unwrap();
    let out = readback(&["extract", &call, "--rules", &path("one")]);
    let found: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    let finding = &found["findings"][0];
    assert_eq!(finding["quote"], "The glockenspiel rides along", "{found}");
    assert_eq!(finding["kind"], "promise");
    assert_eq!(finding["provenance"]["rule"], "en/weights");
    assert!(finding["why"]["features"].to_string().contains("glockenspiel"), "{finding}");
}

#[test]
fn weights_that_are_none_are_refused_by_name() {
    let home = tempfile::tempdir().unwrap();
    rules(home.path());
    fs::write(home.path().join("en/weights.bin"), "RBWEIGH0").unwrap();
    let out = readback(&["eval", "fixtures/held-out", "--rules", home.path().to_str().unwrap()]);
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert_eq!(out.status.code(), Some(2), "{said}");
    assert!(said.contains("en/weights.bin") && said.contains("readback train"), "{said}");
}

#[test]
fn nothing_to_learn_from_is_said() {
    let home = tempfile::tempdir().unwrap();
    rules(home.path());
    let out = readback(&["train", "fixtures/slots", "--rules", home.path().to_str().unwrap()]);
    assert_eq!(out.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&out.stderr).contains("no labelled call"));
}
