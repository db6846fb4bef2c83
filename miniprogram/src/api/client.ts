import type { components, paths } from "./schema";
import { send, type Method } from "./transport";

/** A type of the server's description, by its name there. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

/** One page of a list. */
export interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}

type Value = string | number | boolean | null | undefined;

interface Options {
  /** What stands in the path's braces. */
  path?: Record<string, string | number>;
  query?: Record<string, Value>;
  /** Bytes go as they are, anything else as JSON. */
  body?: object;
  idempotencyKey?: string;
  /** Sent without saying who asks. */
  isAnonymous?: boolean;
}

/** The paths that know a method. */
type PathsWith<Verb extends string> = {
  [Path in keyof paths]: paths[Path] extends Record<Verb, { responses: unknown }> ? Path : never;
}[keyof paths];

type Success<Responses> = Responses extends { 200: infer Answer }
  ? Answer
  : Responses extends { 201: infer Answer }
    ? Answer
    : never;

type Answer<Path extends keyof paths, Verb extends string> =
  paths[Path] extends Record<Verb, { responses: infer Responses }>
    ? BodyOf<Success<Responses>>
    : never;

/** Nothing, where the server answers without content. */
type BodyOf<Answer> = [Answer] extends [never]
  ? undefined
  : Answer extends { content: { "application/json": infer Body } }
    ? Body
    : undefined;

type Call<Verb extends string> = <Path extends PathsWith<Verb>>(
  path: Path,
  options?: Options,
) => Promise<Answer<Path, Verb>>;

/**
 * The server's API, typed from its own description; every call raises Problem:
 *
 *     const entry = await get("/api/v1/campaigns/{campaign_id}", { path: { campaign_id: 7 } });
 */
export const get = caller("GET") as Call<"get">;
export const post = caller("POST") as Call<"post">;
export const put = caller("PUT") as Call<"put">;
export const remove = caller("DELETE") as Call<"delete">;

/** A file of the server's, as bytes; raises Problem. */
export function download(path: PathsWith<"get">, options: Options = {}): Promise<ArrayBuffer> {
  const { path: blanks, query, ...rest } = options;
  return send({ method: "GET", path: fill(path, blanks, query), answers: "bytes", ...rest });
}

function caller(method: Method) {
  return (path: string, { path: blanks, query, ...rest }: Options = {}) =>
    send({ method, path: fill(path, blanks, query), ...rest });
}

/** The path with its blanks filled and the query that was given. */
export function fill(
  path: string,
  blanks: Record<string, string | number> = {},
  query: Record<string, Value> = {},
): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(blanks[name]));
  const given = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== null && value !== "")
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return given.length ? `${filled}?${given.join("&")}` : filled;
}
