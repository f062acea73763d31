//! Where the browser comes back to: a port of this computer, for one answer.
//!
//! Any program and any page may knock here. What does not ask for the one address under the name of
//! this computer, or does not know the attempt's state, is sent away, and the wait goes on.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use hubdesk_hub::{Authorization, Code, SignInError};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;
use url::Url;

/// The longest head of a request. A browser's has some hundred bytes, and its cookies of other
/// programs on this computer.
const LONGEST_HEAD: usize = 16 << 10;
/// How long somebody who has connected may take to ask.
const SLOWEST: Duration = Duration::from_secs(10);
/// How many may be connected at once: a browser opens some in advance.
const MOST_CALLERS: usize = 16;
/// How often another port is tried, when the first is not free under both kinds of address.
const TRIES: u32 = 8;

const PATH: &str = "/callback";

const DONE: &str = "You are signed in. You may close this page and go back to Hubdesk.";
const REFUSED: &str = "You are not signed in. You may close this page and go back to Hubdesk.";

/// A port that waits for the browser.
pub(super) struct Listener {
    v4: TcpListener,
    v6: Option<TcpListener>,
    address: Url,
}

impl Listener {
    /// Takes a free port of this computer, under both kinds of address where there are both: a
    /// browser may take `localhost` for either.
    pub(super) async fn bind() -> io::Result<Self> {
        for _ in 0..TRIES {
            let v4 = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            let port = v4.local_addr()?.port();
            let (v6, host) = match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
                Ok(v6) => (Some(v6), "localhost"),
                // Somebody else would get the answer.
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => continue,
                Err(_) => (None, "127.0.0.1"),
            };
            let address = format!("http://{host}:{port}{PATH}");
            let address = Url::parse(&address).expect("it is made of a name and a number");
            return Ok(Self { v4, v6, address });
        }
        Err(io::ErrorKind::AddrInUse.into())
    }

    /// Where the browser is to come back to.
    pub(super) fn address(&self) -> &Url {
        &self.address
    }

    /// Waits for the answer to `authorization`; drop it to give up.
    pub(super) async fn code(self, authorization: &Authorization) -> Result<Code, SignInError> {
        let (asked, mut questions) = mpsc::channel(MOST_CALLERS);
        let mut callers = JoinSet::new();
        loop {
            tokio::select! {
                stream = self.accept(), if callers.len() < MOST_CALLERS => {
                    callers.spawn(listen(stream, self.address.port(), asked.clone()));
                }
                Some(_) = callers.join_next(), if !callers.is_empty() => {}
                Some((query, mut stream)) = questions.recv() => {
                    let answer = authorization.code(&query);
                    let (status, words) = match &answer {
                        Ok(_) => ("200 OK", DONE),
                        Err(SignInError::NotOurs) => ("400 Bad Request", REFUSED),
                        Err(_) => ("200 OK", REFUSED),
                    };
                    let _ = timeout(SLOWEST, say(&mut stream, status, words)).await;
                    if !matches!(answer, Err(SignInError::NotOurs)) {
                        return answer;
                    }
                }
            }
        }
    }

    async fn accept(&self) -> Option<TcpStream> {
        let v6 = async {
            match &self.v6 {
                Some(v6) => v6.accept().await,
                None => std::future::pending().await,
            }
        };
        let accepted = tokio::select! {
            accepted = self.v4.accept() => accepted,
            accepted = v6 => accepted,
        };
        Some(accepted.ok()?.0)
    }
}

/// Reads one request and passes on the query of one that is meant for us; sends others away.
async fn listen(
    stream: Option<TcpStream>,
    port: Option<u16>,
    asked: mpsc::Sender<(String, TcpStream)>,
) {
    let Some(mut stream) = stream else {
        return;
    };
    let Ok(Some(head)) = timeout(SLOWEST, head(&mut stream)).await else {
        return;
    };
    match query(&head, port.unwrap_or_default()) {
        Some(query) => {
            let _ = asked.send((query.to_owned(), stream)).await;
        }
        None => drop(timeout(SLOWEST, say(&mut stream, "404 Not Found", REFUSED)).await),
    }
}

/// The head of a request; `None` if it is too long, no text, or cut off.
async fn head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut part = [0; 1024];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let count = stream.read(&mut part).await.ok()?;
        head.extend_from_slice(&part[..count]);
        if count == 0 || head.len() > LONGEST_HEAD {
            return None;
        }
    }
    String::from_utf8(head).ok()
}

/// The query of a request that is meant for us: it asks for our address, under a name that means
/// this computer. A name of the web that leads here is a page that tries.
fn query(head: &str, port: u16) -> Option<&str> {
    let mut lines = head.split("\r\n");
    let target = lines.next()?.strip_prefix("GET ")?;
    let target = target.strip_suffix(" HTTP/1.1")?;
    let mut hosts = lines.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("host").then_some(value.trim())
    });
    let host = hosts.next()?.strip_suffix(&format!(":{port}"))?;
    let is_here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    let (path, query) = target.split_once('?')?;
    (path == PATH && is_here && hosts.next().is_none()).then_some(query)
}

async fn say(stream: &mut TcpStream, status: &str, words: &str) -> io::Result<()> {
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Hubdesk</title><p>{words}</p></html>"
    );
    let answer = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
         Content-Security-Policy: default-src 'none'\r\nReferrer-Policy: no-referrer\r\n\
         Cache-Control: no-store\r\nConnection: close\r\n\r\n{page}",
        page.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_question_for_our_address_at_this_computer_is_listened_to() {
        let head = |line: &str, host: &str| format!("{line}\r\nHost: {host}\r\n\r\n");
        let asked = |line: &str, host: &str| query(&head(line, host), 7).map(str::to_owned);
        let good = "GET /callback?code=a&state=b HTTP/1.1";
        for host in ["localhost:7", "127.0.0.1:7", "[::1]:7"] {
            assert_eq!(asked(good, host).as_deref(), Some("code=a&state=b"));
        }
        for host in [
            "evil.example:7",
            "localhost:8",
            "localhost",
            "localhost:7\r\nHost: x:7",
            "",
        ] {
            assert_eq!(asked(good, host), None, "{host:?}");
        }
        for line in [
            "GET / HTTP/1.1",
            "GET /callback HTTP/1.1",
            "GET /callback/x?code=a HTTP/1.1",
            "POST /callback?code=a HTTP/1.1",
            "GET http://localhost:7/callback?code=a HTTP/1.1",
            "GET /callback?code=a",
            "",
        ] {
            assert_eq!(asked(line, "localhost:7"), None, "{line:?}");
        }
    }
}
