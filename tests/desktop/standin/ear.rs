//! What others say to the hand: they ask for what it holds, and say whether they take it.

use std::borrow::Cow;
use std::error::Error;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};

use x11rb_protocol::protocol::xproto::{
    Atom, AtomEnum, CLIENT_MESSAGE_EVENT, ChangePropertyRequest, ClientMessageEvent, PropMode,
    SELECTION_NOTIFY_EVENT, SELECTION_REQUEST_EVENT, SelectionNotifyEvent, SelectionRequestEvent,
};
use x11rb_protocol::x11_utils::TryParse as _;

use crate::display::{Display, Teller};

/// Of an answer: what is held is taken here. Of an end: it was taken.
const TAKES: u32 = 1;
/// An event that another program has sent, and not the display.
const FROM_OTHERS: u8 = 0x80;

/// Something in one of its forms.
pub(crate) type Form = (Atom, Vec<u8>);

/// What is dragged, and what is copied, by the selection by which it is asked for.
pub(crate) type Given = Arc<Mutex<Vec<(Atom, Vec<Form>)>>>;

/// What a window says about what is held over it.
pub(crate) enum Said {
    Status { takes: bool },
    Finished { has_taken: bool },
}

/// The ear.
pub(crate) struct Ear {
    pub(crate) display: Display,
    pub(crate) teller: Teller,
    pub(crate) given: Given,
    pub(crate) status: Atom,
    pub(crate) finished: Atom,
    pub(crate) targets: Atom,
    pub(crate) say: Sender<Said>,
}

impl Ear {
    /// Listens until the display is gone, or nobody wants to hear any more.
    pub(crate) fn listen(mut self) {
        while let Ok(event) = self.display.hear() {
            let heard = match event[0] & !FROM_OTHERS {
                SELECTION_REQUEST_EVENT => self.asked(&event),
                CLIENT_MESSAGE_EVENT => self.told(&event),
                _ => Ok(()),
            };
            if heard.is_err() {
                return;
            }
        }
    }

    /// Hands out what is asked for in the form that is asked for, if there is such a one.
    fn asked(&self, event: &[u8]) -> Result<(), Box<dyn Error>> {
        let (asked, _) = SelectionRequestEvent::try_parse(event)?;
        let answer = self.answer(&asked);
        let property = match &answer {
            Some(_) => asked.property,
            None => AtomEnum::NONE.into(),
        };
        if let Some(answer) = answer {
            self.teller.tell(answer)?;
        }
        let event: [u8; 32] = SelectionNotifyEvent {
            response_type: SELECTION_NOTIFY_EVENT,
            sequence: 0,
            time: asked.time,
            requestor: asked.requestor,
            selection: asked.selection,
            target: asked.target,
            property,
        }
        .into();
        self.teller.send(asked.requestor, event)
    }

    fn answer(&self, asked: &SelectionRequestEvent) -> Option<ChangePropertyRequest<'static>> {
        let given = self.given.lock().expect("nothing panics with this lock");
        let (_, forms) = given.iter().find(|(of, _)| *of == asked.selection)?;
        let (type_, format, data) = if asked.target == self.targets {
            let names = forms.iter().map(|(form, _)| form);
            let names = names.flat_map(|form| form.to_ne_bytes()).collect();
            (AtomEnum::ATOM.into(), 32, names)
        } else {
            let (form, content) = forms.iter().find(|(form, _)| *form == asked.target)?;
            (*form, 8, content.clone())
        };
        Some(ChangePropertyRequest {
            mode: PropMode::REPLACE,
            window: asked.requestor,
            property: asked.property,
            type_,
            format,
            data_len: u32::try_from(data.len()).ok()? / u32::from(format / 8),
            data: Cow::Owned(data),
        })
    }

    fn told(&self, event: &[u8]) -> Result<(), Box<dyn Error>> {
        let (told, _) = ClientMessageEvent::try_parse(event)?;
        let [_, flags, ..] = told.data.as_data32();
        let is_set = flags & TAKES != 0;
        let said = match told.type_ {
            word if word == self.status => Said::Status { takes: is_set },
            word if word == self.finished => Said::Finished { has_taken: is_set },
            _ => return Ok(()),
        };
        Ok(self.say.send(said)?)
    }
}
