//! The stand-in over real HTTP: each family of routes, who may see what, every fault, the demo.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod access;
mod commit;
mod control;
mod demo;
mod discussion;
mod fault;
mod file;
mod gate;
mod listing;
mod new_repo;
mod refs;
mod repo;
mod running;
mod viewer;

use bytes::Bytes;
use hubdesk_standin::{Builder, Content, RepoSeed, StandIn};
use reqwest::header::{AUTHORIZATION, HeaderMap, LOCATION, RANGE};
use reqwest::{Client, Method, redirect};
use serde_json::Value;

/// Two users besides the anonymous one.
const OWNER: &str = "hf_owner";
const STRANGER: &str = "hf_stranger";

/// A running stand-in and a client that follows nothing by itself.
struct Peer {
    standin: StandIn,
    http: Client,
}

struct Reply {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
}

impl Peer {
    async fn start(builder: Builder) -> Self {
        let builder = builder.user("owner", OWNER).user("stranger", STRANGER);
        let http = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy();
        Self {
            standin: builder.start().await.unwrap(),
            http: http.build().unwrap(),
        }
    }

    async fn with(repo: RepoSeed) -> Self {
        Self::start(StandIn::builder().repo(repo)).await
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let url = if path.starts_with("http") {
            path.to_owned()
        } else {
            self.standin.endpoint() + path
        };
        self.http.request(method, url)
    }

    async fn get(&self, path: &str) -> Reply {
        reply(self.request(Method::GET, path)).await
    }

    async fn get_as(&self, token: &str, path: &str) -> Reply {
        reply(signed(self.request(Method::GET, path), token)).await
    }

    async fn post_as(&self, token: &str, path: &str, body: impl Into<reqwest::Body>) -> Reply {
        reply(signed(self.request(Method::POST, path), token).body(body)).await
    }

    async fn head(&self, path: &str) -> Reply {
        reply(self.request(Method::HEAD, path)).await
    }

    async fn range(&self, path: &str, range: &str) -> Reply {
        reply(self.request(Method::GET, path).header(RANGE, range)).await
    }

    async fn json(&self, path: &str) -> Value {
        self.get(path).await.json()
    }

    /// Where the Hub says a large file lies.
    async fn link(&self, path: &str) -> String {
        let reply = self.get(path).await;
        assert_eq!(reply.status, 302);
        reply.header(LOCATION.as_str()).to_owned()
    }

    /// Every entry of a list, and the number of pages it came in.
    async fn pages(&self, path: &str) -> (Vec<Value>, usize) {
        let (mut all, mut count) = (Vec::new(), 0);
        let mut next = Some(path.to_owned());
        while let Some(path) = next {
            let page = self.get(&path).await;
            let link = page.headers.get("link").map(|link| link.to_str().unwrap());
            next = link.map(|link| {
                let (url, rel) = link.split_once(">; ").unwrap();
                assert_eq!(rel, "rel=\"next\"");
                assert!(url.starts_with(&format!("<{}/api/", self.standin.endpoint())));
                url[1..].to_owned()
            });
            all.extend(page.json().as_array().unwrap().iter().cloned());
            count += 1;
        }
        (all, count)
    }
}

impl Reply {
    #[track_caller]
    fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value
            .unwrap_or_else(|| panic!("no {name} in {:?}", self.headers))
            .to_str()
            .unwrap()
    }

    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    fn code(&self) -> Option<&str> {
        self.headers
            .get("x-error-code")
            .map(|code| code.to_str().unwrap())
    }
}

fn signed(request: reqwest::RequestBuilder, token: &str) -> reqwest::RequestBuilder {
    request.header(AUTHORIZATION, format!("Bearer {token}"))
}

async fn reply(request: reqwest::RequestBuilder) -> Reply {
    let response = request.send().await.unwrap();
    Reply {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        body: response.bytes().await.unwrap(),
    }
}

/// What `key` is in each value.
fn pluck<'a>(values: &'a [Value], key: &str) -> Vec<&'a str> {
    values
        .iter()
        .map(|value| value[key].as_str().unwrap())
        .collect()
}

/// A model with a regular file, a folder and a large file.
fn small() -> RepoSeed {
    RepoSeed::model("org/m")
        .file(
            "README.md",
            "---\nlicense: mit\npipeline_tag: fill-mask\n---\n# M\n",
        )
        .file("config.json", "{}")
        .file("dir/sub/a b.txt", "hello")
        .large("w.bin", Content::random(1, 300_000))
}
