// `npm run test:sql`, `test:spark`, `test:postgres`: the counting query in a real engine, installed into a folder of its own.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
const engine = process.argv[2] ?? "duckdb";
const requirements = { duckdb: "requirements.txt", spark: "requirements-spark.txt", postgres: "" }[engine];

const run = (program, ...args) => execFileSync(program, args, { cwd: root, stdio: "inherit" });

const environment = join(target, `sql-${engine}`);
const python = join(environment, "bin/python");
if (!existsSync(python)) {
  run("python3", "-m", "venv", environment);
}
if (requirements) {
  run(python, "-m", "pip", "install", "--quiet", "--requirement", join(here, requirements));
}
run("cargo", "build", "--quiet", "--package", "shelfwise-cli");
run(python, join(here, "run.py"), engine, join(target, "debug/shelfwise"));
