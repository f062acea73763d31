//! What a program is made of, for those who work with it.

use std::sync::Arc;

use hubdesk_cache::Cache;
use hubdesk_core::Clock;
use hubdesk_hub::Profile;

use super::{App, WeakApp};
use crate::accounts::Accounts;
use crate::api::ApiError;
use crate::card::Renderer;
use crate::changes::Changes;
use crate::connection::Connection;
use crate::events::Events;
use crate::folders::Folders;
use crate::gate::Asked;
use crate::host::Host;
use crate::network::Network;
use crate::previews::Previews;
use crate::queue::Queue;
use crate::quit::Quitting;
use crate::session::Sessions;
use crate::settings::SettingsFile;
use crate::sources::Sources;

impl App {
    /// Nothing may be asked of a Hub where the environment says so.
    pub(crate) fn check_online(&self) -> Result<(), ApiError> {
        if self.is_told_offline() {
            return Err(ApiError::told_offline());
        }
        Ok(())
    }

    pub(crate) fn is_told_offline(&self) -> bool {
        self.0.env.is_offline()
    }

    pub(crate) fn network(&self) -> &Network {
        &self.0.network
    }

    /// The access that was asked for.
    pub(crate) fn asked(&self) -> &Asked {
        &self.0.asked
    }

    /// For who waits for long and must not keep the program.
    pub(crate) fn downgrade(&self) -> WeakApp {
        WeakApp(Arc::downgrade(&self.0))
    }

    pub(crate) fn cards(&self) -> &Renderer {
        &self.0.cards
    }

    pub(crate) fn profile(&self) -> Profile {
        self.0.connection.profile()
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.0.connection
    }

    pub(crate) fn accounts(&self) -> &Arc<Accounts> {
        &self.0.accounts
    }

    pub(crate) fn sessions(&self) -> &Sessions {
        &self.0.sessions
    }

    pub(crate) fn settings(&self) -> &SettingsFile {
        &self.0.settings
    }

    pub(crate) fn queue(&self) -> &Queue {
        &self.0.queue
    }

    pub(crate) fn folders(&self) -> &Folders {
        &self.0.folders
    }

    /// Files and folders a person has chosen or dropped.
    pub(crate) fn sources(&self) -> &Sources {
        &self.0.sources
    }

    /// What uploads would do.
    pub(crate) fn previews(&self) -> &Previews {
        &self.0.previews
    }

    /// What was planned and waits for a person's word.
    pub(crate) fn changes(&self) -> &Changes {
        &self.0.changes
    }

    pub(crate) fn quitting(&self) -> &Quitting {
        &self.0.quitting
    }

    /// Where settings and the queue are kept.
    pub(crate) fn config_dir(&self) -> &std::path::Path {
        &self.0.config_dir
    }

    /// Something has changed that windows are told of with the board.
    pub(crate) fn look_at_board(&self) {
        self.0.changed.notify_one();
    }

    /// Which minute of the week `moment` is.
    pub(crate) fn wall(&self, moment: std::time::SystemTime) -> hubdesk_transfers::WeekMinute {
        (self.0.wall)(moment)
    }

    pub(crate) fn shared_clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.0.clock)
    }

    /// Whether a cache may hold links.
    pub(crate) fn cache_links(&self) -> hubdesk_cache::LinkSupport {
        self.0.env.links()
    }

    pub(crate) fn cache(&self) -> &Cache {
        &self.0.cache
    }

    pub(crate) fn events(&self) -> &Events {
        &self.0.events
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.0.clock
    }

    pub(crate) fn host(&self) -> &dyn Host {
        &*self.0.host
    }
}
