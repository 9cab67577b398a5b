//! The same pictures in a browser that is filmed, as Jibri does: Xvfb, Chromium, and ffmpeg with
//! Jibri's own options. Without WebRTC, a meeting's page, sound of the page and a Java machine, all
//! of which Jibri has besides.

use std::{
    env, fs,
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use crate::{Cost, media::Call, processes};

/// Until the page plays.
const WARM_UP: Duration = Duration::from_secs(5);

const WINDOW: Duration = Duration::from_secs(12);

/// A screen that nobody else has.
const DISPLAY: &str = ":187";

/// A program with everything that it starts.
struct Program(Child);

impl Program {
    fn start(command: &mut Command) -> Option<Self> {
        let command = command.process_group(0).stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok().map(Self)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let group = format!("-{}", self.0.id());
        // What has ended already needs no signal.
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.0.wait();
    }
}

/// Films the clips of a call; `None` where a program for it is missing.
pub fn film(call: &Call, preset: &str) -> Option<Cost> {
    let chromium = env::var("JUMPA_CHROMIUM").unwrap_or_else(|_| "chromium".to_owned());
    let page = write_page(call);
    let profile = call.folder().join("profile");
    let screen =
        Program::start(Command::new("Xvfb").args([DISPLAY, "-screen", "0", "1280x720x24"]))?;
    thread::sleep(Duration::from_secs(1));
    let browser = Program::start(
        Command::new(chromium)
            .env("DISPLAY", DISPLAY)
            .args(["--no-sandbox", "--kiosk", "--disable-gpu", "--no-first-run"])
            .args(["--autoplay-policy=no-user-gesture-required", "--window-size=1280,720"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .arg(format!("file://{}", page.display())),
    )?;
    let film = call.folder().join("film.mp4");
    let filming = Program::start(
        Command::new("ffmpeg")
            .args(["-y", "-v", "error", "-f", "x11grab", "-draw_mouse", "0", "-r", "30"])
            .args(["-s", "1280x720", "-thread_queue_size", "4096", "-i", DISPLAY])
            .args(["-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo"])
            .args(["-acodec", "aac", "-strict", "-2", "-ar", "44100", "-b:a", "128k"])
            .args(["-c:v", "libx264", "-preset", preset, "-profile:v", "main", "-level", "3.1"])
            .args(["-pix_fmt", "yuv420p", "-r", "30", "-crf", "25", "-g", "60", "-tune"])
            .arg("zerolatency")
            .arg(&film),
    )?;
    thread::sleep(WARM_UP);
    let programs = [&screen, &browser, &filming];
    let measure = || {
        programs.iter().fold((Duration::ZERO, 0), |(used, memory), program| {
            let (more, mib) = processes::of_group(program.0.id());
            (used + more, memory + mib)
        })
    };
    let (before, _) = measure();
    thread::sleep(WINDOW);
    let (after, memory_mib) = measure();
    let cores = after.saturating_sub(before).as_secs_f64() / WINDOW.as_secs_f64();
    Some(Cost { cores, memory_mib })
}

fn write_page(call: &Call) -> std::path::PathBuf {
    let videos: String = call
        .clips
        .iter()
        .map(|clip| format!("<video src=\"{clip}\" autoplay loop muted></video>"))
        .collect();
    let style = "body{margin:0;display:grid;grid-template-columns:640px 640px;background:#000}\
                 video{width:640px;height:360px}";
    let page: &Path = call.folder();
    let page = page.join("page.html");
    fs::write(&page, format!("<!doctype html><style>{style}</style>{videos}")).expect("the page");
    page
}
