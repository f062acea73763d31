//! What the Hub's scanners found in the files of a repository.

use serde::{Deserialize, Deserializer, de};
use serde_json::Value;

use crate::call::Call;
use crate::json::{lenient, or_default};
use crate::{Error, Repo, route};

/// What the scanners say about a repository.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SecurityStatus {
    /// Whether every scan has ended: until then nothing found means nothing.
    #[serde(rename = "scansDone")]
    pub is_done: bool,
    /// The files with something to say about.
    #[serde(rename = "filesWithIssues")]
    pub issues: Vec<Issue>,
}

/// A file that is not safe.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Issue {
    /// Its path, as the server says.
    pub path: String,
    /// How bad it is: `caution`, `suspicious`, `unsafe`, or what the Hub adds.
    #[serde(default, deserialize_with = "or_default")]
    pub level: String,
}

/// What the scanners say about one file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileSecurity {
    /// All in all: `safe`, `unscanned`, `queued`, `error`, `caution`, `suspicious`, `unsafe`, or
    /// what the Hub adds.
    pub status: String,
    /// Each scan that was made.
    pub scans: Vec<ScanResult>,
}

/// One scan of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanResult {
    /// The scanner, as the Hub names the field: `avScan`, `pickleImportScan`, `jFrogScan`, ….
    pub scanner: String,
    /// As [`FileSecurity::status`].
    pub status: String,
    /// What it found, in its words.
    pub message: Option<String>,
    /// Where it says more. As the server says, not checked.
    pub report: Option<String>,
    /// What a pickle would load: module, name, and how safe that is.
    pub imports: Vec<(String, String, String)>,
}

impl Repo {
    /// What the scanners found in the repository.
    pub async fn scan(&self) -> Result<SecurityStatus, Error> {
        let url = route::of_repo(self.hub.endpoint(), &self.id, "scan");
        Ok(self.hub.ask(&Call::get(url, Some(&self.id))).await?.value)
    }
}

/// `{status, avScan: {status, …}, …Scan: …}`: scanners come and go, so they are found by their
/// ending.
impl<'de> Deserialize<'de> for FileSecurity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize, Default)]
        #[serde(rename_all = "camelCase")]
        struct Scan {
            #[serde(default, deserialize_with = "lenient")]
            status: Option<String>,
            #[serde(default, deserialize_with = "lenient")]
            message: Option<String>,
            #[serde(default, deserialize_with = "lenient")]
            report_link: Option<String>,
            #[serde(default, deserialize_with = "lenient")]
            pickle_imports: Vec<Import>,
        }
        #[derive(Deserialize)]
        struct Import {
            module: String,
            name: String,
            #[serde(default)]
            safety: String,
        }
        let json = Value::deserialize(deserializer)?;
        let status = json["status"].as_str();
        let status = status.ok_or_else(|| de::Error::missing_field("status"))?;
        let scan = |(scanner, scan): (&String, &Value)| {
            let scan = Scan::deserialize(scan).ok()?;
            let imports = scan.pickle_imports.into_iter();
            scanner.ends_with("Scan").then_some(ScanResult {
                scanner: scanner.clone(),
                status: scan.status?,
                message: scan.message,
                report: scan.report_link,
                imports: imports.map(|i| (i.module, i.name, i.safety)).collect(),
            })
        };
        Ok(Self {
            status: status.to_owned(),
            scans: json
                .as_object()
                .into_iter()
                .flatten()
                .filter_map(scan)
                .collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn that_nothing_was_found_must_be_said() {
        let read = |value| serde_json::from_value::<SecurityStatus>(value);
        let found = json!({"scansDone": true, "filesWithIssues": [{"path": "f"}]});
        assert_eq!(read(found).unwrap().issues[0].path, "f");
        for silent in [
            json!({}),
            json!({"scansDone": true}),
            json!({"scansDone": true, "filesWithIssues": null}),
            json!({"filesWithIssues": []}),
            json!({"scansDone": true, "filesWithIssues": [{"level": "unsafe"}]}),
        ] {
            assert!(read(silent.clone()).is_err(), "{silent}");
        }
    }

    #[test]
    fn a_file_of_which_the_scanners_say_nothing_is_not_taken_for_a_scanned_one() {
        assert!(serde_json::from_value::<FileSecurity>(json!({})).is_err());
        let odd = json!({"status": "safe", "avScan": 7, "newScan": {"status": "safe"}});
        let read: FileSecurity = serde_json::from_value(odd).unwrap();
        assert_eq!((read.status.as_str(), read.scans.len()), ("safe", 1));
    }
}
