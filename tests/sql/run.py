"""Counts clicks in a real engine by the query that `shelfwise learn --engine sql` prints, and demands the very bytes of
knowledge that reading the log gives.

    python3 run.py duckdb|spark|postgres SHELFWISE

`duckdb` also parses the query of every dialect. `postgres` takes the database that psql's own variables name (PGHOST,
PGDATABASE ...) and uses temporary tables alone. Run by `npm run test:sql`, `test:spark` and `test:postgres`.
"""

import random
import subprocess
import sys
import tempfile
from pathlib import Path

DIALECTS = {"spark": "spark", "bigquery": "bigquery", "snowflake": "snowflake", "duckdb": "duckdb", "postgres": "postgres"}
COLUMNS = ["--session-column", "event=event_name", "--session-column", "position=pos"]


def write_log(path: Path) -> None:
    """Sessions near one of many products; some buy, search and fill carts; repeats, ties of time, ids that sort by bytes."""
    chance = random.Random(4)
    rows = ["session_id,ts,pos,item_id,event_name"]
    for session in range(3_000):
        at_s = 1_780_000_000 + session // 3 * 40
        taste = chance.randrange(40)
        for pos in range(chance.randrange(1, 9)):
            product = (taste + 40 * int(20 * chance.random() ** 3)) % 700
            item = f"{'Zé'[product % 2]}-{product}" if product % 7 else f"a{product}"
            event = chance.choices(
                ["view_item", "view", "add_to_cart", "purchase", "search", "begin_checkout", "scroll"],
                [50, 20, 8, 6, 4, 3, 5],
            )[0]
            named = "" if event in ("search", "begin_checkout", "scroll") else item
            rows.append(f"{session:x},{at_s},{pos},{named},{event}")
            at_s += chance.randrange(0, 50)
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def count_in_duckdb(query: str, log: Path, folder: Path) -> list[Path]:
    import duckdb

    engine = duckdb.connect()
    engine.execute(f"CREATE TABLE clicks AS SELECT * FROM read_csv('{log}', types = {{'session_id': 'VARCHAR'}})")
    engine.execute(f"CREATE TABLE counts AS {query}")
    results = [folder / "duckdb.csv", folder / "duckdb.parquet"]
    engine.execute(f"COPY counts TO '{results[0]}' (HEADER)")
    engine.execute(f"COPY counts TO '{results[1]}' (FORMAT parquet)")
    return results


def count_in_spark(query: str, log: Path, folder: Path) -> list[Path]:
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.master("local[2]").config("spark.sql.shuffle.partitions", "4").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    schema = "session_id STRING, ts BIGINT, pos INT, item_id STRING, event_name STRING"
    spark.read.csv(str(log), header=True, schema=schema).createOrReplaceTempView("clicks")
    counts = spark.sql(query)
    results = [folder / "spark-csv", folder / "spark-parquet"]
    counts.write.csv(str(results[0]), header=True)
    counts.write.parquet(str(results[1]))
    version = spark.version
    spark.stop()
    print(f"Apache Spark {version}")
    return results


def count_in_postgres(query: str, log: Path, folder: Path) -> list[Path]:
    result = folder / "postgres.csv"
    script = f"""
        CREATE TEMPORARY TABLE clicks (session_id text, ts bigint, pos int, item_id text, event_name text);
        \\copy clicks FROM '{log}' (FORMAT csv, HEADER)
        CREATE TEMPORARY TABLE counts AS {query};
        \\copy counts TO '{result}' (FORMAT csv, HEADER)
        SELECT version();
    """
    script = "\n".join(line.strip() for line in script.splitlines())
    psql = ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--set=ON_ERROR_STOP=1"]
    print(subprocess.run(psql, input=script, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout.strip())
    return [result]


def main() -> None:
    engine, shelfwise = sys.argv[1:]

    def learn(*arguments: object) -> str:
        command = [shelfwise, "learn", "--quiet", *map(str, arguments)]
        return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout

    def query(dialect: str) -> str:
        return learn("--engine", "sql", "--dialect", dialect, *COLUMNS)

    if engine == "duckdb":
        import sqlglot

        for dialect, parser in DIALECTS.items():
            statements = sqlglot.parse(query(dialect), read=parser, error_level=sqlglot.ErrorLevel.RAISE)
            assert len(statements) == 1 and statements[0] is not None, dialect
            print(f"{dialect}: parses")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log, read, counted = folder / "clicks.csv", folder / "read.bin", folder / "counted.bin"
        write_log(log)
        print(learn("--sessions", log, "--out", read))
        count = {"duckdb": count_in_duckdb, "spark": count_in_spark, "postgres": count_in_postgres}[engine]
        for result in count(query(engine), log, folder):
            learn("--engine", "sql", "--counts", result, "--out", counted)
            assert counted.read_bytes() == read.read_bytes(), f"{result.name} leads to other knowledge"
            print(f"{result.name}: the same {read.stat().st_size} bytes of knowledge")


main()
