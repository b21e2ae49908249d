/** The page's server: who gets in, what it answers, and readers that are slow, many or gone. */
import { request as open, type IncomingMessage, type OutgoingHttpHeaders } from "node:http";
import { connect, type Socket } from "node:net";
import { hostname } from "node:os";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import type { LiveWhole } from "../../../reports/live/state.ts";
import { isOurHost, readAddress, type Address } from "../../../src/cli/ui/address.ts";
import { readAsk, type Ask } from "../../../src/cli/ui/asks.ts";
import { openDeck, type Deck } from "../../../src/cli/ui/deck.ts";
import type { Progress } from "../../../src/model/progress.ts";
import { gameDayLines } from "../../reports/game-day.ts";
import { clock, until } from "../seatrial.ts";

const token = "an-open-secret";
const here: Address = { host: "127.0.0.1", port: 0 };
const decks: Deck[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(decks.splice(0).map((deck) => deck.close()));
});

async function deckOf(address: Partial<Address> = {}): Promise<{ deck: Deck; port: number; asked: [Ask, string][] }> {
  const asked: [Ask, string][] = [];
  const deck = await openDeck({ address: { ...here, ...address }, token, clock, act: async (ask, by) => (asked.push([ask, by]), { done: ask.act !== "heal", text: ask.act }) });
  decks.push(deck);
  return { deck, port: Number(new URL(deck.url).port), asked };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

function send(port: number, path: string, { method = "GET", headers = {}, body }: { method?: string; headers?: OutgoingHttpHeaders; body?: string } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = open({ port, host: "127.0.0.1", path, method, headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk)).once("end", () => resolve({ status: response.statusCode!, headers: response.headers, body: text })).once("error", reject);
    });
    request.once("error", reject).end(body);
  });
}
const press = (port: number, body: string, headers: OutgoingHttpHeaders = {}, path = `/${token}/act`) => send(port, path, { method: "POST", body, headers: { "content-type": "application/json", ...headers } });

/** A reader by a bare socket, which can stop to read. */
function listen(port: number): { readonly socket: Socket; text(): string; readonly closed: () => boolean } {
  let [text, closed] = ["", false];
  const socket = connect(port, "127.0.0.1", () => socket.write(`GET /${token}/news HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`));
  sockets.push(socket);
  socket.setEncoding("utf8").on("data", (chunk: string) => (text += chunk)).on("error", () => undefined).on("close", () => (closed = true));
  return { socket, text: () => text, closed: () => closed };
}

const progress: Progress = {
  tMs: 1_000, phase: { index: 0, count: 1, name: "peak", elapsedMs: 1_000, forMs: 5_000 }, users: 1, closed: [], perSecond: 1, p50Ms: 1, p95Ms: Number.NaN, p99Ms: 1, errors: 0, ops: 1, dropped: 0, storm: undefined, slow: false,
};

describe("who gets in", () => {
  const paths = ["", "live.js", "news", "act", "nothing"];

  test.each(["wrong", "", `${token}x`, token.slice(0, -1), token.toUpperCase(), `${token.slice(0, -1)}T`, "%61n-open-secret", "../an-open-secret"])("nobody with token '%s', wherever they ask", async (wrong) => {
    const { port, asked } = await deckOf();
    for (const path of paths) {
      for (const method of ["GET", "POST", "OPTIONS"]) {
        const { status, body, headers } = await send(port, `/${wrong}/${path}`, { method, headers: { "content-type": "application/json" }, ...(method === "POST" && { body: '{"act":"stop"}' }) });
        expect({ status, body }).toEqual({ status: 403, body: "" });
        // The same for what there is and what there is not.
        expect(headers["content-type"]).toBeUndefined();
      }
    }
    expect(asked).toEqual([]);
  });

  test.each(["evil.example", "evil.example:80", "127.0.0.1.evil.example", "127.0.0.1", "localhost:1", "10.0.0.1", hostname()])("nobody who calls this machine '%s'", async (host) => {
    const { port, asked } = await deckOf();
    const name = ["evil.example", "127.0.0.1.evil.example", "10.0.0.1", hostname()].includes(host) ? `${host}:${port}` : host;
    for (const path of paths) expect((await send(port, `/${token}/${path}`, { headers: { host: name } })).status).toBe(403);
    expect((await press(port, '{"act":"stop"}', { host: name })).status).toBe(403);
    expect(asked).toEqual([]);
  });

  test.each(["127.0.0.1", "localhost", "LocalHost", "[::1]"])("whoever calls it %s", async (host) => {
    const { port } = await deckOf();
    expect((await send(port, `/${token}/`, { headers: { host: `${host}:${port}` } })).status).toBe(200);
  });

  test("a page that is open to others takes addresses and its own names, and no name that somebody else may own", async () => {
    const { port } = await deckOf({ host: "0.0.0.0" });
    const status = async (host: string) => (await send(port, `/${token}/`, { headers: { host: `${host}:${port}` } })).status;
    expect(await Promise.all(["10.1.2.3", "127.0.0.1", "localhost", hostname(), "evil.example"].map(status))).toEqual([200, 200, 200, 200, 403]);
  });

  test("every answer forbids to keep, frame, sniff or tell it, and scripts from elsewhere", async () => {
    const { port } = await deckOf();
    for (const path of [`/${token}/`, `/${token}/live.js`, "/wrong/", `/${token}/nothing`]) {
      const { headers } = await send(port, path);
      expect(headers).toMatchObject({ "cache-control": "no-store", "referrer-policy": "no-referrer", "x-content-type-options": "nosniff", "x-frame-options": "DENY", "cross-origin-resource-policy": "same-origin" });
      expect(headers["content-security-policy"]).toMatch(/default-src 'none'; script-src 'self'; style-src 'self'/);
      expect(headers["content-security-policy"]).not.toMatch(/unsafe|\*|data:/);
      expect(headers["access-control-allow-origin"]).toBeUndefined();
    }
  });

  test("the token without a slash leads to the page; other paths and methods lead nowhere", async () => {
    const { port } = await deckOf();
    expect(await send(port, `/${token}`)).toMatchObject({ status: 308, headers: { location: `/${token}/` } });
    for (const path of ["nothing", "__proto__", "constructor", "news/", "../package.json", "%2e%2e/package.json"]) expect((await send(port, `/${token}/${path}`)).status).toBe(404);
    expect((await send(port, `/${token}/`, { method: "DELETE" })).status).toBe(405);
    expect(await send(port, `/${token}/`, { method: "HEAD" })).toMatchObject({ status: 200, body: "" });
  });
});

