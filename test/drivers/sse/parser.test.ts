import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Parser, TooLong, type Parsed } from "../../../drivers/sse/parser.ts";

interface Read {
  readonly events: readonly Parsed[];
  readonly retries: readonly number[];
  readonly lastId: string;
}

/** Reads a stream in pieces that end at these places. */
function read(stream: string | Uint8Array, cuts: readonly number[] = [], mostBytes = 1_000_000): Read {
  const bytes = Buffer.from(stream as string);
  const events: Parsed[] = [];
  const retries: number[] = [];
  const parser = new Parser({ event: (event) => void events.push(event), retry: (ms) => void retries.push(ms) }, mostBytes);
  const ends = [...new Set([...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  let from = 0;
  for (const to of ends) {
    parser.read(bytes.subarray(from, to));
    from = to;
  }
  return { events, retries, lastId: parser.lastId };
}
const message = (data: string, id = "", type = "message"): Parsed => ({ type, data, id });

describe("an event stream, as the standard has it", () => {
  test.each<[string, string, Parsed[]]>([
    ["lines of data are joined", "data: YHOO\ndata: +2\ndata: 10\n\n", [message("YHOO\n+2\n10")]],
    ["comments, ids that come and go, one space and no more", ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n", [message("first event", "1"), message("second event"), message(" third event")]],
    ["empty data is data, but none is no event", "data\n\ndata\ndata\n\ndata:", [message(""), message("\n")]],
    ["with or without a space", "data:test\n\ndata: test\n\n", [message("test"), message("test")]],
    ["types, and back to none", "event: add\ndata: 73857293\n\ndata: x\n\n", [message("73857293", "", "add"), message("x")]],
    ["a type without data is forgotten", "event: add\n\ndata: x\n\n", [message("x")]],
    ["an id stays until the next", "id: 7\ndata: a\n\ndata: b\n\nid: 8\n\ndata: c\n\n", [message("a", "7"), message("b", "7"), message("c", "8")]],
    ["an id with a null is none", "id: 7\ndata: a\n\nid: 8\0\ndata: b\n\n", [message("a", "7"), message("b", "7")]],
    ["fields nobody knows, and names that only look like them", "data : x\nDATA: x\ndata: y\nfoo: bar\nfoo\n\n", [message("y")]],
    ["a byte order mark at the beginning, and only there", "\ufeffdata: a\n\n\ufeffdata: b\n\ndata: \ufeffc\n\n", [message("a"), message("\ufeffc")]],
    ["carriage returns, line feeds, both, mixed", "data: a\rdata: b\r\ndata: c\n\r\ndata: d\r\rdata: e\n\n", [message("a\nb\nc"), message("d"), message("e")]],
    ["what is not whole at the end is no event", "data: a\n\ndata: b\n", [message("a")]],
    ["colons in values", "data: a: b: c\n\ndata:: d\n\n", [message("a: b: c"), message(": d")]],
    ["text of all the world", "data: Grüße ☂ 🚢\n\n", [message("Grüße ☂ 🚢")]],
  ])("%s", (_, stream, events) => {
    expect(read(stream).events).toEqual(events);
    for (let cut = 0; cut <= Buffer.byteLength(stream); cut++) expect(read(stream, [cut]).events).toEqual(events);
  });

  test("retry is digits and nothing else", () => {
    expect(read("retry: 100\nretry: 1.5\nretry: -1\nretry\nretry: 0\n").retries).toEqual([100, 0]);
  });

  test("the last id counts when its event is whole", () => {
    expect(read("id: 1\ndata: a\n\nid: 2\ndata: b\n").lastId).toBe("1");
    expect(read("id: 1\n\n").lastId).toBe("1");
  });

  test("bytes that are no UTF-8 become signs of that, as browsers have it", () => {
    expect(read(Buffer.concat([Buffer.from("data: a"), Buffer.from([0xff, 0xe2, 0x98]), Buffer.from("b\n\n")])).events).toEqual([message("a\ufffd\ufffdb")]);
  });

  test("whatever the pieces, the events are the same", () => {
    const piece = fc.constantFrom("data", "event", "id", "retry", ":", " ", "\n", "\r", "\r\n", "\n\n", "x", "☂", "🚢", "\ufeff", "\0", "data: a\n\n", "id: 1\n", "12");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.array(fc.nat(500), { maxLength: 20 }), (pieces, cuts) => {
        const stream = pieces.join("");
        expect(read(stream, cuts)).toEqual(read(stream));
      }),
      { numRuns: 1_000 },
    );
  });

  test("what is written comes out", () => {
    const text = fc.string({ unit: "grapheme" }).map((one) => one.replace(/[\r\n\0\ufeff]/g, ""));
    const events = fc.array(fc.record({ type: text.filter((one) => one !== ""), lines: fc.array(text, { minLength: 1, maxLength: 4 }), id: text }), { maxLength: 6 });
    fc.assert(
      fc.property(events, fc.constantFrom("\n", "\r", "\r\n"), fc.array(fc.nat(2_000), { maxLength: 20 }), (sent, end, cuts) => {
        const stream = sent.map(({ type, lines, id }) => [`event: ${type}`, `id: ${id}`, ...lines.map((line) => `data: ${line}`), "", ""].join(end)).join("");
        expect(read(stream, cuts).events).toEqual(sent.map(({ type, lines, id }) => message(lines.join("\n"), id, type)));
      }),
      { numRuns: 500 },
    );
  });

  test("lines and events have an end", () => {
    const most = 1_000;
    expect(read(`data: ${"x".repeat(most - 6)}\n\n`, [], most).events).toHaveLength(1);
    expect(() => read(`data: ${"x".repeat(most)}`, [], most)).toThrow(TooLong);
    expect(() => read("x".repeat(10 * most), [1, 2, 3, 999, 1_000], most)).toThrow(TooLong);
    expect(() => read("data: xxxxxxxxxx\n".repeat(most / 10), [], most)).toThrow(TooLong);
    // Comments and fields that nobody keeps have none.
    expect(read(`${": hello\n".repeat(most)}data: a\n\n`, [], most).events).toEqual([message("a")]);
  });
});
