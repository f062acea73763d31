//! The order of rows: by one column or by several, upwards or downwards. The real viewer takes more
//! of SQL.

use std::cmp::Ordering;

use crate::table::{Column, Table};

pub(crate) struct Order<'a>(Vec<(&'a Column, Direction)>);

#[derive(Clone, Copy)]
enum Direction {
    Up,
    Down,
}

impl<'a> Order<'a> {
    /// Reads `"column" DESC, "other"`.
    pub(crate) fn parse(table: &'a Table, text: &str) -> Option<Self> {
        let keys = text.split(',').map(|one| {
            let (name, rest) = one.trim().strip_prefix('"')?.split_once('"')?;
            let direction = match rest.trim() {
                "" | "ASC" => Direction::Up,
                "DESC" => Direction::Down,
                _ => return None,
            };
            Some((table.column(name)?, direction))
        });
        keys.collect::<Option<_>>().map(Self)
    }

    pub(crate) fn of(&self, a: usize, b: usize) -> Ordering {
        let keys = self.0.iter().map(|(column, direction)| match direction {
            Direction::Up => column.order(a, b),
            Direction::Down => column.order(b, a),
        });
        keys.fold(Ordering::Equal, Ordering::then)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_ordered_by_one_column_and_then_by_the_next() {
        let names = ["b", "a", "a"].map(str::to_owned).to_vec();
        let columns = vec![
            Column::Integers("id", vec![1, 2, 3]),
            Column::Texts("name", names),
        ];
        let table = Table::new("c", "s", columns);
        let rows = |text: &str| {
            let order = Order::parse(&table, text)?;
            let mut rows = vec![0, 1, 2];
            rows.sort_by(|a, b| order.of(*a, *b));
            Some(rows)
        };
        assert_eq!(rows("\"id\" DESC"), Some(vec![2, 1, 0]));
        assert_eq!(rows("\"name\", \"id\" DESC"), Some(vec![2, 1, 0]));
        assert_eq!(rows("\"name\" ASC"), Some(vec![1, 2, 0]));
        for nonsense in ["", "id", "\"none\"", "\"id\" UP", "\"id\","] {
            assert_eq!(rows(nonsense), None, "{nonsense}");
        }
    }
}
