//! `jumpa app …`

use std::{fmt::Write as _, path::Path};

use jumpa_db::{Database, NewApp, Timestamp};
use jumpa_protocol::AppId;

use super::{find_app, with_database};
use crate::{
    cli::{AppCommand, CreateAppOptions},
    program,
};

/// Makes, lists, disables and enables apps.
pub(crate) fn app(
    data: &Path,
    config_file: Option<&Path>,
    command: AppCommand,
) -> anyhow::Result<()> {
    let text = with_database(data, config_file, async |database| match command {
        AppCommand::Create(options) => create(database, &options).await,
        AppCommand::List => list(database).await,
        AppCommand::Disable { app } => set_disabled(database, &app, true).await,
        AppCommand::Enable { app } => set_disabled(database, &app, false).await,
    })?;
    program::print(&text)?;
    Ok(())
}

async fn create(database: &Database, options: &CreateAppOptions) -> anyhow::Result<String> {
    let name = options.name.trim();
    anyhow::ensure!(
        (1..=80).contains(&name.chars().count()) && !name.chars().any(char::is_control),
        "--name needs 1 to 80 characters"
    );
    let now = Timestamp::now();
    let tenant_id = database.operator().first_tenant(now).await?;
    let scope = database.tenant(tenant_id);
    let new = NewApp {
        name: name.to_owned(),
        is_demo: false,
        allows_guests: options.guests,
        allows_any_room: options.any_room,
        one_time_tokens: options.one_time_tokens,
        keeps_running_calls: options.keep_running_calls,
        max_participants: options.max_participants,
    };
    let app = scope.create_app(&new, now).await?;
    let key = scope.create_key(&app.id, now).await?;
    Ok(format!(
        "app id  {}\nkey id  {}\nsecret  {}\n\nThe secret is shown this once. Keep it on your \
         server, never in a browser.\n",
        app.id, key.id, key.secret
    ))
}

async fn list(database: &Database) -> anyhow::Result<String> {
    let mut text = String::new();
    for app in database.operator().apps().await? {
        let state = if app.is_disabled { "disabled" } else { "enabled" };
        let guests = if app.allows_guests { "guests" } else { "tokens only" };
        writeln!(text, "{}  {state}  {guests}  {}", app.id, app.name)?;
        for key in database.tenant(app.tenant_id).keys(&app.id).await? {
            let state = if key.revoked_at.is_some() { "revoked" } else { "active" };
            writeln!(text, "  {}  {state}", key.id)?;
        }
    }
    if text.is_empty() {
        text.push_str("There are no apps yet: jumpa app create --name \"Klinik Sehat\"\n");
    }
    Ok(text)
}

async fn set_disabled(
    database: &Database,
    app_id: &AppId,
    is_disabled: bool,
) -> anyhow::Result<String> {
    let app = find_app(database, app_id).await?;
    database.tenant(app.tenant_id).set_app_disabled(app_id, is_disabled).await?;
    let state = if is_disabled { "disabled" } else { "enabled" };
    Ok(format!("{app_id} is {state}; a running server follows within seconds\n"))
}
