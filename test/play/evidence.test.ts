import { expect, test } from "vitest";
import { Mask } from "../../src/mask/mask.ts";
import { Evidence } from "../../src/play/evidence.ts";
import { journey, scenario, times } from "../../src/index.ts";
import { rope, staged } from "./stage.ts";

const inMemory = () => {
  const files = new Map<string, string | Uint8Array>();
  return { files, place: (name: string) => `evidence/${name}`, put: async (path: string, content: string | Uint8Array) => void files.set(path, content) };
};

test("two files of one name are two files", async () => {
  const shelf = inMemory();
  const evidence = new Evidence(shelf);
  const { save } = evidence.of(new Mask());
  expect([save("shot.png", "a"), save("shot.png", "b")]).toEqual(["evidence/001-shot.png", "evidence/002-shot.png"]);
  await evidence.written;
  expect([...shelf.files]).toEqual([["evidence/001-shot.png", "a"], ["evidence/002-shot.png", "b"]]);
  expect(evidence.leftOut).toBeUndefined();
});

test("text is masked, with what its user alone knows; bytes stay as they are", async () => {
  const shelf = inMemory();
  const evidence = new Evidence(shelf);
  const mary = new Mask();
  mary.keep("marys word");
  evidence.of(mary).save("a.txt", "token=abc marys word");
  evidence.of(new Mask()).save("b.txt", "token=abc marys word");
  evidence.of(mary).save("c.png", Buffer.from("marys word"));
  await evidence.written;
  expect([...shelf.files.values()].map(String)).toEqual(["token=*** ***", "token=*** marys word", "marys word"]);
});

test("files and bytes are bounded, also when all are saved at once, and what was left out is said", async () => {
  const shelf = inMemory();
  const evidence = new Evidence(shelf);
  const { save } = evidence.of(new Mask());
  const big = new Uint8Array(20 * 1024 * 1024);
  const paths = [...Array.from({ length: 20 }, () => save("trace.zip", big)), ...Array.from({ length: 600 }, () => save("shot.png", "x"))];
  await evidence.written;
  expect(shelf.files.size).toBe(500);
  expect([...shelf.files.values()].reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(256 * 1024 * 1024);
  expect(paths.filter((path) => path === undefined)).toHaveLength(120);
  expect(evidence.leftOut).toContain("120 files of evidence");
  expect(save("video.webm", new Uint8Array(33 * 1024 * 1024))).toBeUndefined();
});

test("a disk that refuses a file does not end the walk, and the run says so at its end", async () => {
  const paths: unknown[] = [];
  const camera = { ...rope(), open: async ({ artifacts, record, clock }: any) => ({ shoot: async () => (paths.push(artifacts.save("a.png", "x")), record.op("shoot", clock.now(), clock.now(), "ok")) }) };
  const look = journey({ camera }, async ({ camera }: any) => camera.shoot());
  const { says, end } = await staged(scenario({ name: "full disk", journeys: { look }, phases: [{ name: "p", load: { look: times(2) } }] }), { artifacts: { place: (name) => name, put: async () => { throw new Error("no space left"); } } });
  expect(paths).toEqual(["001-a.png", "002-a.png"]);
  expect(end.how).toBe("done");
  expect(says).toContainEqual(expect.stringMatching(/2 files of evidence \(1 kB\) left out: .*no space left/));
});
