import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../src/units/clock.ts";
import { DeviceFailure } from "./failure.ts";

/** A device, or a place where none is named, until it is given back. */
export interface Lease {
  /** Undefined where the server chooses. */
  readonly device: string | undefined;
  release(): Promise<void>;
}

interface Asking {
  readonly clock: Clock;
  /** Aborts when nobody wants it any more. */
  readonly signal: AbortSignal;
  readonly queueMs: number;
}

/** A device is given back after a walk, not within one: seldom is soon enough. */
const pausesMs = [10, 25, 50, 100];
/** No device was free for as long as a user would wait. */
const noDevice = "no device";

/**
 * Devices that users take in turn. A named one is marked as taken for the whole machine, by an address
 * that only one can listen at and that is free again when its holder is gone: so no other worker and no
 * other run gets it meanwhile, and no crash keeps it.
 */
export class Devices {
  readonly #names: readonly string[] | undefined;
  readonly #most: number;
  readonly #where: string;
  #taken = 0;

  /** @param where tells servers apart: a name is a device's at one of them */
  constructor(names: readonly string[] | undefined, most: number, where: string) {
    this.#names = names;
    this.#most = most;
    this.#where = where;
  }

  /** @throws DeviceFailure `no device` after the longest wait; the signal's reason */
  async lease({ clock, signal, queueMs }: Asking): Promise<Lease> {
    const untilMs = clock.now() + queueMs;
    for (let turn = 0; ; turn++) {
      signal.throwIfAborted();
      const lease = await this.#take();
      if (lease) return lease;
      const leftMs = untilMs - clock.now();
      if (leftMs <= 0) throw new DeviceFailure("refused", noDevice, `${this.#names ? `none of ${this.#names.join(", ")}` : `no place of ${this.#most}`} was free for ${queueMs / 1_000} s`);
      await clock.sleep(Math.min(leftMs, pausesMs[Math.min(turn, pausesMs.length - 1)]!), signal);
    }
  }

  async #take(): Promise<Lease | undefined> {
    if (!this.#names) {
      if (this.#taken >= this.#most) return undefined;
      this.#taken += 1;
      let released = false;
      return { device: undefined, release: async () => void (released ||= (this.#taken--, true)) };
    }
    for (const device of this.#names) {
      const mark = await claim(`${this.#where} ${device}`);
      if (mark) return { device, release: () => new Promise((resolve) => mark.close(() => resolve())) };
    }
    return undefined;
  }
}

/** Marks a name as taken; undefined where somebody else has. */
async function claim(name: string): Promise<Server | undefined> {
  const id = `seatrial-device-${createHash("sha256").update(name).digest("hex").slice(0, 24)}`;
  // Linux has addresses that are no files and go with their holder; so has Windows.
  if (process.platform === "linux") return listen(`\0${id}`);
  if (process.platform === "win32") return listen(`\\\\?\\pipe\\${id}`);
  const file = join(tmpdir(), `${id}.sock`);
  const mark = await listen(file);
  if (mark || (await isHeld(file))) return mark;
  rmSync(file, { force: true });
  return listen(file);
}

function listen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.unref();
    server.once("error", (error: NodeJS.ErrnoException) => (error.code === "EADDRINUSE" ? resolve(undefined) : reject(error)));
    server.listen(path, () => resolve(server));
  });
}

const isHeld = (file: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(file);
    socket.once("connect", () => (socket.destroy(), resolve(true))).once("error", () => resolve(false));
  });
