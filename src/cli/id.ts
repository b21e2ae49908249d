import { randomBytes } from "node:crypto";

/** A run's id: sorts by time, and no two meet. `20260131-142530-9f3a` */
export function runId(wallMs: number): string {
  const [day, time] = new Date(wallMs).toISOString().split("T") as [string, string];
  return `${day.replaceAll("-", "")}-${time.slice(0, 8).replaceAll(":", "")}-${randomBytes(2).toString("hex")}`;
}
