//! The use cases of Hubdesk without a window. Verbs and options are named as in `hf`.
//!
//! No logic of its own: it reads arguments, calls `app`, prints. Answers go to standard output,
//! everything else to standard error.

mod address;
mod args;
mod auth;
mod download;
mod hub;
mod print;
mod progress;
mod repos;
mod upload;
mod visible;

use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::Parser as _;
use hubdesk_app::Env;

use crate::args::{Args, Command, HubCommand};

/// Stopped by Ctrl-C, as shells count it.
const INTERRUPTED: u8 = 130;

/// How a command ended.
enum End {
    Done,
    Interrupted,
}

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(tracing_subscriber::EnvFilter::new(if args.verbose {
            "debug"
        } else {
            "error"
        }))
        .init();
    let env = Env::read();
    let is_json = args.json;
    let end = match args.command {
        Command::Download(args) => download::run(&env, args, is_json).await,
        Command::Upload(args) => upload::run(&env, args, is_json).await,
        Command::Auth { command } => auth::run(&env, command, is_json).await,
        Command::Models { command } => repos::models(&env, command, is_json).await,
        Command::Datasets { command } => repos::datasets(&env, command, is_json).await,
        Command::Spaces { command } => repos::spaces(&env, command, is_json).await,
        Command::Repos { command } => repos::repos(&env, command, is_json).await,
        Command::Hub {
            command: HubCommand::Serve(args),
        } => hub::serve(args).await,
    };
    match end {
        Ok(End::Done) => ExitCode::SUCCESS,
        Ok(End::Interrupted) => ExitCode::from(INTERRUPTED),
        Err(error) => {
            print::error(&error, is_json);
            ExitCode::FAILURE
        }
    }
}
