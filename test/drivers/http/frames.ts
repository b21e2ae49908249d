/** A server of HTTP/2 that says frame by frame what a test tells it to, also what no library would. */
import type { Socket } from "node:net";
import { serveRaw, type World } from "./worlds.ts";

export const codes = { NO_ERROR: 0, PROTOCOL_ERROR: 1, INTERNAL_ERROR: 2, REFUSED_STREAM: 7, CANCEL: 8, ENHANCE_YOUR_CALM: 11 } as const;
const types = { data: 0, headers: 1, reset: 3, settings: 4, push: 5, ping: 6, goaway: 7 } as const;
const endStream = 1;
const endHeaders = 4;
const ack = 1;

function frame(type: keyof typeof types, flags: number, stream: number, payload: Uint8Array = new Uint8Array()): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = types[type];
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

const word = (...numbers: number[]): Buffer => Buffer.concat(numbers.map((number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number);
  return bytes;
}));
/** `:status` 200 of HPACK's static table; 103 as a literal. */
const status200 = Buffer.from([0x88]);
const status103 = Buffer.from([0x08, 3, ..."103".split("").map((digit) => digit.charCodeAt(0))]);
const literal = (name: string, value: string): Buffer => Buffer.concat([Buffer.from([0, name.length]), Buffer.from(name), integer(value.length), Buffer.from(value)]);

/** A number with a prefix of seven bits. */
function integer(number: number): Buffer {
  if (number < 127) return Buffer.from([number]);
  const bytes = [127];
  for (let left = number - 127; ; left >>= 7) {
    if (left < 128) return Buffer.from([...bytes, left]);
    bytes.push((left & 127) | 128);
  }
}

/** One request, and what can be said to it. */
export class Asked {
  readonly socket: Socket;
  readonly id: number;
  /** Number of the connection, from 0. */
  readonly connection: number;

  constructor(socket: Socket, id: number, connection: number) {
    this.socket = socket;
    this.id = id;
    this.connection = connection;
  }

  head(fields: Readonly<Record<string, string>> = {}, end = false): this {
    this.socket.write(frame("headers", endHeaders | (end ? endStream : 0), this.id, Buffer.concat([status200, ...Object.entries(fields).map(([name, value]) => literal(name, value))])));
    return this;
  }
  hint(): this {
    this.socket.write(frame("headers", endHeaders, this.id, status103));
    return this;
  }
  data(text: string, end = false): this {
    this.socket.write(frame("data", end ? endStream : 0, this.id, Buffer.from(text)));
    return this;
  }
  ok(text = "ok"): this {
    return this.head().data(text, true);
  }
  reset(code: keyof typeof codes): this {
    this.socket.write(frame("reset", 0, this.id, word(codes[code])));
    return this;
  }
  goaway(last: number, code: keyof typeof codes): this {
    this.socket.write(frame("goaway", 0, 0, word(last, codes[code])));
    return this;
  }
  push(): this {
    this.socket.write(frame("push", endHeaders, this.id, Buffer.concat([word(2), status200])));
    return this;
  }
  /** A frame that belongs to a stream, on none. */
  nonsense(): this {
    this.socket.write(frame("data", 0, 0, Buffer.from("x")));
    return this;
  }
}

export interface FrameWorld extends World {
  /** Resets that the client sent: stream and code. */
  readonly resets: [stream: number, code: number][];
  /** Requests of each connection. */
  readonly asked: number[];
}

/** @param talk called for every request @param pongs whether pings are answered */
export async function serveFrames(talk: (asked: Asked) => void, pongs = () => true): Promise<FrameWorld> {
  const resets: [number, number][] = [];
  const asked: number[] = [];
  const world = await serveRaw((socket, nth) => {
    let bytes = Buffer.alloc(0);
    let greeted = false;
    asked[nth] = 0;
    socket.on("data", (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (!greeted && bytes.length >= 24) {
        greeted = true;
        bytes = bytes.subarray(24);
        socket.write(frame("settings", 0, 0));
      }
      for (let length; greeted && bytes.length >= 9 && bytes.length >= (length = 9 + bytes.readUIntBE(0, 3)); ) {
        const [type, flags, id, payload] = [bytes[3], bytes[4]!, bytes.readUInt32BE(5), bytes.subarray(9, length)];
        bytes = bytes.subarray(length);
        if (type === types.settings && !(flags & ack)) socket.write(frame("settings", ack, 0));
        else if (type === types.ping && !(flags & ack) && pongs()) socket.write(frame("ping", ack, 0, payload));
        else if (type === types.reset) resets.push([id, payload.readUInt32BE()]);
        else if (type === types.headers) {
          asked[nth]!++;
          talk(new Asked(socket, id, nth));
        }
      }
    });
  });
  return Object.assign(world, { resets, asked });
}
