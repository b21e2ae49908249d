/**
 * Every example of docs/*.md is a whole scenario, and is played: in virtual time, on the simulated service.
 * What is about real clusters alone is type-checked with the READMEs (test/house/docs.test.ts).
 */
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeHome, mistakes, seatrial, summaryOf, type Home } from "../cli/seatrial.ts";

const docs = fileURLToPath(new URL("../../docs/", import.meta.url));
const ofRealClusters: readonly string[] = ["consent.md"];
const examples = readdirSync(docs).filter((file) => file.endsWith(".md") && !ofRealClusters.includes(file)).flatMap((file) =>
  [...readFileSync(docs + file, "utf8").matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, code], index) => ({ name: `${file.replace(".md", "")}-${index + 1}`, language, code: code! })));

let home: Home;
beforeAll(() => {
  // Data that an example reads stands beside it.
  home = makeHome({ "users.csv": "ann,secret\nbob,secret2\n" });
});
afterAll(() => home.remove());

test("nothing else is shown as code", () => expect(new Set(examples.map(({ language }) => language))).toEqual(new Set(["ts"])));

test.each(examples)("$name is played and passes", async ({ name, code }) => {
  home.write({ [`${name}.ts`]: code });
  const { code: exit, err } = await seatrial(["rehearse", `${name}.ts`, "--seed", "7", "--out", name, "--report", "json"], { cwd: home.folder });
  expect(err).not.toMatch(mistakes);
  const { verdict, findings } = summaryOf(home.path(name));
  expect(findings.filter(({ grade }) => grade !== "pass")).toEqual([]);
  expect(verdict.grade).toBe("pass");
  expect(exit).toBe(0);
});
