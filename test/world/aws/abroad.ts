import { profiles } from "./account.ts";
import { gate, type Gate } from "./gate.ts";
import { moto, type Moto } from "./moto.ts";

/** AWS for a suite: a server, the gate through which the product reaches it, and a login that the SDK finds by itself. */
export interface Abroad extends AsyncDisposable {
  readonly server: Moto;
  readonly door: Gate;
}

export async function abroad(): Promise<Abroad> {
  const made: AsyncDisposable[] = [];
  const dispose = async () => {
    for (const one of made.reverse()) await one[Symbol.asyncDispose]();
  };
  try {
    made.push(await profiles({ default: { id: "tester", secret: "secret" } }));
    const server = await moto();
    made.push(server);
    const door = await gate(server.endpoint);
    made.push(door);
    return { server, door, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
