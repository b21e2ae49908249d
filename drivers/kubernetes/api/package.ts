import { problem } from "../../../src/units/errors.ts";

/**
 * The client package, which is only there where somebody asked for it.
 *
 * @throws SEA_KUBE_PACKAGE with the command that installs it
 */
export async function clientPackage(): Promise<typeof import("@kubernetes/client-node")> {
  try {
    return await import("@kubernetes/client-node");
  } catch (cause) {
    if ((cause as { code?: string }).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw problem("SEA_KUBE_PACKAGE", {}, "kubernetes", cause);
  }
}
