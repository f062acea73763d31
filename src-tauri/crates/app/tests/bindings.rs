//! The TypeScript of the contract, as it is checked in.

use std::path::Path;

/// `make bindings` sets `HUBDESK_BINDINGS=write`, and then this writes what it would compare.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a switch of the build, not of the program"
)]
fn the_bindings_are_those_checked_in() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/src/lib/api/bindings.ts");
    let current = hubdesk_app::api::bindings();
    if std::env::var("HUBDESK_BINDINGS").is_ok_and(|word| word == "write") {
        return std::fs::write(&path, current).unwrap();
    }
    let checked_in = std::fs::read_to_string(&path).unwrap();
    assert!(
        checked_in == current,
        "the bindings are old: run `make bindings`"
    );
}
