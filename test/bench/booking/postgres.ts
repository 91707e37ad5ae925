/**
 * PostgreSQL on the same booking workload, started in a temporary folder and driven by its own
 * pgbench: a berth is a row with a bit for each stretch, a booking is one statement that finds a
 * free berth, takes it and writes the ticket under its key: the fewest round trips there can be.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync } from "node:fs";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measuredMs, warmUpMs } from "../contest/closed-loops";
import type { Measured, Side } from "../contest/closed-loops";
import { trains } from "./load";

const debian = "/usr/lib/postgresql";
const berths = 720;
const stretches = 6;

/** The folder of the newest server's programs; undefined where there is none. */
export function postgresPrograms(): string | undefined {
  if (!existsSync(debian)) return undefined;
  const versions = readdirSync(debian).sort((left, right) => Number(right) - Number(left));
  return versions
    .map((version) => join(debian, version, "bin"))
    .find((bin) => ["initdb", "pg_ctl", "pgbench"].every((name) => existsSync(join(bin, name))));
}

const schema = `
CREATE TABLE berth (departure int, berth int, taken int NOT NULL DEFAULT 0,
  PRIMARY KEY (departure, berth)) WITH (fillfactor = 50);
CREATE TABLE ticket (key bigint PRIMARY KEY, pnr bigserial, departure int, berth int, mask int,
  held_until timestamptz);
INSERT INTO berth SELECT d, b FROM generate_series(1, ${trains}) d, generate_series(1, ${berths}) b;
`;

/** `lock`: what follows the SELECT, and keeps two clients from the same berth. */
const booking = (lock: string): string => `
\\set d random(1, ${trains})
\\set f random(0, ${stretches - 1})
\\set l random(1, ${stretches} - :f)
\\set mask ((1 << :l) - 1) << :f
\\set k random(1, 1000000000000000)
WITH free AS (SELECT berth FROM berth WHERE departure = :d AND taken & :mask = 0
  ORDER BY berth LIMIT 1 ${lock}),
sold AS (UPDATE berth SET taken = taken | :mask FROM free
  WHERE berth.departure = :d AND berth.berth = free.berth RETURNING berth.berth)
INSERT INTO ticket (key, departure, berth, mask, held_until)
  SELECT :k, :d, berth, :mask, now() + interval '5 minutes' FROM sold;
`;

export type Isolation = "skip locked" | "serializable";

/** A server with its defaults: every commit is synced. */
export function postgresSide(bin: string, isolation: Isolation, clients: number): Side {
  const folder = mkdtempSync(join(tmpdir(), "postgres-"));
  const account = accountFor(folder);
  const run = (program: string, words: readonly string[], env: object = {}): string =>
    execFileSync(join(bin, program), words, {
      ...{ ...account, encoding: "utf8", cwd: folder, stdio: ["ignore", "pipe", "ignore"] },
      env: { ...process.env, PGHOST: folder, PGUSER: "postgres", PGDATABASE: "postgres", ...env },
    });
  const data = join(folder, "data");
  run("initdb", ["-D", data, "-U", "postgres", "-A", "trust"]);
  const place = `-c listen_addresses='' -c unix_socket_directories='${folder}'`;
  const flags = `${place} -c max_connections=200`;
  run("pg_ctl", ["-D", data, "-w", "-l", join(folder, "log"), "-o", flags, "start"]);
  const script = join(folder, "book.sql");
  writeFileSync(script, booking(isolation === "skip locked" ? "FOR UPDATE SKIP LOCKED" : ""));
  chmodSync(script, 0o644);
  run("psql", ["-q", "-c", schema]);
  const env =
    isolation === "serializable"
      ? { PGOPTIONS: "-c default_transaction_isolation=serializable" }
      : {};
  const words = [
    "-n",
    "-M",
    "prepared",
    "-c",
    `${clients}`,
    "-j",
    "1",
    "-f",
    script,
    "--max-tries=1000",
  ];
  const bench = (seconds: number, more: readonly string[] = []): string =>
    run("pgbench", [...words, "-T", `${seconds}`, ...more], env);
  const tickets = (): number => Number(run("psql", ["-At", "-c", "SELECT count(*) FROM ticket"]));
  const measure = (): Measured => {
    bench(warmUpMs / 1_000);
    const before = tickets();
    bench(measuredMs / 1_000, ["-l", "--log-prefix", join(folder, "times")]);
    const throughput = (tickets() - before) / (measuredMs / 1_000);
    return { throughput, ...latencies(folder) };
  };
  return {
    measure: () => Promise.resolve(measure()),
    stop: () => {
      spawnSync(join(bin, "pg_ctl"), ["-D", data, "-m", "immediate", "stop"], account);
      rmSync(folder, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

/** From pgbench's log, a line a transaction, whose third column is its time in microseconds. */
function latencies(folder: string): Pick<Measured, "p50Ms" | "p99Ms"> {
  const files = readdirSync(folder).filter((name) => name.startsWith("times"));
  const times = files.flatMap((name) => {
    const lines = readFileSync(join(folder, name), "utf8").trim().split("\n");
    rmSync(join(folder, name));
    return lines.map((line) => Number(line.split(" ")[2]) / 1_000);
  });
  times.sort((left, right) => left - right);
  const at = (share: number): number => times[Math.floor(share * (times.length - 1))] ?? NaN;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}

/** The server refuses to run as root; Debian's package makes it an account. */
function accountFor(folder: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number =>
    Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  const account = { uid: id("-u"), gid: id("-g") };
  chownSync(folder, account.uid, account.gid);
  return account;
}
