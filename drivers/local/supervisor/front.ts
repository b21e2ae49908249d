import type { ChildProcess } from "node:child_process";
import { ended, killGroup, start } from "../programs.ts";
import { hear, say, type BalancerNews, type Count, type Routes } from "../wire.ts";

/** The supervisor's side of the balancer: starts it, and again when it ends. */
export class Front {
  isListening = false;
  /** Why it can't do its work. */
  failure: string | undefined;
  #child: ChildProcess | undefined;
  #ending = false;
  #routes: Routes | undefined;
  readonly #orphanFolder: string | undefined;
  readonly #count: (count: Count) => void;

  constructor(orphanFolder: string | undefined, count: (count: Count) => void) {
    this.#orphanFolder = orphanFolder;
    this.#count = count;
    this.#start();
  }

  route(routes: Routes): void {
    this.#routes = routes;
    say(this.#child?.stdin, routes);
  }

  async end(): Promise<void> {
    this.#ending = true;
    if (this.#child) await ended(this.#child);
  }

  #start(): void {
    const child = start("balancer", this.#orphanFolder ? [this.#orphanFolder] : [], ["pipe", "pipe", "inherit"]);
    this.#child = child;
    hear<BalancerNews>(child.stdout!, (news) => {
      if (news.is === "listening") this.isListening = true;
      else if (news.is === "failed") this.failure = news.why;
      else for (const count of news.counts) this.#count(count);
    });
    child.once("exit", () => {
      if (child.pid !== undefined) killGroup(child.pid);
      this.#child = undefined;
      if (!this.#ending) this.#start();
    });
    if (this.#routes) this.route(this.#routes);
  }
}
