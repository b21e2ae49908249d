import { join } from "node:path";
import { toldByArtillery, toldByK6, toldByLocust, type Told } from "./tell.ts";

/** An example of a peer, beside its translation in the same folder. */
export interface Pair {
  /** The example in the peer's own words, and what the peer then says of it. */
  readonly words: (file: string, target: string, folder: string) => readonly string[];
  readonly file: string;
  readonly told: (folder: string) => Told;
  readonly lengthS: number;
}

export const pairs = {
  locust: {
    file: "locustfile.py", lengthS: 15,
    words: (file, target, folder) => ["-f", file, "--headless", "-u", "20", "-r", "10", "-t", "15s", "--stop-timeout", "5", "--host", target, "--csv", join(folder, "locust"), "--only-summary", "--loglevel", "ERROR"],
    told: (folder) => toldByLocust(join(folder, "locust_stats.csv")),
  },
  k6: {
    file: "script.js", lengthS: 15,
    words: (file, target, folder) => ["run", "--quiet", "--no-usage-report", "-e", `TARGET=${target}`, "--out", `json=${join(folder, "k6.json")}`, file],
    told: (folder) => toldByK6(join(folder, "k6.json")),
  },
  artillery: {
    file: "script.yml", lengthS: 15,
    words: (file, target, folder) => ["run", "--quiet", "--target", target, "--output", join(folder, "artillery.json"), file],
    told: (folder) => toldByArtillery(join(folder, "artillery.json")),
  },
} satisfies Record<string, Pair>;
export type PairName = keyof typeof pairs;
