//! A hand that takes files in a file manager: it drags them by the XDND protocol, version 5
//! (<https://freedesktop.org/wiki/Specifications/XDND>), or copies them into the clipboard.

use std::borrow::Cow;
use std::error::Error;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use x11rb_protocol::protocol::xproto::{
    Atom, AtomEnum, ChangePropertyRequest, ClientMessageEvent, CreateWindowAux,
    CreateWindowRequest, PropMode, SetSelectionOwnerRequest, Window, WindowClass,
};

use crate::display::{Display, Teller};
use crate::ear::{Ear, Given, Said};
use crate::load::Load;
use crate::screen::Place;

/// The version spoken here, in the upper byte, and that there are more forms than three.
const HELLO: u32 = 5 << 24 | 1;
/// The last moment there was something.
const NOW: u32 = 0;
/// How long the window may take to answer on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Numbers of the words of the protocol.
struct Words {
    dragged: Atom,
    copied: Atom,
    enter: Atom,
    position: Atom,
    status: Atom,
    leave: Atom,
    drop: Atom,
    finished: Atom,
    forms: Atom,
    copy: Atom,
    targets: Atom,
}

/// The hand.
pub(crate) struct Hand {
    display: Display,
    teller: Teller,
    said: Receiver<Said>,
    words: Words,
    window: Window,
    given: Given,
    /// What it is over, and whether that takes what is held.
    over: Option<(Window, bool)>,
}

impl Hand {
    pub(crate) fn open() -> Result<Self, Box<dyn Error>> {
        let mut outside = Display::open()?;
        let words = Words {
            dragged: outside.atom(b"XdndSelection")?,
            copied: outside.atom(b"CLIPBOARD")?,
            enter: outside.atom(b"XdndEnter")?,
            position: outside.atom(b"XdndPosition")?,
            status: outside.atom(b"XdndStatus")?,
            leave: outside.atom(b"XdndLeave")?,
            drop: outside.atom(b"XdndDrop")?,
            finished: outside.atom(b"XdndFinished")?,
            forms: outside.atom(b"XdndTypeList")?,
            copy: outside.atom(b"XdndActionCopy")?,
            targets: outside.atom(b"TARGETS")?,
        };
        let (display, window) = (Display::open()?, outside.own);
        outside.tell(unseen(window, outside.screen.root))?;
        let teller = outside.teller()?;
        let given = Given::default();
        let (say, said) = channel();
        let ear = Ear {
            display: outside,
            teller: teller.clone(),
            given: Arc::clone(&given),
            status: words.status,
            finished: words.finished,
            targets: words.targets,
            say,
        };
        // It ends with the program.
        thread::spawn(move || ear.listen());
        Ok(Self {
            display,
            teller,
            said,
            words,
            window,
            given,
            over: None,
        })
    }

    /// Takes something to drag it.
    pub(crate) fn take(&mut self, load: &Load) -> Result<(), Box<dyn Error>> {
        // What was said of what was held before.
        self.said_so_far();
        let forms = self.give(self.words.dragged, load.dragged()?)?;
        let forms: Vec<u8> = forms.iter().flat_map(|form| form.to_ne_bytes()).collect();
        self.teller.tell(ChangePropertyRequest {
            mode: PropMode::REPLACE,
            window: self.window,
            property: self.words.forms,
            type_: AtomEnum::ATOM.into(),
            format: 32,
            data_len: u32::try_from(forms.len() / 4)?,
            data: Cow::Owned(forms),
        })
    }

    /// Copies something into the clipboard.
    pub(crate) fn copy(&mut self, load: &Load) -> Result<(), Box<dyn Error>> {
        self.give(self.words.copied, load.copied()?).map(drop)
    }

    /// Holds what was taken over a place; gives whether the window would take it there. File
    /// managers ask again and again, with each move of a hand.
    pub(crate) fn hold(&mut self, place: &Place) -> Result<bool, Box<dyn Error>> {
        self.come(place)?;
        let takes = loop {
            if let Said::Status { takes } = self.hear()? {
                break self.said_so_far().unwrap_or(takes);
            }
        };
        self.over = Some((place.window, takes));
        Ok(takes)
    }

