//! Conditions on rows: comparisons of a column with a number or a text, all of which must hold. The
//! real viewer takes more of SQL.

use std::cmp::Ordering;

use crate::table::{Column, Table};

pub(crate) struct Condition<'a>(Vec<Comparison<'a>>);

struct Comparison<'a> {
    column: &'a Column,
    word: &'static str,
    value: Literal,
}

enum Literal {
    Number(f64),
    Text(String),
}

impl<'a> Condition<'a> {
    /// Reads `"column">3 AND "other"='text'`.
    pub(crate) fn parse(table: &'a Table, text: &str) -> Option<Self> {
        let comparisons = text.split(" AND ").map(|one| comparison(table, one.trim()));
        comparisons.collect::<Option<_>>().map(Self)
    }

    pub(crate) fn holds(&self, row: usize) -> bool {
        self.0.iter().all(|one| one.holds(row))
    }
}

fn comparison<'a>(table: &'a Table, text: &str) -> Option<Comparison<'a>> {
    let (name, rest) = text.strip_prefix('"')?.split_once('"')?;
    let rest = rest.trim_start();
    // The longer ones first: each begins as a shorter one does.
    let words = ["<=", ">=", "<>", "=", "<", ">"];
    let word = words.into_iter().find(|word| rest.starts_with(word))?;
    let value = rest[word.len()..].trim();
    let quoted = value.strip_prefix('\'').and_then(|v| v.strip_suffix('\''));
    Some(Comparison {
        column: table.column(name)?,
        word,
        value: match quoted {
            Some(text) => Literal::Text(text.to_owned()),
            None => Literal::Number(value.parse().ok()?),
        },
    })
}

impl Comparison<'_> {
    fn holds(&self, row: usize) -> bool {
        let order = match (self.column, &self.value) {
            (Column::Integers(_, values), Literal::Number(number)) => {
                (values[row] as f64).partial_cmp(number)
            }
            (Column::Reals(_, values), Literal::Number(number)) => values[row].partial_cmp(number),
            (Column::Texts(_, values), Literal::Text(text)) => Some(values[row].cmp(text)),
            _ => None,
        };
        order.is_some_and(|order| match self.word {
            "<=" => order != Ordering::Greater,
            ">=" => order != Ordering::Less,
            "<>" => order != Ordering::Equal,
            "=" => order == Ordering::Equal,
            "<" => order == Ordering::Less,
            _ => order == Ordering::Greater,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_choose_rows_and_nonsense_chooses_nothing() {
        let names = ["a", "b", "c"].map(str::to_owned).to_vec();
        let columns = vec![
            Column::Integers("id", vec![1, 2, 3]),
            Column::Texts("name", names),
        ];
        let table = Table::new("c", "s", columns);
        let rows = |text: &str| {
            let condition = Condition::parse(&table, text)?;
            Some(
                (0..3)
                    .filter(|row| condition.holds(*row))
                    .collect::<Vec<_>>(),
            )
        };
        assert_eq!(rows("\"id\">=2"), Some(vec![1, 2]));
        assert_eq!(rows("\"id\" < 3 AND \"name\" <> 'a'"), Some(vec![1]));
        assert_eq!(rows("\"name\"='c'"), Some(vec![2]));
        for nonsense in ["", "id>2", "\"none\"=1", "\"id\"=x", "\"id\" 1"] {
            assert_eq!(rows(nonsense), None, "{nonsense}");
        }
    }
}
