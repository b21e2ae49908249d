import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judge } from "../../src/judge/index.ts";
import type { HealthLine } from "../../src/ledger/lines.ts";
import { isSlow, saySeconds, strains, strainsIn } from "../../src/ledger/strains.ts";
import type { ErrorCode } from "../../src/units/errors.ts";
import { calm, found, Trial } from "./trial.ts";

const well: HealthLine = { k: "health", s: 0, lagMs: 1, lagMaxMs: 2, cpu: 0.2, heapMb: 50, slow: false };

/** The last value that is all right, and the first that is not. */
const edges: readonly [ErrorCode, Partial<HealthLine>, Partial<HealthLine>][] = [
  ["SEA_SELF_LAG", { lagMs: 200 }, { lagMs: 200.1 }],
  ["SEA_SELF_CPU", { cpu: 0.97 }, { cpu: 0.971 }],
  ["SEA_SELF_GC", { gcMs: 200 }, { gcMs: 200.1 }],
  ["SEA_SELF_HEAP", { heap: 0.9 }, { heap: 0.901 }],
  ["SEA_SELF_STOPPED", { stoppedMs: 0 }, { stoppedMs: 1_000 }],
  ["SEA_SELF_CLOCK", { clockMs: -500 }, { clockMs: -501 }],
  ["SEA_SELF_STARVED", { waitedMs: 200 }, { waitedMs: 200.1 }],
  ["SEA_SELF_STOLEN", { stolen: 0.05 }, { stolen: 0.051 }],
  ["SEA_SELF_DESCRIPTORS", {}, { lacks: { "no descriptors": 1 } }],
  ["SEA_SELF_PORTS", {}, { lacks: { "no ports": 1 } }],
  ["SEA_SELF_BROWSERS", {}, { lacks: { "no browser": 1 } }],
];

/** A minute of browsing whose seconds 12 to 15, and 20, are strained like this. */
function strained(by: Partial<HealthLine>, seconds = [12, 13, 14, 15, 20]): Trial {
  const trial = new Trial({ budget: { browse: { p95: "1s" } } }).phase().ops();
  for (let s = 0; s < 60; s++) {
    const line = { ...well, s, ...(seconds.includes(s) && by) };
    trial.add({ ...line, slow: isSlow(line) });
  }
  return trial.end();
}

