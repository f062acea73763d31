/// A discussion to be.
#[derive(Clone)]
pub struct DiscussionSeed {
    pub(crate) title: String,
    pub(crate) said: Vec<(Option<String>, String)>,
    pub(crate) is_closed: bool,
    pub(crate) is_locked: bool,
}

impl DiscussionSeed {
    /// `author` opens it with `text`.
    pub fn new(title: &str, author: &str, text: &str) -> Self {
        Self {
            title: title.to_owned(),
            said: vec![(Some(author.to_owned()), text.to_owned())],
            is_closed: false,
            is_locked: false,
        }
    }

    /// The same, by an account that is no more.
    pub fn by_nobody(title: &str, text: &str) -> Self {
        let mut seed = Self::new(title, "", text);
        seed.said[0].0 = None;
        seed
    }

    /// `author` answers.
    pub fn reply(mut self, author: &str, text: &str) -> Self {
        self.said.push((Some(author.to_owned()), text.to_owned()));
        self
    }

    /// It is closed in the end, by the repository's owner.
    pub fn closed(mut self) -> Self {
        self.is_closed = true;
        self
    }

    /// Only who may change the repository still takes part.
    pub fn locked(mut self) -> Self {
        self.is_locked = true;
        self
    }
}
