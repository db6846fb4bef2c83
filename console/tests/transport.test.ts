import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "@/api/problem";
import { credentials, fileName, isUnreachable, send, withQuery } from "@/api/transport";

const ADDRESS = "http://localhost/api/v1/staff/accounts";

function problem(status: number, code: string, rest: object = {}): Response {
  return Response.json({ status, code, detail: "说明", request_id: "r-1", ...rest }, { status });
}

const fetched = vi.fn<(request: Request) => Promise<Response>>();

beforeEach(() => {
  vi.stubGlobal("fetch", fetched);
  credentials.csrfToken = "token";
  credentials.signInAgain = vi.fn(async () => true);
  credentials.renewToken = vi.fn(async () => true);
});

afterEach(() => {
  fetched.mockReset();
  vi.unstubAllGlobals();
});

async function failure(request = new Request(ADDRESS)): Promise<Problem> {
  return send(request).then(
    () => expect.unreachable(),
    (error: Problem) => error,
  );
}

describe("a request", () => {
  it("carries the session's token only when it changes something", async () => {
    fetched.mockImplementation(async () => new Response("{}"));
    await send(new Request(ADDRESS));
    await send(new Request(ADDRESS, { method: "POST", body: "{}" }));
    const tokens = fetched.mock.calls.map(([request]) => request.headers.get("X-CSRF-Token"));
    expect(tokens).toEqual([null, "token"]);
  });

  it("waits for a new sign-in when the session has ended, and is sent again whole", async () => {
    fetched.mockResolvedValueOnce(problem(401, "session_ended"));
    fetched.mockResolvedValueOnce(new Response("{}"));
    credentials.signInAgain = vi.fn(async () => {
      credentials.csrfToken = "new token";
      return true;
    });
    await send(new Request(ADDRESS, { method: "POST", body: '{"name":"其其格"}' }));
    const again = fetched.mock.calls[1]?.[0];
    expect(again?.headers.get("X-CSRF-Token")).toBe("new token");
    expect(await again?.text()).toBe('{"name":"其其格"}');
  });

  it("fails as it was refused when nobody signs in again", async () => {
    fetched.mockResolvedValueOnce(problem(401, "sign_in_required"));
    credentials.signInAgain = async () => false;
    expect((await failure()).code).toBe("sign_in_required");
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  it("is repeated once with the token that another tab has got", async () => {
    fetched.mockImplementation(async () => problem(403, "csrf_token_invalid"));
    expect((await failure()).code).toBe("csrf_token_invalid");
    expect(credentials.renewToken).toHaveBeenCalledTimes(1);
    expect(fetched).toHaveBeenCalledTimes(2);
  });
});

describe("a refusal", () => {
  it("tells what is wrong with each field, however deep", async () => {
    const errors = { name: ["太长"], items: { "0": { code: ["没有这个"] } } };
    fetched.mockResolvedValueOnce(problem(422, "invalid_request", { errors }));
    const refused = await failure();
    expect(refused.errors).toEqual({ name: ["太长"], items: ["没有这个"] });
    expect(refused.requestId).toBe("r-1");
  });

  it("has words even when the proxy answers with a page", async () => {
    fetched.mockResolvedValueOnce(new Response("<html>", { status: 503 }));
    expect((await failure()).detail).toBe("系统正在维护，请稍后再试。");
  });

  it("says that nothing was reached", async () => {
    fetched.mockRejectedValueOnce(new TypeError("Failed to fetch"));
    expect((await failure()).isOffline).toBe(true);
    expect(isUnreachable.value).toBe(true);
    fetched.mockResolvedValueOnce(new Response("{}"));
    await send(new Request(ADDRESS));
    expect(isUnreachable.value).toBe(false);
  });
});

it("names a download as the server does", () => {
  expect(fileName("attachment; filename=a.xlsx; filename*=UTF-8''%E6%9C%BA%E6%9E%84.xlsx")).toBe(
    "机构.xlsx",
  );
  expect(fileName('attachment; filename="list.xlsx"')).toBe("list.xlsx");
});

it("leaves out of an address what was not chosen", () => {
  const query = { q: "医院", kind: "", parent_id: undefined, is_closed: false };
  expect(withQuery("/x", query)).toBe("/x?q=%E5%8C%BB%E9%99%A2&is_closed=false");
});
