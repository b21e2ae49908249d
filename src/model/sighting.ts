/**
 * One thing that a platform was seen to do. A pod, a node or an `endpoint` (an address behind a
 * service) came, began or ceased to take traffic, went; an `event` is what the platform said of
 * itself; a `watch` that was lost sees nothing until it is back.
 */
export interface Sighting {
  readonly what: "pod" | "node" | "endpoint" | "event" | "watch";
  readonly name: string;
  readonly turn: "came" | "ready" | "unready" | "gone" | "said" | "lost" | "back";
  /** The workload of a pod, the service of an endpoint, what an event is about. */
  readonly of?: string;
  readonly text?: string;
  /** When the platform says that it was, by its own clock: ms since 1970. */
  readonly atMs?: number;
}
