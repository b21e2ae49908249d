/** The parser of the wire, alone and against Node's own (llhttp). */
import { describe, expect, test } from "vitest";
import { Bytes } from "../../../drivers/http/wire/bytes.ts";
import { Parser } from "../../../drivers/http/wire/parser.ts";
import { seeded, type Random } from "../../../src/units/random.ts";
import { limitBytes, read, readByNode, type Read } from "./hearing.ts";

const one = (text: string) => [Buffer.from(text, "latin1")];

function split(bytes: Buffer, random: Random): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const to = Math.min(bytes.length, at + random.int(1, random.pick([1, 3, 20, 200])));
    pieces.push(bytes.subarray(at, to));
    at = to;
  }
  return pieces;
}

const good: readonly [name: string, text: string, body: string, more?: { method?: string; status?: number; keepsMs?: number; extra?: number }][] = [
  ["a length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello", { keepsMs: Infinity }],
  ["no reason", "HTTP/1.1 200\r\ncontent-length: 1\r\n\r\na", "a"],
  ["an empty reason", "HTTP/1.1 200 \r\ncontent-length: 1\r\n\r\na", "a"],
  ["a reason in Latin-1", "HTTP/1.1 404 Pas trouv\xe9\r\ncontent-length: 0\r\n\r\n", "", { status: 404 }],
  ["a status of nobody's", "HTTP/1.1 999 Denied\r\ncontent-length: 0\r\n\r\n", "", { status: 999 }],
  ["no body", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ""],
  ["repeated headers", "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nset-cookie: c=d\r\nContent-Length: 0\r\n\r\n", ""],
  ["empty and spaced values", "HTTP/1.1 200 OK\r\na:\r\nb:  \t \r\nc: \tx y \t\r\nContent-Length:\t2 \r\n\r\nok", "ok"],
  ["values beyond ASCII", "HTTP/1.1 200 OK\r\nx: \xe9\xff\r\ncontent-length: 2\r\n\r\n\x00\xff", "\x00\xff"],
  ["every character of a name", "HTTP/1.1 200 OK\r\n!#$%&'*+-.^_`|~09azAZ: 1\r\ncontent-length: 0\r\n\r\n", ""],
  ["to the close", "HTTP/1.1 200 OK\r\n\r\nall of it", "all of it", { keepsMs: 0 }],
  ["nothing to the close", "HTTP/1.1 200 OK\r\n\r\n", "", { keepsMs: 0 }],
  ["HTTP/1.0 to the close", "HTTP/1.0 200 OK\r\n\r\nold", "old", { keepsMs: 0 }],
  ["HTTP/1.0 with a length", "HTTP/1.0 200 OK\r\ncontent-length: 3\r\n\r\nold", "old", { keepsMs: 0 }],
  ["HTTP/1.0 kept alive", "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\ncontent-length: 3\r\n\r\nold", "old", { keepsMs: Infinity }],
  ["chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n00A\r\n, world!\r\n\r\n0\r\n\r\n", "hello, world!\r\n", { keepsMs: Infinity }],
  ["chunks with extensions", 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2;a;b=c;d="e; \\" f"\r\nok\r\n0;x\r\n\r\n', "ok"],
  ["chunks with trailers", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nx-sum: 1\r\nx-more: 2\r\n\r\n", "ok"],
  ["no chunks at all", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", ""],
  ["the head alone", "HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n", "", { method: "HEAD", keepsMs: Infinity }],
  ["the head of chunks alone", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "", { method: "HEAD" }],
  ["204 without a body", "HTTP/1.1 204 No Content\r\n\r\n", "", { status: 204, keepsMs: Infinity }],
  ["304 with the length of what is not sent", "HTTP/1.1 304 Not Modified\r\ncontent-length: 5000\r\n\r\n", "", { status: 304, keepsMs: Infinity }],
  ["hints before", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: <a>\r\n\r\nHTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\nok", "ok", { status: 201 }],
  ["a hint that says it is empty", "HTTP/1.1 100 Continue\r\ncontent-length: 0\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok", "ok"],
  ["a last answer", "HTTP/1.1 200 OK\r\nconnection: x, Close\r\ncontent-length: 2\r\n\r\nok", "ok", { keepsMs: 0 }],
  ["a server that keeps connections for a while", "HTTP/1.1 200 OK\r\nKeep-Alive: max=9, timeout=5\r\ncontent-length: 2\r\n\r\nok", "ok", { keepsMs: 4_000 }],
  ["a server that hardly does", "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\ncontent-length: 2\r\n\r\nok", "ok", { keepsMs: 0 }],
  ["an upgrade that is only offered", "HTTP/1.1 200 OK\r\nconnection: upgrade\r\nupgrade: h2c\r\ncontent-length: 2\r\n\r\nok", "ok", { keepsMs: Infinity }],
  ["an upgrade that is offered to the close", "HTTP/1.1 200 OK\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\nok", "ok", { keepsMs: 0 }],
  ["HTTP/1.0 kept alive without a length", "HTTP/1.0 200 OK\r\nconnection: keep-alive\r\n\r\nold", "old", { keepsMs: 0 }],
  ["204 in HTTP/1.0", "HTTP/1.0 204 No Content\r\n\r\n", "", { status: 204, keepsMs: 0 }],
  ["204 that is the last", "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", "", { status: 204, keepsMs: 0 }],
  ["204 with a body all the same", "HTTP/1.1 204 No Content\r\ncontent-length: 4\r\n\r\nevil", "", { status: 204, extra: 4 }],
  ["304 with the coding of what is not sent", "HTTP/1.1 304 Not Modified\r\ntransfer-encoding: chunked\r\n\r\n", "", { status: 304, keepsMs: Infinity }],
  ["names that are nearly ours", "HTTP/1.1 200 OK\r\nContent-Length-X: 9\r\nX_Content-Length: 8\r\nProxy-Connection: close\r\nTransfer-Encodings: x\r\ncontent-length: 2\r\n\r\nok", "ok", { keepsMs: Infinity }],
  ["a second answer behind", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\n", "ok", { extra: 19 }],
  ["a second answer behind chunks", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "ok", { extra: 19 }],
  ["a body behind a head that has none", "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil", "", { method: "HEAD", extra: 4 }],
];

const head = "HTTP/1.1 200 OK\r\n";
const chunked = `${head}transfer-encoding: chunked\r\n\r\n`;
const bad: readonly [name: string, text: string, how: Read][] = [
  ["another protocol", "220 smtp.example ESMTP\r\n", "malformed"],
  ["the beginning of another protocol", "SSH", "malformed"],
  ["HTTP/2", "HTTP/2.0 200 OK\r\ncontent-length: 0\r\n\r\n", "malformed"],
  ["HTTP/1.2", "HTTP/1.2 200 OK\r\ncontent-length: 0\r\n\r\n", "malformed"],
  ["an empty line first", "\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", "malformed"],
  ["HTTP/0.9", "HTTP/0.9 200 OK\r\n\r\n", "malformed"],
  ["a protocol like it", "RTSP/1.1 200 OK\r\n\r\n", "malformed"],
  ["a version of two digits", "HTTP/1.10 200 OK\r\n\r\n", "malformed"],
  ["a version of one number", "HTTP/1 200 OK\r\n\r\n", "malformed"],
  ["a tab behind the version", "HTTP/1.1\t200 OK\r\n\r\n", "malformed"],
  ["a tab behind the status", "HTTP/1.1 200\tOK\r\n\r\n", "malformed"],
  ["a carriage return alone behind the status line", "HTTP/1.1 200 OK\rcontent-length: 0\r\n\r\n", "malformed"],
  ["two carriage returns behind the status line", "HTTP/1.1 200 OK\r\r\ncontent-length: 0\r\n\r\n", "malformed"],
  ["a carriage return before the empty line", `${head}content-length: 0\r\n\r\r\n`, "malformed"],
  ["two spaces before the status", "HTTP/1.1  200 OK\r\n\r\n", "malformed"],
  ["a status of two digits", "HTTP/1.1 20 OK\r\n\r\n", "malformed"],
  ["a status of four digits", "HTTP/1.1 2000 OK\r\n\r\n", "malformed"],
  ["a status below 100", "HTTP/1.1 099 OK\r\n\r\n", "malformed"],
  ["no status", "HTTP/1.1\r\n\r\n", "malformed"],
  ["a control character in the reason", "HTTP/1.1 200 O\x01K\r\n\r\n", "malformed"],
  ["line feeds alone", "HTTP/1.1 200 OK\ncontent-length: 0\n\n", "malformed"],
  ["a line feed alone in the headers", `${head}a: b\nc: d\r\n\r\n`, "malformed"],
  ["a carriage return in a value", `${head}a: b\rc: d\r\n\r\n`, "malformed"],
  ["a zero in a value", `${head}a: b\0c\r\n\r\n`, "malformed"],
  ["a folded header", `${head}a: b\r\n c\r\ncontent-length: 0\r\n\r\n`, "malformed"],
  ["a space before the first header", `${head} a: b\r\n\r\n`, "malformed"],
  ["a space before the colon", `${head}content-length : 5\r\n\r\nhello`, "malformed"],
  ["a space in a name", `${head}a b: c\r\n\r\n`, "malformed"],
  ["no colon", `${head}content-length\r\n\r\n`, "malformed"],
  ["no name", `${head}: 5\r\n\r\n`, "malformed"],
  ["a negative length", `${head}content-length: -5\r\n\r\nhello`, "malformed"],
  ["a length with a sign", `${head}content-length: +5\r\n\r\nhello`, "malformed"],
  ["an empty length", `${head}content-length:\r\n\r\nhello`, "malformed"],
  ["a length in hex", `${head}content-length: 0x5\r\n\r\nhello`, "malformed"],
  ["a length beyond all", `${head}content-length: 99999999999999999999\r\n\r\nhello`, "malformed"],
  ["a list of lengths", `${head}content-length: 5, 5\r\n\r\nhello`, "malformed"],
  ["two lengths", `${head}content-length: 5\r\ncontent-length: 6\r\n\r\nhello`, "malformed"],
  ["the same length twice", `${head}content-length: 5\r\nContent-Length: 5\r\n\r\nhello`, "malformed"],
  ["a length and chunks", `${head}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`, "malformed"],
  ["chunks and a length", `${head}transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n`, "malformed"],
  ["chunks in HTTP/1.0", "HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", "malformed"],
  ["another coding", `${head}transfer-encoding: gzip\r\n\r\nhello`, "malformed"],
  ["two codings", `${head}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, "malformed"],
  ["chunked twice", `${head}transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`, "malformed"],
  ["chunked in disguise", `${head}transfer-encoding: \x0bchunked\r\n\r\n0\r\n\r\n`, "malformed"],
  ["chunked and more in one word", `${head}transfer-encoding: chunkedchunked\r\n\r\n0\r\n\r\n`, "malformed"],
  ["chunked, then another coding", `${head}transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n`, "malformed"],
  ["chunked with a parameter", `${head}transfer-encoding: chunked;a=b\r\n\r\n0\r\n\r\n`, "malformed"],
  ["no coding at all", `${head}transfer-encoding:\r\n\r\n0\r\n\r\n`, "malformed"],
  ["a coding that is folded", `${head}transfer-encoding: chunked\r\n abc\r\n\r\n0\r\n\r\n`, "malformed"],
  ["a coding that comes with a carriage return alone", `${head}a: b\rtransfer-encoding: chunked\r\n\r\n0\r\n\r\n`, "malformed"],
  ["a chunk of no size", `${chunked}\r\nhello`, "malformed"],
  ["a chunk of a size that is none", `${chunked}zz\r\n`, "malformed"],
  ["a chunk size with a prefix", `${chunked}0x5\r\nhello\r\n0\r\n\r\n`, "malformed"],
  ["a negative chunk size", `${chunked}-5\r\nhello\r\n0\r\n\r\n`, "malformed"],
  ["a chunk size beyond all", `${chunked}fffffffffffffffff\r\nhello`, "malformed"],
  ["a space behind a chunk size", `${chunked}5 \r\nhello\r\n0\r\n\r\n`, "malformed"],
  ["an extension without a name", `${chunked}5;\r\nhello\r\n0\r\n\r\n`, "malformed"],
  ["an extension without a semicolon", `${chunked}5 a=b\r\nhello\r\n0\r\n\r\n`, "malformed"],
  ["an extension whose quotes stay open", `${chunked}5;a="b\r\nhello\r\n0\r\n\r\n`, "malformed"],
  ["a carriage return alone behind a chunk", `${chunked}5\r\nhello\r0\r\n\r\n`, "malformed"],
  ["a trailer that is folded", `${chunked}0\r\na: b\r\n c\r\n\r\n`, "malformed"],
  ["a chunk size ended by a line feed", `${chunked}5\nhello\r\n0\r\n\r\n`, "malformed"],
  ["a chunk longer than it says", `${chunked}4\r\nhello\r\n0\r\n\r\n`, "malformed"],
  ["an extension with a control character", `${chunked}5;a\x01\r\nhello\r\n0\r\n\r\n`, "malformed"],
  ["an extension without end", `${chunked}5;${"a".repeat(2_000)}`, "malformed"],
  ["a trailer without name", `${chunked}0\r\n: x\r\n\r\n`, "malformed"],
  ["a length in a trailer", `${chunked}0\r\nContent-Length: 5\r\n\r\n`, "malformed"],
  ["trailers without end", `${chunked}0\r\n${"a: b\r\n".repeat(5_000)}`, "malformed"],
  ["a header without end", `${head}a: ${"b".repeat(20_000)}`, "malformed"],
  ["headers without end", `${head}${"a: b\r\n".repeat(5_000)}`, "malformed"],
  ["too many headers", `${head}${"a:b\r\n".repeat(1_001)}content-length: 0\r\n\r\n`, "malformed"],
  ["hints without end", "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(1_000), "malformed"],
  ["a hint with a length", `HTTP/1.1 103 Early Hints\r\ncontent-length: 5\r\n\r\n${head}content-length: 0\r\n\r\n`, "malformed"],
  ["a hint in chunks", `HTTP/1.1 103 Early Hints\r\ntransfer-encoding: chunked\r\n\r\n${head}content-length: 0\r\n\r\n`, "malformed"],
  ["a hint that ends the connection", `HTTP/1.1 100 Continue\r\nconnection: close\r\n\r\n${head}content-length: 0\r\n\r\n`, "malformed"],
  ["a hint of HTTP/1.0", `HTTP/1.0 100 Continue\r\n\r\n${head}content-length: 0\r\n\r\n`, "malformed"],
  ["an upgrade", "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n", "malformed"],
  ["nothing", "", "cut short"],
  ["half a status line", "HTTP/1.1 20", "cut short"],
  ["half a head", `${head}content-le`, "cut short"],
  ["half a body", `${head}content-length: 5\r\n\r\nhel`, "cut short"],
  ["half a chunk", `${chunked}5\r\nhel`, "cut short"],
  ["no last chunk", `${chunked}5\r\nhello\r\n`, "cut short"],
  ["no end of the trailers", `${chunked}5\r\nhello\r\n0\r\n`, "cut short"],
  ["a hint and no answer", "HTTP/1.1 103 Early Hints\r\n\r\n", "cut short"],
];

describe("good answers", () => {
  test.each(good)("%s", async (_, text, body, { method = "GET", status = 200, keepsMs, extra = 0 } = {}) => {
    const bytes = Buffer.from(text, "latin1");
    const heard = read([bytes], method);
    expect(heard).toMatchObject({ status, body, used: bytes.length - extra, ...(keepsMs === undefined ? {} : { keepsMs }) });
    const { used, keepsMs: _keeps, ...answer } = heard as Exclude<Read, string>;
    expect(await readByNode(bytes.subarray(0, used), method)).toEqual(answer);
    expect(read([...bytes].map((byte) => Buffer.of(byte)), method)).toEqual(heard);
  });
});

describe("bad answers", () => {
  test.each(bad)("%s", (_, text, how) => {
    expect(read(one(text))).toBe(how);
    expect(read([...Buffer.from(text, "latin1")].map((byte) => Buffer.of(byte)))).toBe(how);
  });
});

describe("a body longer than the session will hold", () => {
  test.each([
    ["announced", `${head}content-length: 11\r\n\r\n1`],
    ["to the close", `${head}\r\n12345678901`],
    ["in chunks", `${chunked}5\r\n12345\r\n6\r\n123456\r\n0\r\n\r\n`],
  ])("%s", (_, text) => {
    expect(read(one(text), "GET", 10)).toBe("too large");
    expect(read([...Buffer.from(text)].map((byte) => Buffer.of(byte)), "GET", 10)).toBe("too large");
  });

  test("not when it is just as long", () => {
    expect(read(one(`${head}content-length: 10\r\n\r\n1234567890`), "GET", 10)).toMatchObject({ body: "1234567890" });
    expect(read(one(`${head}\r\n1234567890`), "GET", 10)).toMatchObject({ body: "1234567890" });
  });
});

/** Pieces that attacks and broken servers are made of. */
const shards = ["\r\n", "\n", "\r", " ", "\t", "\0", ":", ";", ",", "0", "5", "chunked", "Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n", "Connection: close\r\n", "HTTP/1.1 200 OK\r\n", "\r\n\r\n", "\xff", "\x7f", "ffffffff", "-1", "100", "101", "204"];

function mutate(text: string, random: Random): string {
  for (let n = random.int(1, 3); n > 0; n--) {
    const at = random.int(0, text.length);
    const to = Math.min(text.length, at + random.pick([0, 1, 1, 2, 10]));
    text = text.slice(0, at) + random.pick(["", random.pick(shards), String.fromCharCode(random.int(0, 255)), text.slice(at, to).repeat(2)]) + text.slice(to);
  }
  return text;
}

test("mutated answers are heard as Node hears them or refused, however they are split", async () => {
  const random = seeded(20_260);
  const seeds = [...good.map(([, text]) => text), ...bad.map(([, text]) => text).filter((text) => text.length < 300)];
  let [accepted, refused] = [0, 0];
  for (let i = 0; i < 8_000; i++) {
    const bytes = Buffer.from(mutate(random.pick(seeds), random), "latin1");
    const method = random.pick(["GET", "GET", "GET", "HEAD"]);
    const heard = read([bytes], method);
    for (let n = 0; n < 3; n++) expect(read(split(bytes, random), method), JSON.stringify(bytes.toString("latin1"))).toEqual(heard);
    if (typeof heard === "string") {
      refused++;
      continue;
    }
    accepted++;
    const { used, keepsMs: _, ...answer } = heard;
    expect(await readByNode(bytes.subarray(0, used), method), JSON.stringify(bytes.toString("latin1"))).toEqual(answer);
  }
  // Neither side may win by default.
  expect(accepted).toBeGreaterThan(1_000);
  expect(refused).toBeGreaterThan(1_000);
});

test("a parser that has heard answers before hears the next one as a fresh one does", () => {
  const random = seeded(7);
  const whole = good.filter(([, text, , options]) => typeof read(one(text)) === "object" && options?.extra === undefined);
  let alike = 0;
  for (let i = 0; i < 3_000; i++) {
    const parser = new Parser(limitBytes);
    const before = Array.from({ length: random.int(1, 12) }, () => random.pick(whole)[1]);
    for (const text of before) read(one(text), "GET", limitBytes, parser);
    const again = random.pick(before);
    const text = random.pick([again, again, mutate(again, random), random.pick(whole)[1]]);
    const method = random.pick(["GET", "GET", "HEAD"]);
    const pieces = random.pick([one(text), one(text), split(Buffer.from(text, "latin1"), random)]);
    const heard = read(pieces, method, limitBytes, parser);
    expect(heard, JSON.stringify([before, text, method])).toEqual(read(pieces, method));
    if (typeof heard === "object") alike++;
  }
  expect(alike).toBeGreaterThan(1_000);
});

test("heads that come again are recognised, also by others, and again after many that never did", () => {
  const answer = (more: string) => one(`${head}content-length: 2\r\n${more}\r\nok`)[0]!;
  const hear = (parser: Parser, bytes: Buffer) => {
    parser.begin("GET");
    expect(parser.read(bytes, bytes.length)).toBe(bytes.length);
    return parser.take().headers;
  };
  const [parser, other] = [new Parser(limitBytes), new Parser(limitBytes)];
  const turns = Array.from({ length: 8 }, (_, n) => answer(`turn: ${n}\r\n`));
  const first = turns.map((bytes) => hear(parser, bytes));
  expect(turns.map((bytes) => hear(parser, bytes)).every((headers, n) => headers === first[n])).toBe(true);
  expect(turns.map((bytes) => hear(other, bytes)).every((headers, n) => headers === first[n])).toBe(true);
  for (let n = 0; n < 1_000; n++) expect(hear(parser, answer(`number: ${n}\r\n`)).get("number")).toBe(String(n));
  const later = Array.from({ length: 300 }, (_, n) => hear(parser, turns[n % 8]!));
  expect(later.at(-1)).toBe(later.at(-9));
});

test.each([[Infinity], [100_000]])("a body that comes byte by byte, of %d in the end, is moved now and then, not with each", (expected) => {
  const body = new Bytes();
  const rooms = new Set<Buffer>();
  for (let n = 0; n < 100_000; n++) {
    body.append(Buffer.of(n & 255), 0, 1, expected);
    rooms.add(body.view);
  }
  expect(rooms.size).toBeLessThan(20);
  expect(body.take().every((byte, n) => byte === (n & 255))).toBe(true);
});
