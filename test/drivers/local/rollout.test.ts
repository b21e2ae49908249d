import { expect, test } from "vitest";
import { Canary } from "../../../drivers/local/supervisor/rollout.ts";

/** Plays steps of one second each: ready replicas of the candidate, its answers and errors in that second. */
function play(steps: readonly (readonly [ready: number, answers: number, errors: number])[]): Canary {
  const canary = new Canary({ version: "good" });
  canary.ship({ version: "new" }, 0);
  steps.forEach(([ready, answers, errors], i) => {
    canary.count("new", answers, errors);
    canary.step({ ready, wanted: 4 }, i * 1_000);
  });
  return canary;
}

const calm = [1, 10, 0] as const;
const up = [2, 3, 4].map((ready) => [ready, 10, 0] as const);

test.each([
  ["never ready", Array(16).fill([0, 0, 0]), "rolled-back"],
  ["not ready yet", Array(14).fill([0, 0, 0]), "progressing"],
  ["too few answers to say", [[1, 19, 19]], "progressing"],
  ["all errors", [[1, 20, 20]], "rolled-back"],
  ["errors at the limit", [[1, 100, 5]], "progressing"],
  ["errors above the limit", [[1, 100, 6]], "rolled-back"],
  ["silence is not good", Array(30).fill([1, 0, 0]), "progressing"],
  ["good, but not for long enough", Array(5).fill(calm), "progressing"],
  ["good, being promoted", Array(6).fill(calm), "progressing"],
  ["good, all replaced", [...Array(6).fill(calm), ...up], "promoted"],
] as const)("%s: %s", (_, steps, phase) => {
  const { rollout } = play(steps as never);
  expect(rollout.phase).toBe(phase);
  expect(rollout.stable).toBe(phase === "promoted" ? "new" : "good");
  if (phase !== "progressing") expect(rollout).toMatchObject({ candidate: undefined, weight: 0, reason: expect.stringMatching(/./) });
});

test("replicas are replaced one by one, never fewer ready than wanted", () => {
  const canary = play(Array(6).fill(calm));
  for (let ready = 1; ready < 4; ready++) {
    const counts = canary.counts({ ready, wanted: 4 });
    expect(counts).toEqual({ stable: 4 - ready, candidate: ready + 1 });
    canary.step({ ready: ready + 1, wanted: 4 }, 10_000 + ready);
  }
  expect(canary.rollout.phase).toBe("promoted");
  expect(canary.counts({ ready: 0, wanted: 4 })).toEqual({ stable: 4, candidate: 0 });
});

test("undo goes back from either stage, and does nothing at rest", () => {
  for (const steps of [1, 6]) {
    const canary = play(Array(steps).fill(calm));
    canary.undo();
    expect(canary.rollout).toMatchObject({ phase: "rolled-back", stable: "good", weight: 0, reason: "undone" });
    expect(canary.weights()).toEqual({ good: 1 });
  }
  const idle = new Canary({ version: "good" });
  idle.undo();
  expect(idle.rollout.phase).toBe("idle");
});
