import { problem, SeatrialError } from "../../../../src/units/errors.ts";
import type { Api, Resource } from "../../api/api.ts";
import type { ChaosThing } from "./words.ts";

/** What an admission webhook said, without who said it and to what. */
const reasonOf = (message: string): string => message.replace(/^.*denied the request: /s, "").trim();

/** A refusal of Chaos Mesh's webhooks, or of the definition's schema, as its own error; any other as it is. */
const told = (error: unknown, { kind }: Resource): unknown =>
  error instanceof SeatrialError && error.code === "SEA_KUBE_REFUSED" ? problem("SEA_CHAOS_REFUSED", { kind, why: reasonOf(error.message) }, undefined, error) : error;

/** Would it be taken? Asks without doing it. @throws SEA_CHAOS_REFUSED */
export async function tried(api: Api, resource: Resource, thing: ChaosThing): Promise<void> {
  try {
    await api.create(resource, thing, { dryRun: true });
  } catch (error) {
    throw told(error, resource);
  }
}

/** Makes it; one of the same name is the same one. @throws SEA_CHAOS_REFUSED */
export async function made(api: Api, resource: Resource, thing: ChaosThing): Promise<void> {
  try {
    await api.create(resource, thing);
  } catch (error) {
    if (!(error instanceof SeatrialError && error.code === "SEA_KUBE_EXISTS")) throw told(error, resource);
  }
}
