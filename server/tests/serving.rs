//! The built binary serving on a socket: how it begins, what reaches the other end, how it stops.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a test that cannot go on should say where

mod support;

use serde_json::Value;
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
};
use support::bench::{Bench, code, complaints};

#[test]
fn a_taken_port_is_a_sentence() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let bench = Bench::new();
    let output = bench.vitrine(&["serve", "--address", &taken.local_addr().unwrap().to_string()]);
    assert_eq!(code(&output), 1);
    assert!(complaints(&output).contains("something else already listens there"), "{}", complaints(&output));
}

/// A server on a port of its own; ended when dropped.
struct Serving {
    child: Child,
    address: String,
    log: BufReader<std::process::ChildStderr>,
}

impl Serving {
    #[allow(clippy::zombie_processes)] // `Drop` waits for it; a panic in here ends the test anyway
    fn start(bench: &Bench) -> Self {
        let mut child = bench
            .command(&["serve", "--address", "127.0.0.1:0", "--log-format", "json"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        loop {
            line.clear();
            assert_ne!(log.read_line(&mut line).unwrap(), 0, "it ended before it served");
            let Ok(entry) = serde_json::from_str::<Value>(&line) else { continue };
            if entry["message"] == "serving" {
                assert_eq!(entry["listings"], 3);
                let address = entry["address"].as_str().unwrap().strip_prefix("http://").unwrap().to_owned();
                return Self { child, address, log };
            }
        }
    }

    fn ask(&self, request: &[u8]) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.write_all(request).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_server_answers_over_a_socket_and_tells_the_sender_of_20_megabytes_why_not() {
    let bench = Bench::stocked();
    let serving = Serving::start(&bench);
    let answer = serving.ask(b"GET /api/v1/search?text=ring HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"hits\""), "{answer}");
    for megabytes in [20, 60] {
        let body = support::Form::new().file("photo", "q.jpg", &vec![0xFF; megabytes * 1_000_000]).bytes();
        let head = format!(
            "POST /api/v1/search HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n",
            support::Form::content_type(),
            body.len()
        );
        let answer = serving.ask(&[head.as_bytes(), &body].concat());
        assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("10 MB"), "{megabytes} MB: {answer}");
    }
}

#[test]
fn a_request_line_without_end_is_refused() {
    let bench = Bench::stocked();
    let serving = Serving::start(&bench);
    let answer = serving.ask(format!("GET /search?text={} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(66_000)).as_bytes());
    assert!(answer.starts_with("HTTP/1.1 431") || answer.starts_with("HTTP/1.1 414"), "{answer}");
}

#[cfg(unix)]
#[test]
fn a_server_told_to_stop_ends_well_and_has_logged_nothing_personal() {
    let bench = Bench::stocked();
    let mut serving = Serving::start(&bench);
    serving.ask(b"GET /api/v1/search?text=grandmothers-ring HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    serving.ask(b"GET /search?text=grandmothers-ring HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    let id = serving.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert_eq!(serving.child.wait().unwrap().code(), Some(0));
    let mut log = String::new();
    serving.log.read_to_string(&mut log).unwrap();
    assert!(log.contains("\"route\":\"/api/v1/search\"") && log.contains("\"message\":\"stopped\""), "{log}");
    assert!(!log.contains("grandmother") && !log.contains("127.0.0.1"), "{log}");
}
