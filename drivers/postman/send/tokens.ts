import { form } from "../../http/body.ts";
import type { Reply } from "../../http/reply.ts";
import type { Line } from "./exchange.ts";

/** So near to its end a token is fetched anew. */
const earlyMs = 10_000;
const mostTokens = 20;

interface Token {
  readonly text: string;
  readonly untilMs: number;
}

/** The tokens that one user got for client credentials; two requests at once fetch one. */
export class Tokens {
  readonly #kept = new Map<string, Promise<Token | undefined>>();
  readonly #seen: (beganMs: number, reply: Reply | undefined, error: unknown) => void;

  /** @param seen told of every fetch, for the record */
  constructor(seen: (beganMs: number, reply: Reply | undefined, error: unknown) => void) {
    this.#seen = seen;
  }

  clear(): void {
    this.#kept.clear();
  }

  async get(settings: Readonly<Record<string, string>>, line: Line): Promise<string | undefined> {
    const { accessTokenUrl = "", clientId = "", clientSecret = "", scope = "", audience = "", client_authentication: by = "header" } = settings;
    if (accessTokenUrl === "") return undefined;
    const id = [accessTokenUrl, clientId, clientSecret, scope, audience, by].join("\n");
    const kept = await this.#kept.get(id);
    if (kept && kept.untilMs > line.clock.now()) return kept.text;
    if (this.#kept.size === mostTokens) this.#kept.clear();
    const fetching = this.#fetch(settings, line);
    this.#kept.set(id, fetching.catch(() => undefined));
    return (await fetching)?.text;
  }

  /** RFC 6749, section 4.4. A token that was refused ends the request that needed it. */
  async #fetch({ accessTokenUrl = "", clientId = "", clientSecret = "", scope = "", audience = "", client_authentication: by = "header" }: Readonly<Record<string, string>>, { http, clock }: Line): Promise<Token | undefined> {
    const beganMs = clock.now();
    const body = form({ grant_type: "client_credentials", ...(scope !== "" && { scope }), ...(audience !== "" && { audience }), ...(by === "body" && { client_id: clientId, client_secret: clientSecret }) });
    const login = `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString("base64")}`;
    try {
      const reply = await http.request("POST", accessTokenUrl, { body, headers: { accept: "application/json", ...(by !== "body" && { authorization: login }) } });
      this.#seen(beganMs, reply, undefined);
      const { access_token: text, expires_in: seconds } = reply.json<{ access_token?: string; expires_in?: number }>();
      return text === undefined ? undefined : { text, untilMs: clock.now() + (typeof seconds === "number" ? Math.max(0, seconds * 1_000 - earlyMs) : Infinity) };
    } catch (error) {
      this.#seen(beganMs, undefined, error);
      throw error;
    }
  }
}
