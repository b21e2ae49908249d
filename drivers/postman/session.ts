import type { User } from "../../src/model/user.ts";

/** A collection at hand for one user. */
export interface PostmanSession {
  /** Runs it as often as one walk does: once in load mode, for every row in conformance mode. */
  walk(user: Pick<User, "feed" | "check" | "step">): Promise<void>;
  /**
   * One request of it by name or id, with its scripts, in load mode.
   * @throws TouchFailed when it failed, or an assertion did
   */
  touch(name: string): Promise<void>;
}
