import { jsonOf, type Sized } from "../messages/inbox.ts";

const utf8 = new TextDecoder();

/** One message from the service. */
export class Message implements Sized {
  /** As it came, unpacked. */
  readonly bytes: Uint8Array;
  readonly isBinary: boolean;

  constructor(bytes: Uint8Array, isBinary: boolean) {
    this.bytes = bytes;
    this.isBinary = isBinary;
  }

  get byteLength(): number {
    return this.bytes.length;
  }

  text(): string {
    return utf8.decode(this.bytes);
  }

  /**
   * The message as JSON. The type is the caller's word; nothing checks it.
   *
   * @throws SEA_MESSAGES_JSON, with its first characters, when it is none
   * @example const { price } = message.json<{ price: number }>();
   */
  json<T = unknown>(): T {
    return jsonOf<T>(this.text());
  }
}
