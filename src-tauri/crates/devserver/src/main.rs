//! Serves the application layer to a browser on this computer, for development and browser tests.
//!
//! Not shipped: it opens a port. Only who knows the key of this run may call anything, and only
//! under the loopback address, so that no page of the web can reach it.

mod host;
mod server;

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Parser, ValueEnum};
use hubdesk_app::{App, Env, OpenKeychain, Setup};
use hubdesk_secrets::{Memory, VaultError};

use crate::host::RecordingHost;

/// The application layer for a browser.
#[derive(Parser)]
struct Args {
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The built front end
    #[arg(long, value_name = "DIR", default_value = "ui/build")]
    ui: PathBuf,
    /// The key callers must know, instead of a new one
    #[arg(long)]
    key: Option<String>,
    /// Where tokens are kept; never in the keychain of who develops
    #[arg(long, value_enum, default_value_t = Keychain::Memory)]
    keychain: Keychain,
    /// The folder a person chooses who is asked for one
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
}

/// The keychain the program finds.
#[derive(Clone, Copy, ValueEnum)]
enum Keychain {
    /// One that works and is empty, for as long as the server runs
    Memory,
    /// None, as on many servers
    Missing,
}

impl Keychain {
    fn open(self) -> OpenKeychain {
        let memory = Arc::new(Memory::default());
        Arc::new(move || match self {
            Self::Memory => Ok(memory.clone()),
            Self::Missing => Err(VaultError::NoService {
                source: "it was asked for none".into(),
            }),
        })
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args = Args::parse();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(tracing_subscriber::EnvFilter::new("warn,hubdesk=info"))
        .init();
    let key = match args.key {
        Some(key) => key,
        None => {
            let mut bytes = [0; 16];
            getrandom::fill(&mut bytes)?;
            bytes.iter().map(|byte| format!("{byte:02x}")).collect()
        }
    };
    let host = Arc::new(RecordingHost::new(args.folder));
    let app = App::open(Setup {
        host: host.clone(),
        keychain: args.keychain.open(),
        ..Setup::desktop(Env::read())
    });
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", args.port)).await?;
    let address = listener.local_addr()?;
    let router = server::router(app.clone(), host, key.clone(), address, &args.ui);
    let line = serde_json::json!({ "url": format!("http://{address}/?key={key}") });
    writeln!(std::io::stdout(), "{line}")?;
    tokio::select! {
        served = async { axum::serve(listener, router).await } => served?,
        stopped = hubdesk_app::told_to_stop() => stopped?,
    }
    app.close().await;
    Ok(())
}
