use serde::de::DeserializeOwned;
use serde_json::Value;
use ts_rs::TS;

use super::*;
use crate::{App, commands};

/// One command, as the window needs to know it.
pub struct Command {
    /// The name in calls.
    pub name: &'static str,
    /// TypeScript of what goes in.
    pub request: fn(&ts_rs::Config) -> String,
    /// TypeScript of what comes out.
    pub answer: fn(&ts_rs::Config) -> String,
    /// What the answer is made of.
    pub reads: &'static [Tag],
    /// What a success makes old.
    pub stales: &'static [Tag],
    /// The first paragraph of its documentation.
    pub doc: &'static str,
}

/// Declares the commands: the table [`COMMANDS`] and the router [`App::call`] uses.
macro_rules! commands {
    ($( $(#[doc = $doc:literal])+ $area:ident::$name:ident($request:ty) -> $answer:ty,
        reads [$($read:ident),*] stales [$($stale:ident),*]; )+) => {
        /// Every command there is.
        pub const COMMANDS: &[Command] = &[$( Command {
            name: stringify!($name),
            request: <$request as TS>::name,
            answer: <$answer as TS>::name,
            reads: &[$(Tag::$read),*],
            stales: &[$(Tag::$stale),*],
            doc: concat!($($doc),+),
        } ),+];

        /// Runs the command `name` and says what it made old.
        pub(crate) async fn route(
            app: &App, name: &str, request: Value,
        ) -> Result<(Value, &'static [Tag]), ApiError> {
            match name {
                $( stringify!($name) => {
                    let answer: $answer = commands::$area::$name(app, parse(request)?).await?;
                    let answer = serde_json::to_value(answer)
                        .expect("answers are plain data with text keys");
                    Ok((answer, &[$(Tag::$stale),*]))
                } )+
                _ => Err(ApiError::bad_input(format!("there is no command {name:?}"))),
            }
        }
    };
}

commands! {
    /// Which Hub is open, and as whom.
    session::session(()) -> Session, reads [Session] stales [];
    /// Opens a Hub, anonymously or with a token for this run.
    session::open_hub(OpenHub) -> Session, reads [] stales [Session, RepoList, Repo];
    /// Opens the Hub that ships with the program.
    session::open_demo(()) -> Session, reads [] stales [Session, RepoList, Repo];
    /// Back to the welcome page; what runs goes on.
    session::close_hub(()) -> Session, reads [] stales [Session, RepoList, Repo];
    /// Opens a web or mail address outside the program.
    session::open_link(OpenLink) -> (), reads [] stales [];
    /// What a person has set.
    settings::settings(()) -> Settings, reads [Settings] stales [];
    /// Keeps what a person has set. A new address holds from the next time a Hub is opened, everything else at once.
    settings::save_settings(Settings) -> Settings, reads [] stales [Settings, Session];
    /// Tries the Hub, its storage and its Xet host, and says which one fails and why.
    settings::test_connection(()) -> Checks, reads [] stales [];
    /// One page of the repositories of a kind.
    repo::repo_list(RepoListRequest) -> RepoPage, reads [RepoList, Cache] stales [];
    /// Everything the repository page shows above the tabs.
    repo::repo_overview(RepoAt) -> RepoOverview, reads [Repo] stales [];
    /// The card, or `null` when the repository has none.
    repo::repo_card(RepoAt) -> Option<Card>, reads [Repo] stales [];
    /// All files of a revision.
    repo::repo_files(RepoAt) -> FileList, reads [Repo, Cache] stales [];
    /// What a download would do.
    transfer::plan_download(DownloadRequest) -> DownloadPlan, reads [Repo, Cache] stales [];
    /// Starts a download; its progress comes as events.
    transfer::start_download(DownloadRequest) -> TransferId, reads [] stales [];
    /// Stops a transfer and keeps what arrived.
    transfer::cancel_transfer(TransferRef) -> (), reads [] stales [];
    /// Starts a failed or cancelled transfer again, from where it stopped.
    transfer::retry_transfer(TransferRef) -> (), reads [] stales [];
    /// Forgets the transfers that have ended.
    transfer::clear_transfers(()) -> (), reads [] stales [];
    /// Shows a transfer's folder in the file manager.
    transfer::show_folder(TransferRef) -> (), reads [] stales [];
}

fn parse<T: DeserializeOwned>(request: Value) -> Result<T, ApiError> {
    // What was sent is not repeated, nor the parser's words, which quote it: it may hold a token.
    serde_json::from_value(request)
        .map_err(|_| ApiError::bad_input("The request is not of the form this command takes."))
}
