//! Parquet files: one row group, one plain page per column, no compression.
//!
//! The metadata is Thrift in its compact form, of which this writes just what these files need.

use crate::content::Content;
use crate::table::Column;

/// The number Parquet gives the type.
fn kind(column: &Column) -> i64 {
    match column {
        Column::Integers(..) => 2,
        Column::Reals(..) => 5,
        Column::Texts(..) => 6,
    }
}

fn plain(column: &Column) -> Vec<u8> {
    match column {
        Column::Integers(_, values) => values.iter().flat_map(|v| v.to_le_bytes()).collect(),
        Column::Reals(_, values) => values.iter().flat_map(|v| v.to_le_bytes()).collect(),
        Column::Texts(_, values) => {
            let mut out = Vec::new();
            for value in values {
                out.extend((value.len() as u32).to_le_bytes());
                out.extend(value.bytes());
            }
            out
        }
    }
}

/// A file with these columns, which have equally many rows.
pub(super) fn file(columns: &[Column]) -> Content {
    let rows = columns.first().map_or(0, Column::rows);
    let mut out = b"PAR1".to_vec();
    let mut chunks = Vec::new();
    for column in columns {
        assert_eq!(column.rows(), rows, "columns of one table are equally long");
        let offset = out.len();
        let page = plain(column);
        let mut header = Thrift::default();
        header.int(1, I32, 0);
        header.int(2, I32, page.len() as i64);
        header.int(3, I32, page.len() as i64);
        header.nested(5, |data| {
            data.int(1, I32, rows as i64);
            data.int(2, I32, 0);
            data.int(3, I32, 3);
            data.int(4, I32, 3);
        });
        out.extend(header.end());
        out.extend(page);
        chunks.push((offset, out.len() - offset));
    }
    let footer = footer(columns, &chunks, rows);
    let length = footer.len() as u32;
    out.extend(footer);
    out.extend(length.to_le_bytes());
    out.extend(b"PAR1");
    out.into()
}

fn footer(columns: &[Column], chunks: &[(usize, usize)], rows: usize) -> Vec<u8> {
    let mut footer = Thrift::default();
    footer.int(1, I32, 1);
    footer.list(2, STRUCT, columns.len() + 1);
    footer.element(|root| {
        root.text(4, "schema");
        root.int(5, I32, columns.len() as i64);
    });
    for column in columns {
        footer.element(|schema| {
            schema.int(1, I32, kind(column));
            schema.int(3, I32, 0);
            schema.text(4, column.name());
            if let Column::Texts(..) = column {
                schema.int(6, I32, 0);
            }
        });
    }
    footer.int(3, I64, rows as i64);
    footer.list(4, STRUCT, 1);
    footer.element(|group| {
        group.list(1, STRUCT, columns.len());
        for (column, (offset, size)) in columns.iter().zip(chunks) {
            group.element(|chunk| {
                chunk.int(2, I64, *offset as i64);
                chunk.nested(3, |meta| {
                    meta.int(1, I32, kind(column));
                    meta.list(2, I32, 1);
                    meta.varint(0);
                    meta.list(3, BINARY, 1);
                    meta.bytes(column.name());
                    meta.int(4, I32, 0);
                    meta.int(5, I64, rows as i64);
                    meta.int(6, I64, *size as i64);
                    meta.int(7, I64, *size as i64);
                    meta.int(9, I64, *offset as i64);
                });
            });
        }
        group.int(2, I64, chunks.iter().map(|(_, size)| *size as i64).sum());
        group.int(3, I64, rows as i64);
    });
    footer.text(6, "hubdesk stand-in");
    footer.end()
}

const I32: u8 = 5;
const I64: u8 = 6;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const STRUCT: u8 = 12;

/// One struct being written.
#[derive(Default)]
struct Thrift {
    out: Vec<u8>,
    last_field: u8,
}

impl Thrift {
    fn field(&mut self, number: u8, kind: u8) {
        self.out.push((number - self.last_field) << 4 | kind);
        self.last_field = number;
    }

    fn int(&mut self, number: u8, kind: u8, value: i64) {
        self.field(number, kind);
        self.varint((value << 1 ^ value >> 63) as u64);
    }

    fn text(&mut self, number: u8, text: &str) {
        self.field(number, BINARY);
        self.bytes(text);
    }

    /// Announces a list; its elements follow.
    fn list(&mut self, number: u8, kind: u8, length: usize) {
        self.field(number, LIST);
        match length {
            0..15 => self.out.push((length as u8) << 4 | kind),
            _ => {
                self.out.push(0xf0 | kind);
                self.varint(length as u64);
            }
        }
    }

    fn nested(&mut self, number: u8, fill: impl FnOnce(&mut Self)) {
        self.field(number, STRUCT);
        self.element(fill);
    }

    fn element(&mut self, fill: impl FnOnce(&mut Self)) {
        let mut inner = Self::default();
        fill(&mut inner);
        self.out.extend(inner.end());
    }

    fn bytes(&mut self, text: &str) {
        self.varint(text.len() as u64);
        self.out.extend(text.bytes());
    }

    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.out.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.out.push(value as u8);
    }

    fn end(mut self) -> Vec<u8> {
        self.out.push(0);
        self.out
    }
}
