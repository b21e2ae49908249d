import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { web, type WebSession, type WebSettings } from "../../../drivers/web/index.ts";
import { failureOf, userContext } from "../../contract/driver.ts";
import { onEngines } from "./engines.ts";
import { world, type World } from "./world.ts";

let site: World;
beforeAll(async () => void (site = await world()));
afterAll(() => site.stop());

async function visit(settings: object, flow: (page: WebSession, saved: ReadonlyMap<string, string | Uint8Array>, user: ReturnType<typeof userContext>) => Promise<void>): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const saved = new Map<string, string | Uint8Array>();
  const driver = web({ base: site.base, timeout: "20s", ...settings } as WebSettings);
  const user = userContext({ artifacts: { save: (name, content) => (saved.set(name, content), `evidence/${name}`) } });
  user.context.record.keeps = () => true;
  const page = await driver.open(user.context);
  try {
    await flow(page, saved, user);
  } finally {
    await driver.close(page);
  }
  return saved;
}
const soon = { timeout: "200ms" } as const;
const png = Buffer.from([0x89, 0x50, 0x4e, 0x47]);

onEngines("evidence", ({ settings }) => {
  const isPlaywright = settings.engine !== "webdriver";

  test("a failure leaves a picture, what the page said, and what it was, named in the record", () => visit(settings, async (page, saved, { ops }) => {
    await page.goto("/broken");
    const { failure } = await failureOf(page.role("button", "Fly").click(soon));
    const ending = isPlaywright ? "tree.yml" : "source.html";
    expect(failure.artifacts!.map(({ path }) => path)).toEqual(["png", "log.txt", ending].map((one) => `evidence/click-button-Fly.${one}`));
    expect(failure.artifacts![0]).toEqual({ name: "screenshot", path: "evidence/click-button-Fly.png", type: "image/png" });
    expect(ops.at(-1)).toMatchObject({ failure });
    const [image, log, tree] = [...saved.values()] as [Uint8Array, string, string];
    expect(Buffer.from(image).subarray(0, 4)).toEqual(png);
    expect(tree).toContain("Broken");
    expect(log).toContain('click button "Fly": no element');
    if (settings.protocol === "classic") return;
    expect(log).toMatch(/console error: .*ouch/);
    expect(log).toMatch(/page error: .*kaputt/);
    expect(log).toMatch(/network: GET http\S+\/no-such\?token=\*\*\* status 404/);
    expect(log).not.toContain("secretsecret");
  }));
});

test("nothing is gathered where the record keeps no more of its kind", async () => {
  const saved = await visit({}, async (page, saved, user) => {
    user.context.record.keeps = () => saved.size === 0;
    await page.goto("/form");
    for (let n = 0; n < 2; n++) await failureOf(page.css("#none").click(soon));
  });
  expect([...saved.keys()]).toEqual(["click-none.png", "click-none.log.txt", "click-none.tree.yml"]);
});

test("a trace is kept where it is asked for", async () => {
  const saved = await visit({ trace: true }, async (page) => {
    await page.goto("/form");
    await failureOf(page.css("#none").click(soon));
  });
  // A zip's directory names its files in plain letters.
  expect(Buffer.from(saved.get("click-none.trace.zip") as Uint8Array).toString("latin1")).toMatch(/^PK.*trace\.trace.*trace\.network/s);
});

describe("web vitals", () => {
  test("each page that was left is measured once, by the name that it was opened with", async () => {
    const measured: string[] = [];
    await visit({}, async (page, _, { measures }) => {
      await page.goto("/shifting", { name: "/a page" });
      await page.expect({ title: "shifted" });
      await page.role("button", "Work").click();
      await page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)))");
      await page.goto("/items?page=1");
      const of = (name: string) => measures.filter((one) => one.name === `${name} of /a page`).map(({ ms }) => ms);
      await expect.poll(() => of("LCP")).toHaveLength(1);
      expect(of("TTFB")[0]).toBeLessThanOrEqual(of("LCP")[0]!);
      expect(of("CLS")[0]).toBeGreaterThan(10);
      expect(of("INP")[0]).toBeGreaterThan(50);
      measured.push(...measures.map(({ name }) => name));
    });
    expect(measured.filter((name) => name === "CLS of /a page")).toHaveLength(1);
  });

  test("a page is told at the end of a visit too, with ids left out of its name; none is where nobody wants them", async () => {
    let measures: readonly { readonly name: string }[] = [];
    await visit({}, async (page, _, user) => {
      await page.goto("/other");
      await page.evaluate("history.replaceState(null, '', '/')");
      ({ measures } = user);
    });
    expect(measures.map(({ name }) => name)).toEqual(expect.arrayContaining(["TTFB of /other"]));
    await visit({ vitals: false }, async (page, _, user) => {
      await page.goto("/other");
      ({ measures } = user);
    });
    expect(measures.map(({ name }) => name)).toEqual(["browser wait"]);
  });
});
