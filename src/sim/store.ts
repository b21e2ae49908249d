import type { SimulatedAnswer, SimulatedAsk } from "../model/simulated.ts";

type Thing = Readonly<Record<string, unknown>>;
interface Write {
  readonly shelf: string;
  readonly id: string;
  /** Undefined: deleted. */
  readonly thing: Thing | undefined;
}

/** A store at one moment: a prefix of the writes that made it. */
export interface StoreCopy {
  readonly writes: readonly Write[];
  readonly count: number;
}

/** What the list of a collection shows that nobody wrote to. */
const someThings = [{ id: "1" }, { id: "2" }, { id: "3" }];
/** A list longer than this shows its newest. */
const longestList = 1_000;

const thingOf = (body: unknown): Thing => {
  if (typeof body === "string") {
    try {
      return thingOf(JSON.parse(body));
    } catch {
      return { value: body };
    }
  }
  return body === undefined || body === null ? {} : typeof body === "object" && !Array.isArray(body) ? (body as Thing) : { value: body };
};

/**
 * A small store that behaves like a REST API. It knows no schema: a path becomes a collection by
 * being written to; until then `GET /things` shows a few and `GET /things/7` finds whatever it is
 * asked for, so that journeys over data that a rehearsal does not have still walk.
 */
export class Store {
  readonly #shelves = new Map<string, Map<string, Thing>>();
  #writes: Write[] = [];
  #fresh = 0;

  answer({ method, path, body }: SimulatedAsk): SimulatedAnswer {
    const place = path.replace(/[?#].*$/, "").replace(/\/+$/, "");
    const cut = place.lastIndexOf("/");
    const [shelf, id] = [place.slice(0, cut), decodeURIComponentSafely(place.slice(cut + 1))];
    const known = this.#shelves.get(shelf);
    const found = known?.get(id);
    switch (method.toUpperCase()) {
      case "POST": {
        const thing = thingOf(body);
        const given = thing["id"];
        const fresh = typeof given === "string" || typeof given === "number" ? given : `${place.slice(cut + 1) || "thing"}-${++this.#fresh}`;
        return reply(201, this.#put(place, String(fresh), { ...thing, id: fresh }));
      }
      case "PUT":
        return reply(200, this.#put(shelf, id, { ...thingOf(body), id }));
      case "PATCH":
        if (known && !found) return reply(404);
        return reply(200, this.#put(shelf, id, { ...found, ...thingOf(body), id }));
      case "DELETE":
        if (known && !found) return reply(404);
        if (known) this.#put(shelf, id, undefined);
        return reply(204);
      case "GET":
      case "HEAD": {
        const list = this.#shelves.get(place);
        if (list) return reply(200, [...list.values()].slice(-longestList));
        if (known) return found ? reply(200, found) : reply(404);
        return reply(200, cut > 0 ? { id } : someThings);
      }
      default:
        return reply(405);
    }
  }

  copy(): StoreCopy {
    return { writes: this.#writes, count: this.#writes.length };
  }

  /** Becomes what it was; collections stay known, and ids are not given out again. */
  become(copy: StoreCopy): void {
    const writes = copy.writes.slice(0, copy.count);
    for (const things of this.#shelves.values()) things.clear();
    this.#writes = [];
    for (const { shelf, id, thing } of writes) this.#put(shelf, id, thing);
  }

  #put(shelf: string, id: string, thing: Thing | undefined): Thing | undefined {
    this.#writes.push({ shelf, id, thing });
    let things = this.#shelves.get(shelf);
    if (!things) this.#shelves.set(shelf, (things = new Map()));
    if (thing) things.set(id, thing);
    else things.delete(id);
    return thing;
  }
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const headers = { "content-type": "application/json" };
const reply = (status: number, body?: unknown): SimulatedAnswer => ({ status, headers, body });
