import type { AuthShape, Param } from "../read/shape.ts";
import { signAws } from "./aws.ts";
import { digestHeader, type Digest } from "./digest.ts";
import { fill, type Lookup } from "./template.ts";
import { withParam } from "./url.ts";

/** A request with everything filled in. */
export interface Wire {
  readonly method: string;
  url: string;
  /** Names as they were written; undefined takes a usual one away. */
  readonly headers: Map<string, { readonly name: string; readonly value: string }>;
  readonly body: string | Uint8Array | undefined;
}

/** The settings of a login by name, with their gaps. */
export interface CompiledAuth {
  readonly type: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Logins that this file knows; every other one is refused before the start. */
export const authTypes = new Set(["basic", "bearer", "apikey", "oauth2", "awsv4", "digest", "noauth"]);

export function compileAuth(auth: AuthShape | null | undefined): CompiledAuth | undefined {
  if (!auth || auth.type === "noauth") return undefined;
  const list = (auth[auth.type] ?? []) as readonly Param[];
  const settings = Array.isArray(list) ? Object.fromEntries(list.filter((one: Param) => one.disabled !== true).map(({ key, value }: Param) => [key, value])) : (list as unknown as Record<string, unknown>);
  return { type: auth.type, settings };
}

/** What a login needs of the session: a token that has to be fetched, the time. */
export interface Signing {
  readonly look: Lookup;
  readonly wallMs: number;
  /** The token for client credentials, kept by the session. */
  token(settings: Readonly<Record<string, string>>): Promise<string | undefined>;
  /** The challenge that a service sent for this login, once it did. */
  readonly challenge: Digest | undefined;
  readonly nonce: () => string;
}

const set = ({ headers }: Wire, name: string, value: string): void => void headers.set(name.toLowerCase(), { name, value });

/** Signs the request in place; answers a promise only where something has to be fetched. */
export function sign(auth: CompiledAuth, wire: Wire, signing: Signing): void | Promise<void> {
  const given = fill(auth.settings, signing.look) as Record<string, unknown>;
  const text = (name: string): string => (given[name] === undefined || given[name] === null ? "" : String(given[name]));
  switch (auth.type) {
    case "basic":
      if (text("username") === "" && text("password") === "") return;
      return set(wire, "Authorization", `Basic ${Buffer.from(`${text("username")}:${text("password")}`).toString("base64")}`);
    case "bearer":
      if (text("token") === "") return;
      return set(wire, "Authorization", `Bearer ${text("token")}`);
    case "apikey":
      if (text("key") === "" && text("value") === "") return;
      if (text("in") === "query") wire.url = withParam(wire.url, text("key"), text("value"));
      else if (text("key") !== "") set(wire, text("key"), text("value"));
      return;
    case "awsv4":
      return signAws(wire, { accessKey: text("accessKey"), secretKey: text("secretKey"), sessionToken: text("sessionToken"), service: text("service") || "execute-api", region: text("region") || "us-east-1", inQuery: given["addAuthDataToQuery"] === true }, signing.wallMs);
    case "digest": {
      const known: Digest | undefined = signing.challenge ?? (text("nonce") !== "" && text("realm") !== "" ? { nonce: text("nonce"), realm: text("realm"), qop: text("qop"), opaque: text("opaque") } : undefined);
      if (known) set(wire, "Authorization", digestHeader(known, wire, { username: text("username"), password: text("password"), algorithm: text("algorithm") || "MD5", clientNonce: text("clientNonce") || signing.nonce() }));
      return;
    }
    case "oauth2": {
      const put = (token: string): void => {
        if (token === "" || text("tokenType").toLowerCase() === "mac") return;
        if (text("addTokenTo") === "queryParams") return void (wire.url = withParam(wire.url, "access_token", token));
        const prefix = given["headerPrefix"] === undefined || given["headerPrefix"] === null ? "Bearer" : text("headerPrefix").trim();
        set(wire, "Authorization", prefix === "" ? token : `${prefix} ${token}`);
      };
      if (text("accessToken") !== "" || text("grant_type") !== "client_credentials") return put(text("accessToken"));
      return signing.token(Object.fromEntries(Object.keys(given).map((name) => [name, text(name)]))).then((token) => put(token ?? ""));
    }
  }
}
