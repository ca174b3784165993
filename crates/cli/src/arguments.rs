//! The command line.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use shelfwise_learn::sql::Dialect;

/// Personalisation that runs on the shopper's own device.
#[derive(Debug, Parser)]
#[command(
    name = "shelfwise",
    version,
    after_help = "Exit codes: 0 done; 1 the project has errors or a scenario failed; 2 wrong use; 3 a file, the network or the machine is in the way."
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a first project into a folder
    Init(Init),
    /// Look at all that a project needs to be built and to show: key, knowledge, pack, the shop's pages
    Doctor(Doctor),
    /// Check a project, or verify a built pack
    Check(Check),
    /// Build and sign the pack of a project
    Build(Build),
    /// Run the scenarios of a project: given what a shopper did, is decided what was expected?
    Test(Test),
    /// Tell for a scenario what every slot gets, and of every campaign why or why not
    Explain(Explain),
    /// Run real orders and visits through the engine: how many shoppers are in each audience and win each campaign
    Replay(Replay),
    /// Make or show the key that signs packs
    Keys(Keys),
    /// Learn from past orders what is bought together, what sells, how often people come back
    Learn(Learn),
    /// Measure on the newest days of logs how often each strategy finds what came next
    Evaluate(Evaluate),
    /// Write the JSON Schemas that let editors complete and check the YAML files
    Schema(Schema),
    /// Serve a folder of static files on this machine
    Serve(Serve),
}

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For tools.
    Json,
}

/// `shelfwise init`.
#[derive(Debug, Args)]
pub struct Init {
    /// Folder to write into; it must not hold a shop.yaml yet
    #[arg(default_value = ".")]
    pub folder: PathBuf,
    /// Shop id, as in the script tag
    #[arg(long, default_value = "my-shop")]
    pub shop: String,
}

