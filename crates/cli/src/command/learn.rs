//! `shelfwise learn`.

use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use shelfwise_author::catalogue::read_catalogue;
use shelfwise_author::compile::similar::of_cold;
use shelfwise_author::diagnostic::Sources;
use shelfwise_author::project::CATALOGUE_FIELDS;
use shelfwise_learn::blend::Seen;
use shelfwise_learn::goods::CatalogueFile;
use shelfwise_learn::kept::Kept;
use shelfwise_learn::log::{Field, Source, read_text};
use shelfwise_learn::neighbours::Neighbour;
use shelfwise_learn::sql::{self, Query};
use shelfwise_learn::{Error, Options, Progress, run as learn};

use crate::arguments::{Engine, Learn};
use crate::failure::Failure;
use crate::output::say;

/// Learns from logs and writes a knowledge file.
///
/// # Errors
/// A log cannot be read, a column is missing, or no row is usable.
pub fn run(arguments: &Learn) -> Result<(), Failure> {
    check_engine(arguments)?;
    let kept = kept(&arguments.parameters)?;
    if let Some(dialect) = arguments.dialect {
        return say(query(arguments, dialect, &kept)?);
    }
    let out =
        arguments.out.as_ref().ok_or_else(|| Failure::Usage("name the file to write: --out".to_owned()))?;
    let mut options = Options::new(out);
    options.keep(&kept.publishing(arguments.pair_sessions, arguments.direct_pairs));
    options.counts.clone_from(&arguments.counts);
    options.orders = source(&arguments.orders, &arguments.columns)?;
    options.sessions = source(&arguments.sessions, &arguments.session_columns)?;
    options.catalogue = catalogue(&arguments.catalogue, &arguments.catalogue_columns)?;
    options.alike = Some(alike);
    options.evaluate = arguments.evaluate;
    options.memory_bytes_max = arguments.memory.saturating_mul(1 << 20);
    options.tune = arguments.tune.then_some(arguments.seed);
    let mut bar = Bar::new(arguments.quiet);
    let report = learn(&options, &mut bar).map_err(|error| Failure::Machine(error.to_string()))?;
    bar.finish();
    say(report.to_string())
}

/// Products alike in the words of the catalogue, as a build finds them; none where it has no titles.
pub(super) fn alike(catalogue: &CatalogueFile, seen: &Seen<'_>) -> Result<Vec<Vec<Neighbour>>, Error> {
    let CatalogueFile { path, columns } = catalogue;
    let text = read_text(path)?;
    let (mut sources, mut ignored) = (Sources::default(), Vec::new());
    let name = path.display().to_string();
    // The price only decides between products that are as much alike, so that its currency does not matter.
    let products = read_catalogue(&name, text.as_bytes(), columns, 2, &mut sources, &mut ignored);
    let mut count = seen.items.len();
    let number = |item: &str| {
        let known = seen.items.binary_search_by(|id| id.as_ref().cmp(item));
        known.unwrap_or_else(|_| {
            count += 1;
            count - 1
        })
    };
    let numbers: Vec<usize> = products.iter().map(|product| product.item.as_str()).map(number).collect();
    let rank = |number: &usize| seen.ranks.get(*number).copied().unwrap_or(*number as u32);
    let known = numbers.iter().map(|number| seen.neighbours.get(*number).copied().unwrap_or(0));
    let known: Vec<usize> = known.collect();
    let mut rows = vec![Vec::new(); count];
    for (of, near) in of_cold(products, numbers.iter().map(rank).collect(), &known) {
        let neighbour = |(item, score)| Neighbour { item: numbers[item as usize] as u32, score };
        rows[numbers[of as usize]] = near.into_iter().map(neighbour).collect();
    }
    Ok(rows)
}

