import { createServer as createTlsServer } from "node:https";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { web, type WebSession, type WebSettings } from "../../../drivers/web/index.ts";
import type { Driver } from "../../../src/model/driver.ts";
import { certificatesFor } from "../http/worlds.ts";
import { failureOf, userContext } from "../../contract/driver.ts";
import { onEngines } from "./engines.ts";
import { ownBrowsers } from "./processes.ts";
import { world, type World } from "./world.ts";

let site: World;
beforeAll(async () => void (site = await world()));
afterAll(() => site.stop());

const driverOf = (settings: object): Driver<WebSession> => web({ base: site.base, timeout: "20s", ...settings } as WebSettings);

/** Gives a user's page to the flow, and closes it whatever comes. */
async function visit<T>(driver: Driver<WebSession>, flow: (page: WebSession, user: ReturnType<typeof userContext>) => Promise<T>, user = userContext()): Promise<T> {
  const page = await driver.open(user.context);
  try {
    return await flow(page, user);
  } finally {
    await driver.close(page);
  }
}

onEngines("trials", ({ settings }) => {
  test("a browser that is killed under a touch makes it unsure, and the next touch has another", () => visit(driverOf(settings), async (page, { ops }) => {
    await page.goto("/sign-in");
    const before = site.seen();
    const hanging = failureOf(page.goto("/hang"));
    await expect.poll(() => site.seen()).toBeGreaterThan(before);
    const [browser, ...more] = ownBrowsers();
    expect(more).toEqual([]);
    process.kill(browser!, "SIGKILL");
    expect(await hanging).toMatchObject({ outcome: "unsure", failure: { cause: "browser lost" } });
    // The cookie went down with it.
    expect((await failureOf(page.goto("/who"))).failure.cause).toBe("status 403");
    expect(ops.map(({ outcome }) => outcome)).toEqual(["ok", "unsure", "refused"]);
  }));

  test("many flows at once share a small pool, and each gets through", async () => {
    const isPlaywright = settings.engine !== "webdriver";
    const driver = driverOf({ ...settings, browsers: 2, queue: "60s", ...(isPlaywright && { pages: 3 }) });
    const users = Array.from({ length: isPlaywright ? 20 : 4 }, (_, n) => ({ ...userContext(), n }));
    let [most, now] = [0, 0];
    await Promise.all(users.map((user) => visit(driver, async (page) => {
      await page.goto("/form");
      most = Math.max(most, ++now);
      await page.label("Your name").fill(`user ${user.n}`);
      await page.role("button", "Send it").click();
      await page.role("status").expect({ text: `user ${user.n} 1 false` });
      now -= 1;
    }, user)));
    for (const { ops, measures } of users) {
      expect(ops.map(({ outcome }) => outcome)).toEqual(["ok", "ok", "ok", "ok"]);
      expect(measures.filter(({ name }) => name === "browser wait")).toHaveLength(1);
    }
    expect(most).toBeLessThanOrEqual(isPlaywright ? 6 : 2);
    expect(driver.pool).toMatchObject({ most: isPlaywright ? 6 : 2 });
    expect(ownBrowsers()).toEqual([]);
  }, 60_000);

  test("certificates that nobody signed are refused, but where they are said not to matter", async () => {
    const { cert, key } = certificatesFor("127.0.0.1", "IP:127.0.0.1");
    const secure = await world((listener) => createTlsServer({ cert, key }, listener!));
    try {
      const [strict, trusting] = [driverOf({ ...settings, base: secure.base }), driverOf({ ...settings, base: secure.base, tls: { insecure: true } })];
      expect([strict.caveats, trusting.caveats]).toEqual([undefined, [`Certificates are not checked for ${secure.base} (tls.insecure).`]]);
      await visit(strict, async (page) => expect(await failureOf(page.goto("/"))).toMatchObject({ outcome: "refused", failure: { cause: "tls" } }));
      await visit(trusting, (page) => page.goto("/"));
    } finally {
      await secure.stop();
    }
  });

  test("a browser that can't be started is an error with a hint, not an op", async () => {
    const ask = (executable: string) => visit(driverOf({ ...settings, executable }), async (page, { ops }) => {
      const error = await page.goto("/").catch((thrown: unknown) => thrown);
      expect(ops).toEqual([]);
      return error;
    });
    expect(await ask("/no/browser")).toMatchObject({ code: "SEA_WEB_BROWSER", message: expect.stringContaining("/no/browser is not there") });
    expect(await ask("/bin/false")).toMatchObject({ code: "SEA_WEB_LAUNCH" });
  });
}, ({ settings }) => settings.protocol !== "classic");

describe("the pool", () => {
  const small = () => driverOf({ browsers: 1, pages: 1, queue: "300ms" });

  test("who waits too long lacks a browser", () => {
    const driver = small();
    return visit(driver, async (holder) => {
      await holder.goto("/");
      await visit(driver, async (page, { ops }) => {
        const { failure, outcome } = await failureOf(page.goto("/"));
        expect([outcome, failure.cause]).toEqual(["refused", "no browser"]);
        expect(ops).toHaveLength(1);
      });
    });
  });

  test("a user that rests gives its place to another, and comes back as a new visitor", () => {
    const driver = small();
    return visit(driver, async (first) => {
      await first.goto("/sign-in");
      driver.rest!(first);
      await visit(driver, (second) => second.goto("/"));
      expect((await failureOf(first.goto("/who"))).failure.cause).toBe("status 403");
    });
  });

  test("who is cut while waiting is out of the line", () => {
    const driver = driverOf({ browsers: 1, pages: 1 });
    return visit(driver, async (holder) => {
      await holder.goto("/");
      const user = userContext();
      await visit(driver, async (page) => {
        const waiting = failureOf(page.goto("/"));
        user.cut();
        expect((await waiting).failure.cause).toBe("cut");
      }, user);
      driver.rest!(holder);
      await visit(driver, (page) => page.goto("/"));
    });
  });
});
