/** As much of Newman as is used: it brings no types of its own. */
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

export interface NewmanRequest {
  readonly method: string;
  readonly url: { toString(): string };
  readonly headers: { map<T>(call: (header: { readonly key: string; readonly value: string }) => T): T[] };
  readonly body?: { toString(): string } | undefined;
}

export interface NewmanResponse {
  readonly code: number;
  readonly stream?: Buffer;
  readonly headers?: NewmanRequest["headers"];
}

interface Event {
  readonly cursor: { readonly iteration: number };
  readonly item: { readonly name: string; parent?(): unknown };
  readonly request?: NewmanRequest;
  readonly response?: NewmanResponse;
  readonly assertion?: string;
  readonly skipped?: boolean;
  readonly run?: { abort?(): void };
}

interface NewmanError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
}

export interface Emitter {
  on(event: string, listen: (error: NewmanError | null, event: Event) => unknown): void;
}

export interface Newman {
  run(options: object, done: (error: Error | null) => void): Emitter;
}

/** Newman, which takes half a second to load. What its packages use that Node has deprecated is theirs to mend, and nothing for a run to tell. */
export function loadNewman(): Newman {
  const before = process.noDeprecation;
  process.noDeprecation = true;
  try {
    return require("newman") as Newman;
  } finally {
    if (before === undefined) delete process.noDeprecation;
    else process.noDeprecation = before;
  }
}
