/** The first namespace is home: its things go by their plain names, those of the others by `namespace/name`. */
export class Names {
  readonly #home: string;

  constructor(namespaces: readonly string[]) {
    this.#home = namespaces[0]!;
  }

  of({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
    return namespace === this.#home ? name : `${namespace}/${name}`;
  }
}
