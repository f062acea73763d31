//! Files over the window, as the toolkit of a Linux desktop tells of them.
//!
//! Tauri has this, too, but where somebody is faster than the list of files, it says that they are
//! over the window when they have left it, and drops them the next time something is dropped.

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;

use gtk::gdk::DragContext;
use gtk::glib;
use gtk::prelude::*;
use tauri::{AppHandle, Manager as _, WebviewWindow};

use crate::drops::{self, Drag};
use crate::uri_list;

/// What is over the window, of a drag that is known by a `D`.
#[derive(Debug)]
struct Over<D> {
    drag: D,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    /// Which files they are is not known yet.
    Asked,
    /// These are over it.
    Held(Vec<PathBuf>),
    /// They were let go of before it was known which they are.
    LetGo,
}

/// What is over the window, if anything is.
#[derive(Debug)]
struct Target<D>(Option<Over<D>>);

impl<D: PartialEq> Target<D> {
    /// Something moves over the window.
    fn moved(&mut self, drag: D) -> Option<Drag> {
        if self.is(&drag) {
            return None;
        }
        let stage = Stage::Asked;
        let before = self.0.replace(Over { drag, stage })?;
        before.gone()
    }

    /// It is these files.
    fn listed(&mut self, drag: &D, files: Vec<PathBuf>) -> Option<Drag> {
        let over = self.0.as_mut().filter(|over| over.drag == *drag)?;
        if let Stage::LetGo = over.stage {
            self.0 = None;
            return (!files.is_empty()).then_some(Drag::Dropped(files));
        }
        let count = files.len();
        over.stage = Stage::Held(files);
        (count > 0).then_some(Drag::Over(count))
    }

    /// It was let go of.
    fn let_go(&mut self, drag: &D) -> Option<Drag> {
        let over = self.0.take_if(|over| over.drag == *drag)?;
        match over.stage {
            Stage::Held(files) => (!files.is_empty()).then_some(Drag::Dropped(files)),
            Stage::Asked | Stage::LetGo => {
                let (drag, stage) = (over.drag, Stage::LetGo);
                self.0 = Some(Over { drag, stage });
                None
            }
        }
    }

    /// It is not over the window any more, unless it was let go of there.
    fn left(&mut self, drag: &D) -> Option<Drag> {
        let is_held = |over: &mut Over<D>| !matches!(over.stage, Stage::LetGo);
        let over = self.0.take_if(|over| over.drag == *drag && is_held(over))?;
        over.gone()
    }

    fn is(&self, drag: &D) -> bool {
        self.0.as_ref().is_some_and(|over| over.drag == *drag)
    }
}

impl<D> Over<D> {
    /// What there is to tell when it is not there any more: only of what was told.
    fn gone(self) -> Option<Drag> {
        match self.stage {
            Stage::Held(files) if !files.is_empty() => Some(Drag::Over(0)),
            Stage::Held(_) | Stage::Asked | Stage::LetGo => None,
        }
    }
}

/// Listens to what is dragged over the window. What is no list is the web view's: text goes into
/// the field it is dropped on. A drop with a list never reaches the web view.
pub(crate) fn watch(window: &WebviewWindow) -> tauri::Result<()> {
    let shell = window.app_handle().clone();
    window.with_webview(move |webview| connect(&webview.inner(), &shell))
}

fn connect(webview: &impl IsA<gtk::Widget>, shell: &AppHandle) {
    let target = Rc::new(RefCell::new(Target(None)));
    let tell = {
        let shell = shell.clone();
        move |drag: Option<Drag>| {
            if let Some(drag) = drag {
                drops::tell(&shell, drag);
            }
        }
    };

    let (over, say) = (Rc::clone(&target), tell.clone());
    // The web view goes on with all of these, and asks for the list: its answer is heard below.
    webview.connect_drag_motion(move |_, drag, _, _, _| {
        if has_list(drag) {
            say(over.borrow_mut().moved(drag.clone()));
        }
        false
    });
    let (over, say) = (Rc::clone(&target), tell.clone());
    webview.connect_drag_data_received(move |_, drag, _, _, data, _, _| {
        if data.target().name() == uri_list::FORM {
            let files = uri_list::files(&data.data());
            say(over.borrow_mut().listed(drag, files));
        }
    });
    let (over, say) = (Rc::clone(&target), tell.clone());
    webview.connect_drag_drop(move |_, drag, _, _, time| {
        if !has_list(drag) {
            return false;
        }
        say(over.borrow_mut().let_go(drag));
        drag.drop_finish(true, time);
        true
    });
    webview.connect_drag_leave(move |_, drag, _| {
        let (over, say, drag) = (Rc::clone(&target), tell.clone(), drag.clone());
        // The toolkit says this before it says that something was dropped, too.
        glib::idle_add_local_once(move || say(over.borrow_mut().left(&drag)));
    });
}

fn has_list(drag: &DragContext) -> bool {
    let mut forms = drag.list_targets().into_iter();
    forms.any(|form| form.name() == uri_list::FORM)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Vec<PathBuf> {
        vec!["/a".into(), "/b".into()]
    }

    /// The target, and one drag over it.
    fn over() -> Target<u8> {
        let mut target = Target(None);
        assert_eq!(target.moved(1), None);
        target
    }

    #[test]
    fn files_are_over_the_window_from_when_they_are_known_until_they_leave() {
        let mut target = over();
        assert_eq!(target.listed(&1, files()), Some(Drag::Over(2)));
        assert_eq!(target.moved(1), None);
        assert_eq!(target.left(&1), Some(Drag::Over(0)));
        assert_eq!(target.left(&1), None);
    }

    #[test]
    fn files_are_dropped_once_and_leave_only_as_a_form() {
        let mut target = over();
        target.listed(&1, files());
        assert_eq!(target.let_go(&1), Some(Drag::Dropped(files())));
        assert_eq!(target.left(&1), None);
        assert_eq!(target.let_go(&1), None);
    }

    #[test]
    fn a_list_that_comes_when_files_have_left_is_too_late() {
        let mut target = over();
        assert_eq!(target.left(&1), None);
        assert_eq!(target.listed(&1, files()), None);
        assert_eq!(target.moved(2), None);
        assert_eq!(
            target.listed(&1, files()),
            None,
            "it is the list of another drag"
        );
    }

    #[test]
    fn files_that_are_let_go_of_before_their_list_comes_are_dropped_when_it_does() {
        let mut target = over();
        assert_eq!(target.let_go(&1), None);
        assert_eq!(target.left(&1), None);
        assert_eq!(target.listed(&1, files()), Some(Drag::Dropped(files())));
        assert_eq!(target.listed(&1, files()), None);
    }

    #[test]
    fn a_drag_that_ended_unseen_makes_place_for_the_next() {
        let mut target = over();
        target.listed(&1, files());
        assert_eq!(target.moved(2), Some(Drag::Over(0)));
        assert_eq!(target.listed(&2, files()), Some(Drag::Over(2)));
    }

    #[test]
    fn links_are_neither_over_the_window_nor_dropped() {
        let mut target = over();
        assert_eq!(target.listed(&1, Vec::new()), None);
        assert_eq!(target.let_go(&1), None);
        assert_eq!(target.moved(2), None);
        target.listed(&2, Vec::new());
        assert_eq!(target.left(&2), None);
    }
}
