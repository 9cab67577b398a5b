//! The report: one table per scenario, with the machine it was measured on.

use std::{fmt::Write, fs, process::Command, time::Duration};

use crate::{percentile::Samples, scenarios::Scenario, window::Steady};

/// What one scenario found.
#[derive(Debug, Clone)]
pub struct Figures {
    load: String,
    rows: Vec<(String, String)>,
    /// What is not as it must be.
    pub failures: Vec<String>,
}

impl Figures {
    /// Nothing yet, under this load.
    pub fn new(load: String) -> Self {
        Self { load, rows: Vec::new(), failures: Vec::new() }
    }

    /// Adds what a steady load cost.
    pub fn add_steady(&mut self, steady: &Steady) {
        let per_packet = steady.microseconds_per_packet();
        let in_media_threads = steady.media_microseconds_per_packet();
        self.row("server CPU per forwarded packet", format!("{per_packet:.2} µs"));
        self.row("of it in media threads", format!("{in_media_threads:.2} µs"));
        self.row("server CPU", format!("{:.3} cores", steady.cores()));
        self.row("packets forwarded per second", format!("{:.0}", steady.packets_per_second()));
        self.row("packets taken from senders", format!("{:.0}", steady.packets_received));
        self.row("packets forwarded", format!("{:.0}", steady.packets_sent));
        self.row("packets counted by receivers", steady.packets_arrived.to_string());
        self.add_times("voice under way", &steady.delays.sound);
        self.add_times("picture under way", &steady.delays.pictures);
        self.row("measured for", format!("{:.1} s", steady.elapsed.as_secs_f64()));
        self.add_machine_load(steady.machine_load);
    }

    /// Adds what a sender's client believes that its uplink carries: below what it sends, its
    /// pictures wait in its own pacer.
    pub fn add_uplink(&mut self, estimate_bps: Option<u64>) {
        let value = estimate_bps
            .map_or_else(|| "none".to_owned(), |bps| format!("{:.2} Mbit/s", bps as f64 / 1e6));
        self.row("sender's estimate of its uplink", value);
    }

    /// Adds the growth of memory, divided among those who caused it.
    pub fn add_memory(&mut self, name: &str, grown_bytes: u64, people: usize) {
        let each = grown_bytes as f64 / 1_024.0 / people.max(1) as f64;
        self.row(name, format!("{each:.0} KiB"));
    }

    /// Adds the median and the 95th percentile of times.
    pub fn add_times(&mut self, name: &str, samples: &Samples) {
        for percent in [50, 95] {
            let value = samples.percentile(percent).map_or_else(|| "none".to_owned(), milliseconds);
            self.row(&format!("{name}, p{percent}"), value);
        }
        self.row(&format!("{name}, samples"), samples.len().to_string());
    }

    /// Adds how busy the whole machine was.
    pub fn add_machine_load(&mut self, share: f64) {
        self.row("machine busy, clients included", format!("{:.0} %", share * 100.0));
    }

    /// Adds a figure.
    pub fn row(&mut self, name: &str, value: String) {
        self.rows.push((name.to_owned(), value));
    }
}

/// All tables.
#[derive(Debug)]
pub struct Report {
    text: String,
}

impl Report {
    /// The head: machine and commit.
    pub fn new() -> Self {
        let mut text = String::from("# Load figures\n\n");
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        let rows = [
            ("commit", output("git", &["rev-parse", "--short", "HEAD"])),
            ("date", output("date", &["-u", "+%Y-%m-%d %H:%M UTC"])),
            ("processor", processor()),
            ("cores", cores.to_string()),
            ("kernel", output("uname", &["-sr"])),
        ];
        // Writing to a text cannot fail.
        for (name, value) in rows {
            let _ = writeln!(text, "- {name}: {value}");
        }
        text.push_str(
            "\nServer, senders and receivers share this machine and its loopback interface. \
             CPU time is the server's alone; times also wait for whatever else the machine did. \
             A packet is under way from its making in the sender's client to the receiver's \
             socket; for pictures that includes the wait in the sender's own pacer.\n",
        );
        Self { text }
    }

    /// Adds the table of a scenario.
    pub fn add(&mut self, scenario: Scenario, figures: Figures) {
        // Writing to a text cannot fail.
        let _ = writeln!(self.text, "\n## {}\n\n{}.\n", scenario.name(), capital(&figures.load));
        self.text.push_str("| figure | value |\n| --- | --- |\n");
        for (name, value) in figures.rows {
            let _ = writeln!(self.text, "| {name} | {value} |");
        }
    }

    /// As Markdown.
    pub fn markdown(&self) -> &str {
        &self.text
    }
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

fn processor() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    text.lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or_else(|| "unknown".to_owned(), |(_, name)| name.to_owned())
}

fn output(program: &str, arguments: &[&str]) -> String {
    Command::new(program)
        .args(arguments)
        .output()
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok())
        .map_or_else(|| "unknown".to_owned(), |text| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_becomes_a_table() {
        let mut figures = Figures::new("two people".to_owned());
        figures.add_memory("memory per participant", 3 * 64 * 1_024, 3);
        let mut report = Report::new();
        report.add(Scenario::RoomOfTen, figures);
        let text = report.markdown();
        assert!(text.contains("## room_of_ten\n\nTwo people.\n"), "{text}");
        assert!(text.contains("| memory per participant | 64 KiB |"), "{text}");
    }
}
