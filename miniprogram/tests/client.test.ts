import { expect, it } from "vitest";
import { server } from "./fake-uni";

it("fills blanks and leaves out what was not given", async () => {
  const { fill } = await import("@/api/client");
  expect(fill("/things/{id}/parts/{name}", { id: 7, name: "a/b 蒙" })).toBe(
    "/things/7/parts/a%2Fb%20%E8%92%99",
  );
  const query = {
    q: "东 胜&x=1",
    cursor: undefined,
    limit: 0,
    contest: "",
    is_open: false,
    n: null,
  };
  expect(fill("/things", {}, query)).toBe(
    "/things?q=%E4%B8%9C%20%E8%83%9C%26x%3D1&limit=0&is_open=false",
  );
  expect(fill("/things")).toBe("/things");
});

it("asks for files as bytes", async () => {
  const { exportData } = await import("@/domains/account/api");
  const bytes = new ArrayBuffer(3);
  server.answer("GET /api/v1/me/export", { status: 200, body: bytes });
  expect(await exportData("json")).toBe(bytes);
  expect(server.asked[0]).toMatchObject({
    path: "/api/v1/me/export?format=json",
    isForBytes: true,
  });
});
