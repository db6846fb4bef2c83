import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Notice } from "@/domains/notices/api";
import { device, refusal, server, store } from "./fake-uni";

const NOTICES = "GET /api/v1/me/notices";
const READ = "POST /api/v1/me/notices/1/read";
const READ_ALL = "POST /api/v1/me/notices/read-all";

function notice(id: number, given: Partial<Notice> = {}): Notice {
  return {
    id,
    kind: "campaign_result",
    title: "结果公布了",
    title_mn: null,
    body: "",
    body_mn: null,
    target: { type: "campaign", id: 7 },
    created_at: "2026-11-20T04:00:00Z",
    read_at: null,
    ...given,
  };
}

const page = (...items: Notice[]) => ({ status: 200, body: { items, next_cursor: null } });

async function start() {
  const { useInbox } = await import("@/pages-me/notices/inbox");
  const inbox = useInbox();
  await inbox.refresh();
  return inbox;
}

beforeEach(() => {
  store("session", { access: "a", refresh: "r" });
  server.answer(READ, { status: 204 });
  server.answer(READ_ALL, { status: 204 });
});

describe("a notice", () => {
  it("is read once it is opened, and leads to what it tells of", async () => {
    server.answer(NOTICES, page(notice(1)));
    const inbox = await start();
    const [first] = inbox.list.items as [Notice];
    expect(inbox.isUnread(first)).toBe(true);
    inbox.open(first);
    expect(inbox.isUnread(first)).toBe(false);
    expect(device.visited).toEqual(["/pages-vote/standings/index?id=7"]);
    inbox.open(first);
    expect(server.askedFor(READ)).toHaveLength(1);
  });

  it.each(["ballots_set_aside", "ballots_decided", "objection_answered"])(
    "of %s leads to what the count says of one's own ballots",
    async (kind) => {
      server.answer(NOTICES, page(notice(1, { kind: kind as Notice["kind"] })));
      const inbox = await start();
      inbox.open(inbox.list.items[0] as Notice);
      expect(device.visited).toEqual(["/pages-vote/count/index?id=7"]);
    },
  );

  it("is unread again when the server did not learn of it", async () => {
    server.answer(NOTICES, page(notice(1)));
    server.answer(READ, "unreachable");
    const inbox = await start();
    const [first] = inbox.list.items as [Notice];
    inbox.open(first);
    await vi.waitFor(() => expect(inbox.isUnread(first)).toBe(true));
  });

  it.each([null, { type: "appointment", id: 1 }])("may lead nowhere: %o", async (target) => {
    server.answer(NOTICES, page(notice(1, { target: target as Notice["target"] })));
    const inbox = await start();
    inbox.open(inbox.list.items[0] as Notice);
    expect(device.visited).toEqual([]);
  });
});

it("marks all as read, and says so", async () => {
  server.answer(
    NOTICES,
    page(notice(1), notice(2), notice(3, { read_at: "2026-11-21T00:00:00Z" })),
  );
  const inbox = await start();
  expect(inbox.hasUnread).toBe(true);
  await inbox.openAll();
  expect(inbox).toMatchObject({ hasUnread: false, isMarking: false });
  const { toast } = await import("@/stores/toast");
  expect(toast.value?.kind).toBe("done");
});

it("keeps the marks when not all could be read", async () => {
  server.answer(NOTICES, page(notice(1)));
  server.answer(READ_ALL, refusal(429, "too_many_requests", "请稍等"));
  const inbox = await start();
  await inbox.openAll();
  expect(inbox.hasUnread).toBe(true);
  const { toast } = await import("@/stores/toast");
  expect(toast.value).toEqual({ kind: "problem", text: "请稍等" });
});

it("shows a person's notices to that person only", async () => {
  server.answer(NOTICES, page(notice(1)));
  const inbox = await start();
  const { forgetSession } = await import("@/stores/session");
  forgetSession();
  await vi.waitFor(() => expect(inbox.list.items).toEqual([]));
  await inbox.refresh();
  expect(server.askedFor(NOTICES)).toHaveLength(1);
});
