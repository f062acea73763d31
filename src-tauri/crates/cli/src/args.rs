use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use hubdesk_app::api::ApiError;
use hubdesk_app::{RepoKind, Token};

use crate::repos::{DatasetsCommand, ModelsCommand, ReposCommand, SpacesCommand};

/// Hubdesk for the command line.
#[derive(Parser)]
#[command(name = "hubdesk-cli", version, propagate_version = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Print answers, and errors, as JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Say on standard error what is being done
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Download files from the Hub into the shared cache
    Download(DownloadArgs),
    /// Upload a file or a folder to the Hub
    Upload(UploadArgs),
    /// Sign in and out
    Auth {
        #[command(subcommand)]
        command: AuthCommand,
    },
    /// Look at models
    Models {
        #[command(subcommand)]
        command: ModelsCommand,
    },
    /// Look at datasets
    Datasets {
        #[command(subcommand)]
        command: DatasetsCommand,
    },
    /// Look at Spaces
    Spaces {
        #[command(subcommand)]
        command: SpacesCommand,
    },
    /// Look at your own repositories
    Repos {
        #[command(subcommand)]
        command: ReposCommand,
    },
    /// The Hub in a box
    Hub {
        #[command(subcommand)]
        command: HubCommand,
    },
}

#[derive(Subcommand)]
pub(crate) enum HubCommand {
    /// Start it on this computer and print its address as JSON
    Serve(ServeArgs),
}

#[derive(Subcommand)]
pub(crate) enum AuthCommand {
    /// Sign in with a browser anywhere, or with a token
    Login(LoginArgs),
    /// Sign one account out, or all
    Logout(LogoutArgs),
    /// List the accounts
    #[command(alias = "ls")]
    List,
    /// Use another account
    Switch(SwitchArgs),
    /// Say who is signed in
    Whoami,
    /// Print the token of the account in use
    Token,
}

#[derive(ClapArgs)]
pub(crate) struct LoginArgs {
    /// An access token from the settings of the Hub. It is visible to others on this computer while
    /// the command runs
    #[arg(long)]
    pub(crate) token: Option<String>,
    /// Give the token to git's credential helper, too
    #[arg(long)]
    pub(crate) add_to_git_credential: bool,
    /// Sign in even if somebody is signed in already
    #[arg(long)]
    pub(crate) force: bool,
    /// Keep the token where `hf` has its own, too: in plain files that only this user can read.
    /// Without a keychain this is the only place
    #[arg(long)]
    pub(crate) share: bool,
}

#[derive(ClapArgs)]
pub(crate) struct LogoutArgs {
    /// The account, by the name of its token or its user; all without it
    #[arg(long, value_name = "NAME")]
    pub(crate) token_name: Option<String>,
}

#[derive(ClapArgs)]
pub(crate) struct SwitchArgs {
    /// The account, by the name of its token or its user
    #[arg(long, value_name = "NAME")]
    pub(crate) token_name: String,
    /// Give the token to git's credential helper, too
    #[arg(long)]
    pub(crate) add_to_git_credential: bool,
}

#[derive(ClapArgs)]
pub(crate) struct DownloadArgs {
    /// The repository, such as `owner/name`, `datasets/owner/name` or
    /// `hf://datasets/owner/name@v1/folder/`
    #[arg(value_name = "REPO_ID")]
    pub(crate) repo: String,
    /// Files to download; one that ends in `/` is a folder
    #[arg(value_name = "FILENAMES")]
    pub(crate) files: Vec<String>,
    /// What kind of repository it is
    #[arg(long = "repo-type", alias = "type", value_name = "TYPE")]
    pub(crate) kind: Option<Kind>,
    /// Branch, tag, pull-request ref or commit
    #[arg(long)]
    pub(crate) revision: Option<String>,
    /// Patterns of files to download
    #[arg(long, value_name = "PATTERN")]
    pub(crate) include: Vec<String>,
    /// Patterns of files not to download
    #[arg(long, value_name = "PATTERN")]
    pub(crate) exclude: Vec<String>,
    /// A folder to put the files in under their names, instead of the cache. What is there and not
    /// from the Hub stays, unless --force-download is given
    #[arg(long, value_name = "DIR", conflicts_with = "cache_dir")]
    pub(crate) local_dir: Option<PathBuf>,
    /// Ask nothing of the Hub: what is on this computer is the answer
    #[arg(long)]
    pub(crate) local_files_only: bool,
    /// The cache to use instead of the shared one
    #[arg(long, value_name = "DIR")]
    pub(crate) cache_dir: Option<PathBuf>,
    /// Download files that are cached already, too
    #[arg(long)]
    pub(crate) force_download: bool,
    /// Only say what would be downloaded
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print the path and nothing else
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// Files to download at the same time
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub(crate) max_workers: usize,
    /// An access token. It is visible to others on this computer while the command runs; the
    /// variable `HF_TOKEN` is not
    #[arg(long)]
    pub(crate) token: Option<String>,
}

