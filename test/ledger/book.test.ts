import { expect, test } from "vitest";
import { Book, otherSteps } from "../../src/ledger/book.ts";
import type { FailLine, Line, SecondLine } from "../../src/ledger/lines.ts";
import { ViewBuilder } from "../../src/ledger/gather.ts";
import { runLineOf } from "./lines.ts";

function bookOf(): { book: Book; lines: Line[]; view: () => ReturnType<ViewBuilder["view"]> } {
  const lines: Line[] = [runLineOf()];
  return {
    lines,
    book: new Book((line) => lines.push(line)),
    view: () => {
      const builder = new ViewBuilder();
      for (const line of lines) builder.add(JSON.parse(JSON.stringify(line)) as Line);
      return builder.view();
    },
  };
}

test("a second becomes one line, and the view adds up to what was recorded", () => {
  const { book, lines, view } = bookOf();
  const slot = book.slot("op", 0, "browse", "GET /");
  book.record(slot, 100, 100, 110, "ok");
  book.record(slot, 100, 150, 160, "unsure");
  book.record(slot, 900, 900, 901, "refused");
  book.record(slot, 1_500, 1_500, 1_520, "ok");
  book.finish();
  expect(lines.filter((line) => line.k === "sec").map((line) => (line as SecondLine).s)).toEqual([0, 1]);
  const all = view()!.tally({ journey: "browse" });
  expect([all.ok, all.refused, all.unsure, all.fromS, all.toS]).toEqual([2, 1, 1, 0, 2]);
  // The refused touch is in no latency.
  expect(all.due.count).toBe(3);
  expect(all.due.maxMs).toBe(60);
  expect(all.began.maxMs).toBe(20);
});

test("touches that were only summed up are counted with their causes, and are in no latency", () => {
  const { book, lines, view } = bookOf();
  const slot = book.slot("op", 0, "crowd", "requests");
  book.tally(slot, 200, "ok", 40);
  book.tally(slot, 1_200, "refused", 7);
  book.fail(slot, 1_200, 0, { cause: "status 503" }, 7);
  book.finish();
  const all = view()!.tally({ journey: "crowd" });
  expect([all.ok, all.refused, all.due.count, all.fromS, all.toS]).toEqual([40, 7, 0, 0, 2]);
  expect(lines.flatMap((line) => (line.k === "sec" ? (line.c ?? []) : []))).toEqual([[slot.id, "status 503", 7]]);
  expect(lines.filter((line) => line.k === "fail")).toHaveLength(1);
});

test("a check takes an ok back, also in a later second", () => {
  const { book, view } = bookOf();
  const slot = book.slot("op", 0, "browse", "GET /");
  book.record(slot, 0, 0, 10, "ok");
  book.turn(1_000);
  book.refuse(slot);
  book.finish();
  const all = view()!.tally();
  expect([all.ok, all.refused, all.count]).toEqual([0, 1, 1]);
});

test("groups and walks are not counted among a journey's ops", () => {
  const { book, view } = bookOf();
  book.record(book.slot("op", 0, "browse", "GET /"), 0, 0, 10, "ok");
  book.record(book.slot("group", 0, "browse", "sign in"), 0, 0, 12, "ok");
  book.record(book.slot("walk", 0, "browse", ""), 0, 0, 20, "ok");
  book.finish();
  expect(view()!.tally({ journey: "browse" }).count).toBe(1);
  expect(view()!.tally({ journey: "browse", step: "sign in" }).count).toBe(1);
  expect(view()!.tally({ journey: "browse", type: "walk" }).due.maxMs).toBe(20);
});

