//! What the dialects of SQL write differently.

/// Whose SQL a query is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Apache Spark SQL, Databricks.
    Spark,
    /// Google BigQuery.
    BigQuery,
    /// Snowflake.
    Snowflake,
    /// DuckDB.
    DuckDb,
    /// PostgreSQL.
    Postgres,
}

impl Dialect {
    /// Every dialect.
    pub const ALL: [Self; 5] = [Self::Spark, Self::BigQuery, Self::Snowflake, Self::DuckDb, Self::Postgres];

    /// Its name in options.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Spark => "spark",
            Self::BigQuery => "bigquery",
            Self::Snowflake => "snowflake",
            Self::DuckDb => "duckdb",
            Self::Postgres => "postgres",
        }
    }

    /// The dialect of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dialect| dialect.name() == name)
    }

    /// The type of text.
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Spark | Self::BigQuery => "STRING",
            Self::Snowflake | Self::DuckDb => "VARCHAR",
            Self::Postgres => "TEXT",
        }
    }

    /// Text to be ordered by its bytes, whatever the database's own order is.
    pub(super) fn ordered(self, text: &str) -> String {
        match self {
            Self::Postgres => format!("{text} COLLATE \"C\""),
            _ => text.to_owned(),
        }
    }

    /// A query that answers rows of two whole numbers.
    pub(super) fn numbers(self, key: &str, value: &str, rows: &[(i64, u64)]) -> String {
        let wide =
            format!("  SELECT CAST({key} AS BIGINT) AS {key}, CAST({value} AS BIGINT) AS {value} FROM ");
        let list = |open: &str| {
            let rows: Vec<String> =
                rows.iter().map(|(key, value)| format!("{open}({key}, {value})")).collect();
            let lines: Vec<String> = rows.chunks(12).map(|line| format!("    {}", line.join(", "))).collect();
            lines.join(",\n")
        };
        match self {
            Self::BigQuery => {
                format!("{wide}UNNEST(ARRAY<STRUCT<{key} INT64, {value} INT64>>[\n{}\n  ])", list(""))
            }
            _ => format!("{wide}(VALUES\n{}\n  ) AS numbers ({key}, {value})", list("")),
        }
    }
}
