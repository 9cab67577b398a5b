//! What a fresh installation gets: an app to try calls with, and a link that makes the operator.

use jumpa_db::{App, AppSettings, Author, Database, DbError, FirstLogin, NewApp, Timestamp};
use jumpa_protocol::directory::GuestPolicy;

/// The room that the printed link leads to.
pub const DEMO_ROOM: &str = "hello";

/// What a start prints besides the address.
#[derive(Debug, Clone)]
pub struct Welcome {
    /// The app of the first start, while it exists and is enabled.
    pub demo_app: Option<App>,
    /// The first-login token, while nobody runs the platform.
    pub first_login_token: Option<String>,
}

/// Makes what is missing. Later starts find it and make nothing.
///
/// # Errors
/// [`DbError`].
pub async fn prepare(database: &Database) -> Result<Welcome, DbError> {
    let now = Timestamp::now();
    let tenant_id = database.operator().first_tenant(now).await?;
    let scope = database.tenant(tenant_id);
    let apps = scope.apps().await?;
    let demo_app = match apps.into_iter().find(|app| app.is_demo) {
        Some(app) => app,
        None => {
            let settings = AppSettings { guests: GuestPolicy::Join, ..AppSettings::named("Demo") };
            let new = NewApp { is_demo: true, settings };
            scope.create_app(&new, &Author::system(), now).await?
        }
    };
    let first_login_token = match database.logins().first_login(now).await? {
        FirstLogin::Open { token } => Some(token),
        FirstLogin::Done => None,
    };
    Ok(Welcome {
        demo_app: Some(demo_app).filter(|app| !app.settings.is_disabled),
        first_login_token,
    })
}

#[cfg(test)]
mod tests {
    use jumpa_db::MasterKey;

    use super::*;

    #[tokio::test]
    async fn a_second_start_finds_what_the_first_one_made() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("jumpa.db");
        let database = Database::open(&path, MasterKey::generate()).await.unwrap();
        let first = prepare(&database).await.unwrap();
        let second = prepare(&database).await.unwrap();
        assert_eq!(first.demo_app, second.demo_app);
        assert_eq!(first.first_login_token, second.first_login_token);
        let demo_app = first.demo_app.unwrap();
        assert!(demo_app.settings.guests == GuestPolicy::Join);
        assert!(demo_app.id.as_str().starts_with("demo-"));
    }

    #[tokio::test]
    async fn a_disabled_demo_app_is_not_offered() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("jumpa.db");
        let database = Database::open(&path, MasterKey::generate()).await.unwrap();
        let demo_app = prepare(&database).await.unwrap().demo_app.unwrap();
        let scope = database.tenant(demo_app.tenant_id);
        let (by, now) = (Author::system(), Timestamp::now());
        scope.change_app(&demo_app.id, |app| app.is_disabled = true, &by, now).await.unwrap();
        assert_eq!(prepare(&database).await.unwrap().demo_app, None);
    }
}
