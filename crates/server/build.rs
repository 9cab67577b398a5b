//! Rebuilds the release program when the web pages that it carries change. Debug builds read the
//! pages from disk and need none of this.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("PROFILE").as_deref() == Ok("release") {
        println!("cargo:rerun-if-changed=../../web/apps/call/dist");
    }
}
