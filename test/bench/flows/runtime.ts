/** The same collection by postman-runtime, which Newman and Postman are made of, with as many iterations at once as it likes. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { Runner } = require("postman-runtime") as { Runner: new () => { run(collection: object, options: object, done: (error: Error | null, run: Run) => void): void } };
// Its own: one of another version is no collection to it.
const { Collection, VariableScope } = createRequire(require.resolve("postman-runtime"))("postman-collection") as { Collection: new (from: object) => object; VariableScope: new (from: object) => object };

interface Run {
  start(callbacks: object): void;
}

const collection = new Collection(JSON.parse(readFileSync(new URL("shop.postman.json", import.meta.url), "utf8")) as object);
const environment = new VariableScope({ values: [{ key: "base", value: process.env["BENCH_BASE"]! }] });
let requests = 0;
let failures = 0;
await new Promise<void>((resolve, reject) => {
  new Runner().run(collection, { environment, iterationCount: 100_000, maxConcurrency: 10 }, (error, run) => {
    if (error) return reject(error);
    setTimeout(resolve, Number(process.env["BENCH_SECONDS"]) * 1_000);
    run.start({
      request: (failed: unknown) => void (failed ? (failures += 1) : (requests += 1)),
      assertion: (_: unknown, assertions: readonly { readonly passed: boolean }[]) => void (failures += assertions.filter(({ passed }) => !passed).length),
    });
  });
});
process.stdout.write(JSON.stringify({ requests: failures > 0 ? 0 : requests }));
process.exit();
