//! Usage by period and tenant, and how much of a limit is used.

use jiff::civil::date;
use jumpa_db::{
    App, Author, PeriodUsage, QuotaAlert, QuotaChange, Timestamp, UsageDates, UsagePeriod,
    WebhookEventType, WebhookFormat, WebhookSettings,
};
use jumpa_protocol::report::LogEntry;
use jumpa_test_database::{Engine, on_both_engines};

use crate::usage::{NOW, SECOND, World, counts, script, time};

async fn world_of_the_script(engine: Engine) -> World {
    let mut world = World::new(engine).await;
    let entries: Vec<LogEntry> = script(&world).into_iter().map(|(_, entry)| entry).collect();
    world.store(&entries).await;
    world
}

fn october() -> UsageDates {
    UsageDates { from: date(2026, 10, 24), until: date(2026, 10, 26) }
}

#[on_both_engines]
async fn usage_is_reported_by_day_and_by_month(engine: Engine) {
    let world = world_of_the_script(engine).await;
    let scope = world.base.database.tenant(world.tenant_id);
    let report = async |period, app: Option<&App>| {
        let app_id = app.map(|app| &app.id);
        let rows = scope.usage(october(), period, app_id, time(NOW)).await.unwrap();
        let view = |row: PeriodUsage| {
            let seconds = row.counts.participant_us / SECOND;
            (row.period, row.app_name, row.counts.calls, seconds, row.monthly_active_users)
        };
        rows.into_iter().map(view).collect::<Vec<_>>()
    };
    let row = |period: &str, app: &str, calls, seconds, people| {
        (period.to_owned(), app.to_owned(), calls, seconds, people)
    };
    for is_counted in [false, true] {
        if is_counted {
            world.count(time(NOW)).await;
        }
        let mut days = report(UsagePeriod::Day, None).await;
        days.sort();
        assert_eq!(
            days,
            [
                row("2026-10-24", "Klinik Sehat", 1, 2_400, None),
                row("2026-10-25", "Klinik Sehat", 1, 7_860, None),
                row("2026-10-26", "Klinik Sehat", 1, 900, None),
                row("2026-10-26", "Toko Melati", 1, 45, None),
            ]
        );
        let mut months = report(UsagePeriod::Month, None).await;
        months.sort();
        assert_eq!(
            months,
            [
                row("2026-10", "Klinik Sehat", 3, 11_160, Some(5)),
                row("2026-10", "Toko Melati", 1, 45, Some(1)),
            ]
        );
        let shop = report(UsagePeriod::Month, Some(&world.shop)).await;
        assert_eq!(shop, months[1..]);
    }
}

#[on_both_engines]
async fn tenants_are_ranked_by_what_they_used_in_a_month(engine: Engine) {
    let world = world_of_the_script(engine).await;
    let operator = world.base.database.operator();
    operator.create_tenant("Tanpa Panggilan", time(NOW)).await.unwrap();
    let ranking = operator.usage_of_month(date(2026, 10, 1), time(NOW)).await.unwrap();
    assert_eq!(ranking.len(), 1);
    let row = &ranking[0];
    assert_eq!((row.tenant_name.as_str(), row.apps, row.monthly_active_users), ("Klinik", 2, 5));
    assert_eq!(row.counts.participant_us, 11_205 * SECOND);
    assert_eq!((row.counts.calls, row.counts.participants), (4, 8));
    assert_eq!(operator.usage_of_month(date(2026, 9, 1), time(NOW)).await.unwrap(), []);
}

impl World {
    async fn limit(&self, app: &App, minutes_per_month: Option<i64>) {
        let scope = self.base.database.tenant(self.tenant_id);
        let change = |settings: &mut jumpa_db::AppSettings| {
            settings.limits.minutes_per_month = minutes_per_month;
        };
        scope.change_app(&app.id, change, &Author::system(), time(NOW)).await.unwrap();
    }

    /// What the next check finds, with whether the clinic may still take joins.
    async fn check(&self, now: Timestamp) -> (Vec<QuotaAlert>, bool) {
        let scope = self.base.database.tenant(self.tenant_id);
        let changes: Vec<QuotaChange> = scope.check_minutes(now).await.unwrap();
        assert!(changes.iter().all(|change| change.app_id == self.clinic.id), "{changes:?}");
        let directory = self.base.database.operator().directory().await.unwrap();
        let is_used_up = directory.apps[&self.clinic.id].has_used_up_minutes;
        (changes.iter().map(|change| change.alert).collect(), is_used_up)
    }
}

