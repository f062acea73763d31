use super::repo::web_url;
use super::repo_id;
use crate::App;
use crate::api::{ApiError, Gate, OfRepo};

pub(crate) async fn gate(app: &App, request: OfRepo) -> Result<Gate, ApiError> {
    let id = repo_id(&request.repo)?;
    let url = web_url(&app.sessions().open()?.hub, &id);
    app.gate(&id, url).await
}

pub(crate) async fn ask_access(app: &App, request: OfRepo) -> Result<Gate, ApiError> {
    let id = repo_id(&request.repo)?;
    let url = web_url(&app.sessions().open()?.hub, &id);
    app.ask_access(&id, &url).await?;
    gate(app, request).await
}

pub(crate) async fn window_focused(app: &App, (): ()) -> Result<(), ApiError> {
    app.asked().window_is_focused();
    Ok(())
}
