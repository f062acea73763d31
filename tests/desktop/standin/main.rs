//! A desktop in a box, for the tests of the real window: it takes notices, shows icons of programs
//! in a tray, does to the window what a window manager would, and drags and copies files as a file
//! manager does.
//!
//! It reads a word a line, such as `notices` or `press Quit` or `take {"files": ["/tmp"]}`, and answers each with a line of JSON:
//! `{"is": …}`, or `{"error": "…"}`. A first line says that it is ready.

#[cfg(target_os = "linux")]
mod bus;
#[cfg(target_os = "linux")]
mod display;
#[cfg(target_os = "linux")]
mod ear;
#[cfg(target_os = "linux")]
mod hand;
#[cfg(target_os = "linux")]
mod load;
#[cfg(target_os = "linux")]
mod screen;

use std::error::Error;
#[cfg(target_os = "linux")]
use std::io::{BufRead as _, Write as _, stdin, stdout};

#[cfg(target_os = "linux")]
use serde_json::{Value, from_str, json};

/// Everything there is of the desktop.
#[cfg(target_os = "linux")]
struct Desktop {
    bus: bus::Bus,
    screen: screen::Screen,
    hand: hand::Hand,
}

#[cfg(target_os = "linux")]
impl Desktop {
    fn does(&mut self, word: &str, about: &str) -> Result<Value, Box<dyn Error>> {
        let Self { bus, screen, hand } = self;
        let done = |()| Value::Null;
        match word {
            "notices" => Ok(json!(bus.notices())),
            "tray" => bus.menu().map(|menu| json!(menu)),
            "press" => bus.press(about).map(done),
            "window" => screen.window().map(|seen| json!(seen)),
            "close" => screen.close().map(done),
            "cover" => screen.cover().map(done),
            "take" => hand.take(&from_str(about)?).map(done),
            "copy" => hand.copy(&from_str(about)?).map(done),
            "hold" => hand.hold(&screen.place(from_str(about)?)?).map(Value::from),
            "throw" => hand
                .throw(&screen.place(from_str(about)?)?)
                .map(Value::from),
            "pass" => hand.pass(&screen.place(from_str(about)?)?).map(done),
            "leave" => hand.leave().map(done),
            "release" => hand.release().map(Value::from),
            _ => Err(format!("no such word: {word}").into()),
        }
    }
}

#[cfg(target_os = "linux")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut desktop = Desktop {
        bus: bus::Bus::open()?,
        screen: screen::Screen::open()?,
        hand: hand::Hand::open()?,
    };
    let say = |line: Value| writeln!(stdout(), "{line}");
    say(json!({ "is": "ready" }))?;
    for line in stdin().lock().lines() {
        let line = line?;
        let (word, about) = line.split_once(' ').unwrap_or((&line, ""));
        say(match desktop.does(word, about) {
            Ok(is) => json!({ "is": is }),
            Err(error) => json!({ "error": error.to_string() }),
        })?;
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn main() -> Result<(), Box<dyn Error>> {
    Err("the real window can be driven on Linux only".into())
}