test("exemplars, causes and steps are bounded, and nothing is lost from the counts", () => {
  const { book, lines, view } = bookOf();
  for (let i = 0; i < 500; i++) {
    const slot = book.slot("op", 0, "browse", `GET /items/${i}`);
    book.record(slot, 0, 0, 1, "refused");
    book.fail(slot, 1, 0, { cause: "status 500", body: "x".repeat(10_000) });
  }
  const one = book.slot("op", 0, "buy", "POST /orders");
  for (let i = 0; i < 200; i++) {
    book.record(one, 0, 0, 1, "refused");
    book.fail(one, 1, 0, { cause: `cause ${i}` });
  }
  book.finish();
  expect(view()!.tally().refused).toBe(700);
  expect(view()!.tally({ journey: "browse", step: otherSteps }).refused).toBe(200);
  expect(view()!.failures.reduce((sum, failure) => sum + failure.count, 0)).toBe(700);
  const examples = lines.filter((line) => line.k === "fail") as FailLine[];
  expect(examples.length).toBeLessThanOrEqual(1_000);
  expect(Math.max(...examples.map((line) => line.body?.length ?? 0))).toBe(512);
  expect(new Set(view()!.failures.filter((failure) => failure.journey === "buy").map((failure) => failure.cause)).size).toBe(31);
});

test("walks keep their own series, however many steps a journey has", () => {
  const { book, view } = bookOf();
  for (let i = 0; i < 400; i++) book.record(book.slot("op", 0, "browse", `GET /items/${i}`), 0, 0, 1, "ok");
  book.record(book.slot("walk", 0, "browse", ""), 0, 0, 9, "refused");
  book.finish();
  expect(view()!.tally({ journey: "browse", type: "walk" })).toMatchObject({ count: 1, refused: 1 });
  expect(view()!.series.filter(({ type }) => type === "walk").map(({ step }) => step)).toEqual([""]);
});

test("idle series cost nothing: a quiet second writes no line", () => {
  const { book, lines } = bookOf();
  book.record(book.slot("op", 0, "browse", "GET /"), 0, 0, 10, "ok");
  book.turn(1_000);
  const before = lines.length;
  book.turn(2_000);
  book.turn(3_000);
  expect(lines.length).toBe(before);
});

test("a failure keeps its evidence, within bounds, and says beforehand whether it will be kept", () => {
  const { book, lines } = bookOf();
  const slot = book.slot("op", 0, "browse", "GET /");
  const artifacts = Array.from({ length: 20 }, (_, n) => ({ name: `shot ${n}`, path: `evidence/${n}${"x".repeat(2_000)}.png`, type: "image/png" }));
  const kept: boolean[] = [];
  for (let n = 0; n < 5; n++) {
    kept.push(book.keeps(slot, "status 503"));
    book.fail(slot, n, 0, { cause: "status 503", artifacts });
  }
  expect(kept).toEqual([true, true, true, false, false]);
  const fails = lines.filter((line): line is FailLine => line.k === "fail");
  expect(fails).toHaveLength(3);
  expect(fails[0]!.artifacts!.map(({ name }) => name)).toEqual(["shot 0", "shot 1", "shot 2", "shot 3", "shot 4", "shot 5", "shot 6", "shot 7"]);
  expect(JSON.stringify(fails[0]).length).toBeLessThan(6_000);
});

test("a second with failures says when the first and the latest came", () => {
  const { book, view } = bookOf();
  const slot = book.slot("op", 0, "browse", "GET /");
  book.record(slot, 0, 0, 10, "ok");
  book.record(slot, 100, 100, 250.5, "refused");
  book.record(slot, 100, 100, 700, "unsure");
  book.record(slot, 100, 100, 800, "ok");
  book.record(slot, 1_000, 1_000, 1_010, "ok");
  book.fail(slot, 1_200, 1, { cause: "check: total" });
  book.record(slot, 2_000, 2_000, 2_010, "ok");
  book.finish();
  expect(view()!.series[0]!.seconds.map(({ s, bad }) => [s, bad])).toEqual([[0, [250.5, 700]], [1, [1_200, 1_200]], [2, undefined]]);
});

test("what came of workers keeps the times of failures", () => {
  const worker = bookOf();
  worker.book.record(worker.book.slot("op", 0, "browse", "GET /"), 100, 100, 300, "refused");
  worker.book.finish();
  const { book, view } = bookOf();
  const slot = book.slot("op", 0, "browse", "GET /");
  book.record(slot, 100, 100, 400, "refused");
  book.add(worker.lines.find((line) => line.k === "sec") as SecondLine, () => slot);
  book.settle(0);
  expect(view()!.series[0]!.seconds[0]!.bad).toEqual([300, 400]);
});
