import type { ChildProcess } from "node:child_process";
import { ended, killGroup, start } from "../programs.ts";
import { timing } from "../timing.ts";
import { hear, say, type NodeNews, type NodeOrder } from "../wire.ts";

/** The supervisor's side of a node: its agent's process group, its power and its network. */
export class Machine {
  readonly name: string;
  /** What the platform believes; follows what is true after a while. */
  ready = false;
  cut = false;
  #agent: ChildProcess | undefined;
  #isUp = false;
  #powered = true;
  #offMs = 0;
  #lostMs: number | undefined;
  readonly #orphanFolder: string | undefined;
  readonly #news: (news: NodeNews | { readonly is: "down" }) => void;

  /** `orphanFolder`: what the agent deletes when the supervisor is gone. */
  constructor(name: string, orphanFolder: string | undefined, news: (news: NodeNews | { readonly is: "down" }) => void) {
    this.name = name;
    this.#orphanFolder = orphanFolder;
    this.#news = news;
  }

  get reachable(): boolean {
    return this.#isUp && !this.cut;
  }

  boot(): void {
    this.#powered = true;
    if (this.#agent) return;
    const agent = start("node", this.#orphanFolder ? [this.#orphanFolder] : [], ["pipe", "pipe", "inherit"]);
    this.#agent = agent;
    hear<NodeNews>(agent.stdout!, (news) => {
      if (news.is === "up") this.#isUp = true;
      this.#news(news);
    });
    agent.once("exit", () => {
      // Killed from outside it leaves its replicas behind: a node ends as a whole.
      if (agent.pid !== undefined) killGroup(agent.pid);
      this.#agent = undefined;
      this.#isUp = false;
      this.#offMs = performance.now();
      this.#news({ is: "down" });
    });
  }

  /** Takes the power away: the whole group ends, and nobody boots it before `boot`. */
  halt(): void {
    this.#powered = false;
    if (this.#agent?.pid !== undefined) killGroup(this.#agent.pid);
  }

  tell(order: NodeOrder): void {
    if (this.#isUp) say(this.#agent?.stdin, order);
  }

  /** Notices what became of it; answers true at the moment when it counts as lost. */
  watch(nowMs: number): boolean {
    if (this.#powered && !this.#agent && nowMs - this.#offMs >= timing.restartMs) this.boot();
    if (this.reachable) {
      this.#lostMs = undefined;
      this.ready = true;
      return false;
    }
    this.#lostMs ??= nowMs;
    if (!this.ready || nowMs - this.#lostMs < timing.detectMs) return false;
    this.ready = false;
    return true;
  }

  /** Lets the agent end its replicas and itself. */
  async end(): Promise<void> {
    this.#powered = false;
    if (this.#agent) await ended(this.#agent);
  }
}
