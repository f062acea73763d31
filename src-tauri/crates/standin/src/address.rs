//! The two ports, and the file that keeps them.

use std::io;
use std::net::Ipv4Addr;
use std::path::Path;

use serde::{Deserialize, Serialize};
use tokio::fs;
use tokio::net::TcpListener;

const FILE: &str = "address.json";

#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Ports {
    hub: u16,
    storage: u16,
}

/// Binds the Hub and the storage host. A port that was asked for must be free; one that was only
/// remembered is given up if it is not.
pub(crate) async fn bind(
    port: u16,
    state: Option<&Path>,
) -> io::Result<(TcpListener, TcpListener)> {
    let kept = match state {
        Some(folder) => read(folder).await,
        None => Ports::default(),
    };
    let hub = if port == 0 {
        loopback_or_any(kept.hub).await?
    } else {
        loopback(port).await?
    };
    let storage = loopback_or_any(kept.storage).await?;
    if let Some(folder) = state {
        let ports = Ports {
            hub: hub.local_addr()?.port(),
            storage: storage.local_addr()?.port(),
        };
        if ports != kept {
            write(folder, ports).await?;
        }
    }
    Ok((hub, storage))
}

async fn loopback_or_any(port: u16) -> io::Result<TcpListener> {
    match loopback(port).await {
        Err(why) if why.kind() == io::ErrorKind::AddrInUse => loopback(0).await,
        bound => bound,
    }
}

async fn loopback(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await
}

/// A file that is missing, short or somebody else's is the same as none.
async fn read(folder: &Path) -> Ports {
    let text = fs::read(folder.join(FILE)).await.unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}

async fn write(folder: &Path, ports: Ports) -> io::Result<()> {
    fs::create_dir_all(folder).await?;
    let fresh = folder.join(format!("{FILE}.tmp"));
    fs::write(&fresh, serde_json::to_vec(&ports)?).await?;
    fs::rename(fresh, folder.join(FILE)).await
}