describe("the limits of the generator", () => {
  it("each has its edges here", () => expect(strains.map(({ code }) => code)).toEqual(edges.map(([code]) => code)));

  it.each(edges)("%s breaks where its threshold is", (code, kept, broken) => {
    expect(strainsIn([{ ...well, slow: true, ...kept }])).toEqual([]);
    expect(strainsIn([{ ...well, slow: true, ...broken }])).toMatchObject([{ strain: { code }, seconds: [0] }]);
  });

  it.each(edges)("%s marks the second, or only explains", (code, _kept, broken) => {
    const { place } = strains.find((one) => one.code === code)!;
    expect(isSlow({ ...well, ...broken })).toBe(place !== "explains");
    expect(strainsIn([{ ...well, ...broken }]).length).toBe(place === "explains" ? 0 : 1);
  });

  it.each(edges.filter(([code]) => strains.find((one) => one.code === code)!.place === "marks"))("%s is told with when, for how long, and what to do", (code, _kept, broken) => {
    const verdict = judge(strained(broken).view());
    expect(found(verdict, "generator")).toMatchObject({ grade: "unsure", observed: "5 slow seconds (8.33%)" });
    expect(found(verdict, "generator").reason).toMatch(new RegExp(`${code}: .+, in 5 seconds \\(12–15, 20 of the ledger\\): .{20}`));
    expect(found(verdict, "peak / browse / p95").grade).toBe("unsure");
  });

  it("tells of a few slow seconds, too, and lets them be", () => {
    expect(found(judge(strained({ gcMs: 400 }, [7]).view()), "generator")).toMatchObject({ grade: "pass", reason: expect.stringMatching(/^SEA_SELF_GC: .* up to 400ms of a second, in 1 second \(7 of/) });
  });

  it("explains what marked a second, and is silent about calm ones", () => {
    const trial = strained({ lagMs: 900, waitedMs: 600, stolen: 0.3 });
    trial.add({ ...well, s: 40, waitedMs: 900 });
    expect(found(judge(trial.view()), "generator").reason).toMatch(/SEA_SELF_LAG.+SEA_SELF_STARVED: .*600ms.*12–15, 20.+SEA_SELF_STOLEN: .*30%/);
  });

  it("counts the threads of a second once", () => {
    const lines = [well, { ...well, cpu: 1 }, { ...well, cpu: 0.99, s: 1 }, { ...well, cpu: 0.98 }];
    expect(strainsIn(lines)).toMatchObject([{ worst: "100%", seconds: [0, 1] }]);
  });

  it("reads ledgers that knew less", () => {
    const trial = new Trial({ budget: { browse: { p95: "1s" } } }).phase().ops().health(0, 60, (s) => s < 30).end();
    expect(found(judge(trial.view()), "generator")).toMatchObject({ grade: "unsure", reason: "the machine that made the load could not keep up" });
  });

  it("stretches of seconds are short and lose none", () => {
    expect(saySeconds([])).toBe("");
    expect(saySeconds([1, 3, 5, 7, 9, 11])).toBe("1, 3, 5, 7, 9, …");
    const parse = (text: string) => text.split(", ").flatMap((part) => {
      const [from, to = from] = part.split("–").map(Number) as [number, number?];
      return Array.from({ length: to! - from + 1 }, (_, i) => from + i);
    });
    fc.assert(fc.property(fc.uniqueArray(fc.nat(12), { minLength: 1, maxLength: 5 }), (some) => {
      const seconds = some.sort((a, b) => a - b);
      expect(parse(saySeconds(seconds))).toEqual(seconds);
    }));
  });

  it("the README's table is made of them", () => {
    const page = readFileSync(new URL("../../src/judge/README.md", import.meta.url), "utf8");
    const rows = strains.map(({ code, measured, above, place }) => `| \`${code}\` | ${measured} | ${above} | ${place} |`);
    expect(page, `src/judge/README.md wants these rows:\n${rows.join("\n")}`).toContain(rows.join("\n"));
  });
});

describe("what the generator lacked", () => {
  const lacking = (phase: number, count: number, cause = "no descriptors") => {
    const trial = calm({ browse: { errors: "0%", p95: "1s" } }, {}, { phases: [{ name: "peak", judged: true }, { name: "after", judged: false }] });
    trial.add({ k: "series", id: 90, type: "op", phase, journey: "browse", step: "GET /items" });
    trial.add({ k: "sec", s: 31, d: [[90, 0, 0, 0, "", ""]], p: [], c: [[90, cause, count]] });
    trial.add({ ...well, s: 31, slow: true, lacks: { "no descriptors": count } });
    return judge(trial.view());
  };

  it("is no error of the service, and leaves the verdict unsure: once is enough", () => {
    const verdict = lacking(0, 1);
    expect(verdict.grade).toBe("unsure");
    expect(found(verdict, "peak / browse / errors").grade).toBe("pass");
    expect(found(verdict, "generator").grade).toBe("pass");
    expect(found(verdict, "generator / no descriptors")).toMatchObject({
      grade: "unsure", observed: "1 touch could not", reason: expect.stringMatching(/^SEA_SELF_DESCRIPTORS: .+ulimit -n 65536/), evidence: expect.stringContaining("in seconds 31 of the ledger"),
    });
  });

  it("matters in judged phases alone", () => expect(lacking(1, 7).grade).toBe("pass"));
  it("has a finding for each thing lacked", () => expect(found(lacking(0, 2_000, "no ports"), "generator / no ports")).toMatchObject({ observed: "2,000 touches could not", reason: expect.stringContaining("SEA_SELF_PORTS") }));
  it("other causes are the service's", () => expect(lacking(0, 2, "refused").findings.filter(({ about }) => about === "generator")).toHaveLength(1));
});
