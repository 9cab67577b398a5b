//! Usage: what is counted of calls, stored by hour and day in the zone of the tenant.
//!
//! Stays are the truth; hours and days are counted from them and can be counted again at any time.
//! [`OperatorScope::count_usage`] stores the hours that are over. `counted_until` of a tenant says
//! how far they are; a report that changes something before it sets it back, so the next counting
//! begins there. Whoever reads takes the stored part and counts the rest from the stays, so numbers
//! are right to the second whether or not somebody counted lately. [`count`] writes, [`read`] reads.

mod count;
mod local_hours;
mod quotas;
mod read;
mod report;
mod tally;

pub use count::UncountedTenant;
pub(crate) use quotas::used_up_apps;
pub use quotas::{AppQuota, QuotaAlert, QuotaChange};
pub use read::{Client, DayUsage, Overview, PeriodTotals, TopRoom, UsageDates};
pub use report::{PeriodUsage, TenantUsage, UsagePeriod};
pub use tally::Counts;
pub(crate) use tally::most_at_once;
