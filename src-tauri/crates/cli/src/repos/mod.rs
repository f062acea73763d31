//! `models`, `datasets`, `spaces` and `repos`, named and optioned as in `hf`.

mod args;
mod delete;
mod row;
mod table;

use std::io::IsTerminal as _;

use hubdesk_app::api::ApiError;
use hubdesk_app::{
    Env, ListJob, Listed, ModelFilter, Named, RepoKind, RepoQuery, Sort, StorageJob,
};
use serde_json::Value;

pub(crate) use self::args::{DatasetsCommand, ModelsCommand, ReposCommand, SpacesCommand};
use self::args::{
    InfoArgs, Kind, ListArgs, ModelsArgs, Order, ShownArgs, SpaceOrder, StorageArgs, StoredKind,
};
use self::row::Row;
use crate::args::token;
use crate::{End, print};

pub(crate) async fn models(
    env: &Env,
    command: ModelsCommand,
    is_json: bool,
) -> Result<End, ApiError> {
    match command {
        ModelsCommand::Info(args) => info(env, RepoKind::Model, args, is_json).await,
        ModelsCommand::List(args) => {
            let query = models_query(&args);
            list(env, RepoKind::Model, query, args.list, is_json).await
        }
    }
}

pub(crate) async fn datasets(
    env: &Env,
    command: DatasetsCommand,
    is_json: bool,
) -> Result<End, ApiError> {
    match command {
        DatasetsCommand::Info(args) => info(env, RepoKind::Dataset, args, is_json).await,
        DatasetsCommand::List(args) => {
            let query = query(&args.list, args.sort.map(Order::sort));
            list(env, RepoKind::Dataset, query, args.list, is_json).await
        }
    }
}

pub(crate) async fn spaces(
    env: &Env,
    command: SpacesCommand,
    is_json: bool,
) -> Result<End, ApiError> {
    match command {
        SpacesCommand::Info(args) => info(env, RepoKind::Space, args, is_json).await,
        SpacesCommand::List(args) => {
            let query = query(&args.list, args.sort.map(SpaceOrder::sort));
            list(env, RepoKind::Space, query, args.list, is_json).await
        }
    }
}

pub(crate) async fn repos(
    env: &Env,
    command: ReposCommand,
    is_json: bool,
) -> Result<End, ApiError> {
    match command {
        ReposCommand::Info(args) => info(env, args.kind.kind(), args.info, is_json).await,
        ReposCommand::List(args) => stored(env, args, is_json).await,
        ReposCommand::DeleteFiles(args) => delete::run(env, args, is_json).await,
    }
}

/// Lists what an account keeps at the Hub.
async fn stored(env: &Env, args: StorageArgs, is_json: bool) -> Result<End, ApiError> {
    let job = StorageJob {
        org: args.namespace,
        kind: args.kind.map(|kind| kind.word().to_owned()),
        search: args.search,
        most: args.limit,
        token: token(args.shown.token.as_deref())?,
    };
    let repos = hubdesk_app::list_stored_repos(env, &job).await?;
    let rows: Vec<Row> = repos.iter().map(row::stored).collect();
    let columns = [
        "id",
        "type",
        "updated",
        "visibility",
        "storage",
        "%_of_total",
    ];
    show(&columns, rows, &args.shown, is_json);
    Ok(End::Done)
}

/// What lists of every kind are narrowed by.
fn query(args: &ListArgs, sort: Option<Sort>) -> RepoQuery {
    RepoQuery {
        search: args.search.clone(),
        author: args.author.clone(),
        filter: args.filter.clone(),
        sort,
        ..RepoQuery::default()
    }
}

fn models_query(args: &ModelsArgs) -> RepoQuery {
    RepoQuery {
        gated: (args.gated || args.no_gated).then_some(args.gated),
        models: ModelFilter {
            pipeline_tag: args.pipeline_tag.clone(),
            apps: args.apps.clone(),
            is_served: args.warm,
            providers: args.inference_provider.clone(),
            parameters: args.num_parameters.unwrap_or_default(),
        },
        ..query(&args.list, args.sort.map(Order::sort))
    }
}

