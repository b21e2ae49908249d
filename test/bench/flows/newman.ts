/** The same collection by Newman: one run, iteration after iteration, until the time is over. */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

interface Run {
  abort(): void;
}
interface Emitter {
  on(event: string, call: (error: unknown, event: { readonly run: Run }) => void): Emitter;
}
interface Newman {
  run(options: object, done: (error: Error | null) => void): Emitter;
}

const newman = createRequire(import.meta.url)("newman") as Newman;
let requests = 0;
let failures = 0;
await new Promise<void>((resolve) => {
  newman
    .run({
      collection: fileURLToPath(new URL("shop.postman.json", import.meta.url)), reporters: [], iterationCount: 1_000_000,
      environment: { values: [{ key: "base", value: process.env["BENCH_BASE"]! }] },
    }, () => resolve())
    .on("start", (_, { run }) => void setTimeout(() => (run.abort(), resolve()), Number(process.env["BENCH_SECONDS"]) * 1_000))
    .on("request", (error) => void (error ? (failures += 1) : (requests += 1)))
    .on("assertion", (error) => void (failures += error ? 1 : 0));
});
process.stdout.write(JSON.stringify({ requests: failures > 0 ? 0 : requests }));
process.exit();
