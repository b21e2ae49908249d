/** The regression that users copy, as it stands: every surface, once each, on a shop that is well and on one that is broken. */
import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { validateStrict } from "ctrf";
import { expect, test } from "vitest";
import { makeHome, mistakes, seatrial, summaryOf, type Ended, type Home } from "../cli/seatrial.ts";
import { hasChromium } from "../drivers/mobile/world.ts";
import { describeWith } from "../needs.ts";
import { elementsOf, parseXml, textOf } from "../reports/xml.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const surfaces = ["playwright", "webdriver", "phone", "app", "collection", "collectionAsLoad"];

/** The examples in a folder of their own, as somebody who copied them has them. */
function copied(change: (edit: (file: string, from: string, to: string) => void) => void): Home {
  const home = makeHome({ "package.json": readFileSync(join(root, "package.json"), "utf8") });
  cpSync(join(root, "scenarios"), home.path("scenarios"), { recursive: true });
  symlinkSync(join(root, "node_modules"), home.path("node_modules"));
  change((file, from, to) => {
    const text = readFileSync(home.path("scenarios", file), "utf8");
    expect(text).toContain(from);
    writeFileSync(home.path("scenarios", file), text.replaceAll(from, to));
  });
  return home;
}

async function sail(home: Home): Promise<Ended> {
  const ended = await seatrial(["run", "scenarios/regression.ts", "--out", "run", "--report", "html,junit,ctrf,json"], { cwd: home.folder, withinMs: 200_000 });
  expect(ended.err).not.toMatch(mistakes);
  return ended;
}

const casesOf = (home: Home) => elementsOf(parseXml(readFileSync(home.path("run", "junit.xml"), "utf8")), "testcase");
const ctrfOf = (home: Home) => JSON.parse(readFileSync(home.path("run", "ctrf-report.json"), "utf8")) as { results: { tests: { name: string; status: string; attachments?: { path: string }[] }[] } };

describeWith("chromium and chromedriver", hasChromium, "node .ci/servers.mjs", "the regression of the sample shop", () => {
  test("walks every surface once, and all is well", async () => {
    const home = copied(() => {});
    try {
      const { out, err } = await sail(home);
      const summary = summaryOf(home.path("run"));
      // A machine that is busy with something else is no mistake of the shop's.
      expect(summary.findings.filter(({ grade, about }) => grade !== "pass" && about !== "generator"), `${out}\n${err}`).toEqual([]);
      expect(summary.walks.counts).toMatchObject({ passed: surfaces.length, failed: 0 });
      const steps = JSON.stringify(summary);
      for (const step of ['click button \\"Order\\"', "LCP of /", 'tap \\"Order\\"', "iteration 3 (lamp) › orders › read › is the order that was placed", "items › all"]) expect(steps).toContain(step);
      for (const surface of surfaces) expect(casesOf(home).filter(({ attributes }) => attributes["name"] === `${surface} #1`)).toHaveLength(1);
      expect(validateStrict(ctrfOf(home))).toBeUndefined();
    } finally {
      home.remove();
    }
  }, 240_000);

  test("a broken shop fails on each surface, with evidence that the reports lead to", async () => {
    const home = copied((edit) => {
      edit("shop/page.ts", "is placed: ", "is lost: ");
      edit("shop/orders.ts", 'item: String(row["item"])', 'item: "oars"');
      edit("shop/app.xml", "Hemp rope, 20 m", "Sold out");
      edit("regression.ts", 'timeout: "10s"', 'timeout: "3s"');
    });
    try {
      const { code, out } = await sail(home);
      expect(code, out).toBe(1);
      expect(summaryOf(home.path("run")).walks.counts).toMatchObject({ passed: 0, failed: surfaces.length });
      const told = new Map(casesOf(home).map((one) => [one.attributes["name"], textOf(one)]));
      expect(told.get("playwright #1")).toContain("is lost: oars");
      expect(told.get("webdriver #1")).toContain("is lost: oars");
      expect(told.get("phone #1")).toContain("is lost: oars");
      expect(told.get("app #1")).toContain('tap text "Hemp rope, 20 m": no element');
      for (const surface of ["collection #1", "collectionAsLoad #1"]) expect(told.get(surface)).toContain("check: is the order that was placed");
      for (const [surface, files] of [["playwright", 3], ["webdriver", 3], ["phone", 2], ["app", 2]] as const) {
        const attached = [...told.get(`${surface} #1`)!.matchAll(/\[\[ATTACHMENT\|(.*?)\]\]/g)].map(([, path]) => path!);
        expect(attached, surface).toHaveLength(files);
        for (const path of attached) expect(existsSync(home.path(path)), path).toBe(true);
      }
      const ctrf = ctrfOf(home);
      expect(validateStrict(ctrf)).toBeUndefined();
      for (const surface of surfaces) expect(ctrf.results.tests.find(({ name }) => name.includes(`${surface} #1`)), surface).toMatchObject({ status: "failed" });
    } finally {
      home.remove();
    }
  }, 240_000);
});
