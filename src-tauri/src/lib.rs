//! The window of Hubdesk: the only part that knows Tauri.
//!
//! Two commands lead to the program, `rpc` and `subscribe`; the web view has nothing else: no file,
//! no network, no shell. What it may ask for is declared in `hubdesk_app::api`.

mod bridge;
mod window;

use std::io::Write as _;
use std::process::ExitCode;

use hubdesk_app::{App, Env, Setup};
use tauri::{Manager as _, RunEvent};

/// Opens the window and stays until it is closed.
pub fn run() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(tracing_subscriber::EnvFilter::new("warn,hubdesk=info"))
        .init();
    let env = Env::read();
    if !env.has_display() {
        // Said here, because the toolkit would only panic.
        return fail("there is no display. Start it from a desktop, or under xvfb-run.");
    }
    let built = tauri::Builder::default()
        .invoke_handler(tauri::generate_handler![bridge::rpc, bridge::subscribe])
        .setup(move |shell| {
            let app = tauri::async_runtime::block_on(async { App::open(Setup::desktop(env)) });
            window::open(shell, app.appearance())?;
            shell.manage(bridge::Windows::default());
            shell.manage(app);
            Ok(())
        })
        .build(tauri::generate_context!());
    match built {
        Ok(shell) => {
            shell.run(|shell, event| {
                if let RunEvent::Exit = event {
                    tauri::async_runtime::block_on(shell.state::<App>().close());
                }
            });
            ExitCode::SUCCESS
        }
        Err(error) => fail(&format!("the window cannot be opened: {error}.")),
    }
}

fn fail(why: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "Hubdesk: {why}");
    ExitCode::FAILURE
}
