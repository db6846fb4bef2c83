import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Problem } from "@/api/problem";
import {
  createAutosave,
  KEEP_MS,
  LONGEST_MS,
  PAUSE_MS,
  RETRY_MS,
  type SaveState,
} from "@/domains/knowledge/editor/autosave";
import { copiesOf, sweepCopies } from "@/domains/knowledge/editor/localCopies";

const CONFLICT = new Problem(412, "edited_meanwhile", "别人刚刚改过。");
const SIGNED_OUT = new Problem(401, "session_ended", "请重新登录。");
const STAFF = 3;
const ITEM = 42;

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
});
afterEach(() => vi.useRealTimers());

/** What the server holds, and how it behaves. */
class Server {
  content = "起初";
  revision = 1;
  requests: string[] = [];
  answers: (Problem | "hang" | "lost")[] = [];
  release = (): void => {};

  async put(content: string, revision: number): Promise<number> {
    this.requests.push(content);
    const answer = this.answers.shift();
    if (answer === "hang") await new Promise<void>((resolve) => (this.release = resolve));
    if (answer instanceof Problem) throw answer;
    if (revision !== this.revision) throw CONFLICT;
    this.content = content;
    this.revision++;
    if (answer === "lost") throw Problem.unreachable();
    return this.revision;
  }
}

/** A page in which somebody writes. */
function open(server: Server, writer = "one") {
  const copies = copiesOf<string>(localStorage, STAFF, ITEM, writer);
  const states: SaveState[] = [];
  let { revision } = server;
  const autosave = createAutosave<string>({
    send: async (content) => void (revision = await server.put(content, revision)),
    keep: (content) => copies.keep(content, revision),
    forget: copies.forget,
    onState: (state) => states.push(state),
  });
  return {
    ...autosave,
    copies,
    state: () => states.at(-1)?.name,
    states,
    follow: () => (revision = server.revision),
  };
}

describe("in peace", () => {
  test("saves once, soon after the last change", async () => {
    const server = new Server();
    const page = open(server);
    page.change("一");
    await vi.advanceTimersByTimeAsync(PAUSE_MS - 1);
    page.change("一二");
    await vi.advanceTimersByTimeAsync(PAUSE_MS - 1);
    expect(server.requests).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(server.requests).toEqual(["一二"]);
    expect(page.state()).toBe("saved");
    expect(copiesOf(localStorage, STAFF, ITEM, "next").left()).toEqual([]);
  });

  test("does not wait for a pause that never comes", async () => {
    const server = new Server();
    const page = open(server);
    for (let typed = 0; typed < LONGEST_MS / 1000 + 1; typed++) {
      page.change(String(typed));
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(server.requests).toHaveLength(1);
  });

  test("one request at a time; what is typed meanwhile goes next", async () => {
    const server = new Server();
    server.answers = ["hang"];
    const page = open(server);
    page.change("一");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    page.change("一二");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.requests).toEqual(["一"]);
    server.release();
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(server.requests).toEqual(["一", "一二"]);
    expect(server.content).toBe("一二");
  });

  test("leaving sends what is left, also behind a request under way", async () => {
    const server = new Server();
    server.answers = ["hang"];
    const page = open(server);
    page.change("一");
    const leaving = page.flush();
    page.change("一二");
    server.release();
    expect(await leaving).toBe(true);
    expect(server.content).toBe("一二");
  });
});

describe("without a connection", () => {
  test("keeps the text here, tries again, and sends the newest", async () => {
    const server = new Server();
    server.answers = [Problem.unreachable(), Problem.unreachable()];
    const page = open(server);
    page.change("一");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(page.state()).toBe("offline");
    page.change("一二");
    await vi.advanceTimersByTimeAsync(RETRY_MS[0] ?? 0);
    expect(server.requests).toEqual(["一", "一二"]);
    expect(copiesOf<string>(localStorage, STAFF, ITEM, "next").left()[0]?.content).toBe("一二");
    await vi.advanceTimersByTimeAsync(RETRY_MS[1] ?? 0);
    expect(server.content).toBe("一二");
    expect(page.state()).toBe("saved");
    expect(localStorage).toHaveLength(0);
  });

  test("does not wait for the next try once the network is back", async () => {
    const server = new Server();
    server.answers = [new Problem(503, "", "维护")];
    const page = open(server);
    page.change("一");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    page.tryAgain();
    await vi.advanceTimersByTimeAsync(0);
    expect(server.content).toBe("一");
  });

  test("says so where this computer has no room either", async () => {
    const server = new Server();
    server.answers = [Problem.unreachable()];
    const page = createAutosave<string>({
      send: (content) => server.put(content, 1).then(() => {}),
      keep: (content) => copiesOf<string>(null, STAFF, ITEM, "one").keep(content, 1),
      forget: () => {},
      onState: (state) => states.push(state),
    });
    const states: SaveState[] = [];
    page.change("一");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(states.at(-1)).toEqual({ name: "offline", isKept: false });
  });

  test("leaving does not pretend that it was sent", async () => {
    const server = new Server();
    server.answers = [Problem.unreachable()];
    const page = open(server);
    page.change("一");
    expect(await page.flush()).toBe(false);
    page.stop();
    expect(copiesOf<string>(localStorage, STAFF, ITEM, "next").left()).toHaveLength(1);
  });

  test("an ended session keeps the text here, and the next change tries again", async () => {
    const server = new Server();
    server.answers = [SIGNED_OUT];
    const page = open(server);
    page.change("一");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(page.states.at(-1)).toMatchObject({ name: "refused", isKept: true });
    expect(copiesOf<string>(localStorage, STAFF, ITEM, "next").left()).toHaveLength(1);
    page.change("一二");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(server.content).toBe("一二");
  });
});

