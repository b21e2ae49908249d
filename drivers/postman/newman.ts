/** As much of Newman as is used: it brings no types of its own. */

export interface NewmanRequest {
  readonly method: string;
  readonly url: { toString(): string };
  readonly headers: { map<T>(call: (header: { readonly key: string; readonly value: string }) => T): T[] };
}

export interface NewmanResponse {
  readonly code: number;
  readonly stream?: Buffer;
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
