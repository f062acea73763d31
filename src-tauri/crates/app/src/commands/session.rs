use hubdesk_core::Token;

use crate::App;
use crate::api::{ApiError, OpenHub, OpenLink, Session};

pub(crate) async fn session(app: &App, (): ()) -> Result<Session, ApiError> {
    Ok(app.describe_session())
}

pub(crate) async fn open_hub(app: &App, request: OpenHub) -> Result<Session, ApiError> {
    let endpoint = app.endpoint(request.endpoint.as_deref())?;
    let token = request
        .token
        .as_deref()
        .filter(|text| !text.trim().is_empty());
    let token = token
        .map(|text| Token::new(text).ok_or_else(|| ApiError::bad_input("That cannot be a token.")));
    app.sessions()
        .open(endpoint, token.transpose()?, app.profile())
        .await?;
    Ok(app.describe_session())
}

pub(crate) async fn open_demo(app: &App, (): ()) -> Result<Session, ApiError> {
    app.sessions().open_demo(app.profile()).await?;
    Ok(app.describe_session())
}

pub(crate) async fn close_hub(app: &App, (): ()) -> Result<Session, ApiError> {
    app.sessions().close();
    Ok(app.describe_session())
}

pub(crate) async fn open_link(app: &App, request: OpenLink) -> Result<(), ApiError> {
    let url = crate::host::checked_link(&request.url)?;
    app.host()
        .open_link(url.as_str())
        .map_err(|error| ApiError::internal(format!("The system cannot open the link: {error}.")))
}