describe("somebody else was first", () => {
  test("waits for a decision, keeps what is typed, and goes on from it", async () => {
    const server = new Server();
    const page = open(server);
    await server.put("别人的", 1);
    page.change("我的");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(page.state()).toBe("conflict");
    page.change("我的，更多");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.content).toBe("别人的");
    expect(copiesOf<string>(localStorage, STAFF, ITEM, "next").left()[0]?.content).toBe(
      "我的，更多",
    );
    expect(await page.flush()).toBe(false);
    page.follow();
    page.resolve("我的，更多");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(server.content).toBe("我的，更多");
    expect(localStorage).toHaveLength(0);
  });

  test("taking theirs leaves nothing behind", async () => {
    const server = new Server();
    const page = open(server);
    await server.put("别人的", 1);
    page.change("我的");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    page.follow();
    page.resolve(null);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.content).toBe("别人的");
    expect(page.state()).toBe("saved");
    expect(localStorage).toHaveLength(0);
  });

  test("an answer that got lost on the way is met as a conflict with oneself", async () => {
    const server = new Server();
    server.answers = ["lost"];
    const page = open(server);
    page.change("一");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(page.state()).toBe("offline");
    await vi.advanceTimersByTimeAsync(RETRY_MS[0] ?? 0);
    expect(page.state()).toBe("conflict");
    expect(server.content).toBe("一");
  });
});

describe("crash and two tabs", () => {
  test("what was typed half a second before a crash is offered by the next page", async () => {
    const server = new Server();
    const page = open(server);
    page.change("一");
    await vi.advanceTimersByTimeAsync(500);
    // Nothing more of this page is ever run.
    const [copy] = copiesOf<string>(localStorage, STAFF, ITEM, "next").left();
    expect(copy).toMatchObject({ content: "一", revision: 1, changed_at: Date.now() - 200 });
    page.stop();
  });

  test("closing the page keeps what came a moment ago", () => {
    const page = open(new Server());
    page.change("一");
    page.keepNow();
    expect(copiesOf<string>(localStorage, STAFF, ITEM, "next").left()[0]?.content).toBe("一");
  });

  test("the tab that comes second is told, and neither copy overwrites the other", async () => {
    const server = new Server();
    const [one, two] = [open(server, "one"), open(server, "two")];
    server.answers = [];
    one.change("甲");
    two.change("乙");
    await vi.advanceTimersByTimeAsync(KEEP_MS);
    const left = copiesOf<string>(localStorage, STAFF, ITEM, "next").left();
    expect(left.map(({ content }) => content).sort()).toEqual(["乙", "甲"].sort());
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(server.content).toBe("甲");
    expect([one.state(), two.state()]).toEqual(["saved", "conflict"]);
    expect(copiesOf<string>(localStorage, STAFF, ITEM, "next").left()).toMatchObject([
      { content: "乙" },
    ]);
  });

  test("copies of other people and other items are none of one's business", () => {
    copiesOf<string>(localStorage, STAFF, 1, "a").keep("一", 1);
    copiesOf<string>(localStorage, 9, ITEM, "a").keep("二", 1);
    localStorage.setItem(`sain.knowledge.${STAFF}.${ITEM}.broken`, "{");
    expect(copiesOf<string>(localStorage, STAFF, ITEM, "b").left()).toEqual([]);
  });

  test("what nobody came back for is swept after two months", () => {
    copiesOf<string>(localStorage, STAFF, 1, "a").keep("一", 1);
    sweepCopies(localStorage, Date.now() + 59 * 24 * 3_600_000);
    expect(localStorage).toHaveLength(1);
    sweepCopies(localStorage, Date.now() + 61 * 24 * 3_600_000);
    expect(localStorage).toHaveLength(0);
  });
});
