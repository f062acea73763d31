//! A line to the display: one request at a time, and its answer.

use std::borrow::Cow;
use std::error::Error;
use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex};

use x11rb_protocol::connect::Connect;
use x11rb_protocol::parse_display::{ConnectAddress, parse_display};
use x11rb_protocol::protocol::xproto::{
    Atom, EventMask, GetInputFocusRequest, InternAtomRequest, Screen, SendEventRequest, Window,
};
use x11rb_protocol::x11_utils::{ReplyRequest, TryParse as _, VoidRequest};
use x11rb_protocol::xauth::Family;

/// Length of what every message begins with, in bytes.
const HEAD: usize = 32;
/// What the first byte of an answer is; anything but this and the next is an event's.
const ANSWER: u8 = 1;
/// What the first byte of an error is.
const REFUSAL: u8 = 0;

/// The display of the environment.
pub(crate) struct Display {
    stream: UnixStream,
    pub(crate) screen: Screen,
    /// The first number of those that are ours to give.
    pub(crate) own: u32,
}

impl Display {
    pub(crate) fn open() -> Result<Self, Box<dyn Error>> {
        let at = parse_display(None)?;
        let path = at.connect_instruction().find_map(|address| match address {
            ConnectAddress::Socket(path) => Some(path),
            _ => None,
        });
        let mut stream = UnixStream::connect(path.ok_or("the display is not of this machine")?)?;
        // Under this name the display's key is kept.
        let host = std::fs::read("/proc/sys/kernel/hostname")?;
        let (mut connect, hello) = Connect::new(Family::LOCAL, host.trim_ascii(), at.display)?;
        stream.write_all(&hello)?;
        loop {
            let read = stream.read(connect.buffer())?;
            if read == 0 {
                return Err("the display does not answer".into());
            }
            if connect.advance(read) {
                break;
            }
        }
        let mut setup = connect.into_setup()?;
        Ok(Self {
            stream,
            screen: setup.roots.swap_remove(usize::from(at.screen)),
            own: setup.resource_id_base,
        })
    }

    /// The number of a word.
    pub(crate) fn atom(&mut self, name: &[u8]) -> Result<Atom, Box<dyn Error>> {
        let name = Cow::Borrowed(name);
        let only_if_exists = false;
        let asked = InternAtomRequest {
            only_if_exists,
            name,
        };
        Ok(self.ask(asked)?.atom)
    }

    /// Another end of this line, for somebody who needs no answers.
    pub(crate) fn teller(&self) -> Result<Teller, Box<dyn Error>> {
        let stream = self.stream.try_clone()?;
        Ok(Teller(Arc::new(Mutex::new(stream))))
    }

    /// Waits for the next event. To what has tellers nothing else is said.
    pub(crate) fn hear(&mut self) -> Result<[u8; HEAD], Box<dyn Error>> {
        loop {
            let mut message = [0; HEAD];
            self.stream.read_exact(&mut message)?;
            // What a teller was refused is seen by whoever waits for its effect.
            if message[0] != REFUSAL {
                return Ok(message);
            }
        }
    }

    /// Asks something.
    pub(crate) fn ask<R: ReplyRequest>(&mut self, request: R) -> Result<R::Reply, Box<dyn Error>> {
        self.stream.write_all(&request.serialize(0).0)?;
        loop {
            let mut message = vec![0; HEAD];
            self.stream.read_exact(&mut message)?;
            if message[0] == REFUSAL {
                return Err(format!("the display refuses, with error {}", message[1]).into());
            }
            if message[0] == ANSWER {
                let words = u32::from_ne_bytes([message[4], message[5], message[6], message[7]]);
                message.resize(HEAD + 4 * usize::try_from(words)?, 0);
                self.stream.read_exact(&mut message[HEAD..])?;
                return Ok(R::Reply::try_parse(&message)?.0);
            }
        }
    }

    /// Has something done, and waits until it is.
    pub(crate) fn tell(&mut self, request: impl VoidRequest) -> Result<(), Box<dyn Error>> {
        self.stream.write_all(&request.serialize(0).0)?;
        // An error would come before the answer to this.
        self.ask(GetInputFocusRequest).map(drop)
    }
}

/// An end of a line at which nobody listens.
#[derive(Clone)]
pub(crate) struct Teller(Arc<Mutex<UnixStream>>);

impl Teller {
    /// Has something done, some time.
    pub(crate) fn tell(&self, request: impl VoidRequest) -> Result<(), Box<dyn Error>> {
        let mut stream = self.0.lock().expect("nothing panics with this lock");
        Ok(stream.write_all(&request.serialize(0).0)?)
    }

    /// Sends another program an event.
    pub(crate) fn send(&self, to: Window, event: [u8; 32]) -> Result<(), Box<dyn Error>> {
        self.tell(SendEventRequest {
            propagate: false,
            destination: to,
            event_mask: EventMask::NO_EVENT,
            event: Cow::Owned(event),
        })
    }
}
