import createClient from "openapi-fetch";
import type { components, paths } from "./schema";
import { send } from "./transport";

/** A type of the server's description, by its name there. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

/** The header that transport.ts adds, so that no call has to name it. */
type Added = "X-CSRF-Token";
type Header<Given> = keyof Given extends Added
  ? { header?: Given extends never ? never : Omit<Given, Added> }
  : { header: Omit<Given, Added> };
type Operation<Described> = Described extends { parameters: { header: infer Given } }
  ? Omit<Described, "parameters"> & {
      parameters: Omit<Described["parameters"], "header"> & Header<Given>;
    }
  : Described;
type Paths = {
  [Path in keyof paths]: {
    [Method in keyof paths[Path]]: Operation<paths[Path][Method]>;
  };
};

/**
 * The server's API, typed from its own description. A refusal is thrown as a Problem, so `take`
 * gives the answer's body itself:
 *
 *     const page = await take(api.GET("/api/v1/staff/accounts", { params: { query } }));
 */
export const api = createClient<Paths>({ baseUrl: location.origin, fetch: send });

export async function take<Answer>(call: Promise<{ data?: Answer }>): Promise<Answer> {
  return (await call).data as Answer;
}

/** The header that says which revision of an object is being changed. */
export function ifMatch(revision: number): { "If-Match": string } {
  return { "If-Match": `"${revision}"` };
}

/** One page of a list. */
export interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}
