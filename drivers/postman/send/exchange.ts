import type { HttpSession } from "../../http/session.ts";
import type { Jar } from "../../http/cookies.ts";
import type { Reply } from "../../http/reply.ts";
import { TouchFailed, type Failure } from "../../../src/model/op.ts";
import type { Clock } from "../../../src/units/clock.ts";
import type { Random } from "../../../src/units/random.ts";
import { sayError } from "../../../src/units/errors.ts";
import { sign, type Wire } from "./auth.ts";
import { challengeOf, type Digest } from "./digest.ts";
import { resolve, type CompiledRequest } from "./request.ts";
import type { Tokens } from "./tokens.ts";

/** What the exchanges of one session share. */
export interface Line {
  readonly http: HttpSession;
  readonly jar: Jar;
  readonly clock: Clock;
  readonly random: Random;
  readonly tokens: Tokens;
}

/** A request that went out, redirects and challenges included, and what came of it. */
export interface Exchange {
  readonly beganMs: number;
  readonly endedMs: number;
  /** As it was first sent, and where the answer came from. */
  readonly sent: Wire;
  readonly url: string;
  readonly reply: Reply | undefined;
  readonly failed: { readonly outcome: "refused" | "unsure"; readonly failure: Failure } | undefined;
}

const any = { expect: "any", redirects: 0 } as const;

/** Sends a request as Postman does: signs it, answers one challenge, follows redirects by Postman's rules. Never throws. */
export async function exchange(line: Line, request: CompiledRequest, look: { text(name: string): string | undefined }): Promise<Exchange> {
  const beganMs = line.clock.now();
  let sent: Wire = { method: request.method, url: request.url.source, headers: new Map(), body: undefined };
  let hop = sent;
  try {
    let challenge: Digest | undefined;
    for (;;) {
      sent = hop = resolve(request, look);
      if (request.auth) {
        const signed = sign(request.auth, sent, { look, wallMs: line.clock.wallMs(), challenge, nonce: () => line.random.int(0, 2 ** 31 - 1).toString(36), token: (settings) => line.tokens.get(settings, line) });
        if (signed) await signed;
      }
      let reply = await send(line, hop, request.behavior.without);
      const { behavior } = request;
      let redirects = 0;
      for (let next; behavior.followRedirects && (next = redirectOf(hop, reply, request)); ) {
        if (redirects++ === behavior.maxRedirects) {
          const failure = { cause: "too many redirects", request: lineOf(hop), status: reply.status };
          return { beganMs, endedMs: line.clock.now(), sent, url: hop.url, reply: undefined, failed: { outcome: "refused", failure } };
        }
        hop = next;
        reply = await send(line, hop, behavior.without);
      }
      const asked = request.auth?.type === "digest" && challenge === undefined ? challengeOf(reply.status, reply.headers.getAll("www-authenticate")) : undefined;
      if (!asked) return { beganMs, endedMs: line.clock.now(), sent, url: hop.url, reply, failed: undefined };
      challenge = asked;
    }
  } catch (error) {
    const failed = error instanceof TouchFailed ? { outcome: error.outcome, failure: error.failure } : { outcome: "refused" as const, failure: { cause: "invalid request", request: lineOf(hop), error: sayError(error) } };
    return { beganMs, endedMs: line.clock.now(), sent, url: hop.url, reply: undefined, failed };
  }
}

function send({ http, jar }: Line, { method, url, headers: given, body }: Wire, without: readonly string[]): Promise<Reply> {
  if (given.size === 0 && without.length === 0) return http.request(method, url, body === undefined ? any : { ...any, body });
  const headers: Record<string, string | undefined> = {};
  for (const name of without) if (name !== "content-type") headers[name] = undefined;
  for (const [name, { value }] of given) headers[name] = value;
  // A cookie that the request names goes beside those of the jar.
  const { cookie } = headers;
  if (cookie !== undefined && !jar.isEmpty && URL.canParse(url)) headers["cookie"] = [cookie, jar.header(new URL(url))].filter(Boolean).join("; ");
  return http.request(method, url, { ...any, headers, ...(body !== undefined && { body }) });
}

/** Where an answer sends the client; every method becomes GET but HEAD, unless the status or the collection keeps it. */
function redirectOf(from: Wire, reply: Reply, { behavior }: CompiledRequest): Wire | undefined {
  const location = reply.status >= 300 && reply.status < 400 ? reply.headers.get("location") : undefined;
  if (location === undefined || !URL.canParse(location, from.url)) return undefined;
  const to = new URL(location, from.url);
  const headers = new Map(from.headers);
  if (to.hostname !== new URL(from.url).hostname) {
    headers.delete("host");
    if (!behavior.followAuthorizationHeader) headers.delete("authorization");
  }
  const keeps = behavior.followOriginalHttpMethod || reply.status === 307 || reply.status === 308;
  if (!keeps) headers.delete("content-type");
  if (!behavior.removeRefererHeaderOnRedirect) headers.set("referer", { name: "Referer", value: new URL(from.url).href });
  return { method: keeps || from.method === "HEAD" ? from.method : "GET", url: to.href, headers, body: keeps ? from.body : undefined };
}

const lineOf = ({ method, url }: Wire): string => `${method} ${url.replace(/\?.*$/s, "")}`.slice(0, 300);

