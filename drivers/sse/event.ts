import { jsonOf, type Sized } from "../messages/inbox.ts";
import type { Parsed } from "./parser.ts";

/** One event from the service. */
export class ServerEvent implements Sized {
  /** Its name; `"message"` where the service gives none. */
  readonly type: string;
  /** The lines of its data, joined by line feeds. */
  readonly data: string;
  /** The last id that the service gave, with this event or before it; empty for none. */
  readonly id: string;

  constructor({ type, data, id }: Parsed) {
    this.type = type;
    this.data = data;
    this.id = id;
  }

  get byteLength(): number {
    return this.data.length;
  }

  /**
   * The data as JSON. The type is the caller's word; nothing checks it.
   *
   * @throws SEA_MESSAGES_JSON, with its first characters, when it is none
   * @example const { price } = event.json<{ price: number }>();
   */
  json<T = unknown>(): T {
    return jsonOf<T>(this.data);
  }
}
