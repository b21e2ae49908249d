import type { OpenContext } from "../../src/model/driver.ts";
import { durationMs } from "../../src/units/duration.ts";
import type { Jar } from "../http/cookies.ts";
import { unread } from "../http/touch.ts";
import { wrongSetting, type Kind, type Settings } from "../messages/settings.ts";
import { touch } from "../messages/touch.ts";
import { Visit } from "../messages/visit.ts";
import type { EventStream, SseSession, StreamOptions } from "./session.ts";
import { OpenStream } from "./stream.ts";

/** A session with the verbs of its driver: renew and close. */
export class OpenSession extends Visit implements SseSession {
  readonly #settings: Settings;
  readonly #kind: Kind;

  constructor(context: OpenContext, jar: Jar, base: URL, settings: Settings, kind: Kind) {
    super(context, jar, base, settings);
    this.#settings = settings;
    this.#kind = kind;
  }

  open(path: string, options: StreamOptions = {}): Promise<EventStream> {
    const { visitor } = this;
    try {
      const { timeout, lastEventId = "", reconnects = 0 } = options;
      if (!Number.isInteger(reconnects) || reconnects < 0) throw wrongSetting(this.#kind, "reconnects", reconnects, "a whole number from 0");
      // A header of one line; the standard lets ids hold no more than that.
      if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(lastEventId)) throw wrongSetting(this.#kind, "lastEventId", lastEventId, "text of one line in Latin-1");
      const asked = visitor.ask(path, options);
      const timeoutMs = timeout === undefined ? this.#settings.timeoutMs : durationMs(timeout, "timeout");
      const leave = visitor.makeRoom();
      const stream = new OpenStream({ visitor, settings: this.#settings, asked, timeoutMs, lastEventId, reconnects });
      const touched = touch<EventStream>(visitor.desk, { step: `OPEN ${asked.name}`, request: asked.line, timeoutMs }, (ends) => stream.ask(ends));
      touched.then(leave, leave);
      return touched;
    } catch (error) {
      return unread(Promise.reject(error));
    }
  }
}
