import { STATUS_CODES } from "node:http";
import type { Reply } from "../../http/reply.ts";
import { PropertyList } from "./list.ts";

/** What a response needs of the context that scripts run in: values that are its own. */
export interface Realm {
  parse(text: string, reviver?: unknown): unknown;
}

/** An answer, as scripts know it. Where none came it is there all the same, and holds nothing. */
export class ScriptResponse {
  readonly code: number | undefined;
  readonly status: string | undefined;
  readonly responseTime: number | undefined;
  readonly #reply: Reply | undefined;
  readonly #realm: Realm;
  #headers: PropertyList | undefined;

  constructor(reply: Reply | undefined, ms: number, realm: Realm) {
    this.#reply = reply;
    this.#realm = realm;
    if (!reply) return;
    this.code = reply.status;
    this.status = STATUS_CODES[reply.status] ?? "";
    this.responseTime = Math.round(ms);
  }

  get headers(): PropertyList {
    if (this.#headers) return this.#headers;
    const raw = this.#reply?.headers.raw ?? [];
    return (this.#headers = new PropertyList(Array.from({ length: raw.length / 2 }, (_, i) => ({ key: raw[2 * i]!, value: raw[2 * i + 1]! })), "header"));
  }
  get responseSize(): number {
    return this.#reply?.bytes.length ?? 0;
  }
  get stream(): Buffer {
    return Buffer.from(this.#reply?.bytes ?? []);
  }
  get cookies(): PropertyList {
    return new PropertyList((this.#reply?.headers.cookies ?? []).map((line) => ({ key: line.slice(0, line.indexOf("=")), value: line.slice(line.indexOf("=") + 1).split(";")[0]! })));
  }

  text(): string | undefined {
    return this.#reply?.text();
  }

  /** Parsed anew each time: whoever asked before may have changed what was handed out. */
  json(reviver?: unknown): unknown {
    return this.#realm.parse(this.text() as string, typeof reviver === "function" ? reviver : undefined);
  }

  reason(): string | undefined {
    return this.status;
  }
  details(): { code: number | undefined; name: string | undefined; detail: string } {
    return { code: this.code, name: this.status, detail: "" };
  }
  size(): { body: number; header: number; total: number } {
    const header = this.headers.reduce((sum, { key, value }) => sum + key.length + String(value).length + 4, `HTTP/1.1 ${this.code} ${this.status}\r\n\r\n`.length);
    return { body: this.responseSize, header, total: this.responseSize + header };
  }
  mime(): { type: string; charset: string } {
    const [type = "text/plain", charset = "utf8"] = (this.#reply?.headers.get("content-type") ?? "text/plain").split(/;\s*charset=/i);
    return { type: type.split("/")[0]!, charset };
  }
  dataURI(): string {
    return `data:${this.#reply?.headers.get("content-type") ?? "text/plain"};base64,${this.stream.toString("base64")}`;
  }
  toJSON(): unknown {
    return { code: this.code, status: this.status, header: this.headers.toJSON(), responseTime: this.responseTime };
  }
}
