//! Whole repositories: made, set, copied, renamed and removed; their branches and tags.

use futures_util::TryStreamExt;
use hubdesk_core::{RepoKind, Secret};
use hubdesk_hub::card::{Card, Mapping, Overwrite};
use hubdesk_hub::{
    BadVariableName, Duplicate, LfsFile, NewRepo, NewSpace, Pointers, Sdk, Setting, Settings,
    Visibility,
};
use serde_json::{Value, json};

use crate::Outcome;
use crate::question::Question;

pub(crate) async fn answer(asked: &Question) -> Outcome {
    let hub = &asked.hub;
    Ok(Some(match asked.call() {
        "create_repo" => json!(hub.create_repo(&new_repo(asked)?).await?.id.name()),
        "delete_repo" => {
            hub.delete_repo(&asked.id("repo")?).await?;
            Value::Null
        }
        "move_repo" => {
            hub.move_repo(&asked.id("repo")?, &asked.id("to")?).await?;
            Value::Null
        }
        "change_settings" => {
            let settings: Settings = serde_json::from_value(asked.value("settings"))?;
            json!(asked.repo()?.change_settings(&settings).await?)
        }
        "duplicate" => {
            let copy = Duplicate::new(&asked.id("to")?, Visibility::Private)?;
            json!(asked.repo()?.duplicate(&copy).await?.id.name())
        }
        "create_branch" => {
            let (name, from) = (asked.parsed("name")?, asked.revision()?);
            asked.repo()?.create_branch(&name, Some(&from)).await?;
            Value::Null
        }
        "delete_branch" => {
            asked.repo()?.delete_branch(&asked.parsed("name")?).await?;
            Value::Null
        }
        "create_tag" => {
            let (name, at) = (asked.parsed("name")?, asked.revision()?);
            let message = asked.some("message");
            asked.repo()?.create_tag(&name, &at, message).await?;
            Value::Null
        }
        "delete_tag" => {
            asked.repo()?.delete_tag(&asked.parsed("name")?).await?;
            Value::Null
        }
        "squash" => {
            let (branch, message) = (asked.revision()?, asked.text("message")?);
            json!(asked.repo()?.squash(&branch, message).await?.as_str())
        }
        "lfs_files" => {
            let files = large_files(asked).await?;
            let files = files.iter();
            files
                .map(|file| json!([file.sha256.to_string(), file.size, file.filename]))
                .collect()
        }
        "delete_lfs_file" => {
            let (files, doomed) = (large_files(asked).await?, asked.text("sha256")?);
            let doomed = files
                .iter()
                .filter(|file| file.sha256.to_string() == doomed);
            let repo = asked.repo()?;
            repo.delete_lfs_files(doomed, Pointers::Rewrite).await?;
            Value::Null
        }
        "merge_card" => {
            let mut card = Card::new(asked.text("card")?);
            let new: Mapping = serde_json::from_value(asked.value("new"))?;
            card.merge(&new, Overwrite::Replace, asked.text("repo")?)?;
            json!(card.text())
        }
        "validate_card" => {
            let found = hub.validate_card(asked.kind()?, asked.text("card")?);
            let found = found.await?;
            json!([found.is_valid(), found.errors])
        }
        _ => return Ok(None),
    }))
}

fn new_repo(asked: &Question) -> Result<NewRepo, Box<dyn std::error::Error>> {
    let (name, visibility) = (asked.text("repo")?, Visibility::Private);
    Ok(match asked.kind()? {
        RepoKind::Model => NewRepo::model(name, visibility)?,
        RepoKind::Dataset => NewRepo::dataset(name, visibility)?,
        RepoKind::Space => {
            let mut space = NewSpace::new(Sdk::Gradio);
            space.setup.hardware = asked.some("hardware").map(str::to_owned);
            space.setup.secrets = vec![setting("KEY", "hidden")?];
            space.setup.variables = vec![setting("MODE", "fast")?];
            NewRepo::space(name, visibility, space)?
        }
    })
}

fn setting(name: &str, value: &str) -> Result<Setting, BadVariableName> {
    Ok(Setting::new(name.parse()?, Secret::new(value.to_owned())))
}

async fn large_files(asked: &Question) -> Result<Vec<LfsFile>, Box<dyn std::error::Error>> {
    Ok(asked.repo()?.lfs_files().try_collect().await?)
}
