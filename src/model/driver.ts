import type { Mask } from "../mask/mask.ts";
import type { Clock } from "../units/clock.ts";
import type { Random } from "../units/random.ts";
import type { Recorder } from "./op.ts";
import type { SimulatedService } from "./simulated.ts";

/** Where a session leaves evidence too large for the ledger: screenshots, traces, bodies. */
export interface Artifacts {
  /**
   * Keeps one file beside the ledger and answers at once its path relative to it, which is no other file's.
   * Undefined when it is left out, which the ledger then says: one run keeps so many files and bytes.
   * It is written by and by; what the disk refuses, the ledger says, too. Never throws.
   * @param name with its extension: `"checkout.png"`
   * @param content text is masked; bytes stay as they are
   */
  save(name: string, content: string | Uint8Array): string | undefined;
}

/** Where the files of a run lie in the end. */
export interface Shelf {
  /** The path of a file, relative to the ledger's folder, with `/`. */
  place(name: string): string;
  put(path: string, content: string | Uint8Array): Promise<void>;
}

/** What a driver gets when a user opens a session. */
export interface OpenContext {
  readonly record: Recorder;
  readonly clock: Clock;
  /** Aborts when the user is cut: a touch under way must end soon after. */
  readonly signal: AbortSignal;
  readonly random: Random;
  readonly artifacts: Artifacts;
  /** Keeps secrets out of what is written down. The recorder and `artifacts` use it by themselves; a driver adds what it alone knows. */
  readonly mask: Mask;
  /** Tells whoever reads the report something about the whole run, such as a protocol that was agreed on. The same line is written once, and only the first of very many. */
  readonly say: (line: string) => void;
  /** The address of a service of the cluster by its name; undefined for one that it does not have. */
  service(name: string): string | undefined;
  /** In a rehearsal, the service to ask instead of the network. */
  readonly simulated: SimulatedService | undefined;
}

/** What a session needs that is dear: a browser, a device. */
export interface SessionPool {
  /** For people, in the plural: `"browser pages"`. */
  readonly of: string;
  readonly most: number;
  /** What one takes of the machine while it is in use, measured roughly; 0 where it is another machine's. */
  readonly memoryMb: number;
  readonly cores: number;
}

/**
 * Opens sessions on one surface (http, web, mobile, …) and records every touch as an op.
 * A driver value is inert: it holds settings, and does nothing before `open`.
 */
export interface Driver<Session> {
  readonly kind: string;
  /** The service of the cluster that it talks to, where it names one; `plan` checks that the cluster has it. */
  readonly service?: string | undefined;
  /** True when `open` honours `context.simulated`; other drivers can't be rehearsed. */
  readonly rehearses?: boolean;
  /** Sockets that one session may have open at once, where that is known; `plan` warns when all of them are too many. */
  readonly sockets?: number;
  /** What sessions of one run share, where they do: at most so many have it at once, the others wait. */
  readonly pool?: SessionPool;
  /** What every reader of a report must know of it, a sentence each: that it trusts any certificate, say. */
  readonly caveats?: readonly string[];
  /**
   * Loads what sessions will need, before a run begins: a large package that is loaded under way holds everybody up.
   * Throws where it is not there, so that nothing is begun. `open` works without it, too.
   */
  prepare?(): Promise<void>;
  open(context: OpenContext): Promise<Session>;
  /** Makes the session a new visitor's: forgets cookies and logins, keeps connections. */
  renew?(session: Session): void;
  /** Said after a walk when the next one will be a new visitor's: gives what is shared back to the pool. */
  rest?(session: Session): void;
  close(session: Session): Promise<void>;
}

/** The drivers of a journey by the names it uses for them. */
export type Drivers = Readonly<Record<string, Driver<any>>>;

/** The sessions that a journey gets for its drivers. */
export type Sessions<D extends Drivers> = { readonly [K in keyof D]: D[K] extends Driver<infer S> ? S : never };
