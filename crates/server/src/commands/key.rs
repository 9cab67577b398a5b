//! `jumpa key …`

use std::path::Path;

use jumpa_db::{Author, Timestamp};

use super::{find_app, with_database};
use crate::{cli::KeyCommand, program};

/// Makes and revokes keys.
pub(crate) fn key(
    data: &Path,
    config_file: Option<&Path>,
    command: KeyCommand,
) -> anyhow::Result<()> {
    let text = with_database(data, config_file, async |database| {
        let (by, now) = (Author::system(), Timestamp::now());
        match command {
            KeyCommand::Create { app } => {
                let tenant_id = find_app(database, &app).await?.tenant_id;
                let key = database.tenant(tenant_id).create_key(&app, &by, now).await?;
                Ok(format!(
                    "key id  {}\nsecret  {}\n\nThe secret is shown this once. Keep it on your \
                     server, never in a browser.\n",
                    key.id, key.secret
                ))
            }
            KeyCommand::Revoke { app, key } => {
                let tenant_id = find_app(database, &app).await?.tenant_id;
                let was_active =
                    database.tenant(tenant_id).revoke_key(&app, &key, &by, now).await?;
                anyhow::ensure!(was_active, "the app `{app}` has no active key `{key}`");
                Ok(format!("{key} is revoked; a running server follows within seconds\n"))
            }
        }
    })?;
    program::print(&text)?;
    Ok(())
}
