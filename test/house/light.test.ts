import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const execute = promisify(execFile);
const root = new URL("../../", import.meta.url);

/** Everything that a fresh process loads for an import, as paths in the repository: what Node does, not what a reading of the source says. */
async function loadedBy(file: string): Promise<string[]> {
  const program = `
    import { registerHooks } from "node:module";
    const urls = [];
    registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) });
    await import(process.argv[1]);
    process.stdout.write(JSON.stringify(urls));`;
  const { stdout } = await execute(process.execPath, ["--no-warnings", "--input-type=module", "-e", program, pathToFileURL(file).href]);
  return (JSON.parse(stdout) as string[]).filter((url) => url.startsWith("file:")).map((url) => url.slice(root.href.length));
}

const { exports } = JSON.parse(await readFile(new URL("package.json", root), "utf8")) as { exports: Record<string, string | { readonly default: string }> };
const doors = Object.entries(exports).flatMap(([door, target]) =>
  typeof target === "string" ? [] : [[door, target.default.replace("./dist/", "").replace(/\.js$/, ".ts")] as const],
);

test.each(doors)("importing %s loads no package", async (_, file) => {
  const loaded = await loadedBy(fileURLToPath(new URL(file, root)));
  expect(loaded).toContain(file);
  expect(loaded.filter((path) => path.includes("node_modules/"))).toEqual([]);
});

test("importing seatrial loads no driver, no report, and nothing that plays", async () => {
  const loaded = await loadedBy(fileURLToPath(new URL("src/index.ts", root)));
  expect(loaded.filter((path) => /^(drivers|reports|src\/(play|sim|fleet|cli))\//.test(path))).toEqual([]);
});

/** Packages of which a load test over HTTP knows nothing. */
const heavy = ["newman", "postman-runtime", "postman-collection", "postman-sandbox", "postman-request", "chai", "lodash", "moment", "crypto-js", "uuid", "ajv", "tv4", "cheerio", "xml2js", "@faker-js/faker", "playwright-core", "webdriverio", "appium", "@kubernetes/client-node"];

test("a run with HTTP load alone loads nothing of the other surfaces", async () => {
  const folder = await mkdtemp(join(tmpdir(), "seatrial-light-"));
  const server = createServer((_, response) => response.end("ok")).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  try {
    await writeFile(join(folder, "hear.mjs"), `
      import { registerHooks } from "node:module";
      import { writeFileSync } from "node:fs";
      const urls = [];
      registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) });
      process.on("exit", () => writeFileSync(${JSON.stringify(join(folder, "urls.json"))}, JSON.stringify(urls)));`);
    await writeFile(join(folder, "scenario.ts"), `
      import { journey, scenario, times } from "seatrial";
      import { http } from "seatrial/http";
      const shop = http({ base: "http://127.0.0.1:${(server.address() as AddressInfo).port}" });
      const look = journey({ shop }, async ({ shop }) => void (await shop.get("/")));
      export default scenario({ name: "light", journeys: { look }, phases: [{ name: "once", load: { look: times(1) } }] });`);
    const main = fileURLToPath(new URL("src/cli/main.ts", root));
    await execute(process.execPath, ["--no-warnings", "--import", pathToFileURL(join(folder, "hear.mjs")).href, main, "run", "scenario.ts", "--out", "run", "--report", "json"], { cwd: folder }).catch((error: { code: number }) => {
      // A busy machine makes so short a run unsure; it was played all the same.
      if (error.code !== 2) throw error;
    });
    const urls = JSON.parse(await readFile(join(folder, "urls.json"), "utf8")) as string[];
    expect(urls.filter((url) => url.includes("/drivers/http/"))).not.toEqual([]);
    const packages = new Set(urls.flatMap((url) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? []));
    expect(heavy.filter((name) => packages.has(name))).toEqual([]);
    expect(urls.filter((url) => /playwright|webdriver|wdio|sparticuz|drivers\/(?!http\/)/.test(url))).toEqual([]);
  } finally {
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);
