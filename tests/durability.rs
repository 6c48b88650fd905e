//! Acknowledged means kept: a call that got a 2xx survives `kill -9` at every step of the pipeline.

use crate::support::service::Service;

const FILE: &str = "deals/credit-union/01-intro.vtt";

#[test]
fn an_acknowledged_call_survives_being_killed_before_each_step() {
    for step in ["read", "draft", "index", "none"] {
        let data = tempfile::tempdir().unwrap();
        let service = Service::start(data.path(), &[("READBACK_HOLD_BEFORE", step)], &[]);
        let (status, receipt) = service.deliver(FILE, "c1", "harrow");
        assert_eq!((status, receipt["version"].as_u64()), (201, Some(1)), "before {step}");
        if step == "none" {
            service.wait("/v1/calls/c1", |call| call["state"] == "read");
        }
        service.kill();

        let service = Service::start(data.path(), &[], &[]);
        service.wait("/v1/calls/c1", |call| call["state"] == "read");
        service
            .wait("/v1/promises?deal=harrow", |promises| !promises["items"].as_array().unwrap().is_empty());
        let found = service.wait("/v1/search?q=morning", |found| found["total"].as_u64() > Some(0));
        assert_eq!(found["hits"][0]["call"], "c1", "before {step}");
        let (_, calls) = service.get("/v1/calls");
        assert_eq!(calls["items"].as_array().unwrap().len(), 1, "before {step}");
    }
}

#[test]
fn a_call_delivered_twice_is_one_call_and_a_corrected_one_a_new_version() {
    let data = tempfile::tempdir().unwrap();
    let service = Service::start(data.path(), &[], &[]);
    assert_eq!(service.deliver(FILE, "c1", "harrow").0, 201);
    let (status, again) = service.deliver(FILE, "c1", "harrow");
    assert_eq!((status, again["duplicate"].as_bool()), (200, Some(true)));
    let (status, corrected) = service.deliver("deals/climbing-walls/01-a-saturday.srt", "c1", "harrow");
    assert_eq!((status, corrected["version"].as_u64()), (201, Some(2)));
    service.wait("/v1/search?q=saturday", |found| found["total"].as_u64() > Some(0));
    let (_, gone) = service.get("/v1/search?q=%22credit%20union%22");
    assert_eq!(gone["total"], 0, "the corrected transcript replaces the old one: {gone:#}");
}

#[cfg(unix)]
#[test]
fn a_service_that_is_told_to_stop_ends_well_and_loses_nothing() {
    let data = tempfile::tempdir().unwrap();
    let service = Service::start(data.path(), &[], &[]);
    assert_eq!(service.deliver(FILE, "c1", "harrow").0, 201);
    assert!(service.stop());
    let service = Service::start(data.path(), &[], &[]);
    service.wait("/v1/calls/c1", |call| call["state"] == "read");
}

#[test]
fn a_second_service_on_the_same_directory_is_refused() {
    let data = tempfile::tempdir().unwrap();
    let _service = Service::start(data.path(), &[], &[]);
    let place = data.path().to_str().unwrap();
    let second = crate::support::service::readback(&["serve", "--data", place, "--listen", "127.0.0.1:0"]);
    assert_eq!(second.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&second.stderr).contains("another readback serves"));
}
