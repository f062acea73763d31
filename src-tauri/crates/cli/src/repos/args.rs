use clap::{ArgAction, Args as ClapArgs, Subcommand, ValueEnum};
use hubdesk_app::ParameterRange;

#[derive(Subcommand)]
pub(crate) enum ModelsCommand {
    /// List models, or the files of one
    #[command(visible_alias = "ls", disable_help_flag = true)]
    List(Box<ModelsArgs>),
    /// Say what the Hub knows about a model
    Info(InfoArgs),
}

#[derive(Subcommand)]
pub(crate) enum DatasetsCommand {
    /// List datasets, or the files of one
    #[command(visible_alias = "ls", disable_help_flag = true)]
    List(DatasetsArgs),
    /// Say what the Hub knows about a dataset
    Info(InfoArgs),
}

#[derive(Subcommand)]
pub(crate) enum SpacesCommand {
    /// List Spaces, or the files of one
    #[command(visible_alias = "ls", disable_help_flag = true)]
    List(SpacesArgs),
    /// Say what the Hub knows about a Space
    Info(InfoArgs),
}

#[derive(Subcommand)]
pub(crate) enum ReposCommand {
    /// List your repositories with what they take up
    #[command(visible_alias = "ls")]
    List(StorageArgs),
    /// Say what the Hub knows about a repository of any kind
    Info(AnyInfoArgs),
    /// Delete files of a repository, by a commit
    DeleteFiles(DeleteFilesArgs),
}

#[derive(ClapArgs)]
pub(crate) struct DeleteFilesArgs {
    /// The repository, such as `owner/name` or `datasets/owner/name`
    #[arg(value_name = "REPO_ID")]
    pub(crate) repo: String,
    /// Patterns of files; one that ends in `/` is a folder
    #[arg(value_name = "PATTERNS", required = true)]
    pub(crate) patterns: Vec<String>,
    /// What kind of repository it is
    #[arg(long = "repo-type", alias = "type", value_name = "TYPE")]
    pub(crate) kind: Option<crate::args::Kind>,
    /// The branch
    #[arg(long)]
    pub(crate) revision: Option<String>,
    /// The first line of what the commit says
    #[arg(long, value_name = "TEXT")]
    pub(crate) commit_message: Option<String>,
    /// The rest of it
    #[arg(long, value_name = "TEXT")]
    pub(crate) commit_description: Option<String>,
    /// Open a pull request instead of writing to the branch
    #[arg(long)]
    pub(crate) create_pr: bool,
    /// An access token. It is visible to others on this computer while the command runs; the
    /// variable `HF_TOKEN` is not
    #[arg(long)]
    pub(crate) token: Option<String>,
}

#[derive(ClapArgs)]
pub(crate) struct ModelsArgs {
    #[command(flatten)]
    pub(crate) list: ListArgs,
    /// Only models for this task, such as `summarization`
    #[arg(long, conflicts_with = "repo")]
    pub(crate) pipeline_tag: Option<String>,
    /// Only models that access must be requested to
    #[arg(long, conflicts_with_all = ["repo", "no_gated"])]
    pub(crate) gated: bool,
    /// Only models that are open to everyone
    #[arg(long, conflicts_with = "repo")]
    pub(crate) no_gated: bool,
    /// Only models that one of these programs runs, such as `ollama`
    #[arg(long, conflicts_with = "repo")]
    pub(crate) apps: Vec<String>,
    /// Only models with so many parameters, such as `min:6B,max:128B`
    #[arg(long, conflicts_with = "repo", value_name = "RANGE")]
    pub(crate) num_parameters: Option<ParameterRange>,
    /// Only models that one of these providers serves, such as `groq`
    #[arg(long, conflicts_with_all = ["repo", "warm"])]
    pub(crate) inference_provider: Vec<String>,
    /// Only models that some provider serves now
    #[arg(long, conflicts_with = "repo")]
    pub(crate) warm: bool,
    /// The order, from the most to the least
    #[arg(long, value_enum, conflicts_with = "repo")]
    pub(crate) sort: Option<Order>,
}

#[derive(ClapArgs)]
pub(crate) struct DatasetsArgs {
    #[command(flatten)]
    pub(crate) list: ListArgs,
    /// The order, from the most to the least
    #[arg(long, value_enum, conflicts_with = "repo")]
    pub(crate) sort: Option<Order>,
}

