//! What Hubs want people to know, for every window.

use std::pin::Pin;

use futures_util::{FutureExt as _, Stream, StreamExt as _, stream};
use hubdesk_hub::Warning;

use crate::App;
use crate::api::UiEvent;

impl App {
    /// `events` with what Hubs warn of: each topic once, those from before this window, too. The
    /// first event stays the first.
    pub(crate) fn with_warnings(
        &self,
        events: Pin<Box<dyn Stream<Item = UiEvent> + Send>>,
    ) -> Pin<Box<dyn Stream<Item = UiEvent> + Send>> {
        let weak = self.downgrade();
        let warnings = self.profile().warnings.stream();
        let warnings = warnings.map(move |warning| {
            let endpoint = match weak.upgrade() {
                Some(app) => app.endpoint_of(&warning.host),
                None => address(&warning.host),
            };
            told(warning, endpoint)
        });
        let joined = events.into_future().map(|(first, later)| {
            let joined = stream::select(later, warnings);
            stream::iter(first).chain(joined)
        });
        joined.flatten_stream().boxed()
    }

    /// The base address of the Hub at `host`, as it is known here.
    fn endpoint_of(&self, host: &str) -> String {
        let entries = self.accounts().entries().into_iter();
        let known = self.own_endpoints().into_iter().chain(self.endpoint(None));
        let known = known.chain(entries.map(|entry| entry.endpoint));
        let mut known = known.map(|endpoint| endpoint.to_string());
        let is_it = |address: &String| host_of(address) == host;
        known.find(is_it).unwrap_or_else(|| address(host))
    }
}

fn told(warning: Warning, endpoint: String) -> UiEvent {
    UiEvent::HubWarning {
        topic: warning.topic,
        message: warning.message,
        endpoint,
    }
}

fn address(host: &str) -> String {
    format!("https://{host}")
}

fn host_of(address: &str) -> &str {
    let (_, rest) = address.split_once("://").unwrap_or(("", address));
    rest.split('/').next().unwrap_or(rest)
}
