use super::*;

fn path(text: &str) -> RepoPath {
    RepoPath::new(text).unwrap()
}

fn put(to: &str, content: &'static [u8]) -> Operation {
    Operation::Put {
        path: path(to),
        content: Bytes::from_static(content),
    }
}

fn operations(list: impl IntoIterator<Item = Operation>) -> Operations {
    let mut operations = Operations::new();
    for operation in list {
        operations.push(operation).unwrap();
    }
    operations
}

#[test]
fn the_lines_are_those_of_the_protocol() {
    let sha256 = Digest::sha256(b"w");
    let operations = operations([
        put("a.txt", b"hi"),
        Operation::PutLarge {
            path: path("w.bin"),
            sha256,
            size: Some(1),
        },
        Operation::PutLarge {
            path: path("c.bin"),
            sha256,
            size: None,
        },
        Operation::RemoveFile {
            path: path("old.txt"),
        },
        Operation::RemoveFolder { path: path("logs") },
    ]);
    let message = Message {
        title: "T\"".to_owned(),
        description: String::new(),
    };
    let parent = "0123456789abcdef0123456789abcdef01234567".parse().unwrap();
    let body = operations.ndjson(&message, &parent);
    let expected = [
        r#"{"key":"header","value":{"summary":"T\"","description":"","parentCommit":"0123456789abcdef0123456789abcdef01234567"}}"#.to_owned(),
        r#"{"key":"file","value":{"content":"aGk=","path":"a.txt","encoding":"base64"}}"#.to_owned(),
        format!(r#"{{"key":"lfsFile","value":{{"path":"w.bin","algo":"sha256","oid":"{sha256}","size":1}}}}"#),
        format!(r#"{{"key":"lfsFile","value":{{"path":"c.bin","algo":"sha256","oid":"{sha256}"}}}}"#),
        r#"{"key":"deletedFile","value":{"path":"old.txt"}}"#.to_owned(),
        r#"{"key":"deletedFolder","value":{"path":"logs/"}}"#.to_owned(),
    ];
    let lines: Vec<_> = std::str::from_utf8(&body).unwrap().lines().collect();
    assert_eq!(lines, expected);
    assert!(body.len() <= operations.bytes + 512);
}

#[test]
fn what_does_not_fit_comes_back() {
    let mut operations = Operations::new();
    let large = Operation::Put {
        path: path("a"),
        content: Bytes::from(vec![0; 16 << 20]),
    };
    operations.push(large.clone()).unwrap();
    assert_eq!(operations.push(large.clone()), Err(large));
    assert_eq!(operations.as_slice().len(), 1);
}

#[test]
fn the_last_word_about_a_path_is_what_is_there() {
    let blob = |content| Some(Digest::git_blob(content));
    let list = operations([
        put("d/a", b"1"),
        Operation::RemoveFolder { path: path("d") },
        put("d/b", b"2"),
        put("e", b"3"),
        Operation::RemoveFile { path: path("e") },
        put("dd/a", b"4"),
    ]);
    let expected = [("d/b", blob(b"2")), ("dd/a", blob(b"4")), ("e", None)];
    assert_eq!(list.outcome(), BTreeMap::from(expected));
}
