/** Faults of files and of the devices under them. */
import type { Kinds } from "../kinds.ts";
import type { Contained, GoTime, Lasting, Share, Some, SomeOf } from "./chosen.ts";

type Method =
  | "lookup" | "forget" | "getattr" | "setattr" | "readlink" | "mknod" | "mkdir" | "unlink" | "rmdir" | "symlink" | "rename" | "link"
  | "open" | "read" | "write" | "flush" | "release" | "fsync" | "opendir" | "readdir" | "releasedir" | "fsyncdir" | "statfs"
  | "setxattr" | "getxattr" | "listxattr" | "removexattr" | "access" | "create" | "getlk" | "setlk" | "bmap";

type Files = Contained & Lasting & {
  /** Where the volume is mounted. */
  readonly volumePath: string;
  /** Only these of its files; a pattern of the shell. */
  readonly path?: string;
  readonly methods?: Some<Method>;
  /** How many of the calls, 0 to 100. Default 100. */
  readonly percent?: number;
};

type Attributes = NonNullable<Kinds["IOChaos"]["spec"]["attr"]>;

export interface IOActions {
  readonly latency: Files & { readonly delay: GoTime };
  /** `errno` as Linux numbers it, such as 5 for EIO. */
  readonly fault: Files & { readonly errno: number };
  readonly attrOverride: Files & { readonly attr: SomeOf<{ [K in keyof Attributes]-?: NonNullable<Attributes[K]> }> };
  readonly mistake: Files & { readonly mistake: { readonly filling: "zero" | "random"; readonly maxOccurrences: number; readonly maxLength: number } };
}

export interface BlockActions {
  readonly delay: Contained & Lasting & {
    readonly volumeName: string;
    readonly delay: { readonly latency: GoTime; readonly jitter?: GoTime; readonly correlation?: Share };
  };
}
