import { secretsIn } from "../../src/mask/values.ts";
import type { Mask } from "../../src/mask/mask.ts";
import type { OpenContext } from "../../src/model/driver.ts";
import type { Failure } from "../../src/model/op.ts";
import type { Jar } from "../http/cookies.ts";
import { saveEvidence } from "../http/evidence.ts";
import { headOf, Reply } from "../http/reply.ts";
import type { Room } from "../http/transcript.ts";
import type { Param } from "./read/shape.ts";
import type { Scopes } from "./script/scope.ts";
import type { Exchange } from "./send/exchange.ts";

const longestLine = 300;

/** What a session knows that is secret, and how much it keeps of a failure. */
export interface Desk {
  readonly context: OpenContext;
  readonly jar: Jar;
  /** Undefined for no evidence. */
  readonly room: Room | undefined;
}

/** Variables that Postman marks as secret, or that are called so, are in nothing that is written down. */
export function keepSecrets(mask: Mask, variables: readonly Param[]): void {
  for (const { key, value, type } of variables) if ((type === "secret" || mask.isSecret(key)) && value !== undefined) mask.keep(String(value));
}

/** A failure with the request and the head of the answer, without the secrets that either holds; with both of them in a file where one is kept. */
export function evidenceOf({ context, jar, room }: Desk, step: string, failure: Failure, done: Exchange | undefined, scopes: Scopes): Failure {
  const { mask, record } = context;
  const variables = [scopes.environment, scopes.globals].flatMap((scope) => Object.entries(scope.toObject()).map(([name, value]) => [name, String(value)] as const));
  const secrets = [...secretsIn(variables, mask.isSecret), ...jar.values()];
  if (!done) return mask.failure(failure, secrets);
  const { sent, reply } = done;
  secrets.push(...secretsIn([...sent.headers].map(([name, { value }]) => [name, value] as const), mask.isSecret));
  const { origin, pathname, search } = URL.canParse(sent.url) ? new URL(sent.url) : { origin: "", pathname: sent.url, search: "" };
  const request = `${sent.method} ${origin}${pathname}${search}`.slice(0, longestLine);
  const told = mask.failure({ ...failure, request, ...(reply && { status: reply.status, body: headOf(reply) }) }, secrets);
  if (!reply || !room || !record.keeps?.(step, told.cause)) return told;
  const artifacts = saveEvidence(context, { ...told, step, beganMs: done.beganMs }, Reply.exchangesOf(reply), secrets, room);
  return artifacts.length > 0 ? { ...told, artifacts } : told;
}
