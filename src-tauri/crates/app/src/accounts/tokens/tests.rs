use futures_util::StreamExt as _;
use futures_util::future::join_all;
use hubdesk_hub::TokenSource as _;

use super::*;
use crate::accounts::none_yet;
use crate::api::{Tag, UiEvent};
use crate::events::Events;

fn stale(tags: &[Tag]) -> UiEvent {
    let tags = tags.to_vec();
    UiEvent::Stale { tags }
}

#[tokio::test]
async fn a_refusal_is_said_once_however_many_requests_meet_it() {
    let home = tempfile::tempdir().unwrap();
    let events = Events::default();
    let mut told = events.subscribe(|| stale(&[]));
    told.next().await;
    let accounts = none_yet(home.path(), events.clone());
    let token = Token::new("hf_x").unwrap();
    let held = Held {
        access: Some(token.clone()),
        ..Held::default()
    };
    let tokens = Tokens::new("a".to_owned(), Arc::downgrade(&accounts), held);
    let refusals = (0..50).map(|_| tokens.refused(&token));
    assert!(join_all(refusals).await.iter().all(|is_new| !is_new));
    assert!(tokens.needs_sign_in());
    // What is told next comes right after it.
    events.stale(&[Tag::Cache]);
    let first = told.next().await;
    assert_eq!(first, Some(stale(&[Tag::Accounts, Tag::Session])));
    assert_eq!(told.next().await, Some(stale(&[Tag::Cache])));
}

#[tokio::test]
async fn who_meets_a_refusal_after_a_new_sign_in_is_told_to_ask_again() {
    let (old, new) = (Token::new("hf_old").unwrap(), Token::new("hf_new").unwrap());
    let held = |token: &Token| Held {
        access: Some(token.clone()),
        ..Held::default()
    };
    let tokens = Tokens::new("a".to_owned(), Weak::new(), held(&old));
    tokens.put(held(&new));
    assert!(tokens.refused(&old).await);
    assert!(!tokens.needs_sign_in());
}
