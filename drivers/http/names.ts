import { lookup, type LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import type { Clock } from "../../src/units/clock.ts";

type Answer = (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void;
type Ask = (name: string, answer: Answer) => void;

const mostNames = 1_000;

interface Known {
  readonly atMs: number;
  readonly addresses: readonly LookupAddress[];
  /** Who begins: connections are to be spread as the names' owner spreads them. */
  turn: number;
}

/**
 * The addresses of names, as the machine's own resolver tells them, remembered for a while. Asking
 * for each connection would load the resolver in place of the service; never asking again would
 * miss a failover. Failures are not remembered, but however many wait, a name is asked for once at a time.
 */
export class Names {
  readonly #clock: Clock;
  readonly #ask: Ask;
  readonly #known = new Map<string, Known>();
  readonly #asking = new Map<string, Answer[]>();

  constructor(clock: Clock, ask: Ask = askMachine) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /** For `net.connect`: what was heard longer than `ttlMs` ago is asked for anew. */
  lookup(ttlMs: number): LookupFunction {
    return (name, { all, family }, done) => {
      this.#addresses(name, ttlMs, (error, addresses) => {
        const wanted = family === 4 || family === 6 ? addresses.filter((one) => one.family === family) : addresses;
        const none = error ?? (wanted.length === 0 ? Object.assign(new Error("no address"), { code: "ENOTFOUND", syscall: "getaddrinfo" }) : null);
        if (all || none) done(none, [...wanted]);
        else done(null, wanted[0]!.address, wanted[0]!.family);
      });
    };
  }

  #addresses(name: string, ttlMs: number, answer: Answer): void {
    const known = this.#known.get(name);
    if (known && this.#clock.now() - known.atMs < ttlMs) return process.nextTick(answer, null, turned(known.addresses, known.turn++));
    const asking = this.#asking.get(name);
    if (asking) return void asking.push(answer);
    const waiting = [answer];
    this.#asking.set(name, waiting);
    this.#ask(name, (error, addresses) => {
      this.#asking.delete(name);
      this.#known.delete(name);
      let turn = 0;
      if (!error) {
        if (this.#known.size >= mostNames) this.#known.clear();
        this.#known.set(name, { atMs: this.#clock.now(), addresses, turn: waiting.length });
      }
      for (const one of waiting) one(error, error ? [] : turned(addresses, turn++));
    });
  }
}

/** Each family begins with another address each time; which family comes first stays the machine's choice. */
function turned(addresses: readonly LookupAddress[], turn: number): readonly LookupAddress[] {
  if (addresses.length < 2) return addresses;
  const first = addresses[0]!.family;
  return [addresses.filter(({ family }) => family === first), addresses.filter(({ family }) => family !== first)].flatMap((list) => {
    const from = list.length === 0 ? 0 : turn % list.length;
    return [...list.slice(from), ...list.slice(0, from)];
  });
}

const askMachine: Ask = (name, answer) => lookup(name, { all: true, order: "verbatim" }, answer);

const byClock = new WeakMap<Clock, Names>();

/** One run has one clock, and so all its sessions share what they heard. */
export function namesOf(clock: Clock): Names {
  let names = byClock.get(clock);
  if (!names) byClock.set(clock, (names = new Names(clock)));
  return names;
}
