/** `npm run bench -- NAME`: prints a table, and one line of JSON last. */

interface Bench {
  /** @param args what followed the name */
  run(args: readonly string[]): Promise<void>;
}

const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  core: () => import("./core.ts"),
  http: () => import("./http.ts"),
  flows: () => import("./flows.ts"),
  translated: () => import("./translated.ts"),
  accuracy: () => import("./accuracy.ts"),
  memory: () => import("./memory.ts"),
  open: () => import("./open.ts"),
};

const [name = "", ...args] = process.argv.slice(2);
const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
if (bench) await (await bench()).run(args);
else {
  process.stderr.write(`${name === "" ? "no benchmark was named" : `there is no benchmark '${name}'`}; there are: ${Object.keys(benches).join(", ")}\n`);
  process.exitCode = 3;
}
