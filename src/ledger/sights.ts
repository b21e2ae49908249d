import type { Sighting } from "../model/sighting.ts";

/** `pod shop-2 of shop gone`, `event of node-2: NodeNotReady: …` */
export function saySight({ what, name, turn, of, text }: Sighting): string {
  const whose = of === undefined ? "" : ` of ${of}`;
  if (turn === "said") return `${what}${whose} ${name}${text === undefined ? "" : `: ${text}`}`;
  return `${what} ${name}${whose} ${turn}${text === undefined ? "" : ` (${text})`}`;
}