#[derive(ClapArgs)]
pub(crate) struct SpacesArgs {
    #[command(flatten)]
    pub(crate) list: ListArgs,
    /// The order, from the most to the least
    #[arg(long, value_enum, conflicts_with = "repo")]
    pub(crate) sort: Option<SpaceOrder>,
}

/// What lists of every kind take.
#[derive(ClapArgs)]
pub(crate) struct ListArgs {
    /// List the files of this repository instead
    #[arg(value_name = "REPO_ID")]
    pub(crate) repo: Option<String>,
    /// A part of `owner/name`
    #[arg(long, conflicts_with = "repo")]
    pub(crate) search: Option<String>,
    /// The owner
    #[arg(long, conflicts_with = "repo")]
    pub(crate) author: Option<String>,
    /// A tag; given several times, all of them
    #[arg(long, value_name = "TAG", conflicts_with = "repo")]
    pub(crate) filter: Vec<String>,
    /// The most to list
    #[arg(long, value_name = "N", default_value_t = 30, conflicts_with = "repo")]
    pub(crate) limit: usize,
    /// Only these properties, by the Hub's names, with commas between
    #[arg(
        long,
        value_name = "NAMES",
        value_delimiter = ',',
        conflicts_with = "repo"
    )]
    pub(crate) expand: Vec<String>,
    /// Sizes of files in units
    #[arg(long, short, requires = "repo")]
    pub(crate) human_readable: bool,
    /// Files as a tree
    #[arg(long, requires = "repo", conflicts_with = "json")]
    pub(crate) tree: bool,
    /// Files in folders, too
    #[arg(long, short = 'R', requires = "repo")]
    pub(crate) recursive: bool,
    /// Branch, tag, pull-request ref or commit to list files of
    #[arg(long, requires = "repo")]
    pub(crate) revision: Option<String>,
    #[command(flatten)]
    pub(crate) shown: ShownArgs,
    /// Print help
    #[arg(long, action = ArgAction::Help)]
    help: Option<bool>,
}

#[derive(ClapArgs)]
pub(crate) struct InfoArgs {
    /// The repository, such as `owner/name`
    #[arg(value_name = "REPO_ID")]
    pub(crate) repo: String,
    /// Branch, tag, pull-request ref or commit
    #[arg(long)]
    pub(crate) revision: Option<String>,
    /// Only these properties, by the Hub's names, with commas between
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) expand: Vec<String>,
    /// An access token; the variable `HF_TOKEN` is not seen by others on this computer
    #[arg(long)]
    pub(crate) token: Option<String>,
}

#[derive(ClapArgs)]
pub(crate) struct AnyInfoArgs {
    #[command(flatten)]
    pub(crate) info: InfoArgs,
    /// Its kind
    #[arg(long = "type", alias = "repo-type", value_enum, value_name = "TYPE", default_value_t = Kind::Model)]
    pub(crate) kind: Kind,
}

#[derive(ClapArgs)]
pub(crate) struct StorageArgs {
    /// An organisation whose repositories to list instead
    #[arg(long, value_name = "ORG")]
    pub(crate) namespace: Option<String>,
    /// Only what is of this kind
    #[arg(long = "type", alias = "repo-type", value_enum, value_name = "TYPE")]
    pub(crate) kind: Option<StoredKind>,
    /// A part of `owner/name`
    #[arg(long)]
    pub(crate) search: Option<String>,
    /// The most to list; 0 is all
    #[arg(long, value_name = "N", default_value_t = 30)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) shown: ShownArgs,
}

/// How lists are shown, and to whom.
#[derive(ClapArgs)]
pub(crate) struct ShownArgs {
    /// Print names only, one on each line
    #[arg(long, short, conflicts_with = "json")]
    pub(crate) quiet: bool,
    /// Do not cut lines at the edge of the terminal
    #[arg(long)]
    pub(crate) no_truncate: bool,
    /// An access token; the variable `HF_TOKEN` is not seen by others on this computer
    #[arg(long)]
    pub(crate) token: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Order {
    CreatedAt,
    Downloads,
    LastModified,
    Likes,
    TrendingScore,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum SpaceOrder {
    CreatedAt,
    LastModified,
    Likes,
    TrendingScore,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    Model,
    Dataset,
    Space,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StoredKind {
    Model,
    Dataset,
    Space,
    Bucket,
}
