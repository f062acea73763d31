use std::sync::Arc;

use hubdesk_hub::{Hub, Profile};

use crate::App;
use crate::api::{ApiError, Checks, Settings};
use crate::connection::cleaned;
use crate::endpoint::named_by;
use crate::error::{checks, hub_error};
use crate::queue::checked;

pub(crate) async fn settings(app: &App, (): ()) -> Result<Settings, ApiError> {
    Ok(app.settings().get())
}

pub(crate) async fn save_settings(app: &App, typed: Settings) -> Result<Settings, ApiError> {
    let endpoint = typed.endpoint.trim();
    if !endpoint.is_empty() {
        named_by(endpoint)?;
    }
    checked(&typed.transfers)?;
    let (profile, settings) = app
        .blocking(move |app| Ok::<_, ApiError>((app.connection().plan(&typed)?, cleaned(typed)?)))
        .await?;
    let (before, kept) = (app.settings().get(), settings.clone());
    app.blocking(move |app| app.settings().set(settings))
        .await
        .map_err(|error| {
            ApiError::not_writable(format!(
                "The settings cannot be saved: {error}: {}.",
                error.source
            ))
        })?;
    app.connection().use_xet(&kept.transfers);
    app.apply_limits().await;
    if is_news(&app.profile(), &profile, &before, &kept) {
        app.connection().put(profile.clone());
        app.sessions()
            .reprofile(profile)
            .map_err(|error| hub_error("the Hub", &error))?;
    }
    Ok(kept)
}

/// Whether new connections have to be made in another way than those there are. What a certificate
/// file holds may have changed, although its name has not.
fn is_news(now: &Profile, next: &Profile, before: &Settings, after: &Settings) -> bool {
    let has_certificates = !after.certificates.is_empty();
    now.proxy != next.proxy || before.certificates != after.certificates || has_certificates
}

pub(crate) async fn test_connection(app: &App, (): ()) -> Result<Checks, ApiError> {
    // Settings that cannot be followed are what is wrong, before any host is.
    let profile = app
        .blocking(|app| app.connection().plan(&app.settings().get()))
        .await?;
    let endpoint = app.endpoint(None)?;
    // Who is signed in there may see more than others.
    let hub = match app.sessions().open() {
        Ok(open) if *open.hub.endpoint() == endpoint => open.hub.with_profile(profile),
        Ok(_) | Err(_) => Hub::new(endpoint, Arc::new(None), profile),
    };
    let hub = hub.map_err(|error| hub_error("the Hub", &error))?;
    Ok(checks(hub.endpoint(), hub.probe().await))
}
