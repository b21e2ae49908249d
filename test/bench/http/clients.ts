import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { peer, peerIfThere, type Peer, type PeerName } from "../peers.ts";
import type { Target } from "./target.ts";

/** Users, or connections, of every client. */
const users = 64;

/** A load generator on its way: what to run, and how many requests it says it made. */
export interface Client {
  readonly name: string;
  words(seconds: number, target: Target): readonly string[];
  env?(seconds: number, target: Target): Readonly<Record<string, string>>;
  input?(target: Target): string;
  requests(out: string): number;
}

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const found = (form: RegExp) => (out: string) => Number(form.exec(out)?.[1]?.replaceAll(",", ""));
const said = (out: string): number => (JSON.parse(out) as { requests: number }).requests;
const path = "/items/rope";

/** A program of this folder, which prints `{ requests }`. It keeps what was compiled, as the command does. */
const own = (name: string, program: string, secure = false): Client => ({
  name,
  words: () => [process.execPath, file(program)],
  env: (seconds, target) => ({ BENCH_SECONDS: String(seconds), BENCH_USERS: String(users), BENCH_BASE: secure ? target.secure : target.base, ...(secure && { BENCH_CA: target.ca }), NODE_COMPILE_CACHE: join(tmpdir(), "seatrial-bench-compiled") }),
  requests: said,
});

type Recipe = (command: readonly string[]) => Omit<Client, "name">;

const recipes: Readonly<Partial<Record<PeerName, Recipe>>> = {
  wrk: (command) => ({
    words: (seconds, { base }) => [...command, "-t1", `-c${users}`, `-d${seconds}s`, base + path],
    requests: found(/(\d+) requests in/),
  }),
  autocannon: (command) => ({
    words: (seconds, { base }) => [...command, "-j", "-c", String(users), "-d", String(seconds), base + path],
    requests: (out) => (JSON.parse(out) as { "2xx": number })["2xx"],
  }),
  k6: (command) => ({
    words: (seconds) => [...command, "run", "--quiet", "--vus", String(users), "--duration", `${seconds}s`, file("get.k6.js")],
    env: (_, { base }) => ({ BENCH_BASE: base, K6_NO_USAGE_REPORT: "true" }),
    requests: found(/http_reqs[.: ]+([\d,]+)/),
  }),
  locust: (command) => ({
    words: (seconds, { base }) => [...command, "-f", file("locustfile.py"), "--headless", "-u", String(users), "-r", String(users), "-t", `${seconds}s`, "--host", base, "--json", "--loglevel", "ERROR"],
    requests: (out) => (JSON.parse(out.slice(out.indexOf("["))) as { num_requests: number }[]).reduce((sum, { num_requests }) => sum + num_requests, 0),
  }),
  vegeta: (command) => ({
    words: (seconds) => ["bash", "-c", `"$1" attack -rate 0 -max-workers ${users} -duration ${seconds}s | "$1" report -type json`, "bash", ...command],
    input: ({ base }) => `GET ${base}${path}\n`,
    requests: (out) => (JSON.parse(out) as { requests: number }).requests,
  }),
};

/** All that can be had here; a peer that is missing is said, and left out. */
export async function clients(): Promise<readonly Client[]> {
  const peers: Client[] = [];
  for (const [name, recipe] of Object.entries(recipes)) {
    // Whatever else is missing, without wrk there is nothing to compare with.
    const one: Peer | undefined = await (name === "wrk" ? peer : peerIfThere)(name as PeerName);
    if (one) peers.push({ name, ...recipe(one.command) });
  }
  return [
    own("seatrial", "get.ts"), ...peers, own("undici", "undici.ts"),
    own("seatrial, three requests", "three.ts"), own("seatrial, TLS", "get.ts", true), own("undici, TLS", "undici.ts", true),
  ];
}
