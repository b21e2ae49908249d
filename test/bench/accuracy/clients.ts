import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readLedger } from "../../../src/index.ts";
import { peerIfThere, type PeerName } from "../peers.ts";
import { program } from "../program.ts";
import { latenciesOf, type Latencies, type Script } from "./script.ts";

/** A tool that measures latency, as near to the script's load as it can come. */
export interface Client {
  readonly name: string;
  /** How it makes the load, in a few words. */
  readonly load: string;
  measure(base: string, script: Script, folder: string): Promise<Latencies>;
}

/** What closed tools have in place of arrivals: so many users, each slowed down to its share. */
const users = 50;
const beside = (file: string) => fileURLToPath(new URL(file, import.meta.url));

const seatrial: Client = {
  name: "seatrial", load: "open",
  async measure(base, { rate, seconds }, folder) {
    const main = beside("../../../src/cli/main.ts");
    // 2 is its word that the machine was too busy to be sure: the numbers are there all the same.
    await program([process.execPath, main, "run", beside("sail.ts"), "--out", folder, "--report", "json"], { env: { BASE: base, RATE: String(rate), SECONDS: String(seconds) }, codes: [0, 2], seconds: seconds + 60 });
    const { due, count, ok } = (await readLedger(join(folder, "ledger.ndjson"))).tally({ phase: 1, type: "op" });
    if (ok !== rate * seconds) throw new Error(`${count} requests of ${rate * seconds}, ${ok} of them good`);
    return [due.quantileMs(0.5), due.quantileMs(0.99), due.quantileMs(0.999)];
  },
};

type Words = readonly [string, ...string[]];
const peers: Readonly<Partial<Record<PeerName, Omit<Client, "name" | "measure"> & { measure(words: Words, ...given: Parameters<Client["measure"]>): Promise<Latencies> }>>> = {
  vegeta: {
    load: "open",
    async measure(words, base, { rate, seconds }, folder) {
      writeFileSync(join(folder, "targets"), `GET ${base}/\n`);
      const file = join(folder, "results");
      await program([...words, "attack", `-targets=${join(folder, "targets")}`, `-rate=${rate}/1s`, `-duration=${seconds}s`, "-max-workers=5000", "-timeout=60s", `-output=${file}`], { seconds: seconds + 60 });
      const out = await program([...words, "encode", "--to=csv", file], { seconds: 60 });
      return latenciesOf(out.trim().split("\n").map((line) => Number(line.split(",")[2]) / 1e6));
    },
  },
  k6: {
    load: "open",
    async measure(words, base, { rate, seconds }, folder) {
      const summary = join(folder, "summary.json");
      await program([...words, "run", "--quiet", "--no-usage-report", "--summary-trend-stats=p(50),p(99),p(99.9)", `--summary-export=${summary}`, beside("arrivals.k6.js")], {
        env: { BASE: base, RATE: String(rate), SECONDS: String(seconds) }, seconds: seconds + 60,
      });
      const { metrics } = JSON.parse(readFileSync(summary, "utf8")) as { metrics: { http_req_duration: Record<string, number> } };
      const { http_req_duration: times } = metrics;
      return [times["p(50)"]!, times["p(99)"]!, times["p(99.9)"]!];
    },
  },
  autocannon: {
    load: `${users} connections, rate -R`,
    async measure(words, base, { rate, seconds }) {
      const out = await program([...words, "--json", "--no-progress", "-c", String(users), "-R", String(rate), "-d", String(seconds), "-t", "60", `${base}/`], { seconds: seconds + 90 });
      const { latency } = JSON.parse(out) as { latency: { p50: number; p99: number; p99_9: number } };
      return [latency.p50, latency.p99, latency.p99_9];
    },
  },
  locust: {
    load: `${users} users, constant_throughput`,
    async measure(words, base, { rate, seconds }, folder) {
      await program([...words, "-f", beside("locustfile.py"), "--headless", "--only-summary", "--host", base, "-u", String(users), "-r", String(users), "-t", `${seconds}s`, "--csv", join(folder, "locust")], { env: { EACH: String(rate / users) }, codes: [0, 1], seconds: seconds + 60 });
      const [head, ...rows] = readFileSync(join(folder, "locust_stats.csv"), "utf8").trim().split("\n").map((line) => line.split(","));
      const at = (column: string) => Number(rows.find(([, name]) => name === "/")![head!.indexOf(column)]);
      return [at("50%"), at("99%"), at("99.9%")];
    },
  },
  wrk: {
    load: `${users} connections, delay()`,
    async measure(words, base, { rate, seconds }) {
      const out = await program([...words, "-t", "1", "-c", String(users), "-d", `${seconds}s`, "--timeout", "60s", "-s", beside("paced.lua"), `${base}/`], { env: { DELAY_MS: String((users * 1_000) / rate) }, seconds: seconds + 60 });
      const told = /latencies (\d+) (\d+) (\d+)/.exec(out);
      return [1, 2, 3].map((group) => Number(told?.[group]) / 1_000) as unknown as Latencies;
    },
  },
};

/** Seatrial, and the peers that can be had. */
export async function clients(): Promise<readonly Client[]> {
  const found: Client[] = [seatrial];
  for (const [name, { load, measure }] of Object.entries(peers)) {
    const installed = await peerIfThere(name as PeerName);
    if (installed) found.push({ name, load, measure: (...given) => measure(installed.command, ...given) });
  }
  return found;
}

/** Lends a folder. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "seatrial-accuracy-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
