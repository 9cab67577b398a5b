//! Rebuilds the release program when the web pages that it carries change. Debug builds read the
//! pages from disk and need none of this.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    for app in ["call", "dashboard"] {
        let pages = format!("../../web/apps/{app}/dist");
        // A debug build looks for the folder when it is compiled and for the pages when it runs.
        if let Err(error) = std::fs::create_dir_all(&pages) {
            println!("cargo:warning=making {pages}: {error}");
        }
        if std::env::var("PROFILE").as_deref() == Ok("release") {
            println!("cargo:rerun-if-changed={pages}");
        }
    }
}