/// What only the SQL engine takes is given with it, and it is given something.
fn check_engine(arguments: &Learn) -> Result<(), Failure> {
    let asked = arguments.dialect.is_some() || arguments.counts.is_some();
    match (arguments.engine, asked) {
        (Engine::Embedded, true) => {
            Err(Failure::Usage("--dialect and --counts go with --engine sql".to_owned()))
        }
        (Engine::Sql, false) => Err(Failure::Usage(
            "--engine sql takes --dialect, which prints the query, or --counts, which reads its result"
                .to_owned(),
        )),
        _ => Ok(()),
    }
}

/// The query that counts clicks in the shop's own warehouse.
fn query(arguments: &Learn, dialect: sql::Dialect, kept: &Kept) -> Result<String, Failure> {
    let columns = arguments.session_columns.iter().map(|column| column_of(column));
    let query = Query {
        dialect,
        table: arguments.table.clone(),
        columns: columns.collect::<Result<_, _>>()?,
        catalogue: arguments.catalogue_table.clone(),
        views: kept.views,
        conversions: kept.conversions,
    };
    query.text().map_err(|error| Failure::Usage(error.to_string()))
}

/// The parameters of an earlier run, if its knowledge file is named; else the measured defaults.
pub(super) fn kept(path: &Option<PathBuf>) -> Result<Kept, Failure> {
    let kept = path.as_deref().map(Kept::read).transpose();
    Ok(kept.map_err(|error| Failure::Machine(error.to_string()))?.unwrap_or_default())
}

/// A log, if one is named, and what its columns are called.
pub(super) fn source(path: &Option<PathBuf>, columns: &[String]) -> Result<Option<Source>, Failure> {
    let Some(path) = path else { return Ok(None) };
    let mut source = Source::new(path);
    source.columns = columns.iter().map(|column| column_of(column)).collect::<Result<_, _>>()?;
    Ok(Some(source))
}

/// A catalogue, if one is named, and what its columns are called.
pub(super) fn catalogue(
    path: &Option<PathBuf>,
    columns: &[String],
) -> Result<Option<CatalogueFile>, Failure> {
    let Some(path) = path else { return Ok(None) };
    let mut file = CatalogueFile::new(path);
    for column in columns {
        let known = column.split_once('=').filter(|(field, _)| CATALOGUE_FIELDS.contains(&field.trim()));
        let (field, name) = known.ok_or_else(|| {
            let fields = CATALOGUE_FIELDS.join(", ");
            Failure::Usage(format!("`{column}`: write `id=sku`; the fields are {fields}"))
        })?;
        file.columns.insert(field.trim().to_owned(), name.trim().to_owned());
    }
    Ok(Some(file))
}

/// `item=StockCode`.
fn column_of(text: &str) -> Result<(Field, String), Failure> {
    let (name, column) =
        text.split_once('=').ok_or_else(|| Failure::Usage(format!("`{text}`: write `item=StockCode`")))?;
    let field = Field::from_name(name.trim());
    let field = field
        .ok_or_else(|| Failure::Usage(format!("there is no field `{name}`; such as order, item, time")))?;
    Ok((field, column.trim().to_owned()))
}

/// A progress bar on standard error.
pub(super) struct Bar {
    bar: ProgressBar,
    quiet: bool,
}

impl Bar {
    pub(super) fn new(quiet: bool) -> Self {
        Self { bar: ProgressBar::hidden(), quiet }
    }

    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn stage(&mut self, name: &str, total: u64, unit: &str) {
        self.finish();
        if self.quiet {
            return;
        }
        let (bar, template) = match total {
            0 => (ProgressBar::no_length(), "{spinner} {msg}  {human_pos}  {elapsed}".to_owned()),
            _ => {
                let counts =
                    if unit == "bytes" { "{bytes} of {total_bytes}" } else { "{human_pos} of {human_len}" };
                (ProgressBar::new(total), format!("{{msg}}  {{wide_bar}}  {counts}  {{eta}}"))
            }
        };
        bar.set_draw_target(ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style);
        }
        bar.set_message(name.to_owned());
        self.bar = bar;
    }

    fn advance(&mut self, done: u64) {
        self.bar.inc(done);
    }
}
