//! What a hand takes, in the forms in which programs hand it out.

use std::error::Error;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use url::Url;

/// Names of forms, and what is handed out in them.
pub(crate) type Forms = Vec<(&'static str, Vec<u8>)>;

/// Something that is dragged or copied.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Load {
    /// Files and folders, by a file manager.
    Files(Vec<PathBuf>),
    /// The same by one that copies them in a form that is not the one of dragging.
    OldFiles(Vec<PathBuf>),
    /// A piece of text, by an editor.
    Text(String),
    /// A link, by a browser.
    Link(String),
}

impl Load {
    /// How it is dragged.
    pub(crate) fn dragged(&self) -> Result<Forms, Box<dyn Error>> {
        Ok(match self {
            Self::Files(paths) | Self::OldFiles(paths) => {
                let list = list(paths)?;
                let icons = list.replace("\r\n", "\r0:0:64:64\r\n");
                vec![
                    ("x-special/gnome-icon-list", icons.into_bytes()),
                    ("text/uri-list", list.clone().into_bytes()),
                    ("UTF8_STRING", list.clone().into_bytes()),
                    ("text/plain", list.into_bytes()),
                ]
            }
            Self::Text(text) => plain(text),
            Self::Link(link) => {
                let named = format!("{link}\na link");
                let wide = named.encode_utf16().flat_map(u16::to_le_bytes).collect();
                let mut forms = vec![
                    ("text/x-moz-url", wide),
                    ("_NETSCAPE_URL", named.into_bytes()),
                    ("text/uri-list", format!("{link}\r\n").into_bytes()),
                    (
                        "text/html",
                        format!("<a href=\"{link}\">a link</a>").into_bytes(),
                    ),
                ];
                forms.extend(plain(link));
                forms
            }
        })
    }

    /// How it is copied.
    pub(crate) fn copied(&self) -> Result<Forms, Box<dyn Error>> {
        let marked = |paths: &[PathBuf]| -> Result<_, Box<dyn Error>> {
            let list = format!("copy\n{}", list(paths)?.replace("\r\n", "\n"));
            let list = list.trim_end().as_bytes().to_owned();
            Ok(("x-special/gnome-copied-files", list))
        };
        Ok(match self {
            Self::Files(paths) => {
                let plain = plain(list(paths)?.trim_end());
                let mut forms = vec![marked(paths)?, ("text/uri-list", list(paths)?.into_bytes())];
                forms.extend(plain);
                forms
            }
            Self::OldFiles(paths) => vec![marked(paths)?],
            Self::Text(_) | Self::Link(_) => self.dragged()?,
        })
    }
}

/// Addresses of files, one a line (RFC 2483 §5).
fn list(paths: &[PathBuf]) -> Result<String, Box<dyn Error>> {
    paths.iter().map(|path| address(path)).collect()
}

fn address(path: &Path) -> Result<String, Box<dyn Error>> {
    let address = Url::from_file_path(path).map_err(|()| "a path has to begin at the root")?;
    Ok(format!("{address}\r\n"))
}

fn plain(text: &str) -> Forms {
    [
        "UTF8_STRING",
        "text/plain;charset=utf-8",
        "text/plain",
        "STRING",
    ]
    .map(|form| (form, text.as_bytes().to_owned()))
    .into()
}
