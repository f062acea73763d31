use hubdesk_standin::{Column, RepoSeed, Table};
use serde_json::json;

use super::Peer;

#[tokio::test]
async fn rows_that_are_filtered_come_in_the_order_asked_for() {
    let columns = vec![Column::Integers("id", vec![1, 2, 3])];
    let table = Table::new("c", "s", columns);
    let peer = Peer::with(RepoSeed::dataset("owner/d").file("f", "x").table(table)).await;
    let path = "/_viewer/filter?dataset=owner/d&config=c&split=s&where=%22id%22%3E1&orderby=";
    let rows = peer.json(&format!("{path}%22id%22%20DESC")).await;
    let rows = rows["rows"].as_array().unwrap().iter();
    let ids: Vec<_> = rows.map(|row| &row["row"]["id"]).collect();
    assert_eq!(ids, [&json!(3), &json!(2)]);
    let refused = peer.get(&format!("{path}%22none%22")).await;
    assert_eq!(
        (refused.status, refused.code()),
        (422, Some("InvalidParameter"))
    );
}
