//! Signing in with a code, in a browser anywhere.

use hubdesk_hub::{Grant, OAuth};
use qrcode::{Color, EcLevel, QrCode};

use super::attempt::Voice;
use super::limits::SCOPES;
use crate::App;
use crate::api::{ApiError, SignInState};
use crate::error::sign_in_error;
use crate::time::iso_after;

impl App {
    /// Shows the code and waits until the person has decided, or the code is over.
    pub(super) async fn by_device(&self, voice: &Voice, oauth: &OAuth) -> Result<Grant, ApiError> {
        let code = oauth.device(&SCOPES).await;
        let code = code.map_err(|error| sign_in_error(&error))?;
        let ends = iso_after(self.clock().now(), code.lifetime);
        voice.tell(|view| {
            view.state = SignInState::Waiting;
            view.url = Some(code.complete.to_string());
            view.user_code = Some(code.user_code.clone());
            view.qr = picture(code.complete.as_str());
            view.expires_at = Some(ends);
        });
        let grant = oauth.wait(&code).await;
        grant.map_err(|error| sign_in_error(&error))
    }
}

/// `text` as a QR code: rows of `0` and `1`. `None` if it is too long for one.
fn picture(text: &str) -> Option<Vec<String>> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let dots = code.to_colors();
    let row = |row: &[Color]| row.iter().map(|dot| dot.select('1', '0')).collect();
    Some(dots.chunks(code.width()).map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_square_and_has_its_three_corners() {
        let rows = picture("https://hub.example/oauth/device?user_code=ABCD-EFGH").unwrap();
        assert!(rows.len() >= 21 && rows.iter().all(|row| row.len() == rows.len()));
        for corner in [
            &rows[0][..7],
            &rows[0][rows.len() - 7..],
            &rows[rows.len() - 1][..7],
        ] {
            assert_eq!(corner, "1111111");
        }
        assert_eq!(picture(&"x".repeat(10_000)), None);
    }
}
