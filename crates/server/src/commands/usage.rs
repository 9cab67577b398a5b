//! `jumpa usage …`

use std::path::Path;

use jumpa_db::Timestamp;

use super::with_database;
use crate::{cli::UsageCommand, program};

/// Counts usage again.
pub(crate) fn usage(
    data: &Path,
    config_file: Option<&Path>,
    command: &UsageCommand,
) -> anyhow::Result<()> {
    let UsageCommand::Recount = command;
    let tenants = with_database(data, config_file, async |database| {
        let tenants = database.operator().tenants().await?;
        for tenant in &tenants {
            database.tenant(tenant.id).recount_usage(Timestamp::now()).await?;
        }
        Ok(tenants.len())
    })?;
    program::print(&format!("the usage of {tenants} tenants is counted again\n"))?;
    Ok(())
}
