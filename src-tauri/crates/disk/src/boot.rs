use std::fs;
use std::sync::OnceLock;

/// The kernel makes a new one each time it starts.
const PATH: &str = "/proc/sys/kernel/random/boot_id";
/// A UUID is 36 bytes; anything much longer is something else.
const LONGEST: usize = 64;

/// Names this run of the operating system, if it can be told from the others: one word of letters,
/// digits and hyphens. What a process has written outlives the process for as long as this stays
/// the same, whether or not it was synced. Known on Linux only.
pub fn boot_id() -> Option<&'static str> {
    static ID: OnceLock<Option<String>> = OnceLock::new();
    let read = || {
        let text = fs::read_to_string(PATH).ok()?;
        let id = text.trim();
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let is_good = (1..=LONGEST).contains(&id.len()) && id.bytes().all(is_word);
        is_good.then(|| id.to_owned())
    };
    ID.get_or_init(read).as_deref()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn linux_names_its_runs() {
        let id = boot_id().expect("every kernel has it");
        assert_eq!((id.len(), boot_id()), (36, Some(id)));
    }
}
