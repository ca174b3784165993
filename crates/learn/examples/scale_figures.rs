//! Figures of learning from a log of clicks or of order lines: events a second and memory, reading to writing. Prints one
//! JSON object.
//! `cargo run --release -p shelfwise-learn --example scale_figures -- LOG [MEMORY_MB [CATALOGUE]]`

use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

use shelfwise_learn::goods::CatalogueFile;
use shelfwise_learn::lines::{Shape, shape};
use shelfwise_learn::log::Source;
use shelfwise_learn::{Options, Progress, run};

/// Says on standard error when each stage began.
struct Stages(Instant);

impl Progress for Stages {
    fn stage(&mut self, name: &str, _: u64, _: &str) {
        eprintln!("{:7.1} s {:6.0} MB  {name}", self.0.elapsed().as_secs_f64(), memory_mb("VmRSS:"));
    }
    fn advance(&mut self, _: u64) {}
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let log = PathBuf::from(arguments.next().ok_or("name the log")?);
    let mut options = Options::new(log.with_extension("knowledge"));
    let source = Source::new(log);
    match shape(&source)? {
        Shape::Orders => options.orders = Some(source),
        _ => options.sessions = Some(source),
    }
    if let Some(megabytes) = arguments.next() {
        options.memory_bytes_max = megabytes.parse::<u64>()? << 20;
    }
    options.catalogue = arguments.next().map(CatalogueFile::new);
    let started = Instant::now();
    let report = run(&options, &mut Stages(started))?;
    let seconds = started.elapsed().as_secs_f64();
    eprintln!("{seconds:7.1} s\n{report}");
    println!("{{");
    println!("  \"learn_events_per_s\": {:.0},", (report.clicks.rows + report.lines.rows) as f64 / seconds);
    println!("  \"learn_peak_mb\": {:.0}", memory_mb("VmHWM:"));
    println!("}}");
    Ok(())
}

/// Memory that the process holds, or has held at most, MB; 0 where the system does not say.
fn memory_mb(name: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}
