import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Client } from "../http/clients.ts";

/** Two who do the same, and by how much ours should be the cheaper. */
export interface Pair {
  /** The key of the ratio: whom we are compared with. */
  readonly key: string;
  /** What is counted for each second of CPU. */
  readonly unit: string;
  readonly ours: Client;
  readonly theirs: Client;
  readonly goal: number;
}

/** A program of this folder, which prints `{ requests }`. */
const program = (name: string, file: string, users: number): Client => ({
  name,
  words: () => [process.execPath, "--no-warnings", fileURLToPath(new URL(file, import.meta.url))],
  env: (seconds, { base }) => ({ BENCH_SECONDS: String(seconds), BENCH_USERS: String(users), BENCH_BASE: base, NODE_COMPILE_CACHE: join(tmpdir(), "seatrial-bench-compiled") }),
  requests: (out) => (JSON.parse(out) as { requests: number }).requests,
});

const collection = program("seatrial, collection as load", "collection.ts", 50);

/** A row a comparison: a new one is a program of each side, and a line here. */
export const pairs: readonly Pair[] = [
  { key: "newman", unit: "requests", ours: collection, theirs: program("newman", "newman.ts", 1), goal: 100 },
  { key: "postman-runtime", unit: "requests", ours: collection, theirs: program("postman-runtime", "runtime.ts", 1), goal: 40 },
];

/** Two who do the same in one process, in turn, and how much of the bare one's pace ours should keep. */
export interface Twins {
  readonly key: string;
  /** What is counted for each second. */
  readonly unit: string;
  readonly name: string;
  /** A program of this folder, which prints `{ ours, theirs }`. */
  readonly file: string;
  readonly goal: number;
}

export const twins: readonly Twins[] = [
  { key: "playwright", unit: "flows", name: "browser flow, Playwright engine", file: "playwright.ts", goal: 0.95 },
  { key: "webdriverio", unit: "flows", name: "browser flow, WebDriver engine", file: "webdriver.ts", goal: 0.95 },
  { key: "appium", unit: "taps", name: "tap in an app, Appium", file: "mobile.ts", goal: 0.95 },
];
