import type { Browser } from "webdriverio";
import type { Room } from "./room.ts";

/** Hears the console and the network of a BiDi session; a classic one tells nothing by itself. */
export async function listen(session: Browser, room: Room): Promise<void> {
  if (!session.isBidi) return;
  await session.sessionSubscribe({ events: ["log.entryAdded", "network.fetchError", "network.responseCompleted"] });
  session.on("log.entryAdded", (entry) => room.note(`${entry.type === "javascript" ? "page error" : `console ${entry.level}`}: ${entry.text ?? ""}`));
  session.on("network.fetchError", ({ request, errorText }) => room.note(`network: ${request.method} ${request.url} ${errorText}`));
  session.on("network.responseCompleted", ({ request, response }) => void (response.status >= 400 && room.note(`network: ${request.method} ${request.url} status ${response.status}`)));
}
