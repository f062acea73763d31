//! Writes one row for good, then another in a transaction that it does not finish: it says `half`
//! and waits for its input to end. The tests kill it there.

use std::io::{Read, Write};
use std::path::PathBuf;

use hubdesk_store::{Migration, Store};

const MIGRATIONS: &[Migration] = &[Migration {
    name: "word",
    sql: "CREATE TABLE word (text TEXT PRIMARY KEY) STRICT;",
}];

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let path = PathBuf::from(std::env::args_os().nth(1).expect("the database is named"));
    let store = Store::open(&path, MIGRATIONS).expect("it opens").store;
    let whole = store.call(|tx| tx.execute("INSERT INTO word VALUES ('whole')", []));
    whole.await.expect("there is room for a word");
    let half = store.call(|tx| {
        // More than the cache holds, so that some of it is in the log already.
        for word in 0..20_000 {
            let text = format!("{word:0>900}");
            tx.execute("INSERT INTO word VALUES (?1)", [text])?;
        }
        let mut out = std::io::stdout();
        out.write_all(b"half\n").expect("somebody reads");
        out.flush().expect("somebody reads");
        let mut rest = Vec::new();
        std::io::stdin().read_to_end(&mut rest).expect("it ends");
        Ok(())
    });
    half.await.expect("there is room for many words");
}
