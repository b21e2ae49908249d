import type { BookLine } from "../../ledger/merge.ts";
import type { HealthLine, SayLine } from "../../ledger/lines.ts";
import type { ClosedPace } from "../../model/progress.ts";
import type { Epoch } from "../../units/clock.ts";
import type { SelfReading } from "../../units/self.ts";
import type { Since } from "../crew.ts";
import type { Note } from "../noted.ts";

/** When a phase began; storms need it to know what reaches into them. */
export interface Begun {
  readonly phase: number;
  readonly beginMs: number;
}

/** What the main thread tells a worker. All of it is plain data. */
export type Order =
  | {
      readonly k: "begin"; readonly epoch: Epoch; readonly run: string; readonly seed: number;
      /** The number of its first user. */
      readonly firstUser: number;
      /** Phases that are over, for one that takes over. */
      readonly past: readonly Begun[];
    }
  | ({
      readonly k: "enter";
      /** Addresses of the cluster's services. */
      readonly services: Readonly<Record<string, string>>;
      /** By journey; undefined for one that is there from the phase's begin. */
      readonly since: Readonly<Record<string, Since>> | undefined;
    } & Begun)
  /** What the setup answered. */
  | { readonly k: "given"; readonly given: unknown }
  /** A person changes the users of its share of a closed pace. */
  | { readonly k: "adjust"; readonly journey: string; readonly delta: number }
  | { readonly k: "dismiss" | "cut" | "gather" | "finish" };

/** A write that a user spoke of. */
export type Spoken =
  | { readonly what: "note"; readonly kind: string; readonly id: string; readonly note: Note }
  | { readonly what: "attempt"; readonly kind: string; readonly id: string; readonly tMs: number };

/** Everything that happened since the last report. */
export interface Report {
  /** All that ended before is told. */
  readonly untilMs: number;
  readonly lines: readonly BookLine[];
  readonly spoken: readonly Spoken[];
  readonly says: readonly SayLine[];
  readonly size: number;
  /** Its share of the closed paces, in the phase that it has come to. */
  readonly closed: readonly ClosedPace[];
  readonly phase: number;
  readonly self: SelfReading;
  /** What its touches lacked to begin with. */
  readonly lacks: HealthLine["lacks"];
}

/** What a worker tells the main thread. */
export type Word =
  /** Once a second, and once more at the end. */
  | { readonly k: "report"; readonly report: Report; readonly last: boolean }
  /** The answer to `gather`. */
  | { readonly k: "gathered"; readonly spoken: readonly Spoken[] }
  | { readonly k: "counted" | "arrived"; readonly phase: number }
  | { readonly k: "gone" };

/** A worker as the main thread sees it. */
export interface Thread {
  tell(order: Order): void;
  /** Who hears what it says from now on, and why it died; nothing is heard after that. */
  listen(hear: (word: Word) => void, died: (why: string) => void): void;
  /** Ends it, whatever it does; answers when it has ended. */
  end(): Promise<void>;
}
