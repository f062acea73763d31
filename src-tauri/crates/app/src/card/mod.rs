//! A repository's card: fetched within bounds, rendered, and cleaned to an allow-list.
//!
//! ```text
//! README.md ─fetch─► Text ─comrak─► HTML of anybody's ─tidy─► shallow, well nested ─clean─► Card
//! ```
//!
//! Whatever the text holds, what leaves here has no script, no style, no form, and no address that
//! a browser would load by itself. Pictures become their description. It takes seconds at most,
//! and a card that would take longer is shown as the plain text it is.

mod clean;
mod elements;
mod facts;
mod fetch;
mod render;
mod renderer;
mod tag;
mod tidy;

pub(crate) use fetch::{Text, fetch, read};
pub(crate) use renderer::Renderer;
