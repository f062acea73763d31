//! The tables of a dataset.

use hubdesk_hub::{Rows, Split};
use serde_json::{Value, json};

use crate::Outcome;
use crate::question::Question;

pub(crate) async fn answer(asked: &Question) -> Outcome {
    let Some(word) = asked.call().strip_prefix("viewer_") else {
        return Ok(None);
    };
    let viewer = asked.repo()?.viewer().ok_or("it has no viewer")?;
    let of = || -> Result<Split, Box<dyn std::error::Error>> {
        Ok(Split {
            config: asked.text("config")?.to_owned(),
            split: asked.text("split")?.to_owned(),
        })
    };
    let (offset, length) = (
        asked.number("offset").unwrap_or_default(),
        asked.number("length").unwrap_or(100),
    );
    Ok(Some(match word {
        "validity" => {
            let is = viewer.validity().await?;
            json!([is.preview, is.viewer, is.search, is.filter, is.statistics])
        }
        "splits" => {
            let found = viewer.splits().await?.splits;
            let found = found.iter();
            found.map(|one| json!([one.config, one.split])).collect()
        }
        "first_rows" => rows(&viewer.first_rows(&of()?).await?),
        "rows" => rows(&viewer.rows(&of()?, offset, length).await?),
        "search" => {
            let words = asked.text("query")?;
            rows(&viewer.search(&of()?, words, offset, length).await?)
        }
        "filter" => {
            let (condition, order) = (asked.text("where")?, asked.some("orderby"));
            let of = of()?;
            let found = viewer.filter(&of, condition, order, offset, length);
            rows(&found.await?)
        }
        "statistics" => {
            let found = viewer.statistics(&of()?).await?;
            let columns = found.columns.iter();
            let columns = columns.map(|one| json!([one.name, one.kind, one.values]));
            json!([found.rows, columns.collect::<Value>()])
        }
        "sizes" => json!(viewer.sizes().await?.whole.rows),
        "info" => viewer.info(None).await?,
        "parquet" => {
            let found = viewer.parquet(None).await?;
            let found = found.iter();
            found
                .map(|one| json!([one.config, one.split, one.url, one.filename, one.size]))
                .collect()
        }
        _ => return Ok(None),
    }))
}

fn rows(rows: &Rows) -> Value {
    let columns = rows.features.iter().map(|column| column.name.as_str());
    let shown = rows.rows.iter().map(|row| json!([row.index, row.cells]));
    json!({
        "columns": columns.collect::<Vec<_>>(),
        "rows": shown.collect::<Vec<_>>(),
        "total": rows.total,
    })
}
