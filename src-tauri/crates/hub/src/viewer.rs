//! The dataset viewer: tables of rows, made by a service beside the Hub.
//!
//! Only the public Hub has one. Its address comes from [`Endpoint`](crate::Endpoint), which also
//! says that the token may go there. Cells with pictures or sounds hold signed addresses that
//! expire: they are not to be kept.

mod tables;

use hubdesk_core::{Backoff, RepoId, RepoKind};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

pub use self::tables::{
    ColumnStatistics, DataSize, Feature, ParquetFile, Row, Rows, Sizes, Split, Splits, Statistics,
    Validity,
};
use crate::call::{Call, Effect};
use crate::{Error, Hub, Repo, What, retry};

/// Most rows in one answer.
const MOST_ROWS: u64 = 100;

/// What is not ready is asked for again so many times. It may take hours, so then the person is
/// told.
const RETRIES: u32 = 3;

/// What the viewer knows about one dataset. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Viewer {
    hub: Hub,
    id: RepoId,
    base: Url,
}

impl Repo {
    /// The viewer of this dataset; `None` for what is no dataset, and at Hubs without one.
    pub fn viewer(&self) -> Option<Viewer> {
        let base = self.hub.endpoint().viewer()?;
        (self.id.kind() == RepoKind::Dataset).then(|| Viewer {
            hub: self.hub.clone(),
            id: self.id.clone(),
            base,
        })
    }
}

/// Every question can end in [`Error::NotReady`]: the service works through datasets when they are
/// asked for.
impl Viewer {
    /// What can be asked for.
    pub async fn validity(&self) -> Result<Validity, Error> {
        self.ask("is-valid", &[]).await
    }

    /// The tables.
    pub async fn splits(&self) -> Result<Splits, Error> {
        self.ask("splits", &[]).await
    }

    /// The first hundred rows or fewer.
    pub async fn first_rows(&self, of: &Split) -> Result<Rows, Error> {
        self.ask("first-rows", &of.pairs()).await
    }

    /// At most `length` rows from `offset` on, and never more than a hundred.
    pub async fn rows(&self, of: &Split, offset: u64, length: u64) -> Result<Rows, Error> {
        self.some("rows", of, &[], offset, length).await
    }

    /// The rows with `words` in one of their texts, as [`Viewer::rows`].
    pub async fn search(
        &self,
        of: &Split,
        words: &str,
        offset: u64,
        length: u64,
    ) -> Result<Rows, Error> {
        let query = [("query", words)];
        self.some("search", of, &query, offset, length).await
    }

    /// The rows for which `condition` holds, such as `"age">30 AND "name"='Ada'`, as
    /// [`Viewer::rows`]; sorted by `order`, such as `"age" DESC`, if given. A condition that cannot
    /// be read is [`Error::BadRequest`].
    pub async fn filter(
        &self,
        of: &Split,
        condition: &str,
        order: Option<&str>,
        offset: u64,
        length: u64,
    ) -> Result<Rows, Error> {
        let mut query = vec![("where", condition)];
        query.extend(order.map(|order| ("orderby", order)));
        self.some("filter", of, &query, offset, length).await
    }

    /// What the columns hold.
    pub async fn statistics(&self, of: &Split) -> Result<Statistics, Error> {
        self.ask("statistics", &of.pairs()).await
    }

    /// How large it is.
    pub async fn sizes(&self) -> Result<Sizes, Error> {
        #[derive(Deserialize)]
        struct Answer {
            size: Sizes,
        }
        Ok(self.ask::<Answer>("size", &[]).await?.size)
    }

    /// What the datasets library knows about it: by variant, or about one. Not typed.
    pub async fn info(&self, config: Option<&str>) -> Result<Value, Error> {
        #[derive(Deserialize)]
        struct Answer {
            dataset_info: Value,
        }
        let answer: Answer = self.ask("info", &of_config(config)).await?;
        Ok(answer.dataset_info)
    }

    /// Its tables as Parquet files, of one variant or of all.
    pub async fn parquet(&self, config: Option<&str>) -> Result<Vec<ParquetFile>, Error> {
        #[derive(Deserialize)]
        struct Answer {
            parquet_files: Vec<ParquetFile>,
        }
        let answer: Answer = self.ask("parquet", &of_config(config)).await?;
        Ok(answer.parquet_files)
    }

    async fn some(
        &self,
        word: &str,
        of: &Split,
        query: &[(&str, &str)],
        offset: u64,
        length: u64,
    ) -> Result<Rows, Error> {
        let (offset, length) = (offset.to_string(), length.clamp(1, MOST_ROWS).to_string());
        let mut pairs = of.pairs().to_vec();
        pairs.extend(query);
        pairs.extend([("offset", offset.as_str()), ("length", &length)]);
        self.ask(word, &pairs).await
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        word: &str,
        pairs: &[(&str, &str)],
    ) -> Result<T, Error> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .expect("the viewer has a web address")
            .push(word);
        url.query_pairs_mut()
            .append_pair("dataset", self.id.name())
            .extend_pairs(pairs);
        let call = Call::get(url, Some(&self.id));
        let patience = self.hub.profile().backoff;
        let backoff = Backoff {
            retries: patience.retries.min(RETRIES),
            ..patience
        };
        retry::run(backoff, Effect::Read, async || {
            let answer = self.hub.ask_once(&call).await;
            Ok(answer.map_err(classified)?.value)
        })
        .await
    }
}

fn of_config(config: Option<&str>) -> Vec<(&str, &str)> {
    config
        .into_iter()
        .map(|config| ("config", config))
        .collect()
}

/// The service answers 500 to almost everything it cannot do; its code says whether waiting helps.
/// One code stands for a dataset this account cannot see.
fn classified(error: Error) -> Error {
    let (exchange, after) = match error {
        Error::Server { exchange, after } => (exchange, after),
        Error::NotFound(_, exchange)
            if exchange.code.as_deref() == Some("ExternalAuthenticatedError") =>
        {
            return Error::NotFound(What::Repo, exchange);
        }
        error => return error,
    };
    match exchange.code.as_deref() {
        Some("ResponseNotReady") => Error::NotReady { exchange },
        None | Some("UnexpectedApiError" | "AuthCheckHubRequestError") => {
            Error::Server { exchange, after }
        }
        Some(_) => Error::BadRequest { exchange },
    }
}
