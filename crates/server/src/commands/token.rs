//! `jumpa token`

use std::{
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::Context as _;
use jumpa_db::{AppKey, TenantScope, Timestamp};
use jumpa_protocol::{AppId, KeyId, directory::KeyKind, limits, token::JoinClaims};
use jumpa_signalling::token;

use super::{find_app, with_database};
use crate::{cli::TokenOptions, program};

/// Prints a join token: what a link into a room carries as `?jwt=`.
pub(crate) fn token(
    data: &Path,
    config_file: Option<&Path>,
    options: TokenOptions,
) -> anyhow::Result<()> {
    anyhow::ensure!(
        options.ttl <= limits::MAX_TOKEN_LIFETIME,
        "--ttl is at most 24h: give people a fresh token for each visit"
    );
    let claims = claims(&options)?;
    let app_id = options.app;
    let signed = with_database(data, config_file, async |database| {
        let app = find_app(database, &app_id).await?;
        anyhow::ensure!(
            options.room != "*" || app.settings.allows_any_room,
            "the app `{app_id}` does not allow tokens for every room"
        );
        let scope = database.tenant(app.tenant_id);
        let (key_id, secret) = signing_key(&scope, &app_id, options.key.as_ref()).await?;
        Ok(token::sign(&key_id, &secret, &claims)?)
    })?;
    program::print(&format!("{signed}\n"))?;
    Ok(())
}

fn claims(options: &TokenOptions) -> anyhow::Result<JoinClaims> {
    let name = options.name.trim();
    anyhow::ensure!(
        (1..=limits::MAX_NAME_CHARS).contains(&name.chars().count()),
        "--name needs 1 to {} characters",
        limits::MAX_NAME_CHARS
    );
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .context("the clock of this machine is before 1970")?
        .as_secs();
    Ok(JoinClaims {
        room: options.room.clone(),
        exp: now + options.ttl.as_secs(),
        nbf: None,
        iat: Some(now),
        app: Some(options.app.to_string()),
        sub: options.user.clone(),
        name: Some(name.to_owned()),
        avatar: None,
        moderator: options.moderator,
        jti: None,
        grants: None,
    })
}

/// The key that was named, or the newest active one.
async fn signing_key(
    scope: &TenantScope<'_>,
    app_id: &AppId,
    named: Option<&KeyId>,
) -> anyhow::Result<(KeyId, Vec<u8>)> {
    let now = Timestamp::now();
    let key_id = match named {
        Some(key_id) => key_id.clone(),
        None => {
            let keys = scope.keys(app_id).await?;
            let is_usable = |key: &AppKey| {
                key.kind == KeyKind::Hs256 && key.not_after.is_none() && key.revoked_at.is_none()
            };
            let newest = keys.into_iter().rev().find(is_usable);
            newest
                .map(|key| key.id)
                .with_context(|| format!("no active key: `jumpa key create --app {app_id}`"))?
        }
    };
    let secret = scope
        .key_secret(app_id, &key_id, now)
        .await?
        .with_context(|| format!("the app `{app_id}` has no active key `{key_id}`"))?;
    Ok((key_id, secret))
}
