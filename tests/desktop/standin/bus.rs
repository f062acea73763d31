//! Notices and the tray, over the session bus.

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, Mutex};

use serde::Serialize;
use zbus::blocking::{Connection, Proxy, connection};
use zbus::message::Header;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};

/// A notice that was shown.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Notice {
    title: String,
    body: String,
}

/// By the Desktop Notifications Specification, 1.2.
struct Notifications(Arc<Mutex<Vec<Notice>>>);

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Notifications {
    #[expect(clippy::too_many_arguments, reason = "the specification's")]
    fn notify(
        &self,
        _application: String,
        _replaces: u32,
        _icon: String,
        title: String,
        body: String,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _expires_ms: i32,
    ) -> u32 {
        let mut notices = self.0.lock().expect("nothing panics with this lock");
        notices.push(Notice { title, body });
        u32::try_from(notices.len()).expect("no test shows that many")
    }
}

/// Who has an icon in the tray: the name of the program on the bus, and the icon's path there.
type Item = (String, String);

/// By the StatusNotifierItem specification.
struct Watcher(Arc<Mutex<Option<Item>>>);

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, path: String, #[zbus(header)] asked: Header<'_>) {
        let program = asked.sender().map(ToString::to_string).unwrap_or_default();
        *self.0.lock().expect("nothing panics with this lock") = Some((program, path));
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }
}

/// An entry of a menu: its number, what is known of it, and what is below it.
type Entry = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

/// The icon's menu, and the numbers of its entries by their words.
struct Menu<'a> {
    at: Proxy<'a>,
    entries: HashMap<String, i32>,
}

/// The desktop's end of the session bus.
pub(crate) struct Bus {
    connection: Connection,
    notices: Arc<Mutex<Vec<Notice>>>,
    item: Arc<Mutex<Option<Item>>>,
}

impl Bus {
    /// Takes both places on the bus of the environment.
    pub(crate) fn open() -> zbus::Result<Self> {
        let (notices, item) = (Arc::default(), Arc::default());
        let connection = connection::Builder::session()?
            .serve_at(
                "/org/freedesktop/Notifications",
                Notifications(Arc::clone(&notices)),
            )?
            .serve_at("/StatusNotifierWatcher", Watcher(Arc::clone(&item)))?
            .name("org.freedesktop.Notifications")?
            .name("org.kde.StatusNotifierWatcher")?
            .build()?;
        Ok(Self {
            connection,
            notices,
            item,
        })
    }

    /// All notices so far.
    pub(crate) fn notices(&self) -> Vec<Notice> {
        let notices = self.notices.lock().expect("nothing panics with this lock");
        notices.clone()
    }

    /// The words of the icon's menu; none while there is no icon.
    pub(crate) fn menu(&self) -> Result<Vec<String>, Box<dyn Error>> {
        let Some(menu) = self.read()? else {
            return Ok(Vec::new());
        };
        let mut entries: Vec<_> = menu.entries.into_iter().collect();
        entries.sort_by_key(|(_, number)| *number);
        Ok(entries.into_iter().map(|(words, _)| words).collect())
    }

    /// Chooses from the icon's menu.
    pub(crate) fn press(&self, words: &str) -> Result<(), Box<dyn Error>> {
        let menu = self.read()?.ok_or("there is no icon")?;
        let entry = menu
            .entries
            .get(words)
            .ok_or("the menu has no such words")?;
        let event = (entry, "clicked", Value::from(0i32), 0u32);
        menu.at.call_method("Event", &event)?;
        Ok(())
    }

    fn read(&self) -> Result<Option<Menu<'_>>, Box<dyn Error>> {
        let item = self.item.lock().expect("nothing panics with this lock");
        let Some((program, path)) = item.clone() else {
            return Ok(None);
        };
        let at = |path, interface| Proxy::new(&self.connection, program.clone(), path, interface);
        let item = at(path, "org.kde.StatusNotifierItem")?;
        let path: OwnedObjectPath = item.get_property("Menu")?;
        let menu = at(path.to_string(), "com.canonical.dbusmenu")?;
        let (root, depth, wanted) = (0i32, 1i32, vec!["label"]);
        let answer = menu.call_method("GetLayout", &(root, depth, wanted))?;
        let (_, (_, _, below)): (u32, Entry) = answer.body().deserialize()?;
        let mut entries = HashMap::new();
        for entry in below {
            let (number, facts, _) = Entry::try_from(entry)?;
            if let Some(label) = facts.get("label") {
                entries.insert(String::try_from(label.try_clone()?)?, number);
            }
        }
        Ok(Some(Menu { at: menu, entries }))
    }
}
