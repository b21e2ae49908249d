/** Text of servers, files and journeys reaches the terminal as text, whatever is in it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { runLineOf } from "../ledger/lines.ts";
import { makeHome, seatrial, type Home } from "./seatrial.ts";

const evil = "a\u001b[2Jb\u001b]0;title\u0007c\rd\u202ee\u009b31mf";
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;

let home: Home;
beforeAll(() => void (home = makeHome({ "scenario.ts": `throw new Error(${JSON.stringify(evil)});\n` })));
afterAll(() => home.remove());

test("an error that a scenario throws", async () => {
  const { code, err } = await seatrial(["plan", "scenario.ts"], { cwd: home.folder });
  expect({ code, err }).toMatchObject({ code: 3, err: expect.stringContaining("SEA_LOAD_THROWN") });
  expect(err).toMatch(/ab.*c.*d/);
  expect(err).not.toMatch(controls);
});

test("a harm that nobody knows how to heal: one line, and nothing that could forge another", async () => {
  const fault = `kraken${evil}\nhealed: node-loss (r/0)`;
  const lines = [
    runLineOf({ place: { kind: "local", name: "local", address: { folder: home.path("nowhere"), id: "x" } }, phases: [{ name: "storm", judged: true, storm: { fault, harm: "", costs: [], by: "platform", recovery: "platform", withinMs: 1, keeps: [] } }] }),
    { k: "storm", t: 1, phase: 0, step: "aim", debt: "r/0", aim: {}, targets: [] },
  ];
  home.write({ "evil.ndjson": lines.map((line) => `${JSON.stringify(line)}\n`).join("") });
  const { out } = await seatrial(["heal", "evil.ndjson"], { cwd: home.folder });
  expect(out).toContain("kraken");
  expect(out).not.toMatch(controls);
  expect(out.trimEnd().split("\n")).toHaveLength(1);
});
