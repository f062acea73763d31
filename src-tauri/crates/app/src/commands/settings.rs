use hubdesk_hub::Endpoint;

use crate::App;
use crate::api::{ApiError, Settings};

pub(crate) async fn settings(app: &App, (): ()) -> Result<Settings, ApiError> {
    Ok(app.settings().get())
}

pub(crate) async fn save_settings(app: &App, settings: Settings) -> Result<Settings, ApiError> {
    let endpoint = settings.endpoint.trim().to_owned();
    if !endpoint.is_empty() {
        Endpoint::parse(&endpoint).map_err(|error| {
            ApiError::bad_input(format!("That is not the address of a Hub: {error}."))
        })?;
    }
    let settings = Settings {
        endpoint,
        ..settings
    };
    app.blocking(move |app| app.settings().set(settings))
        .await
        .map_err(|error| {
            ApiError::not_writable(format!(
                "The settings cannot be saved: {error}: {}.",
                error.source
            ))
        })?;
    Ok(app.settings().get())
}
