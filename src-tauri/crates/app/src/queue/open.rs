use std::path::Path;
use std::sync::Arc;

use hubdesk_disk::ensure_dir;
use hubdesk_store::{Error, Migration, Opened, Store, Trouble};
use hubdesk_transfers::{MIGRATIONS, Transfers};

use super::Engines;
use crate::App;
use crate::api::Toast;
use crate::app::WeakApp;
use crate::error::store_words;
use crate::fingerprints;

/// Opens the queue of the program. What cannot be kept on disk goes on in memory, and a person is
/// told so.
pub(crate) async fn open(weak: WeakApp) {
    let Some(app) = weak.upgrade() else {
        return;
    };
    let path = app.config_dir().join("queue.db");
    let found = app.blocking(move |_| kept(&path)).await;
    let is_open = match found {
        Ok((store, trouble)) => match begin(&app, store).await {
            Ok(()) => {
                if let Some((words, toast)) = trouble {
                    app.queue().has_trouble(words, toast);
                }
                true
            }
            Err(why) => in_memory(&app, why).await,
        },
        Err(error) => in_memory(&app, store_words(&error)).await,
    };
    if !is_open {
        app.queue().is_missing();
    }
    app.look_at_board();
}

/// What all tables are made of.
fn migrations() -> Vec<Migration> {
    [MIGRATIONS, fingerprints::MIGRATIONS].concat()
}

/// The queue on disk, and what a person has to know of it. Blocks.
fn kept(path: &Path) -> Result<(Store, Option<(String, Toast)>), Error> {
    if let Some(folder) = path.parent()
        && let Err(error) = ensure_dir(folder)
    {
        // The database says the same, in its own words.
        tracing::warn!(%error, "the folder of the queue cannot be made");
    }
    let Opened { store, trouble } = Store::open(path, &migrations())?;
    let trouble = trouble.map(|trouble| match trouble {
        Trouble::SetAside { kept, .. } => {
            let path = kept.display().to_string();
            let words = format!("The queue was damaged. It was set aside as {path}.");
            (words, Toast::QueueSetAside { path })
        }
    });
    Ok((store, trouble))
}

async fn in_memory(app: &App, why: String) -> bool {
    tracing::warn!(why, "the queue is kept in memory");
    let words = format!("{why} The queue is kept in memory until Hubdesk ends.");
    app.queue().has_trouble(words, Toast::QueueInMemory { why });
    let begun = match Store::in_memory(&migrations()) {
        Ok(store) => begin(app, store).await,
        Err(error) => Err(store_words(&error)),
    };
    if let Err(why) = &begun {
        tracing::error!(why, "there is no queue");
    }
    begun.is_ok()
}

async fn begin(app: &App, store: Store) -> Result<(), String> {
    let worker = Arc::new(Engines::new(
        app.downgrade(),
        Arc::clone(&app.queue().words),
    ));
    let limits = app.limits_now();
    let opened = Transfers::open(store.clone(), worker, app.shared_clock(), limits).await;
    let transfers = opened.map_err(|error| format!("The queue cannot be read: {error}."))?;
    if !app.queue().is_open(transfers.clone(), store.clone()) {
        // The program has ended meanwhile.
        transfers.shut_down().await;
        store.close().await;
    }
    Ok(())
}
