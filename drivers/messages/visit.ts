import type { OpenContext } from "../../src/model/driver.ts";
import type { Jar } from "../http/cookies.ts";
import type { Settings } from "./settings.ts";
import { Visitor } from "./visitor.ts";

/** What a session of either surface has beside the verb that opens something: its visitor, renewed and closed as the driver says. */
export class Visit {
  protected readonly visitor: Visitor;

  constructor(context: OpenContext, jar: Jar, base: URL, settings: Settings) {
    this.visitor = new Visitor(context, jar, base, settings);
  }

  get cookies(): Jar {
    return this.visitor.cookies;
  }

  header(name: string, value: string | undefined): void {
    this.visitor.header(name, value);
  }

  renew(): void {
    this.visitor.renew();
  }

  close(): Promise<void> {
    this.visitor.close();
    return Promise.resolve();
  }
}
