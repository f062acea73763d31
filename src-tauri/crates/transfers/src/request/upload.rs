use serde::{Deserialize, Serialize};

use super::RepoV1;

/// An upload, version 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UploadV1 {
    /// Base address of the Hub.
    pub endpoint: String,
    /// Whose token is used, by the user's name; absent where the Hub has but one user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// To where.
    pub repo: RepoV1,
    /// How the repository is made if it is not there; absent when it has to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub create: Option<CreateV1>,
    /// On top of what.
    pub onto: OntoV1,
    /// What; of two files for one place the later one counts.
    pub sources: Vec<SourceV1>,
    /// Which files of folders: at least one must match. Absent is everything; empty is nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub include: Option<Vec<String>>,
    /// Which files of folders: none may match.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<String>,
    /// What is left out of folders by itself.
    pub leave_out: LeaveOutV1,
    /// What goes from the repository with the first commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remove: Option<RemovalV1>,
    /// Paths of files that may be published although they hold a secret.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acknowledged: Vec<String>,
    /// What the commits say.
    pub message: MessageV1,
    /// The commit a person has seen when they decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<String>,
    /// Whether what others have changed since is replaced all the same.
    pub overwrite: bool,
}

/// How a repository is made, version 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateV1 {
    /// Who sees it.
    pub visibility: VisibilityV1,
    /// What a Space is built with; absent for what is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sdk: Option<SdkV1>,
}

/// Who sees a repository, version 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VisibilityV1 {
    /// Everyone.
    Public,
    /// Its owner, or the members of the organisation.
    Private,
    /// Everyone sees the app, only the owner its files.
    Protected,
}

/// What a Space is built with, version 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SdkV1 {
    /// Gradio.
    Gradio,
    /// Docker.
    Docker,
    /// Files for the browser.
    Static,
}

/// On top of what commits are made, version 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum OntoV1 {
    /// A branch, or `refs/pr/<number>`.
    Branch {
        /// Which.
        name: String,
        /// Whether it is begun at `main` if it is not there.
        create: bool,
    },
    /// A new pull request onto `main`.
    PullRequest,
}

/// Something on this machine and its place in the repository, version 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum SourceV1 {
    /// A file.
    File {
        /// Where it is.
        path: String,
        /// Its path in the repository.
        to: String,
    },
    /// A folder, with everything below.
    Folder {
        /// Where it is.
        path: String,
        /// Where its content goes; absent for the root.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
    },
}

/// What is left out of folders by itself, version 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaveOutV1 {
    /// What systems and editors leave about.
    pub junk: bool,
    /// What `.gitignore` and `.hfignore` files in the folder say.
    pub ignored: bool,
}

/// What goes from the repository, version 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemovalV1 {
    /// Below this folder; absent is everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<String>,
    /// What matches one of these there.
    pub patterns: Vec<String>,
}

/// What commits say, version 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageV1 {
    /// The first line; those of later commits are numbered.
    pub title: String,
    /// The rest; may be empty.
    pub description: String,
}
