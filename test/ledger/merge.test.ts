import fc from "fast-check";
import { expect, test } from "vitest";
import { Book } from "../../src/ledger/book.ts";
import { ViewBuilder } from "../../src/ledger/gather.ts";
import type { Line } from "../../src/ledger/lines.ts";
import { Merge, type BookLine } from "../../src/ledger/merge.ts";
import { runLineOf } from "./lines.ts";

const outcomes = ["ok", "refused", "unsure"] as const;

/** Books of workers, and the one that they are merged into. */
function merged(workers: number) {
  const lines: Line[] = [runLineOf()];
  const book = new Book((line) => lines.push(line));
  const told: BookLine[][] = Array.from({ length: workers }, () => []);
  const books = told.map((list) => new Book((line) => list.push(structuredClone(line) as BookLine)));
  const merge = new Merge(book);
  const tell = (worker: number, place = worker) => merge.add(place, told[worker]!.splice(0));
  const view = () => {
    const builder = new ViewBuilder();
    for (const line of lines) builder.add(JSON.parse(JSON.stringify(line)) as Line);
    return builder.view()!;
  };
  return { lines, books, merge, tell, view };
}

const op = fc.record({ worker: fc.nat(2), second: fc.nat(4), step: fc.constantFrom("GET /", "GET /a", "POST /b"), late: fc.nat(900), ms: fc.nat(5_000), outcome: fc.constantFrom(...outcomes), isWrong: fc.boolean() });

test("books that were merged say what one book would", () => {
  fc.assert(fc.property(fc.array(op, { maxLength: 60 }), (ops) => {
    const sorted = [...ops].sort((a, b) => a.second - b.second);
    const { lines, books, merge, tell, view } = merged(3);
    const aloneLines: Line[] = [runLineOf()];
    const alone = new Book((line) => aloneLines.push(line));
    for (let second = 0; second < 5; second++) {
      for (const { worker, step, late, ms, outcome, isWrong } of sorted.filter((one) => one.second === second)) {
        for (const book of [books[worker]!, alone]) {
          const slot = book.slot("op", 0, "browse", step);
          const endedMs = second * 1_000 + 999;
          book.record(slot, endedMs - ms - late, endedMs - ms, endedMs, outcome);
          if (outcome !== "ok") book.fail(slot, endedMs, 1, { cause: outcome });
          else if (isWrong) book.refuse(slot);
          book.pace(0, "browse").starts += 1;
        }
      }
      for (const book of [...books, alone]) book.turn((second + 1) * 1_000);
      for (const worker of [0, 1, 2]) tell(worker);
      merge.closeUntil(second + 1);
    }
    const builder = new ViewBuilder();
    for (const line of aloneLines) builder.add(line);
    const [one, other] = [builder.view()!, view()];
    for (const select of [{}, { step: "GET /a" }, { fromS: 2, toS: 4 }]) {
      const [a, b] = [one.tally(select), other.tally(select)];
      expect([b.ok, b.refused, b.unsure, b.due.pack(), b.began.pack()]).toEqual([a.ok, a.refused, a.unsure, a.due.pack(), a.began.pack()]);
    }
    const key = ({ step, cause, count }: { step: string; cause: string; count: number }) => `${step} ${cause} ${count}`;
    expect(other.failures.map(key).sort()).toEqual(one.failures.map(key).sort());
    const [secs, wanted] = [lines, aloneLines].map((list) => list.flatMap((line) => (line.k === "sec" ? [[line.s, line.p]] : [])));
    expect(secs).toEqual(wanted);
  }));
});

test("what several workers tell is bounded as one book is", () => {
  const { lines, books, merge, tell, view } = merged(3);
  for (const [worker, book] of books.entries()) {
    for (let i = 0; i < 290; i++) book.record(book.slot("op", 0, "browse", `GET /${worker}/${i}`), 0, 0, 1, "ok");
    const slot = book.slot("op", 0, "buy", "POST /orders");
    for (let i = 0; i < 40; i++) book.fail(slot, 1, worker, { cause: `cause ${worker}/${i % 20}` });
    for (let i = 0; i < 9; i++) book.fail(slot, 1, worker, { cause: "status 503" });
    book.turn(1_000);
    tell(worker);
  }
  merge.closeUntil(1);
  const { failures, series, examples, tally } = view();
  expect(series.filter(({ journey }) => journey === "browse").length).toBe(301);
  expect(tally({ journey: "browse" }).ok).toBe(870);
  expect(failures.filter(({ journey }) => journey === "buy").length).toBe(31);
  expect(failures.reduce((sum, { count }) => sum + count, 0)).toBe(147);
  expect(failures.find(({ cause }) => cause === "status 503")).toMatchObject({ count: 27 });
  expect(examples.filter(({ cause }) => cause === "status 503").length).toBe(3);
  expect(lines.filter((line) => line.k === "sec").length).toBe(1);
});

test("users are those of the second, and a worker that tells late gets a line of its own", () => {
  const { lines, books, merge, tell, view } = merged(2);
  const users = (at: number, s: number, count: number) => {
    books[at]!.pace(0, "browse").users = count;
    books[at]!.turn((s + 1) * 1_000);
  };
  users(0, 0, 3);
  users(1, 0, 4);
  tell(0);
  merge.closeUntil(1);
  users(0, 1, 2);
  tell(0);
  merge.closeUntil(2);
  tell(1);
  expect(lines.flatMap((line) => (line.k === "sec" ? [[line.s, line.p[0]![6]]] : []))).toEqual([[0, 3], [1, 2], [0, 4]]);
  expect(view().pace.filter(({ s }) => s === 0).reduce((sum, { cell }) => sum + cell[6], 0)).toBe(7);
});

test("a worker in another's place has series of its own", () => {
  const { books, merge, tell, view } = merged(2);
  books[0]!.record(books[0]!.slot("op", 0, "browse", "GET /"), 0, 0, 1, "ok");
  books[0]!.turn(1_000);
  tell(0);
  merge.renew(0);
  const record = (step: string) => books[1]!.record(books[1]!.slot("op", 0, "browse", step), 0, 0, 1, "ok");
  record("POST /");
  record("GET /");
  books[1]!.turn(1_000);
  tell(1, 0);
  merge.closeUntil(1);
  expect(view().tally({ step: "GET /" }).ok).toBe(2);
  expect(view().tally({ step: "POST /" }).ok).toBe(1);
});
