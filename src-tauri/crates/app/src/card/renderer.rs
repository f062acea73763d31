use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::timeout;

use super::fetch::Text;
use super::render::render;
use crate::api::Card;

/// The longest a card is waited for, its turn included.
const PATIENCE: Duration = Duration::from_secs(5);
/// Characters of a card shown as plain text.
const LONGEST_PLAIN: usize = 20_000;

/// Renders cards, one at a time: a card that takes long must not take every thread.
#[derive(Default)]
pub(crate) struct Renderer {
    turn: Arc<Mutex<()>>,
}

impl Renderer {
    /// Renders a card; one that takes too long, or breaks the renderer, is shown as plain text.
    /// Relative links lead to `base`.
    pub(crate) async fn render(&self, text: Text, base: String) -> Card {
        let text = Arc::new(text);
        let rendering = async {
            let turn = Arc::clone(&self.turn).lock_owned().await;
            let text = Arc::clone(&text);
            // The work cannot be stopped, so the turn is its own: it ends when the work does.
            let work = move || {
                let _turn = turn;
                render(&text, &base)
            };
            tokio::task::spawn_blocking(work).await
        };
        match timeout(PATIENCE, rendering).await {
            Ok(Ok(card)) => card,
            Ok(Err(error)) => {
                tracing::error!(%error, "a card cannot be rendered");
                plain(&text)
            }
            Err(_) => {
                tracing::warn!("a card takes too long to render");
                plain(&text)
            }
        }
    }
}

fn plain(text: &Text) -> Card {
    let start: String = text.markdown.chars().take(LONGEST_PLAIN).collect();
    Card {
        html: format!("<pre>{}</pre>", ammonia::clean_text(&start)),
        facts: Vec::new(),
        is_cut: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_card_that_takes_too_long_is_shown_as_plain_text() {
        let renderer = Renderer::default();
        let _other = renderer.turn.lock().await;
        let text = Text::new(b"# A <b>", false);
        let card = renderer.render(text, String::new()).await;
        assert!(card.is_cut);
        assert!(
            card.html.starts_with("<pre>#") && !card.html.contains("<b>"),
            "{}",
            card.html
        );
    }
}
