import type { Jar } from "../http/cookies.ts";
import type { RequestShape } from "./read/shape.ts";
import type { LoadStep } from "./compile.ts";
import type { Execution } from "./script/execution.ts";
import type { Stage } from "./script/pm.ts";
import { ScriptRequest } from "./script/request.ts";
import type { ScriptResponse } from "./script/response.ts";
import type { Scopes } from "./script/scope.ts";
import type { Wire } from "./send/auth.ts";
import { fill } from "./send/template.ts";

/** One request on its way, as its scripts see it. */
export class LoadStage implements Stage {
  readonly step: LoadStep;
  readonly scopes: Scopes;
  readonly jar: Jar;
  readonly iteration: number;
  readonly iterations: number;
  readonly send: (request: RequestShape) => Promise<ScriptResponse>;
  target: "prerequest" | "test" = "prerequest";
  execution!: Execution;
  owner = "";
  response: ScriptResponse | undefined;
  url: string;
  next: Execution["next"];
  skips = false;
  /** How many were said so far. */
  assertions = 0;
  #request: ScriptRequest | undefined;
  #sent: Wire | undefined;
  /** As the collection, or a script, had it. */
  #body: RequestShape["body"];

  constructor(step: LoadStep, scopes: Scopes, jar: Jar, iteration: number, iterations: number, send: LoadStage["send"]) {
    this.step = step;
    this.scopes = scopes;
    this.jar = jar;
    this.iteration = iteration;
    this.iterations = iterations;
    this.send = send;
    this.url = "";
  }

  get name(): string {
    return this.step.name;
  }
  get id(): string {
    return this.step.id;
  }
  get path(): readonly string[] {
    return [...this.step.path, this.step.name];
  }

  /** Before it is sent: as the collection has it, for scripts to change. Afterwards: as it was sent. */
  get request(): ScriptRequest {
    return (this.#request ??= this.#sent ? this.#asSent(this.#sent) : new ScriptRequest(this.step.request, this.step));
  }
  get isRequestTouched(): boolean {
    return this.#request !== undefined;
  }

  begin(execution: Execution, owner: string): Execution {
    this.owner = owner;
    return (this.execution = execution);
  }

  end({ next, skips, assertions }: Execution): void {
    if (next) this.next = next;
    this.skips ||= skips;
    this.assertions += assertions.length;
  }

  answered(sent: Wire, url: string, response: ScriptResponse | undefined): void {
    this.target = "test";
    this.#sent = sent;
    this.#body = (this.#request?.toJSON() ?? this.step.request).body;
    this.#request = undefined;
    this.url = url;
    this.response = response;
  }

  /** The body is there in its parts, with what is filled in, also where the method sends none. */
  #asSent({ method, url, headers }: Wire): ScriptRequest {
    const header = [...headers.values()].map(({ name, value }) => ({ key: name, value }));
    const host = URL.canParse(url) ? new URL(url).host : "";
    // What the client adds by itself.
    for (const [key, value] of [["User-Agent", "seatrial"], ["Accept", "*/*"], ["Host", host], ["Connection", "keep-alive"]] as const) if (!headers.has(key.toLowerCase())) header.push({ key, value });
    const body = fill(this.#body, this.scopes) as RequestShape["body"];
    return new ScriptRequest({ ...this.step.request, auth: null, method, url, header, body: body ?? null }, this.step);
  }
}
