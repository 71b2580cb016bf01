//! A server of our own on the loopback address, which does what a good registry never does: it cuts answers short, lies
//! about digests, refuses, and sends in circles.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// After how many bytes of it, head included, the connection is closed.
    pub cut: Option<usize>,
    /// How many bytes are sent at once, and how long the pause is after them.
    pub drip: Option<(usize, Duration)>,
}

impl Answer {
    pub fn ok(body: impl Into<Vec<u8>>) -> Answer {
        Answer { status: 200, headers: Vec::new(), body: body.into(), cut: None, drip: None }
    }

    pub fn status(status: u16) -> Answer {
        Answer { status, ..Answer::ok("") }.header("Retry-After", "0")
    }

    pub fn header(mut self, name: &str, value: &str) -> Answer {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn cut(self, after: usize) -> Answer {
        Answer { cut: Some(after), ..self }
    }

    pub fn drip(self, bytes: usize, pause: Duration) -> Answer {
        Answer { drip: Some((bytes, pause)), ..self }
    }
}

/// What stands before the route of an answer that is given once.
const ONCE: &str = "once ";

#[derive(Default)]
struct State {
    answers: BTreeMap<String, Answer>,
    seen: Vec<String>,
    /// How many connections there were, and whether they stay open after an answer.
    connections: usize,
    keeps_alive: bool,
    /// What was put and taken, by its path.
    taken: BTreeMap<String, Vec<u8>>,
}

/// The server; it lives as long as the process.
pub struct Server {
    pub host: String,
    state: Arc<Mutex<State>>,
}

impl Server {
    /// Starts a server that knows nothing.
    pub fn start() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let state = Arc::<Mutex<State>>::default();
        let server = Server { host, state: Arc::clone(&state) };
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&state);
                state.lock().unwrap().connections += 1;
                thread::spawn(move || while serve(&stream, &state).is_some() {});
            }
        });
        server
    }

    /// Sets the answer to `METHOD /path`; to `METHOD *` for whatever has no other.
    pub fn answer(&self, route: &str, answer: Answer) {
        self.state.lock().unwrap().answers.insert(route.to_owned(), answer);
    }

    /// Sets the answer to the next `METHOD /path`, which comes before the lasting one.
    pub fn once(&self, route: &str, answer: Answer) {
        self.state.lock().unwrap().answers.insert(format!("{ONCE}{route}"), answer);
    }

    /// Leaves connections open, as most servers do.
    pub fn keep_alive(&self) {
        self.state.lock().unwrap().keeps_alive = true;
    }

    /// How many connections there were so far.
    pub fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }

    /// What was put and taken, by its path; a blob by that at which it is asked for.
    pub fn taken(&self) -> BTreeMap<String, Vec<u8>> {
        self.state.lock().unwrap().taken.clone()
    }

    /// How often something was asked whose `METHOD /path` begins so.
    pub fn asked(&self, route: &str) -> usize {
        self.seen().iter().filter(|seen| seen.starts_with(route)).count()
    }

    /// What was asked so far: `METHOD /path`.
    pub fn seen(&self) -> Vec<String> {
        self.state.lock().unwrap().seen.clone()
    }
}

/// Answers one request; nothing if the connection ends then.
fn serve(stream: &TcpStream, state: &Mutex<State>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    if reader.read_line(&mut line).unwrap_or(0) == 0 {
        return None;
    }
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (mut length, mut authorization) = (0, String::new());
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header).unwrap_or(0) == 0 || header.trim().is_empty() {
            break;
        }
        let (name, value) = header.split_once(':').unwrap_or((&header, ""));
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().unwrap_or(0),
            "authorization" => value.trim().clone_into(&mut authorization),
            _ => {}
        }
    }
    let mut body = Vec::new();
    let _ = reader.take(length).read_to_end(&mut body);
    let plain = path.split('?').next().unwrap_or_default().to_owned();
    let mut state = state.lock().unwrap();
    state.seen.push(format!("{method} {path}"));
    let answer = state.answer(&method, &path, &plain, &authorization);
    if method == "PUT" && answer.status == 201 {
        let uploaded = path.split_once("/blobs/uploads/").zip(path.split_once("digest=sha256%3A"));
        let place =
            uploaded.map(|((repository, _), (_, digits))| format!("{repository}/blobs/sha256:{digits}"));
        state.taken.insert(place.unwrap_or(plain), body);
    }
    let keeps_alive = state.keeps_alive && answer.cut.is_none();
    drop(state);
    let connection = if keeps_alive { "keep-alive" } else { "close" };
    let mut text = format!("HTTP/1.1 {} x\r\nConnection: {connection}\r\n", answer.status);
    for (name, value) in &answer.headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    if !answer.headers.iter().any(|(name, _)| name == "Content-Length") {
        text.push_str(&format!("Content-Length: {}\r\n", answer.body.len()));
    }
    let mut bytes = format!("{text}\r\n").into_bytes();
    if method != "HEAD" {
        bytes.extend(&answer.body);
    }
    // A connection that is closed at once is no answer at all.
    let kept = answer.cut.map_or(bytes.len(), |cut| cut.min(bytes.len()));
    let (at_once, pause) = answer.drip.unwrap_or((usize::MAX, Duration::ZERO));
    for chunk in bytes[..kept].chunks(at_once) {
        (&*stream).write_all(chunk).ok()?;
        thread::sleep(pause);
    }
    keeps_alive.then_some(())
}

impl State {
    fn answer(&mut self, method: &str, path: &str, plain: &str, authorization: &str) -> Answer {
        if let Some(next) = self.answers.remove(&format!("{ONCE}{method} {plain}")) {
            return next;
        }
        // The answer to a request with credentials goes before that to any request.
        let routes = [format!("{path} {authorization}"), path.to_owned(), plain.to_owned(), "*".to_owned()];
        let known = routes.iter().find_map(|route| self.answers.get(&format!("{method} {route}")));
        let taken = || {
            let body = self.taken.get(plain).filter(|_| matches!(method, "GET" | "HEAD"))?;
            let answer = Answer::ok(body.as_slice()).header("Docker-Content-Digest", &super::digest(body));
            Some(answer.header("Content-Type", "application/vnd.oci.image.manifest.v1+json"))
        };
        known.cloned().or_else(taken).unwrap_or_else(|| Answer::status(404))
    }
}
