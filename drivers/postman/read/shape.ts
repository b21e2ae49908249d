/** What a collection holds, in the one shape that both formats are read into: Postman's v2.1. */

/** One line of a list that can be switched off: header, query, form field, variable, setting of an auth. */
export interface Param {
  readonly key: string;
  readonly value?: unknown;
  readonly disabled?: boolean;
  readonly type?: string;
  /** Files of a form field. */
  readonly src?: string | readonly string[] | null;
  readonly contentType?: string;
  readonly fileName?: string;
}

export interface UrlShape {
  readonly protocol?: string;
  readonly auth?: { readonly user?: string; readonly password?: string };
  readonly host?: string | readonly string[];
  readonly port?: string;
  readonly path?: string | readonly (string | { readonly value?: string })[];
  readonly query?: readonly Param[];
  readonly hash?: string;
  /** Values of the path's `:names`. */
  readonly variable?: readonly (Param & { readonly id?: string })[];
  readonly raw?: string;
}

export interface BodyShape {
  readonly mode?: string;
  readonly raw?: unknown;
  readonly urlencoded?: readonly Param[] | string;
  readonly formdata?: readonly Param[];
  readonly file?: { readonly src?: string | null; readonly content?: string } | string;
  readonly graphql?: { readonly query?: unknown; readonly operationName?: unknown; readonly variables?: unknown };
  readonly options?: { readonly raw?: { readonly language?: string } };
  readonly disabled?: boolean;
}

/** A login by its kind; its settings are a list in v2.1, an object in v2.0. */
export interface AuthShape {
  readonly type: string;
  readonly [kind: string]: unknown;
}

export interface RequestShape {
  readonly method?: string;
  readonly url?: string | UrlShape;
  readonly header?: readonly Param[] | string | null;
  readonly body?: BodyShape | null;
  readonly auth?: AuthShape | null;
  readonly description?: string | { readonly content?: string } | null;
  readonly proxy?: unknown;
  readonly certificate?: unknown;
}

export interface EventShape {
  readonly listen?: string;
  readonly disabled?: boolean;
  readonly script?: { readonly exec?: string | readonly string[]; readonly src?: unknown; readonly type?: string } | string;
}

export interface ItemShape {
  readonly id?: string;
  readonly name?: string;
  readonly item?: readonly ItemShape[];
  readonly request?: RequestShape | string;
  readonly event?: readonly EventShape[];
  readonly auth?: AuthShape | null;
  readonly protocolProfileBehavior?: Readonly<Record<string, unknown>>;
}

export interface CollectionShape extends ItemShape {
  readonly info: { readonly name?: string; readonly _postman_id?: string; readonly schema?: string };
  readonly item: readonly ItemShape[];
  readonly variable?: readonly Param[];
}