describe("buttons", () => {
  test("only by POST", async () => {
    const { port, asked } = await deckOf();
    for (const method of ["GET", "HEAD", "PUT", "DELETE"]) expect((await send(port, `/${token}/act?act=stop`, { method, headers: { "content-type": "application/json" } })).status).toBe(405);
    expect(asked).toEqual([]);
  });

  test("only from the page itself, as JSON", async () => {
    const { port, asked } = await deckOf();
    const refused: [OutgoingHttpHeaders, number][] = [
      [{ origin: "http://evil.example" }, 403], [{ origin: "null" }, 403], [{ "sec-fetch-site": "cross-site" }, 403], [{ "sec-fetch-site": "same-site" }, 403],
      [{ "content-type": "text/plain" }, 415], [{ "content-type": "application/x-www-form-urlencoded" }, 415],
    ];
    for (const [headers, status] of refused) expect((await press(port, '{"act":"stop"}', headers)).status).toBe(status);
    expect(asked).toEqual([]);
    expect((await press(port, '{"act":"stop"}', { origin: `http://127.0.0.1:${port}`, "sec-fetch-site": "same-origin" })).status).toBe(200);
    expect(asked).toEqual([[{ act: "stop" }, "the page, from 127.0.0.1"]]);
  });

  test("are answered with what came of it", async () => {
    const { port } = await deckOf();
    expect(await press(port, '{"act":"halt"}')).toMatchObject({ status: 200, body: '{"done":true,"text":"halt"}' });
    expect(await press(port, '{"act":"heal"}')).toMatchObject({ status: 409, body: '{"done":false,"text":"heal"}' });
  });

  test("a body that is too long, or none, does nothing", async () => {
    const { port, asked } = await deckOf();
    expect((await press(port, "")).status).toBe(400);
    // It may be cut off in the middle of the sending.
    expect(await press(port, `{"act":"stop","x":"${"x".repeat(1e6)}"}`).then(({ status }) => status, () => 413)).toBe(413);
    expect(asked).toEqual([]);
  });

  test("nothing but a whole request is one", () => {
    expect(readAsk('{"act":"users","journey":"a","delta":-3}')).toEqual({ act: "users", journey: "a", delta: -3 });
    const wrong = ["null", "[]", '"stop"', "{}", '{"act":"STOP"}', '{"act":["stop"]}', '{"act":"users"}', ...["0", "1.5", "1e9", '"1"', "null"].map((delta) => `{"act":"users","journey":"a","delta":${delta}}`), '{"act":"users","journey":7,"delta":1}'];
    for (const body of wrong) expect(readAsk(body), body).toBeUndefined();
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (body) => void readAsk(body)));
  });
});

