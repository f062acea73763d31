//! The window of Hubdesk: the only part that knows Tauri.
//!
//! Two commands lead to the program, `rpc` and `subscribe`; the web view has nothing else: no file,
//! no network, no shell. What it may ask for is declared in `hubdesk_app::api`.

mod bridge;
mod clipboard;
mod desktop;
#[cfg(target_os = "linux")]
mod drop_target;
mod drops;
mod notice;
mod tray;
#[cfg(target_os = "linux")]
mod uri_list;
mod window;

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use hubdesk_app::{App, Env, Instance, Setup, Start};
use tauri::{AppHandle, Manager as _, RunEvent, WindowEvent};

use crate::desktop::Desktop;
use crate::window::MAIN;

/// Opens the window and stays until it is closed.
pub fn run() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(tracing_subscriber::EnvFilter::new("warn,hubdesk=info"))
        .init();
    let env = Env::read();
    if !env.has_display() {
        // Said here, because the toolkit would only panic.
        return fail("there is no display. Start it from a desktop, or under xvfb-run.");
    }
    let instance = match tauri::async_runtime::block_on(Instance::claim(&env.config_dir())) {
        Start::First(instance) => instance,
        // The window that is there has come to the front.
        Start::Second => return ExitCode::SUCCESS,
    };
    let built = tauri::Builder::default()
        .invoke_handler(tauri::generate_handler![bridge::rpc, bridge::subscribe])
        .setup(move |shell| {
            let host = std::sync::Arc::new(Desktop::new(shell.handle().clone()));
            let setup = Setup {
                host,
                ..Setup::desktop(env)
            };
            let app = tauri::async_runtime::block_on(async { App::open(setup) });
            window::open(shell, app.appearance())?;
            shell.manage(bridge::Windows::default());
            shell.manage(app);
            shell.manage(tray::open(shell.handle()));
            tauri::async_runtime::spawn(watch_for_starts(shell.handle().clone(), instance));
            Ok(())
        })
        .build(tauri::generate_context!());
    match built {
        Ok(shell) => {
            shell.run(|shell, event| match event {
                RunEvent::WindowEvent {
                    label,
                    event: WindowEvent::CloseRequested { api, .. },
                    ..
                } if label == MAIN => {
                    api.prevent_close();
                    tray::closing(shell);
                }
                #[cfg(not(target_os = "linux"))]
                RunEvent::WindowEvent {
                    label,
                    event: WindowEvent::DragDrop(event),
                    ..
                } if label == MAIN => {
                    if let Some(drag) = drops::told(event) {
                        drops::tell(shell, drag);
                    }
                }
                RunEvent::Exit => {
                    tauri::async_runtime::block_on(shell.state::<App>().close());
                }
                _ => {}
            });
            ExitCode::SUCCESS
        }
        Err(error) => fail(&format!("the window cannot be opened: {error}.")),
    }
}

/// Shows the window whenever the program is started again.
async fn watch_for_starts(shell: AppHandle, instance: Instance) {
    loop {
        instance.started_again().await;
        window::show(&shell);
    }
}

fn fail(why: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "Hubdesk: {why}");
    ExitCode::FAILURE
}
