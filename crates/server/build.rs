//! Rebuilds the release program when the web pages that it carries change. Debug builds read the
//! pages from disk and need none of this.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // A debug build looks for the folder when it is compiled and for the pages when it runs.
    let pages = std::path::Path::new("../../web/apps/call/dist");
    if let Err(error) = std::fs::create_dir_all(pages) {
        println!("cargo:warning=making {}: {error}", pages.display());
    }
    if std::env::var("PROFILE").as_deref() == Ok("release") {
        println!("cargo:rerun-if-changed=../../web/apps/call/dist");
    }
}
