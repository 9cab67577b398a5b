//! `jumpa recorder-key`

use std::path::Path;

use jumpa_db::MasterKey;

use crate::{data_folder::DataFolder, program};

/// Prints what recorders show to the server of a data folder.
pub(crate) fn recorder_key(data: &Path) -> anyhow::Result<()> {
    let key = key_of_recorders(&DataFolder::open(data)?.master_key()?);
    program::print(&format!("{key}\n"))?;
    Ok(())
}

/// The key of recorders: 64 hexadecimal digits that follow from the key file, so that there is no
/// further secret to keep.
pub(crate) fn key_of_recorders(master_key: &MasterKey) -> String {
    master_key.derive("recorders").iter().map(|byte| format!("{byte:02x}")).collect()
}
