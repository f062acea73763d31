//! A queue that gives itself small things to do, for ever, and says what is stored: `new ID` and
//! `done ID`. The tests kill it.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use hubdesk_core::{Class, SystemClock};
use hubdesk_store::Store;
use hubdesk_transfers::request::{
    DownloadV1, IntoV1, KindV1, OverwriteV1, RepoV1, Request, SelectV1,
};
use hubdesk_transfers::{
    Ctx, Limits, MIGRATIONS, New, Outcome, PlannedFile, Reason, State, Stop, Transfer, Transfers,
    Worker,
};

/// Has everything done at once.
struct Quick;

impl Worker for Quick {
    async fn run(&self, _request: Request, ctx: Ctx) -> Result<Outcome, Stop> {
        let path = format!("{}.bin", ctx.id);
        let (bytes_total, is_done) = (1, true);
        ctx.files.plan(vec![PlannedFile {
            path,
            bytes_total,
            is_done,
        }]);
        Ok(Outcome::Done { folder: None })
    }

    async fn is_cleared(&self, _transfer: Arc<Transfer>, _reason: Reason) -> bool {
        false
    }
}

fn say(word: &str, id: impl std::fmt::Display) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{word} {id}").expect("somebody reads");
    out.flush().expect("somebody reads");
}

fn errand() -> New {
    let text = str::to_owned;
    New {
        request: Request::Download(DownloadV1 {
            endpoint: text("https://hub.example"),
            account: None,
            repo: RepoV1 {
                kind: KindV1::Model,
                name: text("lab/small"),
            },
            revision: text("main"),
            commit: None,
            select: SelectV1::All,
            into: IntoV1::Cache {
                path: text("/cache"),
            },
            overwrite: OverwriteV1::Changed,
        }),
        title: text("lab/small"),
        class: Class::Normal,
        volume: None,
    }
}

#[tokio::main]
async fn main() {
    let path = PathBuf::from(std::env::args_os().nth(1).expect("the database is named"));
    let store = Store::open(&path, MIGRATIONS).expect("it opens").store;
    let (worker, clock) = (Arc::new(Quick), Arc::new(SystemClock::default()));
    let transfers = Transfers::open(store, worker, clock, Limits::default());
    let transfers = transfers.await.expect("it can be read");
    let mut board = transfers.watch();
    tokio::spawn(async move {
        let mut last = None;
        while board.changed().await.is_ok() {
            let seen = board.borrow_and_update().clone();
            let ended = seen.transfers.values().filter(|t| t.state == State::Done);
            for id in ended.map(|t| t.id).filter(|id| Some(*id) > last) {
                say("done", id);
            }
            // In the order of ids, so nothing below the first that has not ended is missed.
            let open = seen.transfers.values().find(|t| !t.state.has_ended());
            last = match open {
                Some(open) => seen
                    .transfers
                    .range(..open.id)
                    .next_back()
                    .map(|(id, _)| *id),
                None => seen.transfers.keys().next_back().copied(),
            };
        }
    });
    loop {
        let id = transfers.enqueue(errand()).await.expect("there is room");
        say("new", id);
    }
}