/// `shelfwise doctor`.
#[derive(Debug, Args)]
pub struct Doctor {
    /// Folder of the project (with shop.yaml)
    #[arg(default_value = ".")]
    pub project: PathBuf,
    /// Key file; keys/shelfwise.key of the project when not given
    #[arg(long, short)]
    pub key: Option<PathBuf>,
    /// Folder of a built pack
    #[arg(long)]
    pub pack: Option<PathBuf>,
    /// Folder of the shop's pages or templates, to look for the slots in
    #[arg(long)]
    pub site: Option<PathBuf>,
    /// Moment to look at, Unix seconds; now when not given
    #[arg(long)]
    pub time: Option<i64>,
    /// How results are printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `shelfwise check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Folder of the project (with shop.yaml)
    #[arg(default_value = ".")]
    pub project: PathBuf,
    /// Verify the pack in this folder instead: signatures, hashes, and that every file opens
    #[arg(long, requires = "public")]
    pub pack: Option<PathBuf>,
    /// Public key in base64, or a file that holds it, for `--pack`
    #[arg(long)]
    pub public: Option<String>,
    /// How results are printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `shelfwise build`.
#[derive(Debug, Args)]
pub struct Build {
    /// Folder of the project (with shop.yaml)
    #[arg(default_value = ".")]
    pub project: PathBuf,
    /// Folder to write the pack into
    #[arg(long, short)]
    pub out: PathBuf,
    /// Key file, as `shelfwise keys new` writes it
    #[arg(long, short, default_value = "keys/shelfwise.key")]
    pub key: PathBuf,
    /// Pack version; one above that of the output folder's pack when not given
    #[arg(long)]
    pub version: Option<u64>,
    /// Release time, Unix seconds; now when not given. The same time and inputs give the same bytes
    #[arg(long)]
    pub time: Option<i64>,
    /// Days that the manifest is valid
    #[arg(long, default_value_t = 14)]
    pub days: u16,
    /// Hours that latest.json is valid (at most 72)
    #[arg(long, default_value_t = 72)]
    pub hours: u16,
    /// Id of a campaign that must not show any more, at once (may be repeated)
    #[arg(long = "withdraw")]
    pub withdrawn: Vec<String>,
    /// How results are printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `shelfwise test`.
#[derive(Debug, Args)]
pub struct Test {
    /// Folder of the project (with shop.yaml)
    #[arg(default_value = ".")]
    pub project: PathBuf,
    /// Run only scenarios whose name contains this
    #[arg(long)]
    pub only: Option<String>,
    /// Moment of scenarios that give none, Unix seconds; now when not given
    #[arg(long)]
    pub time: Option<i64>,
    /// How results are printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `shelfwise explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// Folder of the project (with shop.yaml)
    #[arg(default_value = ".")]
    pub project: PathBuf,
    /// Name of a scenario of the project
    #[arg(long, conflicts_with_all = ["given", "context"])]
    pub scenario: Option<String>,
    /// What happened, as in a scenario: `[{ at: -1d, view_item: "85123A" }]`
    #[arg(long)]
    pub given: Option<String>,
    /// Facts of the page, as in a scenario: `{ page.type: home }`
    #[arg(long)]
    pub context: Option<String>,
    /// Only this slot
    #[arg(long)]
    pub slot: Option<String>,
    /// Print conditions as the instructions they were compiled to
    #[arg(long)]
    pub program: bool,
    /// Moment of the decision, Unix seconds; now when not given
    #[arg(long)]
    pub time: Option<i64>,
    /// How results are printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// `shelfwise replay`.
#[derive(Debug, Args)]
pub struct Replay {
    /// Logs, plain or gzip: order lines or clicks by session as CSV, or GA4 events as JSON lines
    #[arg(required = true)]
    pub logs: Vec<PathBuf>,
    /// Folder of the project (with shop.yaml)
    #[arg(long, default_value = ".")]
    pub project: PathBuf,
    /// Folder of another version of the project, to tell what changes
    #[arg(long)]
    pub against: Option<PathBuf>,
    /// Column of the CSV logs, as `item=StockCode` (may be repeated)
    #[arg(long = "column")]
    pub columns: Vec<String>,
    /// Moment at which the logs end and every shopper comes back, Unix seconds; their last second when not given
    #[arg(long)]
    pub time: Option<i64>,
    /// How results are printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Show no progress
    #[arg(long, short)]
    pub quiet: bool,
}

/// `shelfwise keys`.
#[derive(Debug, Args)]
pub struct Keys {
    /// What to do.
    #[command(subcommand)]
    pub command: KeysCommand,
}

/// `shelfwise keys …`.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Make a new key; the public half lies beside it as `.pub`
    New {
        /// File to write; it must not exist yet
        #[arg(default_value = "keys/shelfwise.key")]
        file: PathBuf,
    },
    /// Print the public key, as in the script tag's data-key
    Show {
        /// Key file
        #[arg(default_value = "keys/shelfwise.key")]
        file: PathBuf,
    },
}

/// `shelfwise learn`.
#[derive(Debug, Args)]
pub struct Learn {
    /// Order lines: CSV, plain or gzip
    #[arg(long)]
    pub orders: Option<PathBuf>,
    /// Clicks by session: CSV, plain or gzip
    #[arg(long)]
    pub sessions: Option<PathBuf>,
    /// Catalogue: CSV, plain or gzip; ids that it does not hold are no products
    #[arg(long)]
    pub catalogue: Option<PathBuf>,
    /// Knowledge file to write
    #[arg(long, short, required_unless_present = "dialect")]
    pub out: Option<PathBuf>,
    /// What counts the clicks
    #[arg(long, value_enum, default_value_t)]
    pub engine: Engine,
    /// With `--engine sql`: print the query that counts the clicks, in this dialect, and end
    #[arg(long, value_parser = dialect_parser(), conflicts_with_all = ["out", "counts", "sessions", "tune"])]
    pub dialect: Option<Dialect>,
    /// With `--engine sql`: the query's result, CSV or Parquet, a file or a folder of them
    #[arg(long, conflicts_with_all = ["sessions", "tune"])]
    pub counts: Option<PathBuf>,
    /// Table of the clicks, for the query
    #[arg(long, default_value = "clicks", requires = "dialect")]
    pub table: String,
    /// Table of the catalogue, for the query; products whose `id` it does not hold are left out
    #[arg(long, requires = "dialect")]
    pub catalogue_table: Option<String>,
    /// Column of the orders file, as `item=StockCode` (may be repeated)
    #[arg(long = "column")]
    pub columns: Vec<String>,
    /// Column of the sessions file, as `item=product`, or of the table, as a column or an expression (may be repeated)
    #[arg(long = "session-column")]
    pub session_columns: Vec<String>,
    /// Column of the catalogue, as `title=name` (may be repeated), where shop.yaml names it too
    #[arg(long = "catalogue-column", requires = "catalogue")]
    pub catalogue_columns: Vec<String>,
    /// Choose the parameters on the last period of the logs; takes minutes
    #[arg(long)]
    pub tune: bool,
    /// Count with the parameters of this knowledge file, which an earlier run with `--tune` wrote
    #[arg(long, conflicts_with = "tune")]
    pub parameters: Option<PathBuf>,
    /// Seed of what tuning draws
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Measure on the last 30 days how well it is foreseen who buys again
    #[arg(long)]
    pub evaluate: bool,
    /// Fewest sessions or orders that a published pair of products must rest on; 2 unless `--parameters` says otherwise
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    pub pair_sessions: Option<u32>,
    /// Publish only pairs that one session held, none that were found over other products
    #[arg(long, conflicts_with = "tune")]
    pub direct_pairs: bool,
    /// Memory in MB for what grows with a log (a product takes some 2 kB more); sorting and counting a click log go to
    /// the system's temporary folder beyond it
    #[arg(long, default_value_t = 4_096, value_parser = clap::value_parser!(u64).range(1..))]
    pub memory: u64,
    /// Show no progress
    #[arg(long, short)]
    pub quiet: bool,
}

/// What counts the clicks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// This command.
    #[default]
    Embedded,
    /// The shop's own warehouse, by a query that `--dialect` prints and whose result `--counts` reads.
    Sql,
}

/// Reads a dialect by its name, and knows them all.
fn dialect_parser() -> impl TypedValueParser<Value = Dialect> {
    let names = Dialect::ALL.map(Dialect::name);
    PossibleValuesParser::new(names).try_map(|name| Dialect::from_name(&name).ok_or("no such dialect"))
}

/// `shelfwise evaluate`.
#[derive(Debug, Args)]
pub struct Evaluate {
    /// Order lines: CSV, plain or gzip; measured on their last 14 days
    #[arg(long)]
    pub orders: Option<PathBuf>,
    /// Clicks by session: CSV, plain or gzip; measured on its test split, else on the newest tenth
    #[arg(long)]
    pub sessions: Option<PathBuf>,
    /// Catalogue: CSV, plain or gzip; ids that it does not hold are no products
    #[arg(long)]
    pub catalogue: Option<PathBuf>,
    /// Column of the orders file, as `item=StockCode` (may be repeated)
    #[arg(long = "column")]
    pub columns: Vec<String>,
    /// Column of the sessions file, as `item=product` (may be repeated)
    #[arg(long = "session-column")]
    pub session_columns: Vec<String>,
    /// Column of the catalogue, as `id=sku` (may be repeated), where shop.yaml names it too
    #[arg(long = "catalogue-column", requires = "catalogue")]
    pub catalogue_columns: Vec<String>,
    /// Choose the parameters on the days before those that are measured on; takes minutes
    #[arg(long)]
    pub tune: bool,
    /// Count with the parameters of this knowledge file, as `learn --parameters` does
    #[arg(long, conflicts_with = "tune")]
    pub parameters: Option<PathBuf>,
    /// Fewest sessions or orders that a published pair of products must rest on; 2 unless `--parameters` says otherwise
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    pub pair_sessions: Option<u32>,
    /// Publish only pairs that one session held, none that were found over other products
    #[arg(long, conflicts_with = "tune")]
    pub direct_pairs: bool,
    /// Seed of what tuning draws
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Also write an HTML page with plots
    #[arg(long)]
    pub html: Option<PathBuf>,
    /// How results are printed
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Show no progress
    #[arg(long, short)]
    pub quiet: bool,
}

/// `shelfwise schema`.
#[derive(Debug, Args)]
pub struct Schema {
    /// Folder to write into
    #[arg(default_value = "schema")]
    pub folder: PathBuf,
}

/// `shelfwise serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// Folder to serve
    #[arg(default_value = ".")]
    pub folder: PathBuf,
    /// Port
    #[arg(long, short, default_value_t = 8787)]
    pub port: u16,
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    pub address: IpAddr,
    /// Send a strict Content-Security-Policy: `strict`, or the whole header value
    #[arg(long)]
    pub csp: Option<String>,
}
