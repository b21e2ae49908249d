/** Servers that never stop: each is refused by its kind, and costs no memory to speak of. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { onHead, pour, serveRaw } from "./worlds.ts";

const head = "HTTP/1.1 200 OK\r\n";
const chunked = `${head}transfer-encoding: chunked\r\n\r\n`;
const piece = "x".repeat(65_536);

/** What it begins with, what it goes on with, and what is made of it. */
const floods: Readonly<Record<string, readonly [begin: string, on: string, ended: string]>> = {
  "a body to the close": [`${head}\r\n`, piece, "refused too large"],
  "ten gigabytes that are announced": [`${head}content-length: 10000000000\r\n\r\n`, piece, "refused too large"],
  "a chunk of ten gigabytes": [`${chunked}2540be400\r\n`, piece, "refused too large"],
  "chunks": [chunked, `10000\r\n${piece}\r\n`, "refused too large"],
  "chunks of one byte": [chunked, "1\r\nx\r\n".repeat(10_000), "refused too large"],
  "an extension of a chunk": [`${chunked}1;`, piece, "unsure protocol"],
  "zeros before a chunk's size": [chunked, "0".repeat(65_536), "unsure protocol"],
  "trailers": [`${chunked}0\r\n`, "a: b\r\n".repeat(10_000), "unsure protocol"],
  "a reason": [`${head.trimEnd()} `, piece, "unsure protocol"],
  "a header": [`${head}a: `, piece, "unsure protocol"],
  "headers": [head, "a: b\r\n".repeat(10_000), "unsure protocol"],
  "spaces": [`${head}a:`, " ".repeat(65_536), "unsure protocol"],
  "hints": ["", "HTTP/1.1 103 Early Hints\r\nlink: <a>\r\n\r\n".repeat(1_000), "unsure protocol"],
};

const mostBytes = 100_000_000;

test("floods of every kind end as their kind, in bounded memory", async () => {
  const sites: Record<string, string> = {};
  for (const [name, [begin, on]] of Object.entries(floods)) sites[name] = (await serveRaw((socket) => onHead(socket, () => (socket.write(begin), pour(socket, on))))).base;
  sites["nothing"] = (await serveRaw((socket) => onHead(socket, () => socket.write(`${head}content-length: 0\r\n\r\n`)))).base;
  const child = spawn(process.execPath, [fileURLToPath(new URL("flooded.ts", import.meta.url)), JSON.stringify(sites)], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let text = "";
  child.stdout.on("data", (bytes) => (text += bytes));
  expect(await new Promise((resolve) => child.once("close", resolve))).toBe(0);
  const { causes, grewBytes } = JSON.parse(text) as { causes: Record<string, string[]>; grewBytes: number };
  expect(causes).toEqual({ ...Object.fromEntries(Object.entries(floods).map(([name, [, , ended]]) => [name, [ended]])), nothing: ["ok 0"] });
  expect(grewBytes).toBeLessThan(mostBytes);
});
