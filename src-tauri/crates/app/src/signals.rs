/// Waits until this process is told to stop: Ctrl-C, or a termination signal.
#[cfg(unix)]
pub async fn told_to_stop() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        stopped = tokio::signal::ctrl_c() => stopped,
    }
}

/// Waits until this process is told to stop: Ctrl-C.
#[cfg(not(unix))]
pub async fn told_to_stop() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
