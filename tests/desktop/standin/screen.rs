//! The window as a window manager sees it. There is none: what is done here is all that is done.

use std::borrow::Cow;
use std::error::Error;

use serde::{Deserialize, Serialize};
use x11rb_protocol::protocol::xproto::{
    AtomEnum, ClientMessageEvent, CreateWindowAux, CreateWindowRequest, EventMask,
    GetGeometryRequest, GetInputFocusRequest, GetPropertyRequest, GetWindowAttributesRequest,
    InputFocus, MapState, MapWindowRequest, QueryTreeRequest, SendEventRequest,
    SetInputFocusRequest, Window, WindowClass,
};

use crate::display::Display;

/// The title of the window.
const TITLE: &[u8] = b"Hubdesk";
/// The toolkit keeps windows of its own under the same title, a few pixels wide.
const NARROWEST: u16 = 100;
/// The version of XDND that every program of today speaks.
const XDND: u32 = 5;
/// Whatever is so by itself, or with what it is part of.
const AS_USUAL: u32 = 0;

/// How the window stands.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Seen {
    is_shown: bool,
    is_on_top: bool,
    has_keys: bool,
}

/// A place in the window, in pixels from its corner.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct At {
    x: u16,
    y: u16,
}

/// A place in a window, in pixels of the screen.
pub(crate) struct Place {
    pub(crate) window: Window,
    pub(crate) x: u16,
    pub(crate) y: u16,
}

/// The screen of the environment.
pub(crate) struct Screen {
    display: Display,
    root: Window,
}

impl Screen {
    pub(crate) fn open() -> Result<Self, Box<dyn Error>> {
        let display = Display::open()?;
        let root = display.screen.root;
        Ok(Self { display, root })
    }

    /// How the window stands; nothing while there is none.
    pub(crate) fn window(&mut self) -> Result<Option<Seen>, Box<dyn Error>> {
        let Some(window) = self.find()? else {
            return Ok(None);
        };
        let mut shown = self.windows()?;
        shown.retain(|&one| self.is_shown(one).unwrap_or(false));
        let focus = self.display.ask(GetInputFocusRequest)?.focus;
        Ok(Some(Seen {
            is_shown: shown.contains(&window),
            is_on_top: shown.last() == Some(&window),
            has_keys: self.is_within(focus, window),
        }))
    }

    /// Presses the button that closes the window.
    pub(crate) fn close(&mut self) -> Result<(), Box<dyn Error>> {
        let window = self.find()?.ok_or("there is no window")?;
        let (protocols, delete) = (
            self.display.atom(b"WM_PROTOCOLS")?,
            self.display.atom(b"WM_DELETE_WINDOW")?,
        );
        let words = [delete, AS_USUAL, 0, 0, 0];
        let event: [u8; 32] = ClientMessageEvent::new(32, window, protocols, words).into();
        self.display.tell(SendEventRequest {
            propagate: false,
            destination: window,
            event_mask: EventMask::NO_EVENT,
            event: Cow::Owned(event),
        })
    }

    /// A place in the window, in pixels from its corner; its middle without one. The window has to
    /// be one that takes what is dropped.
    pub(crate) fn place(&mut self, at: Option<At>) -> Result<Place, Box<dyn Error>> {
        let window = self.find()?.ok_or("there is no window")?;
        let aware = self.display.atom(b"XdndAware")?;
        let version = self.display.ask(GetPropertyRequest {
            delete: false,
            window,
            property: aware,
            type_: AtomEnum::ATOM.into(),
            long_offset: 0,
            long_length: 1,
        })?;
        let version = version.value32().and_then(|mut words| words.next());
        if version.is_none_or(|version| version < XDND) {
            return Err(format!("the window speaks XDND {version:?}").into());
        }
        let has = self.display.ask(GetGeometryRequest { drawable: window })?;
        let At { x, y } = at.unwrap_or(At {
            x: has.width / 2,
            y: has.height / 2,
        });
        let on_screen = |begin: i16, inside| begin.saturating_add_unsigned(inside).try_into();
        Ok(Place {
            window,
            x: on_screen(has.x, x)?,
            y: on_screen(has.y, y)?,
        })
    }

    /// Puts another window in front of everything, and gives it the keys.
    pub(crate) fn cover(&mut self) -> Result<(), Box<dyn Error>> {
        let cover = self.display.own;
        let (width, height) = {
            let screen = &self.display.screen;
            (screen.width_in_pixels, screen.height_in_pixels)
        };
        self.display.tell(CreateWindowRequest {
            depth: 0,
            wid: cover,
            parent: self.root,
            x: 0,
            y: 0,
            width,
            height,
            border_width: 0,
            class: WindowClass::INPUT_OUTPUT,
            visual: AS_USUAL,
            value_list: Cow::Owned(CreateWindowAux::new()),
        })?;
        self.display.tell(MapWindowRequest { window: cover })?;
        self.display.tell(SetInputFocusRequest {
            revert_to: InputFocus::PARENT,
            focus: cover,
            time: AS_USUAL,
        })
    }

    fn find(&mut self) -> Result<Option<Window>, Box<dyn Error>> {
        let all = self.windows()?;
        // One that is just going is none.
        Ok(all
            .into_iter()
            .find(|&one| self.is_ours(one).unwrap_or(false)))
    }

    fn is_ours(&mut self, window: Window) -> Result<bool, Box<dyn Error>> {
        let title = self.display.ask(GetPropertyRequest {
            delete: false,
            window,
            property: AtomEnum::WM_NAME.into(),
            type_: AtomEnum::STRING.into(),
            long_offset: 0,
            long_length: 64,
        })?;
        let size = self.display.ask(GetGeometryRequest { drawable: window })?;
        Ok(title.value == TITLE && size.width > NARROWEST)
    }

    /// All windows, from the bottom to the top.
    fn windows(&mut self) -> Result<Vec<Window>, Box<dyn Error>> {
        let window = self.root;
        Ok(self.display.ask(QueryTreeRequest { window })?.children)
    }

    fn is_shown(&mut self, window: Window) -> Result<bool, Box<dyn Error>> {
        let how = self.display.ask(GetWindowAttributesRequest { window })?;
        Ok(how.map_state == MapState::VIEWABLE)
    }

    /// The toolkit gives the keys to a small window in the window.
    fn is_within(&mut self, inner: Window, outer: Window) -> bool {
        if inner == outer {
            return true;
        }
        let tree = self.display.ask(QueryTreeRequest { window: inner });
        tree.is_ok_and(|tree| tree.parent == outer)
    }
}
