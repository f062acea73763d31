//! A person's browser, at the pages of the stand-in and at the program's own door.

use std::net::TcpStream;

use reqwest::redirect::Policy;
use url::Url;

/// What a page says.
pub struct Page {
    /// The answer's status.
    pub status: u16,
    /// Its text.
    pub text: String,
    /// Where it leads.
    location: Option<String>,
}

/// Opens a page, and stays there.
pub async fn get(url: &str) -> Page {
    let client = reqwest::Client::builder()
        .redirect(Policy::none())
        .no_proxy();
    let client = client.build().expect("a client without options");
    let answer = client.get(url).send().await;
    let answer = answer.unwrap_or_else(|error| panic!("{url}: {error}"));
    let location = answer.headers().get("location");
    let location = location.and_then(|to| to.to_str().ok()).map(str::to_owned);
    Page {
        status: answer.status().as_u16(),
        location,
        text: answer.text().await.expect("a page is text"),
    }
}

/// Where the browser is to come back to after the page at `url`: scheme, host and port.
pub fn redirect_of(url: &str) -> String {
    let page = Url::parse(url).expect("the page has an address");
    let back = page.query_pairs().find(|(key, _)| key == "redirect_uri");
    let back = Url::parse(&back.expect("it leads back").1).expect("an address");
    back.origin().ascii_serialization()
}

/// Whether nobody listens at this door.
pub async fn is_closed(door: &str) -> bool {
    let door = Url::parse(door).expect("an address");
    let address = ("127.0.0.1", door.port().expect("a port"));
    let wait = async {
        while TcpStream::connect(address).is_ok() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(crate::PATIENCE, wait).await.is_ok()
}

/// Says yes on the page at `url` as `user`; where the page leads then.
pub async fn consent(url: &str, user: &str) -> String {
    decide(url, &format!("allow=true&as={user}")).await
}

/// Says no on the page at `url`; where the page leads then.
pub async fn refuse(url: &str) -> String {
    decide(url, "allow=false").await
}

async fn decide(url: &str, decision: &str) -> String {
    let page = url.replacen("/oauth/authorize?", "/oauth/authorize/decide?", 1);
    let page = get(&format!("{page}&{decision}")).await;
    page.location.expect("the page leads back")
}

/// Says yes on the page for devices at `url` as `user`.
pub async fn allow_device(url: &str, user: &str) {
    let page = url.replacen("/oauth/device?", "/oauth/device/decide?", 1);
    let page = get(&format!("{page}&allow=true&as={user}")).await;
    assert_eq!(page.status, 200, "{}", page.text);
}
