//! What the operator chose for the whole platform.

use jumpa_db::{AppLimits, AuditFilter, PlatformSettings};
use jumpa_protocol::{Language, directory::Environment};
use jumpa_test_database::{Engine, TestDatabase, on_both_engines};
use serde_json::json;

use crate::{at, by};

#[on_both_engines]
async fn what_was_never_chosen_has_its_default(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let settings = world.database.platform_settings().await.unwrap();
    assert_eq!(settings, PlatformSettings::default());
    assert_eq!((settings.name.as_str(), settings.language), ("Jumpa", Language::En));
}

#[on_both_engines]
async fn a_choice_holds_from_now_on_and_stands_in_the_audit(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let operator = world.database.operator();
    let choose = |mut settings: PlatformSettings| {
        settings.name = "Video Sehat".to_owned();
        settings.trial_limits.retention_days = Some(30);
        Ok::<_, ()>(settings)
    };
    for seconds in [1, 2] {
        operator.change_platform_settings(choose, &by(), at(seconds)).await.unwrap().unwrap();
    }
    let back_to_none = |mut settings: PlatformSettings| {
        settings.trial_limits.retention_days = None;
        Ok::<_, ()>(settings)
    };
    operator.change_platform_settings(back_to_none, &by(), at(3)).await.unwrap().unwrap();
    let refused = operator.change_platform_settings(|_| Err("no"), &by(), at(4)).await.unwrap();
    assert_eq!(refused, Err("no"));

    let settings = world.database.platform_settings().await.unwrap();
    assert_eq!(settings.name, "Video Sehat");
    assert_eq!(settings.trial_limits, AppLimits::default());
    let lines = operator.audit(None, &AuditFilter::default(), None, 10).await.unwrap();
    // The second time nothing changed.
    let [last, first] = lines.as_slice() else { panic!("{lines:?}") };
    assert_eq!(first.action, "settings.changed");
    assert_eq!(first.before().as_ref().unwrap()["name"], "Jumpa");
    assert_eq!(first.after().as_ref().unwrap()["name"], "Video Sehat");
    assert!(first.after().as_ref().unwrap().get("language").is_none());
    assert_eq!(last.after().as_ref().unwrap()["trial_limits"]["retention_days"], json!(null));
}

#[test]
fn a_new_app_takes_the_limits_of_its_environment() {
    let limits = |max_participants| AppLimits { max_participants, ..AppLimits::default() };
    let settings = PlatformSettings {
        trial_limits: limits(5),
        production_limits: limits(200),
        new_app_environment: Environment::Production,
        ..PlatformSettings::default()
    };
    let most = |environment| settings.new_app("Toko Melati", environment).limits.max_participants;
    assert_eq!((most(None), most(Some(Environment::Trial))), (200, 5));
}
