/** Faults of HTTP requests and responses, on their way into a pod. */
import type { Kinds } from "../kinds.ts";
import type { GoTime, Lasting, Picked, SomeOf } from "./chosen.ts";

type Method = "GET" | "POST" | "PUT" | "DELETE" | "PATCH" | "HEAD" | "OPTIONS" | "TRACE" | "CONNECT";
type Texts = Readonly<Record<string, string>>;
type Pairs = readonly (readonly [name: string, value: string])[];

/** Which of them: all that fit every line. */
interface Matching {
  readonly port: number;
  readonly path?: string;
  readonly method?: Method;
  readonly request_headers?: Texts;
  readonly tls?: NonNullable<Kinds["HTTPChaos"]["spec"]["tls"]>;
}

type Body = { readonly type: "JSON"; readonly value: string };

/** `body` of a replacement is base64. */
interface Done<Replaced, Patched> {
  readonly abort: boolean;
  readonly delay: GoTime;
  readonly replace: SomeOf<Replaced>;
  readonly patch: SomeOf<Patched>;
}

interface RequestParts {
  readonly path: string;
  readonly method: Method;
  readonly body: string;
  readonly queries: Texts;
  readonly headers: Texts;
}

interface ResponseParts {
  readonly code: number;
  readonly body: string;
  readonly headers: Texts;
}

export interface HTTPTargets {
  readonly Request: Picked & Lasting & Matching & SomeOf<Done<RequestParts, { body: Body; queries: Pairs; headers: Pairs }>>;
  readonly Response: Picked & Lasting & Matching & { readonly code?: number; readonly response_headers?: Texts } & SomeOf<Done<ResponseParts, { body: Body; headers: Pairs }>>;
}
