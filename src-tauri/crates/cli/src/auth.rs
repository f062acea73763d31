use hubdesk_app::api::{Account, ApiError, SignIn};
use hubdesk_app::{Auth, Env, LoggedOut, Login, Setup};
use serde_json::{Value, json};

use crate::args::{AuthCommand, LoginArgs, token};
use crate::{End, print};

pub(crate) async fn run(env: &Env, command: AuthCommand, is_json: bool) -> Result<End, ApiError> {
    let auth = Auth::open(Setup::desktop(env.clone()));
    let done = serve(&auth, env, command, is_json).await;
    auth.close().await;
    done?;
    if let Some(variable) = env.token_variable() {
        print::note(&format!(
            "Note: {variable} is set and wins over every account."
        ));
    }
    Ok(End::Done)
}

async fn serve(
    auth: &Auth,
    env: &Env,
    command: AuthCommand,
    is_json: bool,
) -> Result<(), ApiError> {
    match command {
        AuthCommand::Login(args) => login(auth, env, args, is_json).await?,
        AuthCommand::Logout(args) => logout(auth, args.token_name.as_deref(), is_json).await?,
        AuthCommand::List => list(&auth.list().await, is_json),
        AuthCommand::Switch(args) => {
            let git = args.add_to_git_credential;
            let account = auth.switch(&args.token_name, git).await?;
            say(&account, "The account in use is now", is_json);
            say_limits(&account);
        }
        AuthCommand::Whoami => whoami(auth, env, is_json).await?,
        AuthCommand::Token => {
            let token = auth.token(env).await?;
            match is_json {
                true => print::answer_json(&json!({ "token": token.expose() })),
                false => print::answer(token.expose()),
            }
        }
    }
    Ok(())
}

async fn login(auth: &Auth, env: &Env, args: LoginArgs, is_json: bool) -> Result<(), ApiError> {
    let login = Login {
        token: token(args.token.as_deref())?,
        force: args.force,
        share: args.share,
        git: args.add_to_git_credential,
    };
    let done = auth.login(env, login, ask).await?;
    let what = match done.was_before {
        true => "Already signed in as",
        false => "Signed in as",
    };
    say(&done.account, what, is_json);
    say_limits(&done.account);
    Ok(())
}

/// What will not work is no answer, so it goes where notes go.
fn say_limits(account: &Account) {
    for limit in &account.limits {
        print::note(limit);
    }
}

/// Where to go with which code. It is no answer, so it goes where notes go.
fn ask(attempt: &SignIn) {
    let (Some(url), Some(code)) = (&attempt.url, &attempt.user_code) else {
        return;
    };
    print::note(&format!(
        "Open {url} in a browser, and check that it shows the code {code}."
    ));
}

async fn logout(auth: &Auth, name: Option<&str>, is_json: bool) -> Result<(), ApiError> {
    let LoggedOut { gone, error } = auth.logout(name).await?;
    if is_json {
        let rows: Vec<Value> = gone.iter().map(row).collect();
        print::answer_json(&json!({ "signed_out": rows }));
    } else {
        if gone.is_empty() && error.is_none() {
            print::note("Nobody is signed in.");
        }
        for account in &gone {
            say(account, "Signed out", is_json);
        }
    }
    error.map_or(Ok(()), Err)
}

fn list(accounts: &[Account], is_json: bool) {
    if is_json {
        let rows: Vec<Value> = accounts.iter().map(row).collect();
        print::answer_json(&json!({ "accounts": rows }));
        return;
    }
    if accounts.is_empty() {
        print::note("Nobody is signed in.");
    }
    for account in accounts {
        let mark = if account.is_active { "*" } else { " " };
        let token = account.token_name.as_deref().unwrap_or("browser sign-in");
        print::answer(&format!(
            "{mark} {}  {token}  {}",
            account.name, account.endpoint
        ));
    }
}

async fn whoami(auth: &Auth, env: &Env, is_json: bool) -> Result<(), ApiError> {
    let who = auth.whoami(env).await?;
    if is_json {
        print::answer_json(&json!({
            "user": who.name,
            "full_name": who.full_name,
            "orgs": who.orgs,
            "token_name": who.token_name,
            "role": who.role,
            "endpoint": who.endpoint,
        }));
        return Ok(());
    }
    print::answer(&format!("user:  {}", who.name));
    if !who.orgs.is_empty() {
        print::answer(&format!("orgs:  {}", who.orgs.join(",")));
    }
    Ok(())
}

fn say(account: &Account, what: &str, is_json: bool) {
    if is_json {
        print::answer_json(&row(account));
    } else {
        print::answer(&format!("{what} {} at {}.", account.name, account.endpoint));
    }
}

fn row(account: &Account) -> Value {
    json!({
        "user": account.name,
        "token_name": account.token_name,
        "role": account.role,
        "endpoint": account.endpoint,
        "expires_at": account.expires_at,
        "is_active": account.is_active,
        "is_shared": account.is_shared,
        "kept": account.kept,
        "limits": account.limits,
    })
}
