//! What was asked so far, over HTTP, for test programs that run in another process.

use axum::http::Method;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::error::Refusal;
use crate::log::{Host, Record};
use crate::standin::Hub;

/// Where it is; no repository can have this name.
pub(crate) const PATH: &str = "/_standin/log";

/// `GET` gives the requests that are remembered, `DELETE` forgets them.
pub(crate) fn answer(hub: &Hub, method: &Method) -> Result<Answer, Refusal> {
    match *method {
        Method::GET => {
            let records = hub.log.records();
            // Its own requests are nobody's business.
            let asked = records.iter().filter(|record| record.path != PATH);
            Ok(Answer::json(
                json!({ "requests": asked.map(row).collect::<Vec<_>>() }),
            ))
        }
        Method::DELETE => {
            hub.log.clear();
            Ok(Answer::json(Value::Null))
        }
        _ => Err(Refusal::NotFound),
    }
}

fn row(record: &Record) -> Value {
    json!({
        "host": match record.host {
            Host::Hub => "hub",
            Host::Storage => "storage",
            Host::Xet => "xet",
        },
        "method": record.method,
        "path": record.path,
        "had_token": record.has_token,
        "range": record.range,
        "status": record.status,
        "bytes": record.body_bytes,
    })
}
