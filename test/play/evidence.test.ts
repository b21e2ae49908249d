import { expect, test } from "vitest";
import { Evidence } from "../../src/play/evidence.ts";
import { journey, scenario, times } from "../../src/index.ts";
import { rope, staged } from "./stage.ts";

const inMemory = () => {
  const files = new Map<string, number>();
  return { files, save: async (name: string, content: string | Uint8Array) => (files.set(name, content.length), `evidence/${name}`) };
};

test("two files of one name are two files", async () => {
  const inner = inMemory();
  const evidence = new Evidence(inner);
  expect([await evidence.save("shot.png", "a"), await evidence.save("shot.png", "b")]).toEqual(["evidence/001-shot.png", "evidence/002-shot.png"]);
  expect(evidence.leftOut).toBeUndefined();
});

test("files and bytes are bounded, also when all are saved at once, and what was left out is said", async () => {
  const inner = inMemory();
  const evidence = new Evidence(inner);
  const big = new Uint8Array(20 * 1024 * 1024);
  const paths = await Promise.all([...Array.from({ length: 20 }, () => evidence.save("trace.zip", big)), ...Array.from({ length: 600 }, () => evidence.save("shot.png", "x"))]);
  expect(inner.files.size).toBe(500);
  expect([...inner.files.values()].reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(256 * 1024 * 1024);
  expect(paths.filter((path) => path === undefined)).toHaveLength(120);
  expect(evidence.leftOut).toContain("120 files of evidence");
  expect(await evidence.save("video.webm", new Uint8Array(33 * 1024 * 1024))).toBeUndefined();
});

test("a disk that refuses a file does not end the walk, and the run says so at its end", async () => {
  const paths: unknown[] = [];
  const camera = { ...rope(), open: async ({ artifacts, record, clock }: any) => ({ shoot: async () => (paths.push(await artifacts.save("a.png", "x")), record.op("shoot", clock.now(), clock.now(), "ok")) }) };
  const look = journey({ camera }, async ({ camera }: any) => camera.shoot());
  const { says, end } = await staged(scenario({ name: "full disk", journeys: { look }, phases: [{ name: "p", load: { look: times(2) } }] }), { artifacts: { save: async () => { throw new Error("no space left"); } } });
  expect(paths).toEqual([undefined, undefined]);
  expect(end.how).toBe("done");
  expect(says).toContainEqual(expect.stringMatching(/2 files of evidence \(1 kB\) left out: .*no space left/));
});