#[derive(ClapArgs)]
pub(crate) struct UploadArgs {
    /// The repository, such as `owner/name`, `datasets/owner/name` or
    /// `hf://datasets/owner/name@v1/folder/`; made if it is not there
    #[arg(value_name = "REPO_ID")]
    pub(crate) repo: String,
    /// What to upload: a file, a folder, or a pattern of files below this folder. What is called
    /// like the repository, if nothing is named
    #[arg(value_name = "LOCAL_PATH")]
    pub(crate) local_path: Option<PathBuf>,
    /// Where it goes in the repository
    #[arg(value_name = "PATH_IN_REPO")]
    pub(crate) path_in_repo: Option<String>,
    /// What kind of repository it is
    #[arg(long = "repo-type", alias = "type", value_name = "TYPE")]
    pub(crate) kind: Option<Kind>,
    /// A branch, made if it is not there
    #[arg(long)]
    pub(crate) revision: Option<String>,
    /// Nobody else sees a repository that is made
    #[arg(long, conflicts_with = "no_private")]
    pub(crate) private: bool,
    /// Everyone sees a repository that is made
    #[arg(long)]
    pub(crate) no_private: bool,
    /// Patterns of files to upload
    #[arg(long, value_name = "PATTERN")]
    pub(crate) include: Vec<String>,
    /// Patterns of files not to upload
    #[arg(long, value_name = "PATTERN")]
    pub(crate) exclude: Vec<String>,
    /// Patterns of files that go from the repository
    #[arg(long, value_name = "PATTERN")]
    pub(crate) delete: Vec<String>,
    /// The first line of what the commit says
    #[arg(long, value_name = "TEXT")]
    pub(crate) commit_message: Option<String>,
    /// The rest of it
    #[arg(long, value_name = "TEXT")]
    pub(crate) commit_description: Option<String>,
    /// Open a pull request instead of writing to the branch
    #[arg(long)]
    pub(crate) create_pr: bool,
    /// Do it again every so many minutes, until it is stopped
    #[arg(long, value_name = "MINUTES")]
    pub(crate) every: Option<f64>,
    /// Print the address and nothing else
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// An access token. It is visible to others on this computer while the command runs; the
    /// variable `HF_TOKEN` is not
    #[arg(long)]
    pub(crate) token: Option<String>,
}

#[derive(ClapArgs)]
pub(crate) struct ServeArgs {
    /// The port; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
    /// A folder to keep what was made in
    #[arg(long, value_name = "DIR")]
    pub(crate) state: Option<PathBuf>,
    /// What is in it at the start
    #[arg(long, value_enum, default_value_t = Seed::Demo)]
    pub(crate) seed: Seed,
    /// Entries on one page of a listing
    #[arg(long, value_name = "N")]
    pub(crate) page_size: Option<usize>,
    /// The most that one connection carries, in bytes a second
    #[arg(long, value_name = "BYTES")]
    pub(crate) connection_speed: Option<u64>,
    /// How many milliseconds later every answer begins
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub(crate) latency: u64,
    /// Answer test programs at `/_standin/`: what was asked, who is let in, which token ends
    #[arg(long)]
    pub(crate) control: bool,
    /// Offer a chunk store, too
    #[cfg(feature = "chunk-store")]
    #[arg(long)]
    pub(crate) xet: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Kind {
    Model,
    Dataset,
    Space,
}

impl From<Kind> for RepoKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Model => Self::Model,
            Kind::Dataset => Self::Dataset,
            Kind::Space => Self::Space,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Seed {
    /// The repositories of the demo Hub
    Demo,
    /// What the benchmark downloads
    Bench,
    /// Nothing
    Empty,
}

/// The token among the arguments, if there is one.
pub(crate) fn token(text: Option<&str>) -> Result<Option<Token>, ApiError> {
    text.map(|text| Token::new(text).ok_or_else(|| ApiError::bad_input("That cannot be a token.")))
        .transpose()
}
