use crate::App;
use crate::api::{ApiError, OpenHub, OpenLink, Session};
use crate::links::checked_link;

pub(crate) async fn session(app: &App, (): ()) -> Result<Session, ApiError> {
    Ok(app.blocking(App::describe_session).await)
}

pub(crate) async fn open_hub(app: &App, request: OpenHub) -> Result<Session, ApiError> {
    let endpoint = app.endpoint(request.endpoint.as_deref())?;
    app.sessions().open_hub(endpoint, app.profile())?;
    app.remember().await;
    session(app, ()).await
}

pub(crate) async fn open_demo(app: &App, (): ()) -> Result<Session, ApiError> {
    app.sessions().open_demo(app.profile_of_demo()).await?;
    app.remember().await;
    session(app, ()).await
}

pub(crate) async fn close_hub(app: &App, (): ()) -> Result<Session, ApiError> {
    app.sessions().close();
    app.remember().await;
    session(app, ()).await
}

pub(crate) async fn open_link(app: &App, request: OpenLink) -> Result<(), ApiError> {
    let url = checked_link(&request.url, &app.own_endpoints())?;
    app.blocking(move |app| app.host().open_link(url.as_str()))
        .await
        .map_err(|error| ApiError::internal(format!("The system cannot open the link: {error}.")))
}