/// Lists repositories, or the files of the one that is named.
async fn list(
    env: &Env,
    kind: RepoKind,
    query: RepoQuery,
    args: ListArgs,
    is_json: bool,
) -> Result<End, ApiError> {
    let token = token(args.shown.token.as_deref())?;
    if let Some(repo) = args.repo.clone() {
        let revision = args.revision.clone();
        let named = Named {
            repo,
            kind,
            revision,
            token,
        };
        return files(env, &named, &args, is_json).await;
    }
    let job = ListJob {
        kind,
        query,
        most: args.limit,
        expand: args.expand,
        token,
    };
    let rows: Vec<Row> = match hubdesk_app::list_repos(env, &job).await? {
        Listed::Brief(repos) => repos.iter().map(row::listed).collect(),
        Listed::Expanded(all) => all
            .iter()
            .map(|one| row::details(one, &job.expand))
            .collect(),
    };
    let asked: Vec<String> = job.expand.iter().map(|name| row::field(name)).collect();
    let columns: Vec<&str> = if asked.is_empty() {
        brief_columns(kind).to_vec()
    } else {
        std::iter::once("id")
            .chain(asked.iter().map(String::as_str))
            .collect()
    };
    show(&columns, rows, &args.shown, is_json);
    Ok(End::Done)
}

/// What a line has room for, the most telling first.
fn brief_columns(kind: RepoKind) -> &'static [&'static str] {
    match kind {
        RepoKind::Model => &[
            "id",
            "downloads",
            "likes",
            "last_modified",
            "pipeline_tag",
            "library_name",
            "gated",
            "private",
        ],
        RepoKind::Dataset => &[
            "id",
            "downloads",
            "likes",
            "last_modified",
            "gated",
            "private",
        ],
        RepoKind::Space => &[
            "id",
            "likes",
            "last_modified",
            "sdk",
            "runtime",
            "private",
            "title",
        ],
    }
}

async fn info(env: &Env, kind: RepoKind, args: InfoArgs, is_json: bool) -> Result<End, ApiError> {
    let named = Named {
        repo: args.repo,
        kind,
        revision: args.revision,
        token: token(args.token.as_deref())?,
    };
    let details = hubdesk_app::repo_info(env, &named, &args.expand).await?;
    let value = Value::Object(row::details(&details, &args.expand));
    if is_json {
        print::answer_json(&value);
    } else {
        print::answer_json_wide(&value);
    }
    Ok(End::Done)
}

async fn files(env: &Env, named: &Named, args: &ListArgs, is_json: bool) -> Result<End, ApiError> {
    let entries = hubdesk_app::repo_files(env, named, args.recursive).await?;
    if is_json {
        print::answer_json(&entries.iter().map(row::entry).map(Value::Object).collect());
        return Ok(End::Done);
    }
    let lines = if args.tree {
        table::tree(&entries, args.human_readable, args.shown.quiet)
    } else if args.shown.quiet {
        entries.iter().map(table::shown_path).collect()
    } else {
        table::files(&entries, args.human_readable)
    };
    for line in lines {
        print::answer(&line);
    }
    Ok(End::Done)
}

/// Prints a list in the way that was asked for.
fn show(columns: &[&str], rows: Vec<Row>, shown: &ShownArgs, is_json: bool) {
    if is_json {
        print::answer_json(&rows.into_iter().map(Value::Object).collect());
    } else if shown.quiet {
        for id in rows.iter().filter_map(|row| row.get("id")?.as_str()) {
            print::answer(id);
        }
    } else if rows.is_empty() {
        print::note("Nothing was found.");
    } else {
        let width = if shown.no_truncate {
            None
        } else {
            terminal_width()
        };
        for line in table::table(columns, &rows, width) {
            print::answer(&line);
        }
    }
}

/// How many characters a line of the answer has room for; `None` if it goes elsewhere.
fn terminal_width() -> Option<usize> {
    let stdout = std::io::stdout();
    let (width, _) = terminal_size::terminal_size_of(&stdout).filter(|_| stdout.is_terminal())?;
    Some(width.0.into())
}

