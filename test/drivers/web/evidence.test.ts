import { crc32, inflateRawSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { web, type WebSession, type WebSettings } from "../../../drivers/web/index.ts";
import { Mask } from "../../../src/mask/mask.ts";
import { failureOf, userContext } from "../../contract/driver.ts";
import { onEngines } from "./engines.ts";
import { world, type World } from "./world.ts";

let site: World;
beforeAll(async () => void (site = await world()));
afterAll(() => site.stop());

async function visit(settings: object, flow: (page: WebSession, saved: ReadonlyMap<string, string | Uint8Array>, user: ReturnType<typeof userContext>) => Promise<void>): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const saved = new Map<string, string | Uint8Array>();
  const mask = new Mask();
  const driver = web({ base: site.base, timeout: "20s", ...settings } as WebSettings);
  const user = userContext({ mask, artifacts: { save: (name, content) => (saved.set(name, typeof content === "string" ? mask.text(content) : content), `evidence/${name}`) } });
  user.context.record.keeps = () => true;
  const page = await driver.open(user.context);
  try {
    await flow(page, saved, user);
  } finally {
    await driver.close(page);
  }
  return saved;
}
/** The files of an archive that Seatrial wrote. */
function textsIn(zip: Buffer): [string, string][] {
  const files: [string, string][] = [];
  for (let at = 0; zip.readUInt32LE(at) === 0x04034b50; ) {
    const [size, nameLength] = [zip.readUInt32LE(at + 18), zip.readUInt16LE(at + 26)];
    const begin = at + 30 + nameLength;
    const content = inflateRawSync(zip.subarray(begin, begin + size));
    expect(crc32(content)).toBe(zip.readUInt32LE(at + 14));
    files.push([zip.toString("utf8", at + 30, begin), content.toString("latin1")]);
    at = begin + size;
  }
  return files;
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
    expect(log).toMatch(/^click button "Fly"\nno element\nat http/);
    if (settings.protocol === "classic") return;
    expect(log).toMatch(/console error: .*ouch/);
    expect(log).toMatch(/page error: .*kaputt/);
    expect(log).toMatch(/network: GET http\S+\/no-such\?token=\*\*\* status 404/);
    expect(log).not.toContain("secretsecret");
  }));

  test("no secret of a page is in any file: what was typed, what the page holds, what it sent", async () => {
    const saved = await visit(isPlaywright ? { trace: true } : settings, async (page, _, { ops }) => {
      await page.goto("/secrets");
      await page.label("Password").fill("TYPED-8");
      await page.css("#odd").fill("TYPED-9");
      await page.label("Name").fill("mary ann");
      await page.css("#name").press("End");
      await failureOf(page.label("Name").expect({ value: /TYPED-8/ }, soon));
      expect(JSON.stringify(ops)).not.toContain("TYPED");
    });
    const texts = [...saved].flatMap(([name, content]) => (typeof content === "string" ? [[name, content]] : name.endsWith(".zip") ? textsIn(Buffer.from(content)) : [])) as [string, string][];
    const all = texts.map(([, text]) => text).join("\n");
    expect(all).toContain(isPlaywright ? "mary ann" : "csrf_token");
    for (const [name, text] of texts) {
      for (const secret of ["FORGERY-1", "KEY-OF-PAGE-2", "COOKIE-3", "QUERY-5", "HEADER-6", "BODY-7", "TYPED-8", "TYPED-9"]) expect(text.includes(secret), `${secret} in ${name}`).toBe(false);
      // The page's own script says it, and a log.
      if (name.endsWith("log.txt")) expect(text).not.toContain("CONSOLE-4");
    }
    if (!isPlaywright) return;
    expect(texts.map(([name]) => name)).toEqual(expect.arrayContaining(["trace.trace", "trace.network"]));
    for (const [name, text] of texts) if (/\.(trace|network)$/.test(name)) for (const line of text.split("\n")) if (line !== "") JSON.parse(line);
  });
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
