import { execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, readdir, rm, symlink, mkdir, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

/** The published package, as its user meets it: packed, installed in an empty folder, typed and run there. */
const root = fileURLToPath(new URL("../../", import.meta.url));
const bin = (name: string) => join(root, "node_modules/.bin", name);
const execute = promisify(execFile);

let folder: string;
let tarball: string;
let server: Server;

/** Runs a command; when it fails the test shows what it printed. */
async function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  const { stdout, stderr } = await execute(program, args, { cwd, timeout: 120_000, maxBuffer: 1e8 }).catch((error: { stdout: string; stderr: string; message: string }) => {
    throw new Error(`${error.message}\n${error.stdout}\n${error.stderr}`);
  });
  return stdout + stderr;
}

const scenario = (base: string) => `
import { arrivals, journey, scenario, type Duration } from "seatrial";
import { http } from "seatrial/http";
import { sse } from "seatrial/sse";
import { suite } from "seatrial/suite";
import { websocket } from "seatrial/websocket";
import { length } from "./length";

const shop = http({ base: "${base}" });
const browse = journey({ shop }, async ({ shop }, user) => {
  const reply = await shop.get("/items");
  const items: string[] = reply.json<string[]>();
  user.check("has items", items.length > 0);
});
export const watch = journey({ tides: sse({ base: "http://127.0.0.1:1" }) }, async ({ tides }) => void (await (await tides.open("/")).receive()).json<number>());
export const talk = journey({ rooms: websocket({ base: "ws://127.0.0.1:1" }) }, async ({ rooms }) => void (await (await rooms.connect("/")).ask("ahoy")).text());
export const checkout = suite({ run: "npx playwright test --reporter=json", reads: "playwright", env: ({ base }) => ({ BASE_URL: base }) });
const grace: Duration = "1s";

export default scenario({
  name: "as a user",
  journeys: { browse },
  phases: [{ name: "peak", for: length, load: { browse: arrivals("20/s") } }],
  budget: { browse: { p95: "500ms", errors: "1%" } },
  grace,
});
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "seatrial-package-"));
  // prepack builds it first.
  await run("npm", ["pack", "--pack-destination", folder], root);
  tarball = join(folder, (await readdir(folder)).find((file) => file.endsWith(".tgz"))!);
  server = createServer((_, response) => response.setHeader("content-type", "application/json").end('["oar"]'));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  await writeFile(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  await run("npm", ["install", "--omit=dev", "--no-audit", "--no-fund", tarball], folder);
  await writeFile(join(folder, "length.ts"), 'import type { Duration } from "seatrial";\nexport const length = "2s" satisfies Duration;\n');
  await writeFile(join(folder, "scenario.ts"), scenario(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
}, 180_000);

afterAll(async () => {
  server?.close();
  await rm(folder, { recursive: true, force: true });
});

test("publint and are-the-types-wrong are content", async () => {
  await run(bin("publint"), ["run", tarball, "--strict"], root);
  await run(bin("attw"), [tarball, "--profile", "esm-only"], root);
}, 60_000);

test("nothing but what a user needs is inside", async () => {
  const files = await readdir(join(folder, "node_modules/seatrial"), { recursive: true });
  expect(files.filter((file) => /(^|\/)(test|scenarios|node_modules)(\/|$)|(?<!\.d)\.ts$|tsconfig/.test(file))).toEqual([]);
  const { dependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { dependencies: Record<string, string> };
  const installed = JSON.parse(await readFile(join(folder, "node_modules/.package-lock.json"), "utf8")) as { packages: Record<string, object> };
  for (const name of Object.keys(dependencies)) expect(installed.packages).toHaveProperty([`node_modules/${name}`]);
});

test.each(["nodenext", "bundler"])("a scenario type-checks, and its mistakes are found, under %s", async (resolution) => {
  const module = resolution === "bundler" ? "esnext" : "nodenext";
  // Without extensions only a bundler finds ./length; Node's own rules want them.
  const text = await readFile(join(folder, "scenario.ts"), "utf8");
  const strict = text.replace('"./length"', '"./length.ts"');
  await mkdir(join(folder, "node_modules/@types"), { recursive: true });
  await symlink(join(root, "node_modules/@types/node"), join(folder, "node_modules/@types/node")).catch(() => undefined);
  await writeFile(join(folder, "typed.ts"), strict);
  await writeFile(join(folder, "mistaken.ts"), strict.replace("load: { browse:", "load: { brwose:"));
  const check = (file: string) => run(bin("tsc"), [
    "--noEmit", "--strict", "--exactOptionalPropertyTypes", "--module", module, "--moduleResolution", resolution, "--target", "es2023",
    "--types", "node", "--allowImportingTsExtensions", "--ignoreConfig", file,
  ], folder);
  await check("typed.ts");
  await expect(check("mistaken.ts")).rejects.toThrow(/there is no journey 'brwose'/);
}, 60_000);

test("plan shows it, run plays it", async () => {
  expect(await run("npx", ["--no-install", "seatrial", "plan", "scenario.ts"], folder)).toMatch(/peak/);
  const told = await run("npx", ["--no-install", "seatrial", "run", "scenario.ts"], folder);
  expect(told).toMatch(/pass/i);
  expect(told).not.toMatch(/warning/i);
}, 60_000);

test("the live page comes out of the package, too", async () => {
  const child = spawn("npx", ["--no-install", "seatrial", "run", "scenario.ts", "--ui", "--report", "none"], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const url = await new Promise<string>((resolve, reject) => {
    let told = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      told += text;
      const [, found] = /live page: (\S+)\n/.exec(told) ?? [];
      if (found) resolve(found);
    });
    void ended.then(() => reject(new Error(told)));
  });
  const page = await (await fetch(url)).text();
  const files = [...page.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, name]) => name!);
  expect(files.length).toBeGreaterThan(6);
  for (const file of files) expect((await fetch(url + file)).status, file).toBe(200);
  // Whether this machine had the time for its load is another matter.
  expect([0, 2]).toContain(await ended);
}, 60_000);

test("what init writes runs with the local cluster of the package", async () => {
  await run("npx", ["--no-install", "seatrial", "init", "first"], folder);
  expect(await run("npx", ["--no-install", "seatrial", "run", "seatrial.scenario.ts"], join(folder, "first"))).toMatch(/pass/i);
}, 90_000);
