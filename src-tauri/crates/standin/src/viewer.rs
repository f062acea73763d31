//! The dataset viewer. On the public Hub it is a service at another host; here it is at `/_viewer`.
//! It shows the tables a dataset was seeded with. What it refuses, it refuses with the codes of the
//! real one; which code belongs to which fault is unverified where a comment says so.

use axum::http::StatusCode;
use hubdesk_core::{RepoId, RepoKind};
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::ask::Ask;
use crate::condition::Condition;
use crate::error::Refusal;
use crate::model::Repo;
use crate::order::Order;
use crate::table::{Column, Table};

/// Most rows of one answer.
const ROWS: usize = 100;
/// Where its own copies in Parquet are.
const CONVERTED: &str = "refs/convert/parquet";

/// `GET /_viewer/{word}?dataset=…[&config=…&split=…]`.
pub(crate) fn answer(ask: &Ask<'_>, word: &str) -> Result<Answer, Refusal> {
    let repo = dataset(ask)?;
    let tables = &repo.about.tables;
    if tables.is_empty() && word != "is-valid" {
        let why = "The dataset has no tables.".to_owned();
        return Err(Refusal::Coded(
            StatusCode::NOT_FOUND,
            "ResponseNotFound",
            why,
        ));
    }
    let answer = match word {
        "is-valid" => {
            let has = !tables.is_empty();
            json!({"preview": has, "viewer": has, "search": has, "filter": has, "statistics": has})
        }
        "splits" => {
            let splits: Value = tables.iter().map(|table| of(&repo, table)).collect();
            json!({"splits": splits, "pending": [], "failed": []})
        }
        "first-rows" => {
            let table = table(ask, tables)?;
            let all: Vec<usize> = (0..table.rows()).collect();
            let mut answer = rows(table, &all[..all.len().min(ROWS)]);
            answer["truncated"] = json!(all.len() > ROWS);
            answer
        }
        "rows" => some(ask, table(ask, tables)?, None, |_, _| true)?,
        "search" => {
            let words = required(ask, "query")?.to_lowercase();
            some(ask, table(ask, tables)?, None, |table, row| {
                table.columns.iter().any(|column| match column {
                    Column::Texts(_, texts) => texts[row].to_lowercase().contains(&words),
                    Column::Integers(..) | Column::Reals(..) => false,
                })
            })?
        }
        "filter" => {
            let table = table(ask, tables)?;
            let condition = Condition::parse(table, required(ask, "where")?)
                .ok_or_else(|| invalid("Parameter 'where' is invalid"))?;
            let order = ask.query.get("orderby").map(|text| {
                Order::parse(table, text).ok_or_else(|| invalid("Parameter 'orderby' is invalid"))
            });
            some(ask, table, order.transpose()?, |_, row| {
                condition.holds(row)
            })?
        }
        "statistics" => statistics(table(ask, tables)?),
        "size" => sizes(&repo, tables),
        "info" => info(ask, tables),
        "parquet" => parquet(ask, &repo)?,
        _ => return Err(Refusal::NotFound),
    };
    Ok(Answer::json(answer))
}

/// The dataset, if the caller may read it.
fn dataset(ask: &Ask<'_>) -> Result<std::sync::Arc<Repo>, Refusal> {
    let id = RepoId::new(RepoKind::Dataset, required(ask, "dataset")?)
        .map_err(|why| invalid(&why.to_string()))?;
    let hidden = |_| {
        let why = "The dataset does not exist, or is not accessible".to_owned();
        if ask.is_anonymous() {
            Refusal::Coded(
                StatusCode::UNAUTHORIZED,
                "ExternalUnauthenticatedError",
                why,
            )
        } else {
            Refusal::Coded(StatusCode::NOT_FOUND, "ExternalAuthenticatedError", why)
        }
    };
    let repo = ask.repo(&id).map_err(hidden)?;
    ask.check_gate(&repo).map_err(hidden)?;
    Ok(repo)
}

fn required<'a>(ask: &'a Ask<'_>, name: &str) -> Result<&'a str, Refusal> {
    ask.query.get(name).ok_or_else(|| {
        let why = format!("Parameter '{name}' is required");
        Refusal::Coded(
            StatusCode::UNPROCESSABLE_ENTITY,
            "MissingRequiredParameter",
            why,
        )
    })
}

fn invalid(why: &str) -> Refusal {
    let why = why.to_owned();
    Refusal::Coded(StatusCode::UNPROCESSABLE_ENTITY, "InvalidParameter", why)
}

/// The table that is asked for. The code for one that is not there is unverified.
fn table<'a>(ask: &Ask<'_>, tables: &'a [Table]) -> Result<&'a Table, Refusal> {
    let (config, split) = (required(ask, "config")?, required(ask, "split")?);
    let found = tables
        .iter()
        .find(|table| table.config == config && table.split == split);
    found.ok_or_else(|| {
        let why = format!("There is no split {split} in {config}.");
        Refusal::Coded(StatusCode::NOT_FOUND, "ResponseNotFound", why)
    })
}

