//! Lists in pages, linked as the Hub links them.

use axum::http::header;
use serde_json::Value;

use crate::answer::Answer;
use crate::ask::Ask;
use crate::error::Refusal;

/// The part of `items` this request asks for, made into JSON by `show`, with a `Link` to the next
/// part if there is one. `default` entries fit a page, and `limit` may ask for at most `most`.
pub(crate) fn page<T>(
    ask: &Ask<'_>,
    items: &[T],
    default: usize,
    most: usize,
    mut show: impl FnMut(&T) -> Value,
) -> Result<Answer, Refusal> {
    let number = |name| match ask.query.get(name) {
        None => Ok(None),
        Some(text) => match text.parse::<usize>() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(Refusal::BadRequest(format!("{name} must be a number"))),
        },
    };
    let limit = number("limit")?.unwrap_or(default).clamp(1, most);
    let limit = ask.hub.page_size.map_or(limit, |size| limit.min(size));
    let start = number("cursor")?.unwrap_or(0).min(items.len());
    let end = (start + limit).min(items.len());
    let answer = Answer::json(items[start..end].iter().map(&mut show).collect());
    if end == items.len() {
        return Ok(answer);
    }
    let query = ask.query.with("cursor", &end.to_string());
    let next = format!("<{}{}?{query}>; rel=\"next\"", ask.hub.endpoint, ask.path);
    Ok(answer.with(header::LINK, next))
}
