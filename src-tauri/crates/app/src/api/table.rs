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
    /// Opens a Hub without an account.
    session::open_hub(OpenHub) -> Session, reads [] stales [Accounts, Session, RepoList, Repo];
    /// Opens the Hub that ships with the program.
    session::open_demo(()) -> Session, reads [] stales [Accounts, Session, RepoList, Repo];
    /// Back to the welcome page; what runs goes on.
    session::close_hub(()) -> Session, reads [] stales [Accounts, Session, RepoList, Repo];
    /// Opens a web or mail address outside the program.
    session::open_link(OpenLink) -> (), reads [] stales [];
    /// Who has signed in, and what can be said about signing in.
    account::accounts(()) -> Accounts, reads [Accounts] stales [];
    /// Begins to sign in, in the place of an attempt that is under way.
    account::start_sign_in(StartSignIn) -> Accounts, reads [] stales [Accounts];
    /// Ends the attempt that is under way, and forgets one that failed.
    account::cancel_sign_in(()) -> Accounts, reads [] stales [Accounts];
    /// Asks the Hub whose a token is, and remembers it for five minutes.
    account::check_token(CheckToken) -> TokenReport, reads [] stales [];
    /// Keeps the token that was looked at last, and opens its Hub with it.
    account::keep_token(KeepToken) -> Session, reads [] stales [Accounts, Session, RepoList, Repo];
    /// Reads the names of the command-line tools' stored tokens.
    account::look_inside(LookInside) -> Inside, reads [] stales [];
    /// Reads a sign-in of the command-line tools and asks the Hub whose it is.
    account::use_found(UseFound) -> TokenReport, reads [] stales [];
    /// Opens an account's Hub.
    account::switch_account(AccountRef) -> Session, reads [] stales [Accounts, Session, RepoList, Repo];
    /// What signing out would do.
    account::sign_out_plan(AccountRef) -> SignOutPlan, reads [Accounts] stales [];
    /// Signs an account out.
    account::sign_out(AccountRef) -> Session, reads [] stales [Accounts, Session, RepoList, Repo];
    /// Gives an account to the command-line tools, or takes it back.
    account::share_account(AccountSwitch) -> Accounts, reads [] stales [Accounts];
    /// Gives an account to git's credential helper, or takes it back.
    account::give_to_git(AccountSwitch) -> Accounts, reads [] stales [Accounts];
    /// Asks the keychain again, and moves into it what is in memory.
    account::retry_keychain(()) -> Accounts, reads [] stales [Accounts, Session];
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
    /// The gate before a repository whose files must be asked for.
    gate::gate(OfRepo) -> Gate, reads [Repo] stales [];
    /// Opens the page where access is asked for, and looks for the grant from then on.
    gate::ask_access(OfRepo) -> Gate, reads [] stales [Repo];
    /// The window is looked at again: what was done in the browser may be there.
    gate::window_focused(()) -> (), reads [] stales [];
    /// What there is to choose for a download: the forms the model comes in, and folders.
    download::download_choices(RepoAt) -> Choices, reads [Repo, Cache, Folders] stales [];
    /// Lets a person choose a folder; `null` when they choose none.
    download::pick_folder(()) -> Option<KnownFolder>, reads [] stales [Folders];
    /// What a download would do.
    download::plan_download(DownloadRequest) -> DownloadPlan, reads [Repo, Cache] stales [];
    /// Adds a download to the queue; its progress comes as events.
    download::start_download(StartDownload) -> TransferId, reads [] stales [Folders];
    /// Stops a transfer for a while, also over the end of the program.
    transfer::pause_transfer(TransferRef) -> (), reads [] stales [];
    /// Lets a paused transfer go on when its turn comes.
    transfer::resume_transfer(TransferRef) -> (), reads [] stales [];
    /// Stops a transfer and keeps what arrived.
    transfer::cancel_transfer(TransferRef) -> (), reads [] stales [];
    /// Tries a transfer again that waits, is blocked, has failed or was cancelled, from where it stopped.
    transfer::retry_transfer(TransferRef) -> (), reads [] stales [];
    /// Tries a blocked transfer again, and replaces what is in its way: files here, or what others have changed at the Hub.
    transfer::overwrite_transfer(TransferRef) -> (), reads [] stales [];
    /// Has a transfer that waits, is blocked or has failed go to another folder, and tries it there.
    transfer::redirect_transfer(RedirectTransfer) -> (), reads [] stales [Folders];
    /// Forgets a transfer that has ended.
    transfer::remove_transfer(TransferRef) -> (), reads [] stales [];
    /// Puts a transfer elsewhere in the queue.
    transfer::move_transfer(MoveTransfer) -> (), reads [] stales [];
    /// Makes a transfer more or less urgent.
    transfer::set_transfer_class(SetTransferClass) -> (), reads [] stales [];
    /// Pauses everything that has not ended.
    transfer::pause_all(()) -> (), reads [] stales [];
    /// Resumes everything that is paused.
    transfer::resume_all(()) -> (), reads [] stales [];
    /// Forgets the transfers that have ended.
    transfer::clear_transfers(()) -> (), reads [] stales [];
    /// Some of the files of a transfer.
    transfer::transfer_files(TransferFilesRequest) -> TransferFiles, reads [] stales [];
    /// Shows a transfer's folder in the file manager.
    transfer::show_folder(TransferRef) -> (), reads [] stales [];
    /// Lets a person choose files to upload; none when they choose none.
    upload::pick_files(()) -> Vec<KnownSource>, reads [] stales [];
    /// Lets a person choose a folder to upload; none when they choose none.
    upload::pick_source_folder(()) -> Vec<KnownSource>, reads [] stales [];
    /// What a person has copied in a file manager, to upload it; none when that is something else. For Ctrl+V: the web view gives a page no names of files.
    upload::paste_files(()) -> Vec<KnownSource>, reads [] stales [];
    /// To what somebody can upload.
    upload::upload_targets(UploadTargetsRequest) -> UploadTargets, reads [RepoList, Accounts] stales [];
    /// Begins to find out what an upload would do; changes nothing at the Hub. The last few previews are kept.
    upload::start_preview(UploadRequest) -> PreviewId, reads [] stales [];
    /// How far a preview is, and what it has found.
    upload::upload_preview(PreviewRef) -> UploadPreview, reads [] stales [];
    /// Some of the files of a preview that is ready.
    upload::preview_files(PreviewFilesRequest) -> PreviewFiles, reads [] stales [];
    /// Stops and forgets a preview.
    upload::close_preview(PreviewRef) -> (), reads [] stales [];
    /// Adds an upload to the queue; its progress comes as events.
    upload::start_upload(StartUpload) -> TransferId, reads [] stales [];
    /// Lets an upload go on that has stopped at secrets.
    upload::acknowledge_secrets(AcknowledgeSecrets) -> (), reads [] stales [];
    /// What an upload has led to so far.
    upload::upload_result(TransferRef) -> UploadResult, reads [] stales [];
    /// Finds out what holds up an upload that has stopped at secrets: a preview of what it would do now.
    upload::preview_transfer(TransferRef) -> PreviewId, reads [] stales [];
    /// What taking back an upload that has ended would do. Changes nothing.
    change::plan_undo(TransferRef) -> UndoPlan, reads [] stales [];
    /// Takes an upload back as it was planned, by a commit. Asked again, it goes on; what is done is not done twice.
    change::run_undo(ChangeRef) -> UploadResult, reads [] stales [Repo];
    /// Whether copies, moves and deletions can be made, and what they would do. Changes nothing.
    change::plan_rearrange(RearrangeRequest) -> Rearranging, reads [] stales [];
    /// Makes copies, moves and deletions as they were planned. Asked again, it goes on.
    change::run_rearrange(ChangeRef) -> UploadResult, reads [] stales [Repo];
    /// Says what becomes of what is at work when the window is closed.
    transfer::answer_quit(AnswerQuit) -> (), reads [] stales [];
}

fn parse<T: DeserializeOwned>(request: Value) -> Result<T, ApiError> {
    // What was sent is not repeated, nor the parser's words, which quote it: it may hold a token.
    serde_json::from_value(request)
        .map_err(|_| ApiError::bad_input("The request is not of the form this command takes."))
}