/// The clinic used 186 minutes.
#[on_both_engines]
async fn an_app_without_minutes_left_takes_no_joins_until_it_gets_more(engine: Engine) {
    let world = world_of_the_script(engine).await;
    let now = time(NOW);
    assert_eq!(world.check(now).await, (vec![], false));
    world.limit(&world.clinic, Some(1_000)).await;
    assert_eq!(world.check(now).await, (vec![], false));
    world.limit(&world.clinic, Some(230)).await;
    assert_eq!(world.check(now).await, (vec![QuotaAlert::Warning], false));
    assert_eq!(world.check(now).await, (vec![], false));

    let operator = world.base.database.operator();
    let version = operator.directory_version().await.unwrap();
    world.limit(&world.clinic, Some(186)).await;
    assert_eq!(world.check(now).await, (vec![QuotaAlert::Reached], true));
    assert!(operator.directory_version().await.unwrap() > version + 1, "of limit and check");
    assert_eq!(operator.tenants_with_limited_minutes().await.unwrap(), [world.tenant_id]);
    world.limit(&world.clinic, None).await;
    assert_eq!(world.check(now).await, (vec![QuotaAlert::None], false));
    assert_eq!(operator.tenants_with_limited_minutes().await.unwrap(), []);
}

#[on_both_engines]
async fn webhooks_hear_that_minutes_come_to_their_end(engine: Engine) {
    let world = world_of_the_script(engine).await;
    let scope = world.base.database.tenant(world.tenant_id);
    let settings = WebhookSettings {
        url: "https://klinik.example/hooks".to_owned(),
        app_id: None,
        events: Some(vec![WebhookEventType::QuotaWarning, WebhookEventType::QuotaReached]),
        format: WebhookFormat::Standard,
        is_paused: false,
    };
    let now = time(NOW);
    let (webhook, _) = scope.create_webhook(&settings, &Author::system(), now).await.unwrap();
    for minutes in [230, 186] {
        world.limit(&world.clinic, Some(minutes)).await;
        world.check(now).await;
        world.check(now).await;
    }
    let written = scope.webhook_deliveries(webhook.id, None, None, 9).await.unwrap();
    let mut types: Vec<&str> = written.iter().map(|one| one.event_type.as_str()).collect();
    types.sort_unstable();
    assert_eq!(types, ["quota.reached", "quota.warning"]);
    assert!(written[0].request_body.contains("\"used_minutes\":186"), "{written:?}");
}

#[on_both_engines]
async fn a_new_month_has_new_minutes(engine: Engine) {
    let world = world_of_the_script(engine).await;
    world.limit(&world.shop, None).await;
    world.limit(&world.clinic, Some(20_000)).await;
    // Two who are left in their call use up the minutes within a week, and those of a new month.
    assert_eq!(world.check(time("2026-10-31T12:00:00Z")).await, (vec![], false));
    world.limit(&world.clinic, Some(10_000)).await;
    let late = time("2026-10-31T22:59:00Z");
    assert_eq!(world.check(late).await, (vec![QuotaAlert::Reached], true));
    // Midnight in Berlin.
    let next = time("2026-10-31T23:01:00Z");
    assert_eq!(world.check(next).await, (vec![QuotaAlert::None], false));
}

#[on_both_engines]
async fn limits_show_what_is_used_this_moment(engine: Engine) {
    let world = world_of_the_script(engine).await;
    let scope = world.base.database.tenant(world.tenant_id);
    let quotas = scope.quotas(None, time(NOW)).await.unwrap();
    let seen: Vec<_> = quotas
        .iter()
        .map(|quota| (quota.month_us / SECOND, quota.live_calls, quota.largest_call))
        .collect();
    assert_eq!(seen, [(11_160, 1, 2), (45, 0, 0)]);
    let shop = scope.quotas(Some(&world.shop.id), time(NOW)).await.unwrap();
    assert_eq!(shop, quotas[1..]);
    assert_eq!(counts(1, 1, 0, 45, 1).participant_us, shop[0].month_us);
}
