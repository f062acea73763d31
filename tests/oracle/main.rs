//! What our client reads and does, for the conformance tests: they ask the official client and this
//! program about the same Hub, and compare.
//!
//! `hubdesk-oracle <endpoint>` reads one question a line, such as
//! `{"call": "exists", "token": null, "kind": "model", "repo": "a/b"}`, and answers each with a
//! line: `{"is": …}`, or `{"error": "…"}` with the words of our error. Fields of answers have the
//! names our types have. A call that is none is an error, too.

mod account;
mod collections;
mod files;
mod find;
mod question;
mod read;
mod rearrange;
mod repos;
mod spaces;
mod talk;
mod viewer;

use std::collections::HashMap;
use std::error::Error;
use std::io::{BufRead as _, Write as _};
use std::sync::Arc;

use hubdesk_core::Token;
use hubdesk_hub::{Endpoint, Hub, Profile};
use serde_json::{Map, Value, json};

use question::Question;

/// What a family answers: nothing if the call is not one of its own.
type Outcome = Result<Option<Value>, Box<dyn Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let endpoint = std::env::args().nth(1).ok_or("hubdesk-oracle <endpoint>")?;
    let endpoint = Endpoint::parse(&endpoint)?;
    let mut hubs: HashMap<Option<String>, Hub> = HashMap::new();
    for line in std::io::stdin().lock().lines() {
        let asked: Map<String, Value> = serde_json::from_str(&line?)?;
        let token = asked
            .get("token")
            .and_then(Value::as_str)
            .map(str::to_owned);
        let hub = match hubs.get(&token) {
            Some(hub) => hub.clone(),
            None => {
                let source = Arc::new(token.as_deref().and_then(Token::new));
                let hub = Hub::new(endpoint.clone(), source, Profile::default())?;
                hubs.insert(token, hub.clone());
                hub
            }
        };
        let answer = match answer(&Question::new(hub, asked)).await {
            Ok(Some(value)) => json!({ "is": value }),
            Ok(None) => json!({ "error": "there is no such call" }),
            Err(error) => json!({ "error": error.to_string() }),
        };
        writeln!(std::io::stdout().lock(), "{answer}")?;
    }
    Ok(())
}

async fn answer(question: &Question) -> Outcome {
    macro_rules! first {
        ($($family:ident),+) => {
            $(if let Some(value) = $family::answer(question).await? {
                return Ok(Some(value));
            })+
        };
    }
    first!(
        account,
        find,
        read,
        viewer,
        repos,
        files,
        rearrange,
        talk,
        spaces,
        collections
    );
    Ok(None)
}
