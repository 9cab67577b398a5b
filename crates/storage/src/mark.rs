//! A mark by which two programs tell whether they see the same folder.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::Path,
};

/// The file that holds it.
const MARK_FILE: &str = ".library";

/// Bytes of a mark before they are written as text.
const MARK_BYTES: usize = 16;

/// The mark of a folder, which whoever comes first leaves there: a recorder and a server that read the
/// same one put files into one folder, on whatever machines they are.
///
/// # Errors
/// When the folder cannot be read or written.
pub fn folder_mark(folder: &Path) -> io::Result<String> {
    let place = folder.join(MARK_FILE);
    match fs::read_to_string(&place) {
        Ok(mark) => return Ok(mark),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let random: [u8; MARK_BYTES] = rand::random();
    let mark: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    // Written whole under a name of its own, and linked where nothing is yet: of two who come at once
    // one leaves its mark, and nobody reads half of it.
    let draft = folder.join(format!("{MARK_FILE}-{mark}"));
    let mut file = File::create_new(&draft)?;
    file.write_all(mark.as_bytes())?;
    file.sync_all()?;
    match fs::hard_link(&draft, &place) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            // Not every network's folder has links.
            fs::rename(&draft, &place)?;
        }
        _ => fs::remove_file(&draft)?,
    }
    fs::read_to_string(&place)
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn whoever_sees_a_folder_reads_the_same_mark_also_when_all_come_at_once() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let marks: Vec<String> = thread::scope(|scope| {
            let looking: Vec<_> =
                (0..8).map(|_| scope.spawn(|| folder_mark(one.path()).unwrap())).collect();
            looking.into_iter().map(|looking| looking.join().unwrap()).collect()
        });
        assert_eq!(marks[0].len(), 2 * MARK_BYTES);
        assert!(marks.iter().all(|mark| *mark == marks[0]), "{marks:?}");
        assert_ne!(folder_mark(other.path()).unwrap(), marks[0]);
        assert_eq!(fs::read_dir(one.path()).unwrap().count(), 1, "no drafts are left");
    }

    #[test]
    fn a_folder_that_is_not_there_has_none() {
        let folder = tempfile::tempdir().unwrap();
        assert!(folder_mark(&folder.path().join("missing")).is_err());
    }
}
