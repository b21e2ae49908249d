import { createRequire } from "node:module";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Driver } from "../../../src/model/driver.ts";
import type { LoadSession } from "../../../drivers/postman/load.ts";
import { postman, type PostmanOptions } from "../../../drivers/postman/index.ts";
import { userContext } from "../../contract/driver.ts";
import { startEcho, type Seen } from "./server.ts";

const require = createRequire(import.meta.url);

/** What a run of a collection comes to. */
export interface Outcome {
  /** `"request › assertion"`, and whether it held. */
  readonly assertions: readonly string[];
  readonly environment: Readonly<Record<string, unknown>>;
  readonly globals: Readonly<Record<string, unknown>>;
  readonly collection: Readonly<Record<string, unknown>>;
  readonly requests: readonly unknown[];
}

export interface Inputs {
  readonly collection: object;
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly globals?: Readonly<Record<string, unknown>>;
  readonly rows?: readonly Record<string, unknown>[];
  readonly iterations?: number;
  readonly folder?: string | readonly string[];
}

/** Runs one collection by Newman and by load mode, each against a server of its own. */
export async function both(inputs: Inputs): Promise<{ readonly newman: Outcome; readonly load: Outcome }> {
  const folder = mkdtempSync(join(tmpdir(), "seatrial-postman-"));
  try {
    const file = join(folder, "collection.json");
    writeFileSync(file, JSON.stringify(inputs.collection));
    return { newman: await byNewman(inputs), load: await byLoad(file, inputs) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const listOf = (values: Readonly<Record<string, unknown>> = {}) => Object.entries(values).map(([key, value]) => ({ key, value }));

interface Summary {
  readonly environment: Values;
  readonly globals: Values;
  }
interface Emitter {
  on(event: string, call: (error: unknown, event: any) => void): Emitter;
}
interface Values {
  toObject(excludeDisabled?: boolean): Record<string, unknown>;
}

async function byNewman({ collection, environment, globals, rows, iterations, folder }: Inputs): Promise<Outcome> {
  const newman = require("newman") as { run(options: object, done: (error: Error | null, summary: Summary) => void): Emitter };

  const echo = await startEcho();
  const assertions: string[] = [];
  // Newman's summary has the collection's variables as they were read: the scripts know how they are.
  let variables: Values | undefined;
  try {
    const summary = await new Promise<Summary>((resolve, reject) => {
      newman
        .run({
          collection: structuredClone(collection), reporters: [],
          environment: { values: listOf({ base: echo.base, host: echo.base.slice("http://".length), ...environment }) }, globals: { values: listOf(globals) },
          ...(rows && { iterationData: rows }), ...(iterations !== undefined && { iterationCount: iterations }), ...(folder !== undefined && { folder }),
        }, (error, summary) => (error ? reject(error) : resolve(summary)))
        .on("script", (_, { execution }) => void (variables = execution?.collectionVariables ?? variables))
        .on("assertion", (error, { item, assertion, skipped }) => assertions.push(`${item.name} › ${assertion}: ${skipped ? "skipped" : error ? "failed" : "held"}`));
    });
    return { assertions, environment: plain(summary.environment.toObject(true), echo.base), globals: summary.globals.toObject(true), collection: variables?.toObject(true) ?? {}, requests: echo.seen.map((seen) => requestOf(seen, echo.base)) };
  } finally {
    await echo.stop();
  }
}

async function byLoad(file: string, { environment, globals, rows, iterations, folder }: Inputs): Promise<Outcome> {
  const echo = await startEcho();
  const assertions: string[] = [];
  const options: PostmanOptions = {
    environment: { base: echo.base, host: echo.base.slice("http://".length), ...environment }, globals: { ...globals },
    ...(rows && { data: rows }), iterations: iterations ?? rows?.length ?? 1, ...(folder !== undefined && { folder }),
  };
  const driver = postman(file, options).drivers.postman as unknown as Driver<LoadSession>;
  const session = await driver.open(userContext().context);
  try {
    session.onAssertion = (step, { name, passed, skipped }) => assertions.push(`${step.name} › ${name}: ${skipped ? "skipped" : passed ? "held" : "failed"}`);
    let row = 0;
    await session.walk({ feed: async () => rows![Math.min(row++, rows!.length - 1)] as never, check: (_, ok) => ok, step: async (_, walk) => walk() });
    const { scopes } = session;
    return { assertions, environment: plain(scopes.environment.toObject(), echo.base), globals: scopes.globals.toObject(), collection: scopes.collection.toObject(), requests: echo.seen.map((seen) => requestOf(seen, echo.base)) };
  } finally {
    await driver.close(session);
    await echo.stop();
  }
}

/** Each run has a server of its own: its port is no difference. */
const plain = <T>(value: T, base: string): T => JSON.parse(JSON.stringify(value).replaceAll(base.slice("http://".length), "SERVER")) as T;

/** What differs by design: who asks, how a connection is kept, what is unpacked, how a boundary is called. */
const ofClient = new Set(["user-agent", "accept-encoding", "connection", "postman-token", "cache-control", "content-length", "transfer-encoding"]);

function requestOf(seen: Seen, base: string): unknown {
  const boundary = /boundary=([^;]+)/.exec(String(seen.headers["content-type"]))?.[1];
  const unbound = (text: string) => (boundary === undefined ? text : text.replaceAll(boundary, "BOUNDARY"));
  const headers = Object.entries(seen.headers).filter(([name]) => !ofClient.has(name)).map(([name, value]) => [name, unbound(String(value))]).toSorted();
  return plain({ method: seen.method, url: seen.url, headers: Object.fromEntries(headers) as unknown, body: unbound(seen.body) }, base);
}
