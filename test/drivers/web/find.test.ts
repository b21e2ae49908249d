import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { unpackEmbedded } from "../../../drivers/web/embedded.ts";
import { packageFolder } from "../../../drivers/flow/programs.ts";
import { embeddedPackage, findBrowser } from "../../../drivers/web/find.ts";
import { loadPackage, thisMachine } from "../../../drivers/web/launch.ts";
import { web } from "../../../drivers/web/index.ts";
import { userContext } from "../../contract/driver.ts";
import { world } from "./world.ts";

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "seatrial-browsers-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

async function program(path: string): Promise<string> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, "");
  await chmod(file, 0o755);
  return file;
}
const machine = (env: Record<string, string> = {}) => ({ env: { HOME: folder, PATH: join(folder, "bin"), ...env }, folders: [folder] });

test("a browser is looked for in the variable, the cache, the PATH, the packages, in this order", async () => {
  expect(findBrowser("chromium", machine())).toBeUndefined();
  await mkdir(join(folder, "node_modules", embeddedPackage), { recursive: true });
  await writeFile(join(folder, "node_modules", embeddedPackage, "package.json"), "{}");
  expect(findBrowser("chromium", machine())).toEqual({ from: "package", path: join(folder, "node_modules", embeddedPackage) });
  expect(findBrowser("firefox", machine())).toBeUndefined();
  const chromium = await program("bin/chromium");
  expect(findBrowser("chromium", machine())).toEqual({ from: "system", path: chromium });
  const shell = await program("bin/chromium-headless-shell");
  expect(findBrowser("chromium", machine())).toEqual({ from: "system", path: shell });
  expect(findBrowser("chromium", machine(), true)).toEqual({ from: "system", path: chromium });
  await program(".cache/ms-playwright/chromium-1100/chrome-linux/chrome");
  const newest = await program(".cache/ms-playwright/chromium-1200/chrome-linux64/chrome");
  expect(findBrowser("chromium", machine())).toEqual({ from: "cache", path: newest });
  const cachedShell = await program(".cache/ms-playwright/chromium_headless_shell-1200/chrome-headless-shell-linux64/chrome-headless-shell");
  expect(findBrowser("chromium", machine())).toEqual({ from: "cache", path: cachedShell });
  expect(findBrowser("chromium", machine(), true)).toEqual({ from: "cache", path: newest });
  expect(findBrowser("chromium", machine({ CHROME_PATH: "/my/chrome" }))).toEqual({ from: "environment", path: "/my/chrome" });
});

test("a package that is not there is named with the command that brings it", async () => {
  const missing = loadPackage("playwright-core", () => import("no-such-package" as string));
  await expect(missing).rejects.toMatchObject({ code: "SEA_WEB_PACKAGE", hint: "npm install --save-dev playwright-core" });
  await expect(loadPackage("x", () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
});

test("the browser that a package brings is unpacked once, whole, and opens pages", async () => {
  const brought = packageFolder(embeddedPackage, thisMachine().folders)!;
  const all = await Promise.all([unpackEmbedded(brought), unpackEmbedded(brought)]);
  expect(new Set(all.map(({ path }) => path)).size).toBe(1);
  const { path, args } = all[0];
  expect(args.join(" ")).not.toMatch(/single-process|web-security/);
  const site = await world();
  const driver = web({ base: site.base, executable: path, args, timeout: "20s" });
  const user = userContext();
  const page = await driver.open(user.context);
  try {
    await page.goto("/items");
    await page.role("heading", "Goods").expect({ visible: true });
  } finally {
    await driver.close(page);
    await site.stop();
  }
}, 120_000);

/** A package like the one that brings Chromium, whose program starts only where it finds its libraries. */
async function packed(program: string): Promise<string> {
  const brought = join(folder, "node_modules/brought");
  await mkdir(brought, { recursive: true });
  await writeFile(join(brought, "package.json"), '{ "version": "1.0.0", "type": "module", "exports": { ".": { "default": "./index.js" } } }');
  await writeFile(join(brought, "index.js"), `import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
export default { args: [], async executablePath() {
  if (process.env.AWS_EXECUTION_ENV) mkdirSync(tmpdir() + "/al2023/lib", { recursive: true });
  writeFileSync(tmpdir() + "/chromium", ${JSON.stringify(`#!/bin/sh\n${program}\n`)}, { mode: 0o700 });
} };`);
  return brought;
}

test.each([
  ["has what the browser needs", "exit 0", false],
  ["lacks libraries, which the package then gives", "exit 127", true],
])("a machine that %s", async (_, program, lacks) => {
  const brought = await packed(program);
  // The second time it is there already.
  for (const { path, env } of [await unpackEmbedded(brought), await unpackEmbedded(brought)]) {
    const own = join(dirname(path), "al2023/lib");
    expect(env["LD_LIBRARY_PATH"]?.startsWith(own) ?? false).toBe(lacks);
    expect(existsSync(own)).toBe(lacks);
  }
  await rm(dirname((await unpackEmbedded(brought)).path), { recursive: true });
});
