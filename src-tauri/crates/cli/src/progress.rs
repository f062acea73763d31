use std::time::Duration;

use hubdesk_app::{ByteCount, Reading};

use crate::print;

/// Keeps a line on the terminal true, if it `is_shown`, and turns Ctrl-C into a `stop`. Returns when
/// that says that it was asked before.
pub(crate) async fn show(is_shown: bool, read: impl Fn() -> Reading, stop: impl Fn() -> bool) {
    let mut tick = tokio::time::interval(Duration::from_millis(200));
    loop {
        tokio::select! {
            _ = tick.tick(), if is_shown => {
                let read = read();
                print::progress(&format!(
                    "{} of {} files, {} of {}",
                    read.files_done, read.files_total, ByteCount(read.bytes_done), ByteCount(read.bytes_total),
                ));
            }
            _ = tokio::signal::ctrl_c() => {
                if stop() {
                    return;
                }
            }
        }
    }
}
