//! A desktop in a box, for the tests of the real window: it takes notices, shows icons of programs
//! in a tray, and does to the window what a window manager would.
//!
//! It reads a word a line, such as `notices` or `press Quit`, and answers each with a line of JSON:
//! `{"is": …}`, or `{"error": "…"}`. A first line says that it is ready.

#[cfg(target_os = "linux")]
mod bus;
#[cfg(target_os = "linux")]
mod display;
#[cfg(target_os = "linux")]
mod screen;

use std::error::Error;

#[cfg(target_os = "linux")]
fn main() -> Result<(), Box<dyn Error>> {
    use std::io::{BufRead as _, Write as _, stdin, stdout};

    use serde_json::{Value, json};

    let bus = bus::Bus::open()?;
    let mut screen = screen::Screen::open()?;
    let say = |line: Value| writeln!(stdout(), "{line}");
    say(json!({ "is": "ready" }))?;
    for line in stdin().lock().lines() {
        let line = line?;
        let (word, about) = line.split_once(' ').unwrap_or((&line, ""));
        let done: Result<Value, Box<dyn Error>> = match word {
            "notices" => Ok(json!(bus.notices())),
            "tray" => bus.menu().map(|menu| json!(menu)),
            "press" => bus.press(about).map(|()| Value::Null),
            "window" => screen.window().map(|seen| json!(seen)),
            "close" => screen.close().map(|()| Value::Null),
            "cover" => screen.cover().map(|()| Value::Null),
            _ => Err(format!("no such word: {word}").into()),
        };
        say(match done {
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
