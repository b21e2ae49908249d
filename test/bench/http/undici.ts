/** What `get.ts` does, by hand over undici: its request, the status checked, the JSON parsed, the time taken. */
import { readFileSync } from "node:fs";
import { createHistogram, performance } from "node:perf_hooks";
import { Pool } from "undici";

const users = Number(process.env["BENCH_USERS"]);
const ca = process.env["BENCH_CA"];
const pool = new Pool(process.env["BENCH_BASE"]!, { connections: users, ...(ca !== undefined && { connect: { ca: readFileSync(ca) } }) });
const histogram = createHistogram();
const untilMs = performance.now() + Number(process.env["BENCH_SECONDS"]) * 1_000;
let requests = 0;

async function user(): Promise<void> {
  for (let beganMs = performance.now(); beganMs < untilMs; beganMs = performance.now()) {
    const { statusCode, body } = await pool.request({ path: "/items/rope", method: "GET" });
    const { id } = (await body.json()) as { id: string };
    if (statusCode !== 200 || id !== "rope") throw new Error("another item");
    histogram.record(Math.max(1, Math.round((performance.now() - beganMs) * 1_000)));
    requests += 1;
  }
}

await Promise.all(Array.from({ length: users }, user));
process.stdout.write(JSON.stringify({ requests }));
process.exit();
