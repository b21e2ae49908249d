import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";

export interface Example {
  readonly file: string;
  readonly manifest: { readonly apiVersion: string; readonly kind: string; readonly metadata: { readonly name: string; readonly namespace?: string }; readonly spec: Record<string, unknown> };
}

/** Examples that Chaos Mesh itself refuses, and what plan says of them. */
export const wrongExamples: Readonly<Record<string, string>> = {
  "jvm/jvm-return-example.yaml": "fault.spec.returnValue: action return needs returnValue",
  "remote-cluster.yaml": "spec: the field 'version' is missing",
  "remote-cluster/remote-cluster.yaml": "spec: the field 'version' is missing",
};

/** Every object of Chaos Mesh in the examples of its module. */
export function examplesOf(folder: string): readonly Example[] {
  const root = join(folder, "examples");
  return (readdirSync(root, { recursive: true }) as string[])
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .flatMap((file) =>
      parseAllDocuments(readFileSync(join(root, file), "utf8"))
        .map((document) => document.toJS() as Example["manifest"] | null)
        .filter((manifest) => manifest?.apiVersion === "chaos-mesh.org/v1alpha1")
        .map((manifest) => ({ file, manifest: manifest! })),
    );
}
