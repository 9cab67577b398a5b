//! `jumpa app …`

use std::{fmt::Write as _, path::Path};

use jumpa_db::{AppLimits, AppSettings, Author, Database, Timestamp};
use jumpa_protocol::{
    AppId,
    directory::{Environment, GuestPolicy},
};

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
    let settings = AppSettings {
        environment: if options.trial { Environment::Trial } else { Environment::Production },
        guests: if options.guests { GuestPolicy::Join } else { GuestPolicy::Refused },
        allows_any_room: options.any_room,
        one_time_tokens: options.one_time_tokens,
        keeps_running_calls: options.keep_running_calls,
        limits: AppLimits { max_participants: options.max_participants, ..AppLimits::default() },
        ..AppSettings::named(name)
    };
    let by = Author::system();
    let app = scope.create_app(&settings.into(), &by, now).await?;
    let key = scope.create_key(&app.id, &by, now).await?;
    Ok(format!(
        "app id  {}\nkey id  {}\nsecret  {}\n\nThe secret is shown this once. Keep it on your \
         server, never in a browser.\n",
        app.id, key.id, key.secret
    ))
}

async fn list(database: &Database) -> anyhow::Result<String> {
    let (mut text, now) = (String::new(), Timestamp::now());
    for app in database.operator().apps().await? {
        let settings = app.settings;
        let state = if settings.is_disabled { "disabled" } else { "enabled" };
        let guests = match settings.guests {
            GuestPolicy::Refused => "tokens only",
            GuestPolicy::Wait => "guests wait",
            GuestPolicy::Join => "guests",
        };
        writeln!(text, "{}  {state}  {guests}  {}", app.id, settings.name)?;
        for key in database.tenant(app.tenant_id).keys(&app.id).await? {
            let state = match (key.revoked_at, key.not_after) {
                (Some(_), _) => "revoked",
                (None, Some(_)) if key.signs_at(now) => "retiring",
                (None, Some(_)) => "retired",
                (None, None) => "active",
            };
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
    let change = |settings: &mut AppSettings| settings.is_disabled = is_disabled;
    let scope = database.tenant(app.tenant_id);
    scope.change_app(app_id, change, &Author::system(), Timestamp::now()).await?;
    let state = if is_disabled { "disabled" } else { "enabled" };
    Ok(format!("{app_id} is {state}; a running server follows within seconds\n"))
}