describe("news", () => {
  test("begin with everything so far, then come as they are told, and end with a farewell", async () => {
    const { deck, port } = await deckOf();
    for (const line of gameDayLines().lines) deck.tell({ line });
    const reader = listen(port);
    await until("the whole", () => reader.text().includes("event: whole\n"));
    deck.tell({ say: { t: 5, level: "info", text: "opening" } });
    await until("what is said before the run", () => reader.text().includes("opening"));
    deck.tell({ progress });
    await until("the news", () => reader.text().includes('"now"'));
    await deck.close();
    await until("the farewell", () => reader.text().includes("event: farewell\n") && reader.closed());
    const data = [...reader.text().matchAll(/^data: (.*)$/gm)].map(([, text]) => JSON.parse(text!) as Partial<LiveWhole>);
    expect(data[0]!.history!.points).toHaveLength(160);
    expect(data[1]!.history).toMatchObject({ from: 0 });
    expect(data[2]!.now).toMatchObject({ tMs: 1_000, p95Ms: null });
  });

  test("a reader that reads nothing is dropped, and nobody waits for it", async () => {
    const { deck, port } = await deckOf();
    const [slow, quick] = [listen(port), listen(port)];
    await until("both", () => slow.text() !== "" && quick.text() !== "");
    slow.socket.pause();
    const long = "x".repeat(500);
    for (let i = 0; i < 300; i++) {
      for (let say = 0; say < 80; say++) deck.tell({ say: { t: i, level: "info", text: `${i} ${long}` } });
      deck.tell({ progress });
      const read = quick.text().length;
      await until("the quick one to read", () => quick.text().length > read);
    }
    slow.socket.resume();
    await until("the slow one dropped", slow.closed);
    expect(quick.closed()).toBe(false);
    expect((await send(port, `/${token}/`)).status).toBe(200);
  });

  test("cost less than a fiftieth of a core with a page open, the verdict so far included", async () => {
    const { deck, port } = await deckOf();
    const reader = listen(port);
    await until("it", () => reader.text() !== "");
    const lines = gameDayLines().lines;
    const used = process.cpuUsage();
    let beats = 0;
    for (const line of lines) {
      deck.tell({ line });
      if (line.k !== "health") continue;
      beats += 1;
      const read = reader.text().length;
      deck.tell({ progress: { ...progress, tMs: beats * 1_000 } });
      await until("the news", () => reader.text().length > read);
    }
    const { user, system } = process.cpuUsage(used);
    expect(beats).toBe(160);
    expect((user + system) / 1_000 / beats).toBeLessThan(20);
  });

  test("no more pages than it bears", async () => {
    const { port } = await deckOf();
    const readers = Array.from({ length: 40 }, () => listen(port));
    await until("an answer for all", () => readers.every((reader) => reader.text() !== ""));
    expect(readers.filter((reader) => reader.text().includes(" 200 ")).length).toBe(24);
    readers[0]!.socket.destroy();
    for (const reader of readers) if (reader.text().includes(" 503 ")) reader.socket.destroy();
    await until("room again", async () => {
      const next = listen(port);
      await until("an answer", () => next.text() !== "");
      return next.text().includes(" 200 ");
    });
  });

  test("readers that never read do not hold up the end", async () => {
    const { deck, port } = await deckOf();
    const dead = listen(port);
    await until("it", () => dead.text() !== "");
    dead.socket.pause();
    for (let i = 0; i < 4; i++) {
      for (let say = 0; say < 80; say++) deck.tell({ say: { t: 0, level: "info", text: "x".repeat(500) } });
      deck.tell({ progress });
    }
    const beganMs = clock.now();
    await deck.close();
    expect(clock.now() - beganMs).toBeLessThan(6_000);
  });
});

describe("addresses", () => {
  test.each<[string, Address]>([
    ["127.0.0.1", { host: "127.0.0.1", port: 0 }], ["8089", { host: "127.0.0.1", port: 8089 }], [":8089", { host: "127.0.0.1", port: 8089 }],
    ["0.0.0.0:8089", { host: "0.0.0.0", port: 8089 }], ["[::1]:8089", { host: "::1", port: 8089 }], ["box.example", { host: "box.example", port: 0 }],
  ])("%s", (text, address) => expect(readAddress(text)).toEqual(address));

  test.each(["", "scenario.ts", "scenarios/game-day.ts", "host:port", "host:99999", "http://x", "::1", "[nope]:1", "a b"])("'%s' is none", (text) => {
    expect(() => readAddress(text)).toThrow(expect.objectContaining({ code: "SEA_UI_ADDRESS", place: "--ui" }));
  });

  test("whatever a header says, only our names are ours", () => {
    fc.assert(fc.property(fc.string(), (text) => isOurHost(text, { host: "127.0.0.1", port: 8089 }) === false));
    expect(isOurHost(undefined, { host: "127.0.0.1", port: 8089 })).toBe(false);
    expect(isOurHost("[::1]:8089", { host: "::1", port: 8089 })).toBe(true);
  });
});