impl Order {
    fn sort(self) -> Sort {
        match self {
            Self::CreatedAt => Sort::Created,
            Self::Downloads => Sort::Downloads,
            Self::LastModified => Sort::Modified,
            Self::Likes => Sort::Likes,
            Self::TrendingScore => Sort::Trending,
        }
    }
}

impl SpaceOrder {
    fn sort(self) -> Sort {
        match self {
            Self::CreatedAt => Sort::Created,
            Self::LastModified => Sort::Modified,
            Self::Likes => Sort::Likes,
            Self::TrendingScore => Sort::Trending,
        }
    }
}

impl Kind {
    fn kind(self) -> RepoKind {
        match self {
            Self::Model => RepoKind::Model,
            Self::Dataset => RepoKind::Dataset,
            Self::Space => RepoKind::Space,
        }
    }
}

impl StoredKind {
    fn word(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Dataset => "dataset",
            Self::Space => "space",
            Self::Bucket => "bucket",
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use super::*;
    use crate::args::{Args, Command};

    fn parse(line: &str) -> Result<Command, clap::Error> {
        let words = std::iter::once("hubdesk-cli").chain(line.split(' '));
        Args::try_parse_from(words).map(|args| args.command)
    }

    fn models(line: &str) -> Box<ModelsArgs> {
        match parse(line) {
            Ok(Command::Models {
                command: ModelsCommand::List(args),
            }) => args,
            Ok(_) => panic!("{line} is another command"),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn arguments_fit_together() {
        Args::command().debug_assert();
    }

    #[test]
    fn every_option_of_a_list_narrows_it() {
        let args = models(
            "models ls --search q --author x --filter a --filter b --pipeline-tag t --no-gated \
             --apps ollama --num-parameters min:6B --warm --sort last_modified --limit 5",
        );
        let query = models_query(&args);
        assert_eq!(
            (query.search.as_deref(), query.author.as_deref()),
            (Some("q"), Some("x"))
        );
        assert_eq!(
            (query.filter, query.gated),
            (vec!["a".to_owned(), "b".to_owned()], Some(false))
        );
        assert_eq!((query.sort, args.list.limit), (Some(Sort::Modified), 5));
        let models = query.models;
        assert_eq!(models.pipeline_tag.as_deref(), Some("t"));
        assert_eq!(models.apps, ["ollama"]);
        assert!(models.is_served && models.providers.is_empty());
        assert_eq!(models.parameters.min, Some(6_000_000_000));
    }

    #[test]
    fn nothing_said_narrows_nothing() {
        let args = models("models list");
        assert_eq!(models_query(&args), RepoQuery::default());
        assert_eq!(args.list.limit, 30);
        assert_eq!(models_query(&models("models ls --gated")).gated, Some(true));
    }

    #[test]
    fn properties_are_separated_by_commas() {
        assert_eq!(
            models("models ls --expand likes,tags").list.expand,
            ["likes", "tags"]
        );
    }

    #[test]
    fn what_is_for_files_is_not_for_lists_nor_the_other_way_round() {
        for line in [
            "models ls a/b --search x",
            "models ls a/b --limit 3",
            "models ls a/b --warm",
            "datasets ls a/b --sort likes",
            "models ls -R",
            "models ls -h",
            "spaces ls --revision main",
            "models ls a/b --tree --json",
            "models ls --warm --inference-provider groq",
            "models ls --gated --no-gated",
            "models ls --num-parameters many",
            "spaces ls --sort downloads",
            "models ls -q --json",
            "repos ls --type kernel",
        ] {
            let error = parse(line)
                .err()
                .unwrap_or_else(|| panic!("{line} was taken"));
            assert_eq!(error.exit_code(), 2, "{line}");
        }
        let files = models("models ls a/b -R -h --revision v1");
        assert!(files.list.recursive && files.list.human_readable);
    }

    #[test]
    fn help_is_not_the_short_option_where_that_is_taken() {
        for line in ["models ls --help", "models info -h", "repos ls -h"] {
            let error = parse(line)
                .err()
                .unwrap_or_else(|| panic!("{line} is no help"));
            assert_eq!(error.exit_code(), 0, "{line}");
        }
    }
}
