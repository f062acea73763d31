//! What the dataset viewer answers.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::json::{lenient, or_default};

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Validity {
    /// The first rows.
    pub preview: bool,
    /// All rows.
    pub viewer: bool,
    /// Searching for words.
    pub search: bool,
    /// Filtering by conditions.
    pub filter: bool,
    /// Statistics of columns.
    pub statistics: bool,
}

/// A table of a dataset.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Split {
    /// The variant of the dataset it belongs to.
    pub config: String,
    /// Its name in there, such as `train`; empty if it is not known yet.
    #[serde(default, deserialize_with = "or_default")]
    pub split: String,
}

/// The tables of a dataset.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Splits {
    /// Those that can be looked at.
    pub splits: Vec<Split>,
    /// Those that are still being worked on.
    #[serde(default, deserialize_with = "lenient")]
    pub pending: Vec<Split>,
    /// Those that cannot be read.
    #[serde(default, deserialize_with = "lenient")]
    pub failed: Vec<Split>,
}

/// Some rows of a table.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Rows {
    /// The columns.
    pub features: Vec<Feature>,
    /// The rows.
    pub rows: Vec<Row>,
    /// How many rows there are in all, or that match.
    #[serde(default, rename = "num_rows_total", deserialize_with = "lenient")]
    pub total: Option<u64>,
    /// Whether the service holds a part of the table only.
    #[serde(default, rename = "partial", deserialize_with = "lenient")]
    pub is_partial: bool,
    /// Whether there are more rows than were sent.
    #[serde(default, rename = "truncated", deserialize_with = "lenient")]
    pub is_truncated: bool,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Feature {
    /// Its name.
    pub name: String,
    /// Its type, in the words of the datasets library: `{"dtype": "string", "_type": "Value"}`.
    #[serde(default, rename = "type")]
    pub kind: Value,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Row {
    /// Its place in the table, from 0.
    #[serde(rename = "row_idx")]
    pub index: u64,
    /// Its values by column.
    #[serde(rename = "row")]
    pub cells: Map<String, Value>,
    /// The columns whose value is not all there.
    #[serde(default, rename = "truncated_cells", deserialize_with = "lenient")]
    pub truncated: Vec<String>,
}

/// What the columns of a table hold.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Statistics {
    /// Rows that were counted.
    #[serde(default, rename = "num_examples", deserialize_with = "lenient")]
    pub rows: Option<u64>,
    /// Each column.
    #[serde(rename = "statistics")]
    pub columns: Vec<ColumnStatistics>,
    /// Whether a part of the table was counted only.
    #[serde(default, rename = "partial", deserialize_with = "lenient")]
    pub is_partial: bool,
}

/// What one column holds.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ColumnStatistics {
    /// Its name.
    #[serde(rename = "column_name")]
    pub name: String,
    /// What was counted: `int`, `float`, `string_text`, `string_label`, `class_label`, ….
    #[serde(default, rename = "column_type", deserialize_with = "lenient")]
    pub kind: String,
    /// The numbers, which depend on that.
    #[serde(default, rename = "column_statistics")]
    pub values: Value,
}

/// How large a dataset is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Sizes {
    /// All of it.
    #[serde(rename = "dataset")]
    pub whole: DataSize,
    /// Each variant.
    #[serde(default, deserialize_with = "or_default")]
    pub configs: Vec<DataSize>,
    /// Each table.
    #[serde(default, deserialize_with = "or_default")]
    pub splits: Vec<DataSize>,
}

/// How large a dataset or a part of it is, in bytes and rows.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct DataSize {
    /// The variant, if it is one or a part of one.
    #[serde(default)]
    pub config: Option<String>,
    /// The table, if it is one.
    #[serde(default)]
    pub split: Option<String>,
    /// Rows.
    #[serde(default, rename = "num_rows")]
    pub rows: Option<u64>,
    /// As its authors uploaded it.
    #[serde(default, rename = "num_bytes_original_files")]
    pub original: Option<u64>,
    /// As Parquet files.
    #[serde(default, rename = "num_bytes_parquet_files")]
    pub parquet: Option<u64>,
    /// In memory.
    #[serde(default, rename = "num_bytes_memory")]
    pub memory: Option<u64>,
}

/// A Parquet file with a part of a table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ParquetFile {
    /// The variant.
    pub config: String,
    /// The table.
    pub split: String,
    /// Where it is. As the server says, not checked.
    pub url: String,
    /// Its name.
    pub filename: String,
    /// Its size in bytes.
    pub size: u64,
}

impl Split {
    pub(super) fn pairs(&self) -> [(&str, &str); 2] {
        [("config", &self.config), ("split", &self.split)]
    }
}