/// The part of the rows that match which is asked for, in this order or in their own.
fn some(
    ask: &Ask<'_>,
    table: &Table,
    order: Option<Order<'_>>,
    matches: impl Fn(&Table, usize) -> bool,
) -> Result<Value, Refusal> {
    let number = |name: &str, default: usize| match ask.query.get(name) {
        None => Ok(default),
        Some(text) => text
            .parse()
            .map_err(|_| invalid(&format!("Parameter '{name}' must be a number"))),
    };
    let (offset, length) = (number("offset", 0)?, number("length", ROWS)?);
    if length > ROWS {
        return Err(invalid("Parameter 'length' must not be greater than 100"));
    }
    let mut found: Vec<usize> = (0..table.rows())
        .filter(|row| matches(table, *row))
        .collect();
    if let Some(order) = order {
        found.sort_by(|a, b| order.of(*a, *b));
    }
    let start = offset.min(found.len());
    let end = (start + length).min(found.len());
    let mut answer = rows(table, &found[start..end]);
    answer["num_rows_total"] = json!(found.len());
    answer["num_rows_per_page"] = json!(ROWS);
    answer["partial"] = json!(false);
    Ok(answer)
}

fn rows(table: &Table, rows: &[usize]) -> Value {
    let features = table.columns.iter().enumerate();
    let features = features.map(|(index, column)| {
        let kind = json!({"dtype": column.dtype(), "_type": "Value"});
        json!({"feature_idx": index, "name": column.name(), "type": kind})
    });
    let row = |row: &usize| {
        let cells = table.columns.iter();
        let cells: Map<String, Value> = cells
            .map(|column| (column.name().to_owned(), column.cell(*row)))
            .collect();
        json!({"row_idx": row, "row": cells, "truncated_cells": []})
    };
    json!({"features": features.collect::<Value>(), "rows": rows.iter().map(row).collect::<Value>()})
}

fn of(repo: &Repo, table: &Table) -> Value {
    json!({"dataset": repo.id.name(), "config": table.config, "split": table.split})
}

fn statistics(table: &Table) -> Value {
    let columns = table.columns.iter().map(|column| {
        let (kind, numbers): (_, Vec<f64>) = match column {
            Column::Integers(_, values) => ("int", values.iter().map(|v| *v as f64).collect()),
            Column::Reals(_, values) => ("float", values.clone()),
            Column::Texts(_, values) => {
                let lengths = values.iter().map(|text| text.chars().count() as f64);
                ("string_text", lengths.collect())
            }
        };
        let mean = numbers.iter().sum::<f64>() / numbers.len().max(1) as f64;
        let smallest = numbers.iter().copied().reduce(f64::min);
        let largest = numbers.iter().copied().reduce(f64::max);
        json!({
            "column_name": column.name(),
            "column_type": kind,
            "column_statistics": {
                "nan_count": 0, "nan_proportion": 0.0, "min": smallest, "max": largest, "mean": mean,
            },
        })
    });
    json!({
        "num_examples": table.rows(),
        "statistics": columns.collect::<Value>(),
        "partial": false,
    })
}

fn sizes(repo: &Repo, tables: &[Table]) -> Value {
    let splits = tables.iter().map(|table| {
        let mut size = of(repo, table);
        size["num_rows"] = json!(table.rows());
        size["num_columns"] = json!(table.columns.len());
        size
    });
    let rows: usize = tables.iter().map(Table::rows).sum();
    json!({
        "size": {
            "dataset": {"dataset": repo.id.name(), "num_rows": rows},
            "configs": [],
            "splits": splits.collect::<Value>(),
        },
        "pending": [], "failed": [], "partial": false,
    })
}

/// By variant; or about the one that is asked for.
fn info(ask: &Ask<'_>, tables: &[Table]) -> Value {
    let mut by_config = Map::new();
    for table in tables {
        let columns = table.columns.iter();
        let features: Map<String, Value> = columns
            .map(|column| {
                let kind = json!({"dtype": column.dtype(), "_type": "Value"});
                (column.name().to_owned(), kind)
            })
            .collect();
        let split = json!({"name": table.split, "num_examples": table.rows()});
        let info = by_config
            .entry(table.config.clone())
            .or_insert_with(|| json!({"features": features, "splits": {}}));
        info["splits"][&table.split] = split;
    }
    let info = match ask.query.get("config") {
        Some(config) => by_config.remove(config).unwrap_or(Value::Null),
        None => Value::Object(by_config),
    };
    json!({"dataset_info": info, "partial": false})
}

/// The files on the branch that holds them: `{config}/{split}/{number}.parquet`.
fn parquet(ask: &Ask<'_>, repo: &Repo) -> Result<Value, Refusal> {
    let commit = repo.resolve(CONVERTED).ok_or_else(|| {
        let why = "The dataset has no copy in Parquet.".to_owned();
        Refusal::Coded(StatusCode::NOT_FOUND, "ResponseNotFound", why)
    })?;
    let wanted = ask.query.get("config");
    let files = commit.tree.files.iter().filter_map(|(path, file)| {
        let [config, split, name] = path.split('/').collect::<Vec<_>>().try_into().ok()?;
        wanted.is_none_or(|wanted| wanted == config).then(|| {
            let at = CONVERTED.replace('/', "%2F");
            let (endpoint, id) = (&ask.hub.endpoint, repo.id.name());
            json!({
                "dataset": id,
                "config": config,
                "split": split,
                "url": format!("{endpoint}/datasets/{id}/resolve/{at}/{path}"),
                "filename": name,
                "size": file.blob.content.size(),
            })
        })
    });
    let files: Value = files.collect();
    Ok(json!({"parquet_files": files, "pending": [], "failed": [], "partial": false}))
}
