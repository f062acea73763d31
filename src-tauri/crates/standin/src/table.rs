use std::cmp::Ordering;
use std::sync::Arc;

use serde_json::{Value, json};

/// A table of a dataset, as its viewer shows it. Cheap to clone.
#[derive(Clone)]
pub struct Table {
    pub(crate) config: String,
    pub(crate) split: String,
    pub(crate) columns: Arc<Vec<Column>>,
}

/// A column: its name and its values.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Whole numbers.
    Integers(&'static str, Vec<i64>),
    /// Numbers.
    Reals(&'static str, Vec<f64>),
    /// Texts.
    Texts(&'static str, Vec<String>),
}

impl Table {
    /// A table of these columns. Panics if they are not equally long.
    pub fn new(config: &str, split: &str, columns: Vec<Column>) -> Self {
        let rows = columns.first().map_or(0, Column::rows);
        assert!(
            columns.iter().all(|column| column.rows() == rows),
            "columns of one table are equally long"
        );
        Self {
            config: config.to_owned(),
            split: split.to_owned(),
            columns: Arc::new(columns),
        }
    }

    pub(crate) fn rows(&self) -> usize {
        self.columns.first().map_or(0, Column::rows)
    }

    pub(crate) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name() == name)
    }
}

impl Column {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Integers(name, _) | Self::Reals(name, _) | Self::Texts(name, _) => name,
        }
    }

    pub(crate) fn rows(&self) -> usize {
        match self {
            Self::Integers(_, values) => values.len(),
            Self::Reals(_, values) => values.len(),
            Self::Texts(_, values) => values.len(),
        }
    }

    /// How two of its rows compare.
    pub(crate) fn order(&self, a: usize, b: usize) -> Ordering {
        match self {
            Self::Integers(_, values) => values[a].cmp(&values[b]),
            Self::Reals(_, values) => values[a].total_cmp(&values[b]),
            Self::Texts(_, values) => values[a].cmp(&values[b]),
        }
    }

    /// What the datasets library calls the type.
    pub(crate) fn dtype(&self) -> &'static str {
        match self {
            Self::Integers(..) => "int64",
            Self::Reals(..) => "float64",
            Self::Texts(..) => "string",
        }
    }

    pub(crate) fn cell(&self, row: usize) -> Value {
        match self {
            Self::Integers(_, values) => json!(values[row]),
            Self::Reals(_, values) => json!(values[row]),
            Self::Texts(_, values) => json!(values[row]),
        }
    }
}
