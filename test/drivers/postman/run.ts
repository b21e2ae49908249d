import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { postman, type PostmanOptions } from "../../../drivers/postman/index.ts";
import { userContext, type RecordedOp } from "../../contract/driver.ts";
import { startEcho, type Seen } from "./server.ts";

/** What a walk came to. */
export interface Ran {
  readonly base: string;
  readonly seen: readonly Seen[];
  readonly ops: readonly RecordedOp[];
  /** Checks that failed beside the op, by name. */
  readonly checks: readonly string[];
  /** Files of evidence by their names. */
  readonly files: ReadonlyMap<string, string>;
}

/** A collection in a file for as long as it is read. */
export function withFile<T>(content: object | string, use: (file: string) => T, name = "collection.json"): T {
  const folder = mkdtempSync(join(tmpdir(), "seatrial-postman-"));
  try {
    const file = join(folder, name);
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    return use(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Walks a collection once, against a server that lives as long; `{{base}}` is where it is. */
export async function runLoad(collection: object | string, { environment, ...options }: Omit<PostmanOptions, "environment"> & { readonly environment?: Readonly<Record<string, unknown>> } = {}): Promise<Ran> {
  const echo = await startEcho();
  const make = (file: string) => postman(file, { environment: { base: echo.base, ...environment }, ...options });
  const { drivers: { postman: driver } } = typeof collection === "string" ? make(collection) : withFile(collection, make);
  const files = new Map<string, string>();
  const { context, ops } = userContext({ artifacts: { save: (name, content) => (files.set(name, String(content)), name) } });
  context.record.keeps = () => true;
  const session = await driver.open(context);
  const checks: string[] = [];
  try {
    await session.walk({ feed: async (feeder) => (await feeder.rows())[0]!, check: (name, ok) => (ok || checks.push(name), ok), step: async (_, walk) => walk() });
    return { base: echo.base, seen: [...echo.seen], ops, checks, files };
  } finally {
    await driver.close(session);
    await echo.stop();
  }
}
