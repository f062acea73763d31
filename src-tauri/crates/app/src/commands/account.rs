use super::session::session;
use crate::App;
use crate::api::{
    AccountRef, AccountSwitch, Accounts, ApiError, CheckToken, How, Inside, KeepToken, LookInside,
    Session, SignOutPlan, StartSignIn, TokenReport, UseFound,
};

pub(crate) async fn accounts(app: &App, (): ()) -> Result<Accounts, ApiError> {
    Ok(app.blocking(App::describe_accounts).await)
}

pub(crate) async fn start_sign_in(app: &App, request: StartSignIn) -> Result<Accounts, ApiError> {
    app.check_online()?;
    let endpoint = app.endpoint(request.endpoint.as_deref())?;
    app.start_sign_in(request.way, endpoint)?;
    accounts(app, ()).await
}

pub(crate) async fn cancel_sign_in(app: &App, (): ()) -> Result<Accounts, ApiError> {
    app.cancel_sign_in();
    accounts(app, ()).await
}

pub(crate) async fn check_token(app: &App, request: CheckToken) -> Result<TokenReport, ApiError> {
    app.check_online()?;
    let endpoint = app.endpoint(request.endpoint.as_deref())?;
    let token = request.token.token()?;
    let token = token.ok_or_else(|| ApiError::bad_input("Enter a token."))?;
    app.check(endpoint, token, How::Token, None).await
}

pub(crate) async fn keep_token(app: &App, request: KeepToken) -> Result<Session, ApiError> {
    app.keep_checked(request.copy).await?;
    session(app, ()).await
}

pub(crate) async fn look_inside(app: &App, request: LookInside) -> Result<Inside, ApiError> {
    app.names_inside(request.source).await
}

pub(crate) async fn use_found(app: &App, request: UseFound) -> Result<TokenReport, ApiError> {
    app.check_online()?;
    app.check_found(request.source, request.name).await
}

pub(crate) async fn switch_account(app: &App, request: AccountRef) -> Result<Session, ApiError> {
    let entry = app.accounts().listed(&request.id)?;
    app.accounts().load_soon(&entry).await;
    app.enter(&entry).await?;
    app.accounts().lead_tools(&entry.record).await;
    session(app, ()).await
}

pub(crate) async fn sign_out_plan(app: &App, request: AccountRef) -> Result<SignOutPlan, ApiError> {
    app.blocking(move |app| app.sign_out_plan(&request.id))
        .await
}

pub(crate) async fn sign_out(app: &App, request: AccountRef) -> Result<Session, ApiError> {
    app.sign_out(&request.id).await?;
    session(app, ()).await
}

pub(crate) async fn share_account(app: &App, request: AccountSwitch) -> Result<Accounts, ApiError> {
    app.share(&request.id, request.is_on).await?;
    accounts(app, ()).await
}

pub(crate) async fn give_to_git(app: &App, request: AccountSwitch) -> Result<Accounts, ApiError> {
    app.give_to_git(&request.id, request.is_on).await?;
    accounts(app, ()).await
}

pub(crate) async fn retry_keychain(app: &App, (): ()) -> Result<Accounts, ApiError> {
    app.retry_keychain().await?;
    accounts(app, ()).await
}