    fn come(&self, place: &Place) -> Result<(), Box<dyn Error>> {
        if self.over.is_none() {
            self.send(place.window, self.words.enter, [HELLO, 0, 0, 0])?;
        }
        let at = u32::from(place.x) << 16 | u32::from(place.y);
        let asked = [0, at, NOW, self.words.copy];
        self.send(place.window, self.words.position, asked)
    }

    /// Moves away with what was taken.
    pub(crate) fn leave(&mut self) -> Result<(), Box<dyn Error>> {
        let (window, _) = self.over.take().ok_or("nothing is held over a window")?;
        self.send(window, self.words.leave, [0; 4])
    }

    /// Passes over the window faster than it can answer.
    pub(crate) fn pass(&mut self, place: &Place) -> Result<(), Box<dyn Error>> {
        self.come(place)?;
        self.send(place.window, self.words.leave, [0; 4])
    }

    /// Lets go, as a file manager does: what the window does not take is not dropped. Gives
    /// whether the window has taken it.
    pub(crate) fn release(&mut self) -> Result<bool, Box<dyn Error>> {
        let (window, takes) = self.over.ok_or("nothing is held over a window")?;
        if !takes {
            self.leave()?;
            return Ok(false);
        }
        self.over = None;
        self.drop_on(window)
    }

    /// Lets go as soon as it is there, without asking, as no file manager should. Gives whether
    /// the window has taken it.
    pub(crate) fn throw(&mut self, place: &Place) -> Result<bool, Box<dyn Error>> {
        self.come(place)?;
        self.drop_on(place.window)
    }

    fn drop_on(&self, window: Window) -> Result<bool, Box<dyn Error>> {
        self.send(window, self.words.drop, [0, NOW, 0, 0])?;
        loop {
            if let Said::Finished { has_taken } = self.hear()? {
                return Ok(has_taken);
            }
        }
    }

    /// Becomes the one who is asked for what is dragged, or copied; gives its forms.
    fn give(
        &mut self,
        selection: Atom,
        load: Vec<(&str, Vec<u8>)>,
    ) -> Result<Vec<Atom>, Box<dyn Error>> {
        let mut forms = Vec::new();
        for (form, content) in load {
            forms.push((self.display.atom(form.as_bytes())?, content));
        }
        let names = forms.iter().map(|(form, _)| *form).collect();
        {
            let mut given = self.given.lock().expect("nothing panics with this lock");
            given.retain(|(of, _)| *of != selection);
            given.push((selection, forms));
        }
        self.teller.tell(SetSelectionOwnerRequest {
            owner: self.window,
            selection,
            time: NOW,
        })?;
        Ok(names)
    }

    fn hear(&self) -> Result<Said, Box<dyn Error>> {
        self.said
            .recv_timeout(PATIENCE)
            .map_err(|error| match error {
                RecvTimeoutError::Timeout => "the window does not answer".into(),
                RecvTimeoutError::Disconnected => "the display is gone".into(),
            })
    }

    /// The last of what was said since it was asked for.
    fn said_so_far(&self) -> Option<bool> {
        let said = self.said.try_iter().filter_map(|said| match said {
            Said::Status { takes } => Some(takes),
            Said::Finished { .. } => None,
        });
        said.last()
    }

    fn send(&self, to: Window, word: Atom, [a, b, c, d]: [u32; 4]) -> Result<(), Box<dyn Error>> {
        let words = [self.window, a, b, c, d];
        let event: [u8; 32] = ClientMessageEvent::new(32, to, word, words).into();
        self.teller.send(to, event)
    }
}

/// A window that is never shown: whoever hands something out has one.
fn unseen(window: Window, root: Window) -> CreateWindowRequest<'static> {
    CreateWindowRequest {
        depth: 0,
        wid: window,
        parent: root,
        x: 0,
        y: 0,
        width: 1,
        height: 1,
        border_width: 0,
        class: WindowClass::INPUT_OUTPUT,
        visual: 0,
        value_list: Cow::Owned(CreateWindowAux::new()),
    }
}
