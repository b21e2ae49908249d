/**
 * A server that answers when its script says, to some microseconds: between a timer and the moment it
 * turns in a loop. `/warm` is answered after a while and is not of the script. Prints its port; when its
 * input ends, it prints how many requests it had and how late it was itself, and goes.
 */
import { createServer, type AddressInfo, type Socket } from "node:net";
import { latenciesOf, scripts } from "./script.ts";

const script = scripts.find(({ name }) => name === process.argv[2]);
if (!script) throw new Error(`no script ${process.argv[2]}`);
/** Timers ring up to a millisecond late, so the last stretch is waited for awake. */
const awakeMs = 2;
/** Longer than any delay of a script but a stall: who was warmed up has enough users, each connected. */
const warmMs = 60;
const answer = Buffer.from("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\nok");
const end = Buffer.from("\r\n\r\n");

const { answerMs } = script.server();
const waiting: { readonly atMs: number; readonly socket: Socket }[] = [];
const late: number[] = [];
let epochMs = -1;
let count = 0;
let timer: NodeJS.Timeout | undefined;
let awake = false;

function work(): void {
  awake = false;
  const nowMs = performance.now();
  while (waiting.length > 0 && waiting[0]!.atMs <= nowMs) {
    const { atMs, socket } = waiting.shift()!;
    socket.write(answer);
    late.push(nowMs - atMs);
  }
  watch();
}

function watch(): void {
  const next = waiting[0];
  if (!next || awake) return;
  clearTimeout(timer);
  const restMs = next.atMs - performance.now() - awakeMs;
  if (restMs >= 1) timer = setTimeout(watch, restMs);
  else {
    awake = true;
    setImmediate(work);
  }
}

function hear(socket: Socket, head: string): void {
  if (head.startsWith("GET /warm ")) return void setTimeout(() => socket.write(answer), warmMs);
  const nowMs = performance.now();
  if (epochMs < 0) epochMs = nowMs;
  count += 1;
  const atMs = epochMs + answerMs(nowMs - epochMs);
  let place = waiting.length;
  while (place > 0 && waiting[place - 1]!.atMs > atMs) place -= 1;
  waiting.splice(place, 0, { atMs, socket });
  if (place === 0) watch();
}

const server = createServer({ noDelay: true }, (socket) => {
  let rest: Buffer = Buffer.alloc(0);
  socket.on("error", () => socket.destroy());
  socket.on("data", (bytes) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    for (let at = rest.indexOf(end); at >= 0; at = rest.indexOf(end)) {
      hear(socket, rest.toString("latin1", 0, Math.min(at, 20)));
      rest = rest.subarray(at + end.length);
    }
  });
}).listen(0, "127.0.0.1", 4_096, () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));

process.stdin.on("end", () => {
  const [, , p999] = latenciesOf(late);
  process.stdout.write(`${JSON.stringify({ count, lateMs: p999 })}\n`, () => process.exit(0));
}).resume();
