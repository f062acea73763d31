//! Looks at the board, and tells what is new on it.

use std::sync::{Arc, Weak};
use std::time::Duration;

use hubdesk_transfers as queue;
use tokio::sync::{Notify, watch};

use super::news::{News, Told};
use crate::App;
use crate::api::{Tag, UiEvent};
use crate::app::Inner;
use crate::notices::Notices;
use crate::queue::shown;

/// Time between two looks, at least.
const PERIOD: Duration = Duration::from_millis(100);

/// Tells windows what has changed on the board, until the program ends. Holds the program only
/// while it looks.
pub(crate) async fn sample(weak: Weak<Inner>, changed: Arc<Notify>) {
    let app = || weak.upgrade().map(App::from);
    let Some((mut waits, mut told)) = app().map(|app| {
        let told = Told::nothing(app.clock().now());
        (app.connection().waits(), told)
    }) else {
        return;
    };
    let mut notices = Notices::default();
    let mut board: Option<watch::Receiver<queue::Board>> = None;
    loop {
        let is_busy;
        {
            let Some(app) = app() else { return };
            if board.is_none() {
                board = app.queue().if_open().map(|transfers| transfers.watch());
            }
            if let Some(board) = &mut board {
                board.mark_unchanged();
            }
            let was_online = told.status.as_ref().is_none_or(|status| status.is_online);
            let look = move |app: &App| {
                tell(app, &mut told, &mut notices);
                (told, notices)
            };
            (told, notices) = app.blocking(look).await;
            let status = told.status.as_ref();
            if !was_online && status.is_some_and(|status| status.is_online) {
                app.is_online_again().await;
            }
            let counts_down = status.is_some_and(|status| status.hub_wait_seconds.is_some());
            is_busy = counts_down || notices.are_waiting();
        }
        tokio::time::sleep(PERIOD).await;
        tokio::select! {
            () = changed.notified() => {}
            () = waits.changed() => {}
            is_open = changed_board(&mut board) => if !is_open { return },
            () = tokio::time::sleep(PERIOD), if is_busy => {}
        }
    }
}

/// Waits for a change of the board; says whether there will be others.
async fn changed_board(board: &mut Option<watch::Receiver<queue::Board>>) -> bool {
    match board {
        Some(board) => board.changed().await.is_ok(),
        None => std::future::pending().await,
    }
}

/// Tells what is new on the board. Blocks.
fn tell(app: &App, told: &mut Told, notices: &mut Notices) {
    let (mut has_ended, mut has_uploaded) = (false, false);
    app.events().tell(|| {
        let board = app.queue_board();
        let news = match &board {
            Some(board) => told.news(board, &app.describer()),
            None => News::default(),
        };
        if news.has_moved {
            app.network().answered();
        }
        (has_ended, has_uploaded) = (news.has_ended, news.has_uploaded);
        news.removed
            .iter()
            .for_each(|id| app.queue().words.forget(*id));
        notices.add(news.notices, app.clock().elapsed());
        let status = app.status(board.as_ref(), told.counts);
        let is_news = !news.changed.is_empty()
            || !news.removed.is_empty()
            || news.order.is_some()
            || told.status.as_ref() != Some(&status);
        told.status = Some(status.clone());
        is_news.then(|| UiEvent::Transfers {
            changed: news.changed,
            removed: news.removed.into_iter().map(shown).collect(),
            order: news.order,
            is_all_paused: told.counts.is_all_paused(),
            status,
        })
    });
    if app.events().has_listeners()
        && let Some(toast) = app.queue().take_toast()
    {
        app.events().toast(toast);
    }
    if has_ended {
        app.events().stale(&[Tag::Cache]);
    }
    if has_uploaded {
        // It may have made the repository.
        app.events().stale(&[Tag::Repo, Tag::RepoList]);
    }
    if let Some(notice) = notices.due(app.clock().elapsed()) {
        app.notify(&notice);
    }
}
